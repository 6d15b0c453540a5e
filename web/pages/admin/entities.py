"""What the staff sees, as the templates of administration take it. Suspended people are shown here too."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from node import clock
from node.models import AllowedDomain, AuditEntry, DomainBlock, Relay, Report, ReportNote, Status
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.community import rules
from node.services.moderation.members import Member
from node.services.servers import traffic
from node.services.servers.destinations import Server
from node.services.statuses import loading
from node.text.plain import plain_text
from web.entities.account import account_entity
from web.entities.report import report_entity
from web.entities.rule import rule_entity

Entity = dict[str, Any]

_TEXT_CHARS = 160
_LOOKED_AT = 3  # posts of a report, for the first one that is still there


def accounts_by_id(account_ids: Iterable[int | None]) -> dict[int, AccountView]:
    """Whatever their state."""
    found = account_lookup.by_ids(sorted({an_id for an_id in account_ids if an_id is not None}))
    return {view.account.id: view for view in account_view.views(found.values())}


def admin_reports(rows: Sequence[Report]) -> list[Entity]:
    people = accounts_by_id(an_id for row in rows for an_id in (row.account_id, row.target_id, row.assigned_id))
    by_id = {str(rule.id): rule_entity(rule) for rule in rules.all_rules()} if rows else {}
    shown = [report_entity(row, people[row.target_id]) for row in rows]
    named = {int(an_id) for entity in shown for an_id in entity["status_ids"][:_LOOKED_AT]}
    posts = {str(status.id): status for status in loading.by_ids(sorted(named))}
    return [_report(row, entity, people, by_id, posts) for row, entity in zip(rows, shown, strict=True)]


def _report(
    row: Report,
    entity: Entity,
    people: dict[int, AccountView],
    by_id: dict[str, Entity],
    posts: dict[str, Status],
) -> Entity:
    return entity | {
        "account": account_entity(people[row.account_id]),
        "assigned": None if row.assigned_id is None else account_entity(people[row.assigned_id]),
        "rules": [by_id[rule_id] for rule_id in entity["rule_ids"] if rule_id in by_id],
        "text": _first_words([posts[an_id] for an_id in entity["status_ids"][:_LOOKED_AT] if an_id in posts]),
    }


def _first_words(there: Sequence[Status]) -> str | None:
    """Of the first post that is still there."""
    if not there:
        return None
    text = plain_text(there[0].spoiler_text or there[0].content)
    return text if len(text) <= _TEXT_CHARS else f"{text[:_TEXT_CHARS].rstrip()}…"


def notes(rows: Sequence[ReportNote]) -> list[Entity]:
    return [entry | {"text": row.text} for row, entry in _by_staff(rows)]


def _by_staff(rows: Sequence[Any]) -> Iterator[tuple[Any, Entity]]:
    """Rows, each with when it was written and by whom; None is the command line, or somebody who is gone."""
    people = accounts_by_id(row.account_id for row in rows)
    for row in rows:
        by = people.get(row.account_id)
        yield (
            row,
            {
                "id": str(row.id),
                "created_at": clock.iso(row.created_at),
                "account": None if by is None else account_entity(by),
            },
        )


def admin_accounts(members: Iterable[Member]) -> list[Entity]:
    rows = list(members)
    views = account_view.views([row.account for row in rows])
    return [_account(row, view) for row, view in zip(rows, views, strict=True)]


def _account(member: Member, view: AccountView) -> Entity:
    account, user = member.account, member.user
    return {
        "id": str(account.id),
        "account": account_entity(view),
        "email": (user.email if user else "") or "",
        "ip": member.ip,
        "role": str(member.role),
        "has_login": user is not None,
        "domain": account.domain or None,
        "created_at": clock.iso(account.created_at),
        "confirmed": user is None or user.confirmed_at is not None,
        "approved": user is None or user.approved_at is not None,
        "disabled": user is not None and user.disabled_at is not None,
        "silenced": account.silenced_at is not None,
        "suspended": member.is_suspended,
        "sensitized": account.sensitized_at is not None,
        "reason": user.sign_up_reason if user else "",
        "invited_by": member.invited_by,
        "seen_at": _time(user.last_active_at) if user else None,
    }


def log_entries(rows: Sequence[AuditEntry]) -> list[Entity]:
    return [
        entry | {"action": row.action, "target": row.target, "detail": msgspec.json.decode(row.detail)}
        for row, entry in _by_staff(rows)
    ]


def servers(found: Sequence[Server]) -> list[Entity]:
    lately = traffic.of(one.row.host for one in found)
    return [
        {
            "id": str(one.row.id),
            "host": one.row.host,
            "software": one.software,
            "state": one.row.state,
            "waiting": one.waiting,
            "failures": one.row.failures,
            "oldest_at": _time(one.oldest_at),
            "last_success_at": _time(one.row.last_success_at),
            "last_error_at": _time(one.row.last_error_at),
            "last_error": one.row.last_error,
            **lately[one.row.host]._asdict(),
        }
        for one in found
    ]


def block(row: DomainBlock) -> Entity:
    return {
        "id": str(row.id),
        "domain": row.domain,
        "severity": str(row.severity),
        "reject_media": row.reject_media,
        "reject_reports": row.reject_reports,
        "private_comment": row.private_comment,
        "public_comment": row.public_comment,
        "obfuscate": row.obfuscate,
        "created_at": clock.iso(row.created_at),
        "expires_at": _time(row.expires_at),
    }


def allowed(row: AllowedDomain) -> Entity:
    return {"id": str(row.id), "domain": row.domain, "created_at": clock.iso(row.created_at)}


def relay(row: Relay) -> Entity:
    return {"address": row.address, "state": str(row.state), "created_at": clock.iso(row.created_at)}


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.iso(ms)
