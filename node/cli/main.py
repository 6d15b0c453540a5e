"""`linnet`: the commands, one module for each group of them."""

import sys

import click

from node.cli import (
    accounts,
    demo,
    destinations,
    doctor,
    domains,
    media,
    migrate,
    organisations,
    queue,
    relays,
    serve,
    settings,
    tokens,
    version,
)
from node.errors import NodeError


class _Commands(click.Group):
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
        except click.Abort as abort:
            raise click.ClickException("Nothing was done, because the question was not answered.") from abort


@click.group(cls=_Commands)
def linnet() -> None:
    """Linnet, a federated microblog node."""


_COMMANDS: tuple[click.Command, ...] = (
    serve.serve,
    serve.worker,
    demo.demo,
    migrate.migrate,
    accounts.account,
    organisations.organisation,
    tokens.token,
    domains.domain,
    relays.relay,
    destinations.destination,
    queue.job,
    media.media,
    settings.settings,
    doctor.doctor,
    version.version,
)
for command in _COMMANDS:
    linnet.add_command(command)


def main() -> None:
    linnet(prog_name="linnet", args=sys.argv[1:])
