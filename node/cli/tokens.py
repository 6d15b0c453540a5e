"""`linnet token …`"""

import click

from node import clock, store
from node.cli.accounts import find_account, find_user
from node.cli.opening import opened
from node.cli.output import ROW_ID, json_option, show, show_all
from node.errors import Invalid, NotFound
from node.services.access import oauth
from node.services.access.scopes import SCOPES


@click.group()
def token() -> None:
    """Access tokens of apps, and of scripts."""


@token.command()
@click.argument("name")
@click.option("--app-name", default="Command line", show_default=True)
@click.option("--scopes", default="read", show_default=True, help="As in OAuth, separated by blanks.")
@json_option
def create(name: str, app_name: str, scopes: str, as_json: bool) -> None:
    """Make a token that speaks for an account. It is shown once."""
    if unknown := [scope for scope in scopes.split() if scope not in SCOPES]:
        known = ", ".join(sorted(scope for scope in SCOPES if ":" not in scope))
        raise Invalid(f"{unknown[0]} is not a scope. There are {known}, and narrower ones such as read:statuses.")
    with opened():
        user, account = find_user(name), find_account(name)
        with store.transaction():
            row, secret = oauth.token_for(user, account, app_name, scopes)
    show({"id": str(row.id), "access_token": secret, "scope": row.scopes, "account": name}, as_json)


@token.command("list")
@click.argument("name")
@json_option
def list_tokens(name: str, as_json: bool) -> None:
    """Show which apps speak for an account."""
    with opened():
        rows = [
            {
                "id": str(row.id),
                "app": app.name,
                "scopes": row.scopes,
                "created_at": clock.iso(row.created_at),
                "used_at": clock.iso(row.used_at) if row.used_at else None,
            }
            for row, app in oauth.tokens_of(find_user(name).id)
        ]
    show_all(rows, as_json, nothing="No app.")


@token.command()
@click.argument("name")
@click.argument("token_id", type=ROW_ID)
@json_option
def revoke(name: str, token_id: int, as_json: bool) -> None:
    """End a token at once, with every stream that it opened."""
    with opened():
        user = find_user(name)
        if token_id not in [row.id for row, _ in oauth.tokens_of(user.id)]:
            raise NotFound(f"{name} has no token {token_id}. See them: linnet token list {name}")
        with store.transaction():
            oauth.revoke_by_id(user.id, token_id)
    show({"id": str(token_id), "revoked": True}, as_json)
