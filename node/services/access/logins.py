"""Finding logins."""

from node.models import User


def by_id(user_id: int) -> User | None:
    """As it is now, whatever a request remembers."""
    return User.get_or_none(User.id == user_id)
