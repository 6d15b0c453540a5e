"""The first administrator: whoever holds the one-time link that a new node prints."""

from node import clock, site
from node.errors import Forbidden
from node.keys import KeyPair
from node.models import Role, User
from node.services.access import one_time_links, registration
from node.services.access.one_time_links import Purpose

LINK_MS = 7 * clock.DAY


def link_needed() -> bool:
    """Whether nobody administers this node yet."""
    return not User.select().where(User.role == Role.ADMIN).exists()


def link() -> str:
    """The address of a new link; the one printed before is void."""
    return site.one_time_url(Purpose.FIRST_ADMIN, one_time_links.issue(Purpose.FIRST_ADMIN, None, LINK_MS))


def claim(token: str, username: str, password_hash: str, keys: KeyPair, *, email: str = "") -> User:
    """Become the administrator. NotFound for a wrong token, Forbidden once there is an administrator."""
    one_time_links.use(Purpose.FIRST_ADMIN, token)
    if not link_needed():
        raise Forbidden("This node has an administrator already.")
    return registration.create(username, password_hash, keys, email=email, role=Role.ADMIN, for_oneself=True)
