"""Accounts, local and remote: finding, making, changing and ending them."""

from node.services.accounts.local import create_local, ensure_instance_actor, instance_actor, signing_key

__all__ = ["create_local", "ensure_instance_actor", "instance_actor", "signing_key"]
