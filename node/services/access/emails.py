"""E-mail addresses of logins. An address belongs to the login that proved it can read what is sent there.

`email` is what was said, `email_key` is set once it is proven (or vouched for by the operator) and is unique. So
nobody can reserve somebody else's address, and signing up tells nobody whether an address is known.
"""

import re

from node import clock, site
from node.errors import Invalid
from node.models import User
from node.services.access import mail, one_time_links, signed_in
from node.services.access.one_time_links import Purpose
from node.services.community import settings
from node.services.moderation import sign_up_blocks
from node.speech import said

CONFIRM_MS = 3 * clock.DAY
BLOCKED = "This address cannot be used here. Please take another one."
TAKEN = "This address belongs to another login of this node already."

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>\"(),;\\\x00-\x1f\x7f]{1,253}")


def check(text: str) -> str:
    """`text` as an address, or Invalid."""
    address = text.strip()
    if (
        len(address) > mail.MAX_ADDRESS_CHARS
        or not _ADDRESS.fullmatch(address)
        or "." not in address.partition("@")[2]
    ):
        message = "This is not an e-mail address."
        raise Invalid(message, {"email": message})
    return address


def check_new(text: str) -> str:
    """The same of one that somebody wants to have; Invalid, too, for what the staff has blocked."""
    address = check(text)
    if sign_up_blocks.refuses(address):
        raise Invalid(BLOCKED, {"email": BLOCKED})
    return address


def email_key(address: str) -> str:
    """The form in which addresses are compared."""
    return address.strip().lower()


def is_free(address: str) -> bool:
    return not User.select().where(User.email_key == email_key(address)).exists()


def ask_to_confirm(user: User, address: str) -> None:
    """Send a letter to `address`; to the owner of an address that is known already, one that says just that."""
    # Made in both cases, so that who asks sees no difference; a link that nobody is sent opens nothing.
    token = one_time_links.issue(Purpose.CONFIRM_EMAIL, user.id, CONFIRM_MS, address)
    if is_free(address):
        text = said(
            "Please confirm that this address is yours:\n\n%(address)s\n\n"
            "If you did not ask for this on %(domain)s, do nothing.",
            address=site.one_time_url(Purpose.CONFIRM_EMAIL, token),
            domain=site.domain,
        )
    else:
        text = said(
            "Somebody, perhaps you, entered this address on %(domain)s. It belongs to a login there already, so"
            " nothing was changed. You can sign in, or set a new password, at %(address)s",
            domain=site.domain,
            address=f"{site.base_url}/auth/sign-in",
        )
    mail.send(user, said("confirm your address"), text, to=address)


def change(user: User, address: str) -> bool:
    """Let the login have `address` (none, if it is empty); whether a letter has to be answered first."""
    if address and site.sends_mail:
        ask_to_confirm(user, check_new(address))
        return True
    if not address and settings.current().email_required:
        message = "Please give an e-mail address."
        raise Invalid(message, {"email": message})
    email = check_new(address) if address else None
    # Nothing can be proven without letters: a known address is kept beside, and opens no door (registration.py).
    key = email_key(email) if email else None
    is_taken = User.select().where(User.email_key == key, User.id != user.id).exists() if key else False
    User.update(email=email, email_key=None if is_taken else key).where(User.id == user.id).execute()
    signed_in.user_changed(user.id)
    return False


def waiting(user_id: int) -> str:
    """The address that a letter was sent to and that has not been confirmed yet; empty if there is none."""
    return one_time_links.detail(Purpose.CONFIRM_EMAIL, user_id)


def settle(user_id: int, address: str) -> None:
    """`address` is the login's from now on; Invalid when another one was quicker."""
    key = email_key(address)
    if User.select().where(User.email_key == key, User.id != user_id).exists():
        raise Invalid(TAKEN, {"email": TAKEN})
    User.update(email=address, email_key=key).where(User.id == user_id).execute()
