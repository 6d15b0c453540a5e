"""`linnet`: the commands, one module for each group of them."""

import os
import pwd
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click

from node.errors import NodeError

# Which module of this package each command is in.
_MODULES = {
    "account": "accounts",
    "demo": "demo",
    "destination": "destinations",
    "doctor": "doctor",
    "domain": "domains",
    "job": "queue",
    "media": "media",
    "migrate": "migrate",
    "organisation": "organisations",
    "relay": "relays",
    "serve": "serve",
    "settings": "settings",
    "token": "tokens",
    "version": "version",
    "worker": "serve",
}


class _Commands(Mapping[str, click.Command]):
    """Only what is asked for is loaded: a second of CPU would go by before `linnet version` says a word."""

    def __getitem__(self, name: str) -> click.Command:
        command: click.Command = getattr(import_module(f"node.cli.{_MODULES[name]}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _Group(click.Group):
    """Refusals of the domain end with their message and exit code 1, without a traceback; wrong usage with 2."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for argument in args:
            try:
                argument.encode()
            except UnicodeEncodeError as error:  # how Python hands over bytes that are no UTF-8
                raise click.UsageError(f"{argument!r} is not text in UTF-8.", ctx) from error
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except NodeError as error:
            raise click.ClickException(str(error)) from error
        except PermissionError as error:
            raise click.ClickException(_not_ours(error)) from error
        except click.Abort as abort:
            raise click.ClickException("Nothing was done, because the question was not answered.") from abort


def _not_ours(error: PermissionError) -> str:
    """Most often the node runs as a user of its own, and somebody else typed the command."""
    me = os.geteuid()
    named = Path(os.fsdecode(error.filename or "."))
    there, owner = _nearest(named)
    told = f"{named} cannot be used: {error.strerror}."
    if owner == me:
        return told
    return f"{told} {there} belongs to {_user(owner)}, and this is {_user(me)}. Run linnet as the user of the node."


def _nearest(path: Path) -> tuple[Path, int]:
    """What can be seen of the way to `path`, as far as possible, and whose it is."""
    for there in (path, *path.absolute().parents):
        with suppress(OSError):
            return there, there.stat().st_uid
    raise AssertionError("unreachable")


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # as in containers
        return f"user {number}"


@click.group(cls=_Group, commands=_Commands())
def linnet() -> None:
    """Linnet, a federated microblog node."""


def main() -> None:
    linnet(prog_name="linnet", args=sys.argv[1:])
