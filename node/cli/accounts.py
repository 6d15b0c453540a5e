"""`linnet account …`"""

import sys
from typing import Any

import click

from node import clock, keys, passwords, store
from node.cli.opening import ensure_identity, opened
from node.cli.output import json_option, show, show_all
from node.errors import NotFound
from node.models import Account, MemberRole, Membership, Role, User
from node.services import accounts
from node.services.access import password, registration
from node.services.accounts import lookup as account_lookup
from node.services.moderation import decisions as moderation
from node.services.organisations import members
from node.store import in_ids

ROLES = click.Choice([str(role) for role in Role])


@click.group()
def account() -> None:
    """People who can sign in here."""


@account.command()
@click.argument("name")
@click.option("--email", default="", help="For signing in and for letters.")
@click.option("--password", "secret", default="", help="Without, one is asked for, or made where nobody can answer.")
@click.option("--role", type=ROLES, default="user", show_default=True)
@json_option
def create(name: str, email: str, secret: str, role: str, as_json: bool) -> None:
    """Make an account that is approved and confirmed."""
    made = "" if secret or _can_answer(as_json) else passwords.token()[:20]
    secret = secret or made or str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    password.check(secret)
    with opened(migrate=True):
        ensure_identity()
        pair, secret_hash = keys.generate_rsa(), passwords.hash_password(secret)
        with store.transaction():
            user = registration.create(name, secret_hash, pair, email=email, role=Role(role))
        answer = _row(user, find_account(name))
    if made:
        answer["password"] = made
    show(answer, as_json)


def _can_answer(as_json: bool) -> bool:
    return not as_json and sys.stdin.isatty()


@account.command("list")
@click.option("--waiting", is_flag=True, help="Only those that wait for approval.")
@json_option
def list_accounts(waiting: bool, as_json: bool) -> None:
    """Show who can sign in here."""
    with opened():
        query = (
            Membership.select(Membership.account, Membership.user)
            .join(Account, on=(Membership.account == Account.id))
            .switch(Membership)
            .join(User, on=(Membership.user == User.id))
            .where(Account.deleted_at.is_null(), Membership.role == MemberRole.SELF)
            .order_by(Account.id)
        )
        if waiting:
            query = query.where(User.approved_at.is_null())
        pairs = [(row.account, row.user) for row in query]
        found = account_lookup.by_ids([account_id for account_id, _ in pairs])
        users = {user.id: user for user in User.select().where(in_ids(User.id, [user_id for _, user_id in pairs]))}
        rows = [_row(users[user_id], found[account_id]) for account_id, user_id in pairs]
    show_all(rows, as_json, nothing="Nobody.")


@account.command()
@click.argument("name")
@json_option
def approve(name: str, as_json: bool) -> None:
    """Let somebody in who asked to join."""
    with opened():
        user = find_user(name)
        with store.transaction():
            registration.approve(user.id, None)
        show(_row(find_user(name), find_account(name)), as_json)


@account.command()
@click.argument("name")
@click.argument("role", type=ROLES)
@json_option
def role(name: str, role: str, as_json: bool) -> None:
    """Make somebody a user, a moderator or an administrator."""
    with opened():
        user = find_user(name)
        with store.transaction():
            moderation.set_role(user.id, Role(role), None)
        show(_row(find_user(name), find_account(name)), as_json)


@account.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let them sign in again.")
@json_option
def disable(name: str, undo: bool, as_json: bool) -> None:
    """Keep somebody from signing in; their posts stay."""
    with opened():
        user = find_user(name)
        with store.transaction():
            (moderation.enable if undo else moderation.disable)(user.id, None)
        show(_row(find_user(name), find_account(name)), as_json)


@account.command()
@click.argument("name")
@click.argument("new_name")
@json_option
def rename(name: str, new_name: str, as_json: bool) -> None:
    """Give somebody another name; the old one leads to them for a year and is nobody else's."""
    with opened():
        before = find_account(name)
        with store.transaction():
            accounts.rename(before.id, new_name)
        after = find_account(new_name)
        show(_row(_login_of(after), after), as_json)


@account.command("reset-password")
@click.argument("name")
@json_option
def reset_password(name: str, as_json: bool) -> None:
    """Make a one-time link with which somebody chooses a new password."""
    with opened():
        user = find_user(name)
        with store.transaction():
            link = moderation.reset_link(user.id, None)
    show({"account": name, "link": link}, as_json)


@account.command("rotate-keys")
@click.argument("name", required=False)
@click.option(
    "--all",
    "everybody",
    is_flag=True,
    help="Of every account, and of the node itself, which uses it within a minute.",
)
@json_option
def rotate_keys(name: str | None, everybody: bool, as_json: bool) -> None:
    """Give an account new keys, and tell its followers: after a secret leaked, or a backup without secrets."""
    if (name is None) is not everybody:
        raise click.UsageError("Name one account, or say --all.")
    with opened():
        if name is not None:
            chosen = [find_account(name)]
        else:
            chosen = list(Account.select().where(Account.domain == "", Account.deleted_at.is_null()))
        for one in chosen:
            pair = keys.generate_rsa()
            with store.transaction():
                accounts.rotate_keys(one.id, pair)
    show({"accounts": len(chosen)}, as_json)


def find_account(name: str) -> Account:
    found = account_lookup.find(name.removeprefix("@"))
    if found is None or found.deleted_at is not None:
        raise NotFound(f"There is no account called {name} here. See them all: linnet account list")
    return found


def find_user(name: str) -> User:
    """The login whose own account it is."""
    found = find_account(name)
    user = _login_of(found)
    if user is None:
        asks = f" It is an organisation: linnet organisation members {name}" if members.of(found.id) else ""
        raise NotFound(f"Nobody signs in as {name}.{asks}")
    return user


def _login_of(account: Account) -> User | None:
    """None of organisations."""
    row = Membership.get_or_none(Membership.account == account.id, Membership.role == MemberRole.SELF)
    return None if row is None else User.get_by_id(row.user)


def _row(user: User | None, account: Account) -> dict[str, Any]:
    if user is None:
        return {"id": str(account.id), "username": account.username, "created_at": clock.iso(account.created_at)}
    return {
        "id": str(account.id),
        "username": account.username,
        "email": user.email,
        "role": user.role,
        "approved": user.approved_at is not None,
        "confirmed": user.confirmed_at is not None,
        "disabled": user.disabled_at is not None,
        "created_at": clock.iso(account.created_at),
    }
