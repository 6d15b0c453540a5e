"""Passkeys of logins: made after the password was given, used instead of it, or instead of a code."""

import base64

from node import clock
from node.errors import Invalid, NotFound
from node.models import Passkey, User
from node.services.access import ceremonies
from node.services.access.ceremonies import Asked
from node.speech import said

MOST = 20
MAX_NAME_CHARS = 60

_UNKNOWN = "This passkey is not known here. Perhaps it was removed: sign in with your password."
_USED = "This was used already. Please try again."


def of(user_id: int) -> list[Passkey]:
    """The newest first."""
    return list(Passkey.select().where(Passkey.user == user_id).order_by(Passkey.id.desc()))


def credential_ids(user_id: int) -> list[bytes]:
    return [base64.urlsafe_b64decode(f"{row.credential_id}==") for row in of(user_id)]


def check_room(user_id: int) -> None:
    if Passkey.select().where(Passkey.user == user_id).count() >= MOST:
        raise Invalid(said("There are %(most)s passkeys already. Remove one first.", most=MOST))


def enrol(user_id: int, name: str, asking: Asked, answer: str) -> Passkey:
    """Keep what the authenticator made. Ask for the password before `asking` is made."""
    check_room(user_id)
    name = " ".join(name.split())[:MAX_NAME_CHARS]
    if not name:
        raise Invalid("Please give it a name.", {"name": "Please give it a name."})
    made = ceremonies.made(asking, answer)
    credential_id = ceremonies.text_of(made.credential_id)
    if Passkey.select().where(Passkey.credential_id == credential_id).exists():
        raise Invalid("This passkey is here already.")
    return Passkey.create(
        user=user_id,
        credential_id=credential_id,
        credential=base64.b64encode(made.data).decode(),
        name=name,
        sign_count=made.sign_count,
        asked_at=asking.made_at,
        created_at=clock.now_ms(),
    )


def use(asking: Asked, answer: str, *, of_user: int | None = None) -> User:
    """Whose passkey answered: anybody's, or one of `of_user`. It will not do so a second time with this answer."""
    given = ceremonies.assertion(answer)
    row = Passkey.get_or_none(Passkey.credential_id == ceremonies.text_of(given.credential_id))
    if row is None or of_user not in (None, row.user_id):
        raise Invalid(_UNKNOWN)
    count = ceremonies.verified(asking, given, base64.b64decode(row.credential))
    if row.sign_count and count <= row.sign_count:
        # Two authenticators have the key, one of them a copy (Web Authentication, 6.1.1).
        raise Invalid("This passkey seems to have been copied. Sign in with your password, and remove it.")
    changed = (
        Passkey.update(sign_count=count, asked_at=asking.made_at, used_at=clock.now_ms())
        # Replays lose here, even two at one moment.
        .where(Passkey.id == row.id, Passkey.asked_at < asking.made_at)
        .execute()
    )
    if not changed:
        raise Invalid(_USED)
    return User.get_by_id(row.user_id)


def named(user_id: int, passkey_id: int) -> Passkey:
    row = Passkey.get_or_none(Passkey.id == passkey_id, Passkey.user == user_id)
    if row is None:
        raise NotFound("There is no such passkey.")
    return row


def remove(user_id: int, passkey_id: int) -> None:
    """NotFound for those of others."""
    named(user_id, passkey_id)
    Passkey.delete().where(Passkey.id == passkey_id).execute()
