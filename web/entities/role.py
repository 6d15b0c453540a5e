"""Role, and AccountRole, the badge of one on a profile."""

from typing import Any

from node.models import Role
from node.services.collections.own import MAX_COLLECTIONS

# Mastodon's own numbers (app/models/user_role.rb): everybody's role is -99, the names of the others are ours.
# `permissions` is its set of flags: invite_users for all; reports, audit log, users and blocks; administrator.
_IDS = {Role.USER: "-99", Role.MODERATOR: "1", Role.ADMIN: "2"}
_NAMES = {Role.USER: "", Role.MODERATOR: "Moderator", Role.ADMIN: "Admin"}
_PERMISSIONS = {Role.USER: 0, Role.MODERATOR: 0x4 | 0x8 | 0x10 | 0x400, Role.ADMIN: 0x1}


def roles_of(ids: list[str]) -> tuple[Role, ...]:
    """What is no role's id is left out."""
    return tuple(role for role in Role if _IDS[role] in ids)


def role_entity(role: Role) -> dict[str, Any]:
    """For its holder."""
    return {
        "id": _IDS[role],
        "name": _NAMES[role],
        "color": "",
        "permissions": str(_PERMISSIONS[role]),
        "highlighted": role is not Role.USER,
        "collection_limit": MAX_COLLECTIONS,
    }


def badge(role: Role) -> dict[str, str]:
    """For everybody."""
    return {"id": _IDS[role], "name": _NAMES[role], "color": ""}
