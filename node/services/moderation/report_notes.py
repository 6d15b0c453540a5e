"""What the staff tells each other about a report."""

from node import clock
from node.errors import Invalid, NotFound
from node.models import Account, ReportNote, Role
from node.services.moderation import reports, roles
from node.speech import said

MAX_CHARS = 2_000
MAX_NOTES = 100


def of(report_id: int) -> list[ReportNote]:
    """The oldest first."""
    return list(ReportNote.select().where(ReportNote.report == report_id).order_by(ReportNote.id))


def add(report_id: int, text: str, by: Account) -> ReportNote:
    roles.require(by, Role.MODERATOR)
    report, text = reports.get(report_id), text.strip()
    if not text:
        raise Invalid("A note needs a text.", {"note": "A note needs a text."})
    if len(text) > MAX_CHARS:
        sentence = said("A note can have %(most)s characters at most.", most=MAX_CHARS)
        raise Invalid(sentence, {"note": sentence})
    if ReportNote.select().where(ReportNote.report == report.id).count() >= MAX_NOTES:
        sentence = said("There are %(most)s notes already.", most=MAX_NOTES)
        raise Invalid(sentence, {"note": sentence})
    return ReportNote.create(report=report.id, account=by.id, text=text, created_at=clock.now_ms())


def remove(note_id: int, by: Account) -> None:
    """One's own; those of others look as if they were not there."""
    roles.require(by, Role.MODERATOR)
    if not ReportNote.delete().where(ReportNote.id == note_id, ReportNote.account == by.id).execute():
        raise NotFound("Record not found")
