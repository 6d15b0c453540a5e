"""Objecting to what the staff decided: one text, once, while it is fresh (ADR 44)."""

from node import clock, site
from node.errors import Forbidden, Invalid, NotFound
from node.models import Account, AccountWarning, Appeal, AppealState, Role
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.moderation import account_warnings, audit, judging, letters, roles, warning_rows
from node.services.moderation.warning_rows import Decided
from node.speech import said

MAX_CHARS = 2_000
WITHIN_MS = 20 * clock.DAY
_SUBJECT = said("your objection")
_GRANTED = said("The staff of this server agrees with you. What could be undone has been undone.")
_REFUSED = said("The staff of this server has read your objection and stays with its decision.")


def may_appeal(decided: Decided) -> bool:
    return decided.appeal is None and clock.now_ms() - decided.warning.created_at <= WITHIN_MS


def appeal(account_id: int, warning_id: int, text: str) -> Appeal:
    """NotFound for what was decided about others; Forbidden, twice or too late."""
    decided, text = warning_rows.get(account_id, warning_id), text.strip()
    if decided.appeal is not None:
        raise Forbidden("You have objected to this already.")
    if not may_appeal(decided):
        raise Forbidden("It is too late to object to this.")
    if not text:
        raise Invalid("Please say why it was wrong.", {"text": "Please say why it was wrong."})
    if len(text) > MAX_CHARS:
        sentence = said("Please say it in at most %(most)s characters.", most=MAX_CHARS)
        raise Invalid(sentence, {"text": sentence})
    made = Appeal.create(warning=warning_id, text=text, created_at=clock.now_ms())
    _tell_moderators(account_id)
    return made


def page(page: Page, *, decided: bool = False) -> list[Decided]:
    """Those that wait, or those that are decided; newest first. Ids of the page are those of appeals."""
    state = Appeal.state != AppealState.PENDING if decided else Appeal.state == AppealState.PENDING
    rows = page.of(Appeal.select().where(state), Appeal.id)
    warnings = warning_rows.by_ids([row.warning_id for row in rows])
    return [warnings[row.warning_id] for row in rows]


def waiting_count() -> int:
    return int(Appeal.select().where(Appeal.state == AppealState.PENDING).count())


def grant(appeal_id: int, by: Account | None) -> Appeal:
    """What was decided is undone, as far as it can be."""
    return _decide(appeal_id, AppealState.APPROVED, by)


def refuse(appeal_id: int, by: Account | None) -> Appeal:
    return _decide(appeal_id, AppealState.REJECTED, by)


def _decide(appeal_id: int, state: AppealState, by: Account | None) -> Appeal:
    """Once: what others decided before stays."""
    roles.require(by, Role.MODERATOR)
    made = Appeal.get_or_none(Appeal.id == appeal_id)
    if made is None:
        raise NotFound("Record not found")
    if made.state != AppealState.PENDING:
        return made
    warning = AccountWarning.get_by_id(made.warning_id)
    roles.require_above(by, warning.target_id)
    Appeal.update(state=state, decided_at=clock.now_ms()).where(Appeal.id == appeal_id).execute()
    is_granted = state is AppealState.APPROVED
    if is_granted:
        judging.undo(warning, by)
    account = account_lookup.by_id(warning.target_id)
    assert account is not None  # noqa: S101 - the row of the decision goes with it
    audit.record(by, "grant.appeal" if is_granted else "refuse.appeal", audit.handle(account))
    account_warnings.tell_again(warning)
    address = f"{site.base_url}/decisions/{warning.id}"
    letters.to_account(warning.target_id, _SUBJECT, _GRANTED if is_granted else _REFUSED, address=address)
    return Appeal.get_by_id(appeal_id)


def _tell_moderators(account_id: int) -> None:
    """By letter, where there are letters; the number beside "Objections" tells the others."""
    account = account_lookup.by_id(account_id)
    assert account is not None  # noqa: S101 - its objection was just written
    text = said(
        "%(name)s objects to a decision. Read it: %(address)s",
        name=f"@{account.username}",
        address=f"{site.base_url}/admin/appeals",
    )
    letters.to_staff(said("somebody objects to a decision"), text)
