"""Accounts, local and remote: finding, making, changing and ending them."""

from node.services.accounts.local import (
    create_local,
    ensure_instance_actor,
    instance_actor,
    rotate_keys,
    signing_key,
)
from node.services.accounts.lookup import account_of, by_id, by_ids, by_uri, find, remote_key, visible
from node.services.accounts.moving import agrees, free_at, move_in, move_out, stay
from node.services.accounts.profile import ProfileChange, aliases, delete_local, update_profile
from node.services.accounts.remote import (
    ActorFacts,
    ActorKey,
    ProfileField,
    delete_received,
    introduce,
    receive,
    suspend_received,
    unsuspend_received,
)
from node.services.accounts.renaming import may_rename_at, rename

__all__ = [
    "ActorFacts",
    "ActorKey",
    "ProfileChange",
    "ProfileField",
    "account_of",
    "agrees",
    "aliases",
    "by_id",
    "by_ids",
    "by_uri",
    "create_local",
    "delete_local",
    "delete_received",
    "ensure_instance_actor",
    "find",
    "free_at",
    "instance_actor",
    "introduce",
    "may_rename_at",
    "move_in",
    "move_out",
    "receive",
    "remote_key",
    "rename",
    "rotate_keys",
    "signing_key",
    "stay",
    "suspend_received",
    "unsuspend_received",
    "update_profile",
    "visible",
]
