"""Accounts, local and remote: finding, making, changing and ending them."""

from node.services.account_lookup import account_of, by_id, by_ids, by_uri, find, remote_key, visible
from node.services.accounts.local import create_local, ensure_instance_actor, instance_actor, signing_key
from node.services.accounts.moving import move_in
from node.services.accounts.profile import ProfileChange, delete_local, update_profile
from node.services.accounts.remote import (
    ActorFacts,
    ActorKey,
    ProfileField,
    delete_received,
    receive,
    suspend_received,
    unsuspend_received,
)

__all__ = [
    "ActorFacts",
    "ActorKey",
    "ProfileChange",
    "ProfileField",
    "account_of",
    "by_id",
    "by_ids",
    "by_uri",
    "create_local",
    "delete_local",
    "delete_received",
    "ensure_instance_actor",
    "find",
    "instance_actor",
    "move_in",
    "receive",
    "remote_key",
    "signing_key",
    "suspend_received",
    "unsuspend_received",
    "update_profile",
    "visible",
]
