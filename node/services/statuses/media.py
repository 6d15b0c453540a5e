"""Attachments: uploaded first, then attached to one status of the same account."""

from dataclasses import asdict, dataclass
from typing import Any

from node import clock, jobs, streams
from node.errors import Invalid, NotFound
from node.jobs import JobKind, Priority, TakenJob, enqueue
from node.media import programs
from node.media.films import MIMES
from node.media.focus import Focus
from node.media.probe import Kind
from node.models import MediaAttachment, Membership, ScheduledMedia, Status
from node.models.rows import Insert, columns, row_of
from node.services.community import settings
from node.services.statuses.facts import MediaFacts
from node.speech import said
from node.store import Prepared, in_ids, param

MAX_REMOTE = 16  # the others of a status are left out
_DESCRIPTION_MAX = 10_000
LONG_DESCRIPTION = "A description has at most %(limit)s characters."

_OF_STATUS = Prepared(
    lambda: (
        MediaAttachment.select(*columns(MediaAttachment))
        .where(MediaAttachment.status == param("status"))
        .order_by(MediaAttachment.position, MediaAttachment.id)
    ),
    row_of(MediaAttachment),
)
_ATTACH = Prepared(
    lambda: MediaAttachment.update(
        {MediaAttachment.status: param("status"), MediaAttachment.position: param("position")}
    ).where(MediaAttachment.id == param("id")),
    tuple,
)
_DETACH = Prepared(
    lambda: MediaAttachment.update({MediaAttachment.status: None}).where(MediaAttachment.status == param("status")),
    tuple,
)
_OF_THUMBNAIL = ("thumb_key", "thumb_width", "thumb_height", "blurhash")
_INSERT = Insert(MediaAttachment)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMedia:
    """Files that were put into storage before the unit of work: processed, or as they came under `source_key`."""

    kind: str
    mime: str = ""
    file_key: str = ""
    thumb_key: str = ""
    source_key: str = ""
    width: int | None = None
    height: int | None = None
    thumb_width: int | None = None
    thumb_height: int | None = None
    blurhash: str = ""
    duration_seconds: float | None = None
    frame_rate: str = ""
    bitrate: int | None = None
    size_bytes: int = 0


def create(
    account_id: int, stored: StoredMedia, *, description: str = "", focus: Focus | None = None
) -> MediaAttachment:
    """An upload of `account_id`, not attached to anything yet. What came as video or sound is made ready by a job."""
    row = MediaAttachment(
        account=account_id,
        **asdict(stored),
        description=_checked(description),
        focus_x=focus[0] if focus else None,
        focus_y=focus[1] if focus else None,
        created_at=clock.now_ms(),
    )
    row.save(force_insert=True)
    if stored.source_key:
        enqueue(JobKind.MAKE_FILM, row.id, priority=Priority.URGENT)
    return row


def get(account_id: int, media_id: int) -> MediaAttachment:
    """An attachment of `account_id`; NotFound for everybody else's."""
    row = MediaAttachment.get_or_none((MediaAttachment.id == media_id) & (MediaAttachment.account == account_id))
    if row is None:
        raise NotFound("Record not found")
    return row


def thumb_keys(account_id: int, media_ids: list[int]) -> dict[int, str]:
    """The files of their thumbnails, or "", by attachment; those of others are left out."""
    query: Any = MediaAttachment.select(MediaAttachment.id, MediaAttachment.thumb_key)
    own = query.where(in_ids(MediaAttachment.id, media_ids), MediaAttachment.account == account_id)
    return dict(own.tuples())


def update(
    account_id: int,
    media_id: int,
    *,
    description: str | None = None,
    focus: Focus | None = None,
    thumbnail: StoredMedia | None = None,
) -> MediaAttachment:
    """Change what is given. What is posted already is changed by an edit of its status."""
    row = get(account_id, media_id)
    if row.status_id is not None:
        raise NotFound("Record not found")
    changes = _changes(description, focus, thumbnail)
    if changes:
        MediaAttachment.update(**changes).where(MediaAttachment.id == row.id).execute()
    return get(account_id, media_id)


def accepted_types(now: settings.Settings) -> list[str]:
    """What may be attached: video and sound only where they are wanted and can be worked on."""
    pictures = [str(kind) for kind in Kind]
    return [*pictures, *MIMES] if now.max_film_bytes and programs.available() else pictures


def is_in_work(row: MediaAttachment) -> bool:
    """Whether a job makes it ready."""
    return bool(row.source_key) and not row.problem


def topic(media_id: int) -> str:
    """Where it is told that a film is ready, or refused."""
    return f"media:{media_id}"


def to_make(media_id: int) -> MediaAttachment | None:
    """The film that a job is about, if there is still something to do."""
    row = MediaAttachment.get_or_none(MediaAttachment.id == media_id)
    return row if row is not None and is_in_work(row) else None


def film_made(job: TakenJob, made: StoredMedia) -> list[str]:
    """The keys of files that nothing refers to now. A thumbnail of somebody's own stays."""
    jobs.finish(job)
    row = to_make(job.subject)
    if row is None:  # it was taken back meanwhile
        return [made.file_key, made.thumb_key]
    changes, useless = asdict(made), [row.source_key]
    if row.thumb_key:
        useless.append(made.thumb_key)
        for name in _OF_THUMBNAIL:
            del changes[name]
    MediaAttachment.update(**changes).where(MediaAttachment.id == row.id).execute()
    streams.publish((topic(row.id),), "media")
    return useless


def film_refused(job: TakenJob, problem: str) -> None:
    """Its owner is told when they ask for it; the row goes with other uploads that nobody posted."""
    jobs.finish(job)
    _end_film(job.subject, problem, source_key="")


def film_given_up(job: TakenJob) -> None:
    """What was uploaded goes with the row, as any upload that nobody posted."""
    _end_film(
        job.subject, str(said("The file could not be processed: this server had trouble. Upload it once more."))
    )


def _end_film(media_id: int, problem: str, **more: str) -> None:
    MediaAttachment.update(problem=problem, **more).where(MediaAttachment.id == media_id).execute()
    streams.publish((topic(media_id),), "media")


def retouch(
    account_id: int,
    status_id: int,
    media_id: int,
    *,
    description: str | None = None,
    focus: Focus | None = None,
    thumbnail: StoredMedia | None = None,
) -> None:
    """What is given is changed of a posted attachment, as part of an edit."""
    MediaAttachment.update(_changes(description, focus, thumbnail)).where(
        (MediaAttachment.id == media_id)
        & (MediaAttachment.account == account_id)
        & (MediaAttachment.status == status_id)
    ).execute()


def delete(account_id: int, media_id: int) -> MediaAttachment:
    """Before it is posted. The row tells which files are to go."""
    row = get(account_id, media_id)
    if row.status_id is not None:
        raise Invalid("This file belongs to a post. Edit the post to remove it.")
    if ScheduledMedia.get_or_none(ScheduledMedia.media == row.id) is not None:
        raise Invalid("This file belongs to a scheduled post. Delete that first.")
    MediaAttachment.delete().where(MediaAttachment.id == row.id).execute()
    return row


def keys_of(row: MediaAttachment) -> list[str]:
    """Of all its files here."""
    return [key for key in (row.file_key, row.thumb_key, row.source_key) if key]


def of_status(status_id: int) -> list[MediaAttachment]:
    return _OF_STATUS.all(status=status_id)


def hand_over(user_id: int, account_id: int, media_ids: list[int]) -> None:
    """Uploads of a login that are in no post yet belong to another of its accounts from now on."""
    own = Membership.select(Membership.account).where(Membership.user == user_id)
    MediaAttachment.update(account=account_id).where(
        in_ids(MediaAttachment.id, media_ids),
        MediaAttachment.status.is_null(),
        MediaAttachment.account.in_(own),
        MediaAttachment.account != account_id,
    ).execute()


def attach(status: Status, media: list[MediaAttachment]) -> None:
    """Make `media`, which were checked to be usable, the attachments of `status`, in this order."""
    for position, row in enumerate(media):
        _ATTACH.run(id=row.id, status=status.id, position=position)


def detach(status_id: int) -> None:
    """Back to uploads that may be posted again, or are pruned."""
    _DETACH.run(status=status_id)


def receive(status: Status, media: tuple[MediaFacts, ...]) -> None:
    """The attachments of a remote status."""
    for position, facts in enumerate(media[:MAX_REMOTE]):
        _INSERT.run(status=status.id, account=status.account_id, position=position, **_remote(facts))


def replace_received(status: Status, media: tuple[MediaFacts, ...]) -> bool:
    """The attachments after a remote edit, and whether anything changed. Copies of files that stay are kept."""
    before = of_status(status.id)
    known = {row.remote_url: row for row in before}
    kept = set()
    changed = len(before) != len(media[:MAX_REMOTE])
    for position, facts in enumerate(media[:MAX_REMOTE]):
        row = known.get(facts.remote_url)
        if row is None:
            _INSERT.run(status=status.id, account=status.account_id, position=position, **_remote(facts))
            changed = True
            continue
        kept.add(row.id)
        columns_now = _remote(facts) | {"position": position, "created_at": row.created_at}
        if any(getattr(row, name) != value for name, value in columns_now.items()):
            MediaAttachment.update(**columns_now).where(MediaAttachment.id == row.id).execute()
            changed = True
    gone = [row.id for row in before if row.id not in kept]
    if gone:
        MediaAttachment.delete().where(MediaAttachment.id.in_(gone)).execute()
    return changed or bool(gone)


def unattached(before_ms: int, limit: int = 500) -> list[MediaAttachment]:
    """Local uploads that nobody posted, older than `before_ms`: to be pruned."""
    query = MediaAttachment.select().where(
        MediaAttachment.status.is_null(), MediaAttachment.remote_url == "", MediaAttachment.created_at < before_ms
    )
    return list(query.order_by(MediaAttachment.id).limit(limit))


def forget(media_ids: list[int]) -> None:
    """The rows of pruned files."""
    MediaAttachment.delete().where(MediaAttachment.id.in_(media_ids), MediaAttachment.status.is_null()).execute()


def _remote(facts: MediaFacts) -> dict[str, Any]:
    return {
        "kind": facts.kind,
        "mime": facts.mime,
        "remote_url": facts.remote_url,
        "thumb_remote_url": facts.thumb_remote_url,
        "description": facts.description[:_DESCRIPTION_MAX],
        "blurhash": facts.blurhash,
        "width": facts.width,
        "height": facts.height,
        "duration_seconds": facts.duration_seconds,
        "focus_x": facts.focus[0] if facts.focus else None,
        "focus_y": facts.focus[1] if facts.focus else None,
        "created_at": clock.now_ms(),
    }


def _changes(description: str | None, focus: Focus | None, thumbnail: StoredMedia | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if description is not None:
        changes["description"] = _checked(description)
    if focus is not None:
        changes |= {"focus_x": focus[0], "focus_y": focus[1]}
    if thumbnail is not None:
        changes |= {name: getattr(thumbnail, name) for name in _OF_THUMBNAIL}
    return changes


def _checked(description: str) -> str:
    limit = settings.current().max_description_characters
    text = description.strip()
    if len(text) > limit:
        raise Invalid(said(LONG_DESCRIPTION, limit=limit), {"description": "is too long"})
    return text
