"""What holds for whole domains; deciding about them is in domain_blocks.py.

A rule holds for the domain, for everything under it, and on every port.
"""

from typing import NamedTuple

from node import streams
from node.models import DomainBlock, Severity
from node.services.caching.cache import Kept
from node.services.servers import allowed_domains


class Rule(NamedTuple):
    """The part of a `DomainBlock` that is asked for with every activity."""

    severity: Severity
    reject_media: bool
    reject_reports: bool
    created_at: int


def rule_of(host: str) -> Rule | None:
    """The rule for `host`, or for the nearest domain above it that has one. From memory: takes a microsecond."""
    rules = kept.get()
    if not rules:
        return None
    return next((rules[name] for name in allowed_domains.names_above(host) if name in rules), None)


def severity_of(host: str) -> Severity | None:
    rule = rule_of(host)
    return None if rule is None else rule.severity


def is_suspended(host: str) -> bool:
    """Nothing comes from there, and nothing goes there: by a rule, or because only few are spoken with."""
    return is_ruled_out(host) or not allowed_domains.admits(host)


def is_ruled_out(host: str) -> bool:
    """By a rule alone. Files and pages may lie with others than those few that are spoken with."""
    return severity_of(host) is Severity.SUSPEND


def _load() -> dict[str, Rule]:
    return {
        row.domain: Rule(Severity(row.severity), row.reject_media, row.reject_reports, row.created_at)
        for row in DomainBlock.select()
    }


def changed() -> None:
    """In the unit of work that changed a rule: every process reads the rules again once it is committed."""
    kept.forget_with_unit()
    streams.publish(("control",), "domains_changed")


kept = Kept(_load)
