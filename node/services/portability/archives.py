"""Archives: asked for once a week, made by a job, there for a week, and for nobody but their owner."""

from typing import Any, NamedTuple

from node import clock, jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind, Priority, TakenJob, enqueue
from node.models import Account, Archive, ArchiveState, Favourite, MediaAttachment, Status
from node.models.access import readable
from node.speech import said
from node.store import in_ids

NOT_FOUND = "Record not found"
KEPT_MS = 7 * clock.DAY
_AGAIN_MS = 7 * clock.DAY
PAGE = 200


class Made(NamedTuple):
    file_key: str
    size_bytes: int
    statuses: int
    left_out: int


# ── its owner ──


def latest(account_id: int) -> Archive | None:
    return Archive.select().where(Archive.account == account_id).order_by(Archive.id.desc()).first()


def next_at(archive: Archive | None) -> int:
    """When another one may be asked for. One that could not be made does not count."""
    if archive is None or archive.state == ArchiveState.FAILED:
        return 0
    return archive.created_at + _AGAIN_MS


def is_there(archive: Archive) -> bool:
    """Whether it can be downloaded."""
    return archive.state == ArchiveState.READY and (archive.finished_at or 0) > clock.now_ms() - KEPT_MS


def ask(account_id: int) -> Archive:
    """A new one; Invalid before it is time."""
    # Two requests at once: on PostgreSQL the second one waits here for what the first one writes.
    Account.update(version=Account.version).where(Account.id == account_id).execute()
    if next_at(latest(account_id)) > clock.now_ms():
        raise Invalid("You can ask for one archive a week.")
    archive = Archive.create(account=account_id, created_at=clock.now_ms())
    enqueue(JobKind.MAKE_ARCHIVE, archive.id, priority=Priority.BULK)
    return archive


def get(account_id: int, archive_id: int) -> Archive:
    """One that can be downloaded; NotFound for those of others, and for those that are over."""
    row = Archive.get_or_none((Archive.id == archive_id) & (Archive.account == account_id))
    if row is None or not is_there(row):
        raise NotFound(NOT_FOUND)
    return row


# ── the job ──


def to_make(archive_id: int) -> Account | None:
    """Whose archive it is, if it is still wanted."""
    row = Archive.get_or_none((Archive.id == archive_id) & (Archive.state == ArchiveState.MAKING))
    account = None if row is None else Account.get_or_none(Account.id == row.account_id)
    return None if account is None or account.deleted_at is not None else account


def made(job: TakenJob, result: Made) -> bool:
    """False when nobody wants it any more; then its file is nobody's. What is there ends after a week."""
    jobs.finish(job)
    now = clock.now_ms()
    changes = {**result._asdict(), "state": ArchiveState.READY, "finished_at": now}
    here = (Archive.id == job.subject) & (Archive.state == ArchiveState.MAKING)
    if not Archive.update(changes).where(here).execute():
        return False
    # The key goes along: the file ends even if its row is gone by then.
    payload = {"file_key": result.file_key}
    enqueue(JobKind.END_ARCHIVE, job.subject, payload=payload, priority=Priority.BULK, due_at=now + KEPT_MS)
    return True


def refused(job: TakenJob, problem: str) -> None:
    jobs.finish(job)
    _fail(job.subject, problem)


def given_up(job: TakenJob) -> None:
    _fail(job.subject, str(said("Your archive could not be made: this server had trouble. Ask for it once more.")))


def _fail(archive_id: int, problem: str) -> None:
    changes = {"state": ArchiveState.FAILED, "problem": problem, "finished_at": clock.now_ms()}
    Archive.update(changes).where(Archive.id == archive_id).execute()


def end(job: TakenJob) -> None:
    """Its file is gone."""
    jobs.finish(job)
    Archive.delete().where(Archive.id == job.subject).execute()


# ── what goes in, page by page ──


def statuses_page(account_id: int, after: int) -> list[Status]:
    """Posts and boosts, the oldest first."""
    query = Status.select().where(Status.account == account_id, Status.id > after)
    return list(query.order_by(Status.id).limit(PAGE))


def media_page(account_id: int, after: int) -> list[MediaAttachment]:
    """What was posted, by the id of the attachment."""
    query = MediaAttachment.select().where(
        MediaAttachment.account == account_id,
        MediaAttachment.status.is_null(False),
        MediaAttachment.file_key != "",
        MediaAttachment.id > after,
    )
    return list(query.order_by(MediaAttachment.id).limit(PAGE))


def likes_page(account_id: int, after: int) -> list[tuple[int, str]]:
    """(id of the row, address of the post): of those that may still be read."""
    query: Any = (
        Favourite.select(Favourite.id, Status.uri)
        .join(Status, on=(Status.id == Favourite.status))
        .where(Favourite.account == account_id, Favourite.id > after, readable(Status.id, account_id))
    )
    return list(query.order_by(Favourite.id).limit(PAGE).tuples())


def texts_of(status_ids: list[int]) -> dict[int, tuple[str, str, bool]]:
    """What was typed, in which form, and whether it stays on this node."""
    query: Any = Status.select(Status.id, Status.source, Status.content_type, Status.local_only)
    return {
        status_id: (source, form, bool(stays))
        for status_id, source, form, stays in query.where(in_ids(Status.id, status_ids)).tuples()
    }
