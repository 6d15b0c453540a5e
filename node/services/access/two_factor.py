"""The second factor: time-based codes (RFC 6238), and recovery codes for a lost telephone. Each is good once."""

import base64
import secrets
from typing import NamedTuple

import pyotp

from node import clock, passwords, site
from node.errors import Invalid
from node.models import RecoveryCode, User
from node.services.access import signed_in

STEP_SECONDS = 30
RECOVERY_CODES = 10

_WRONG = "This code is not right, or it was used already."


class Enrolment(NamedTuple):
    """What an authenticator app needs; `uri` is for its QR code."""

    secret: str
    uri: str


def begin(user_id: int, label: str) -> Enrolment:
    """A fresh secret, which counts once `confirm` has seen a code of it. Invalid while there is an enabled one."""
    secret = pyotp.random_base32()
    changed = (
        User.update(totp_secret=secret, totp_last_step=0)
        .where(User.id == user_id, User.totp_enabled_at.is_null())
        .execute()
    )
    if not changed:
        raise Invalid("There is a second factor already. Remove it first.")
    return _enrolment(secret, label)


def begun(user_id: int, label: str) -> Enrolment | None:
    """What `begin` answered, as long as `confirm` has not seen a code of it."""
    user = User.get_by_id(user_id)
    if user.totp_secret is None or user.totp_enabled_at is not None:
        return None
    return _enrolment(user.totp_secret, label)


def confirm(user_id: int, code: str) -> list[str]:
    """Enable it; the recovery codes, which are shown this once."""
    if not _use_code(User.get_by_id(user_id), code):
        raise Invalid(_WRONG, {"code": _WRONG})
    User.update(totp_enabled_at=clock.now_ms()).where(User.id == user_id).execute()
    signed_in.user_changed(user_id)
    return new_recovery_codes(user_id)


def is_enabled(user: User) -> bool:
    return user.totp_enabled_at is not None and user.totp_secret is not None


def verify(user_id: int, code: str) -> bool:
    """Whether `code` opens the door now; it will not a second time. Count failures: node/services/access/attempts.py."""
    user = User.get_by_id(user_id)
    return is_enabled(user) and (_use_code(user, code) or _use_recovery_code(user_id, code))


def disable(user_id: int) -> None:
    """Ask for the password, or for a code, before."""
    User.update(totp_secret=None, totp_enabled_at=None, totp_last_step=0).where(User.id == user_id).execute()
    RecoveryCode.delete().where(RecoveryCode.user == user_id).execute()
    signed_in.user_changed(user_id)


def new_recovery_codes(user_id: int) -> list[str]:
    """Fresh ones; the old ones are void."""
    RecoveryCode.delete().where(RecoveryCode.user == user_id).execute()
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    for code in codes:
        RecoveryCode.create(user=user_id, code_hash=passwords.token_hash(code))
    return ["-".join((code[:4], code[4:8], code[8:12], code[12:])) for code in codes]


def recovery_codes_left(user_id: int) -> int:
    return int(RecoveryCode.select().where(RecoveryCode.user == user_id).count())


def _enrolment(secret: str, label: str) -> Enrolment:
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=label, issuer_name=site.domain))


def _use_code(user: User, text: str) -> bool:
    code = text.replace(" ", "")
    if user.totp_secret is None or not (len(code) == 6 and code.isascii() and code.isdigit()):
        return False
    now = clock.now_ms() // 1000 // STEP_SECONDS
    totp = pyotp.TOTP(user.totp_secret)
    # One step to either side, for clocks that are not quite right (RFC 6238, section 5.2).
    for step in (now - 1, now, now + 1):
        if passwords.same(totp.generate_otp(step), code):
            # Replays lose here, even two at one moment.
            return bool(
                User.update(totp_last_step=step).where(User.id == user.id, User.totp_last_step < step).execute()
            )
    return False


def _use_recovery_code(user_id: int, text: str) -> bool:
    code = text.replace("-", "").replace(" ", "").lower()
    hashed = passwords.token_hash(code)
    return bool(RecoveryCode.delete().where(RecoveryCode.user == user_id, RecoveryCode.code_hash == hashed).execute())
