"""`linnet domain …`"""

from typing import Any

import click

from node import clock, store
from node.cli.opening import opened
from node.cli.output import json_option, show, show_all
from node.models import AllowedDomain, DomainBlock, Severity
from node.services.servers import allowed_domains, domain_blocks
from node.services.servers.domain_blocks import Terms


@click.group()
def domain() -> None:
    """What is decided about whole domains."""


@domain.command()
@click.argument("name")
@click.option("--severity", type=click.Choice([str(one) for one in Severity]), default="suspend", show_default=True)
@click.option("--comment", default="", help="For moderators.")
@click.option("--public-comment", default="", help="For everybody, where blocks are published.")
@click.option("--reject-media", is_flag=True)
@click.option("--reject-reports", is_flag=True)
@json_option
def block(
    name: str,
    severity: str,
    comment: str,
    public_comment: str,
    reject_media: bool,
    reject_reports: bool,
    as_json: bool,
) -> None:
    """Limit or suspend a domain, and everything under it."""
    terms = Terms(
        reject_media=reject_media,
        reject_reports=reject_reports,
        private_comment=comment,
        public_comment=public_comment,
    )
    with opened(), store.transaction():
        row = domain_blocks.block(name, Severity(severity), terms, None)
    show(_row(row), as_json)


@domain.command()
@click.argument("name")
@json_option
def unblock(name: str, as_json: bool) -> None:
    """Take a decision back."""
    with opened(), store.transaction():
        domain_blocks.unblock(name, None)
    show({"domain": name, "severity": None}, as_json)


@domain.command("list")
@json_option
def list_domains(as_json: bool) -> None:
    """Show every decision."""
    with opened():
        rows = [_row(row) for row in domain_blocks.all_blocks()]
    show_all(rows, as_json, nothing="No domain is limited or suspended.")


@domain.command()
@click.argument("name")
@json_option
def allow(name: str, as_json: bool) -> None:
    """Speak with a domain, and everything under it, where only few are spoken with."""
    with opened(), store.transaction():
        row = allowed_domains.allow(name, None)
    show(_allowed(row), as_json)


@domain.command()
@click.argument("name")
@json_option
def unallow(name: str, as_json: bool) -> None:
    """Take a domain off the list of those that are spoken with."""
    with opened(), store.transaction():
        allowed_domains.disallow(name, None)
    show({"domain": name, "allowed": False}, as_json)


@domain.command()
@json_option
def allowed(as_json: bool) -> None:
    """Show the list of those that are spoken with."""
    with opened():
        rows = [_allowed(row) for row in allowed_domains.all_allowed()]
    show_all(rows, as_json, nothing="No domain is allowed by name. It matters once limited_federation is on.")


def _allowed(row: AllowedDomain) -> dict[str, Any]:
    return {"domain": row.domain, "allowed": True, "created_at": clock.iso(row.created_at)}


def _row(row: DomainBlock) -> dict[str, Any]:
    return {
        "domain": row.domain,
        "severity": row.severity,
        "reject_media": bool(row.reject_media),
        "reject_reports": bool(row.reject_reports),
        "comment": row.private_comment,
        "created_at": clock.iso(row.created_at),
    }
