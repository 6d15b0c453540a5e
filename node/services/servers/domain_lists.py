"""Rules for domains as a file, in the columns that Mastodon writes and reads, and what such a file would change here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from node import clock
from node.errors import Invalid
from node.models import Account, DomainBlock, Severity
from node.services.servers import domain_blocks
from node.services.servers.allowed_domains import checked_name
from node.services.servers.domain_blocks import MAX_COMMENT_CHARS, Terms
from node.speech import said
from node.text import tables

MAX_BYTES = 512 << 10
MAX_RULES = 5_000
FILE_NAME = "domain_blocks.csv"
_COLUMNS = ("domain", "severity", "reject_media", "reject_reports", "public_comment", "obfuscate")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A line of the file."""

    domain: str
    severity: Severity
    reject_media: bool = False
    reject_reports: bool = False
    public_comment: str = ""
    obfuscate: bool = False


class Problem(NamedTuple):
    line: int
    sentence: str


class Difference(NamedTuple):
    """What the file asks for, beside what holds."""

    new: list[Wanted]
    changed: list[Wanted]
    same: int
    not_in_it: list[str]  # domains with a rule here of which the file says nothing


def written(rules: Iterable[DomainBlock | Wanted]) -> str:
    """Notes for the staff stay here."""
    rows = [[f"#{name}" for name in _COLUMNS]]
    rows += [[_cell(getattr(rule, name)) for name in _COLUMNS] for rule in rules]
    return tables.written(rows)


def read(data: bytes) -> tuple[list[Wanted], list[Problem]]:
    """The first line about a domain counts. Invalid for what is no such file.

    Without a heading, each line begins with a domain, which is to be suspended: so shared lists are written, too.
    """
    if len(data) > MAX_BYTES:
        raise Invalid(said("The file is too large: %(kilobytes)s kB are the most.", kilobytes=MAX_BYTES >> 10))
    rows = tables.read(data, most_rows=MAX_RULES)
    places = _places(rows[0][1]) if rows else None
    wanted: dict[str, Wanted] = {}
    problems = []
    for line, cells in rows[1:] if places else rows:
        try:
            rule = _rule({name: cells[at] for name, at in (places or {"domain": 0}).items() if at < len(cells)})
        except Invalid as refusal:
            problems.append(Problem(line, refusal.sentence))
            continue
        wanted.setdefault(rule.domain, rule)
    if not wanted:
        raise Invalid(problems[0].sentence if problems else said("The file is empty."))
    return list(wanted.values()), problems


def difference(wanted: Sequence[Wanted]) -> Difference:
    """One query, whatever the file holds."""
    known = {row.domain: row for row in domain_blocks.all_blocks()}
    there = [rule for rule in wanted if rule.domain in known]
    changed = [rule for rule in there if _rule_of(known[rule.domain]) != rule]
    named = {rule.domain for rule in wanted}
    return Difference(
        [rule for rule in wanted if rule.domain not in known],
        changed,
        len(there) - len(changed),
        [domain for domain in known if domain not in named],
    )


def apply(wanted: Sequence[Wanted], by: Account | None) -> None:
    """Set these rules; what holds already is left alone. Notes for the staff and the end of a rule stay as they are."""
    known = {row.domain: row for row in domain_blocks.all_blocks()}
    for rule in wanted:
        former = known.get(rule.domain)
        if former is not None and _rule_of(former) == rule:
            continue
        terms = Terms(
            reject_media=rule.reject_media,
            reject_reports=rule.reject_reports,
            public_comment=rule.public_comment,
            obfuscate=rule.obfuscate,
            private_comment=former.private_comment if former else "",
            expires_at=former.expires_at if former and (former.expires_at or 0) > clock.now_ms() else None,
        )
        domain_blocks.block(rule.domain, rule.severity, terms, by)


def _places(cells: Sequence[str]) -> dict[str, int] | None:
    """Where which column is; None if this is no heading."""
    names = [cell.lstrip("#").strip().lower() for cell in cells]
    return {name: names.index(name) for name in _COLUMNS if name in names} if "domain" in names else None


def _rule(cells: dict[str, str]) -> Wanted:
    severity, comment = cells.get("severity", "").lower() or Severity.SUSPEND, cells.get("public_comment", "")
    if severity not in list(Severity):
        raise Invalid(said("“%(word)s” is not known: it is silence, suspend or noop.", word=severity[:40]))
    return Wanted(
        domain=checked_name(cells.get("domain", "")[:300]),
        severity=Severity(severity),
        reject_media=_is_true(cells.get("reject_media")),
        reject_reports=_is_true(cells.get("reject_reports")),
        public_comment=comment[:MAX_COMMENT_CHARS],
        obfuscate=_is_true(cells.get("obfuscate")),
    )


def _rule_of(row: DomainBlock) -> Wanted:
    return Wanted(
        domain=row.domain,
        severity=Severity(row.severity),
        reject_media=bool(row.reject_media),
        reject_reports=bool(row.reject_reports),
        public_comment=row.public_comment,
        obfuscate=bool(row.obfuscate),
    )


def _is_true(cell: str | None) -> bool:
    return (cell or "").lower() in ("true", "1", "yes", "t")


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
