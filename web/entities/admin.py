"""What the staff sees: Admin::Account, Admin::Report and their relatives. Suspended people are shown here too."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from node import clock
from node.models import AllowedDomain, DomainBlock, Report, Rule, SignUpBlock, SignUpBlockKind
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.community import rules
from node.services.moderation import members
from node.services.moderation.members import Member
from node.services.statuses import view as status_view
from web.entities.account import account_entity
from web.entities.report import report_entity
from web.entities.role import role_entity
from web.entities.rule import rule_entity
from web.entities.status import status_entity

Entity = dict[str, Any]


def account_entities(found: Iterable[Member]) -> list[Entity]:
    rows = list(found)
    views = account_view.views([row.account for row in rows])
    return [_account(row) | {"account": account_entity(view)} for row, view in zip(rows, views, strict=True)]


def _account(member: Member) -> Entity:
    account, user = member.account, member.user
    invited = {} if member.inviter_id is None else {"invited_by_account_id": str(member.inviter_id)}
    return invited | {
        "id": str(account.id),
        "username": account.username,
        "domain": account.domain or None,
        "created_at": clock.iso(account.created_at),
        "email": "" if user is None else user.email or "",
        "ip": member.ip or None,
        "ips": [{"ip": member.ip, "used_at": _seen(member)}] if member.ip else [],
        "locale": None if user is None else user.locale,
        "invite_request": None if user is None else user.sign_up_reason or None,
        "role": None if user is None else role_entity(member.role),
        "confirmed": user is not None and user.confirmed_at is not None,
        "approved": user is not None and user.approved_at is not None,
        "disabled": user is not None and user.disabled_at is not None,
        "sensitized": account.sensitized_at is not None,
        "silenced": account.silenced_at is not None,
        "suspended": member.is_suspended,
    }


def _seen(member: Member) -> str:
    user = member.user
    return clock.iso(
        member.account.created_at if user is None or user.last_active_at is None else user.last_active_at
    )


def report_entities(rows: Sequence[Report], reader_id: int) -> list[Entity]:
    """Evidence is shown to the staff whoever may read it elsewhere."""
    named = {an_id for row in rows for an_id in (row.account_id, row.target_id, row.assigned_id, row.resolved_by_id)}
    accounts = account_lookup.by_ids(sorted(an_id for an_id in named if an_id is not None))
    people = {int(one["id"]): one for one in account_entities(members.of(accounts.values()))}
    by_id = {str(rule.id): rule for rule in rules.all_rules()} if rows else {}
    views = account_view.views(accounts.values())
    targets = {view.account.id: view for view in views}
    shown = [report_entity(row, targets[row.target_id]) for row in rows]
    wanted = [int(status_id) for one in shown for status_id in one["status_ids"]]
    statuses = {str(view.id): status_entity(view) for view in status_view.load(wanted, reader_id)}
    return [_report(row, one, people, by_id, statuses) for row, one in zip(rows, shown, strict=True)]


def _report(
    row: Report, shown: Entity, people: dict[int, Entity], by_id: dict[str, Rule], statuses: dict[str, Entity]
) -> Entity:
    return shown | {
        "updated_at": clock.iso(row.resolved_at or row.created_at),
        "account": people[row.account_id],
        "target_account": people[row.target_id],
        "assigned_account": None if row.assigned_id is None else people.get(row.assigned_id),
        "action_taken_by_account": None if row.resolved_by_id is None else people.get(row.resolved_by_id),
        "statuses": [statuses[one] for one in shown["status_ids"] if one in statuses],
        "rules": [rule_entity(by_id[one]) for one in shown["rule_ids"] if one in by_id],
    }


def domain_block_entity(row: DomainBlock) -> Entity:
    return {
        "id": str(row.id),
        "domain": row.domain,
        "digest": hashlib.sha256(row.domain.encode()).hexdigest(),
        "created_at": clock.iso(row.created_at),
        "severity": str(row.severity),
        "reject_media": row.reject_media,
        "reject_reports": row.reject_reports,
        "private_comment": row.private_comment or None,
        "public_comment": row.public_comment or None,
        "obfuscate": row.obfuscate,
    }


def domain_allow_entity(row: AllowedDomain) -> Entity:
    return {"id": str(row.id), "domain": row.domain, "created_at": clock.iso(row.created_at)}


def sign_up_block_entity(row: SignUpBlock) -> Entity:
    """Admin::IpBlock, Admin::EmailDomainBlock or Admin::CanonicalEmailBlock."""
    entity: Entity = {"id": str(row.id), "created_at": clock.iso(row.created_at)}
    if row.kind == SignUpBlockKind.EMAIL:
        return {"id": str(row.id), "canonical_email_hash": row.value}
    if row.kind == SignUpBlockKind.EMAIL_DOMAIN:
        return entity | {"domain": row.value, "history": []}  # nobody counts who was refused
    return entity | {
        "ip": row.value,
        "severity": str(row.severity),
        "comment": row.comment,
        "expires_at": None if row.expires_at is None else clock.iso(row.expires_at),
    }
