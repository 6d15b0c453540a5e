"""`linnet organisation …`"""

import click

from node import clock, store
from node.cli.accounts import find_account, find_user
from node.cli.opening import opened
from node.cli.output import json_option, show_all
from node.errors import NotFound
from node.models import ActorKind
from node.services.organisations import members


@click.group()
def organisation() -> None:
    """Accounts for which several people speak."""


@organisation.command("list")
@json_option
def list_organisations(as_json: bool) -> None:
    """Show the organisations of this node."""
    with opened():
        rows = []
        for account in members.organisations():
            found = members.of(account.id)
            owners = [one.account.username for one in found if one.role == "owner"]
            rows.append({"username": account.username, "members": len(found), "owners": owners})
    show_all(rows, as_json, nothing="None.")


@organisation.command("members")
@click.argument("name")
@json_option
def show_members(name: str, as_json: bool) -> None:
    """Show who speaks for an organisation."""
    with opened():
        rows = _rows(name)
    show_all(rows, as_json, nothing="Nobody.")


@organisation.command()
@click.argument("name")
@click.argument("person")
@json_option
def appoint(name: str, person: str, as_json: bool) -> None:
    """Make somebody an owner of an organisation, for one that has none left."""
    with opened():
        _organisation(name)
        find_user(person)
        with store.transaction():
            members.appoint(find_account(name).id, find_account(person).id)
        rows = _rows(name)
    show_all(rows, as_json, nothing="Nobody.")


def _organisation(name: str) -> int:
    account = find_account(name)
    if account.kind != ActorKind.ORGANIZATION:
        raise NotFound(f"{name} is no organisation. See them all: linnet organisation list")
    return int(account.id)


def _rows(name: str) -> list[dict[str, str]]:
    return [
        {"username": one.account.username, "role": str(one.role), "since": clock.iso(one.since)}
        for one in members.of(_organisation(name))
    ]
