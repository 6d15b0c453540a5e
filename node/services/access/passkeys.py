"""Passkeys of logins: made after the password was given, used instead of it, or instead of a code."""

import base64

from node import clock
from node.errors import Invalid, NotFound
from node.models import Passkey, User
from node.services.access import ceremonies
from node.services.access.ceremonies import Asked, Assertion, Credential
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


def enrol(user_id: int, name: str, asking: Asked, made: Credential) -> Passkey:
    """Keep what the authenticator made. Ask for the password before `asking` is made."""
    check_room(user_id)
    name = " ".join(name.split())[:MAX_NAME_CHARS]
    if not name:
        raise Invalid("Please give it a name.", {"name": "Please give it a name."})
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


def find(given: Assertion, *, of_user: int | None = None) -> Passkey:
    """The one that says that it answers: anybody's, or one of `of_user`. Whether it did, `verified` tells."""
    row = Passkey.get_or_none(Passkey.credential_id == ceremonies.text_of(given.credential_id))
    if row is None or of_user not in (None, row.user_id):
        raise Invalid(_UNKNOWN)
    found: Passkey = row
    return found


def verified(row: Passkey, asking: Asked, given: Assertion) -> int:
    """How often it has signed. Invalid, unless it did. No query: it takes a millisecond or two."""
    return ceremonies.verified(asking, given, base64.b64decode(row.credential))


def use(passkey_id: int, asking: Asked, sign_count: int) -> User:
    """Whom it lets in. It will not do so a second time with this answer."""
    row = Passkey.get_or_none(Passkey.id == passkey_id)
    if row is None:
        raise Invalid(_UNKNOWN)
    if row.sign_count and sign_count <= row.sign_count:
        # Two authenticators have the key, one of them a copy (Web Authentication, 6.1.1).
        raise Invalid("This passkey seems to have been copied. Sign in with your password, and remove it.")
    changed = (
        Passkey.update(sign_count=sign_count, asked_at=asking.made_at, used_at=clock.now_ms())
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
