"""Archives on their way in: each post with its date and a new id, told to nobody; done twice, nothing changes."""

from dataclasses import dataclass
from typing import Any

from node import clock, jobs, site
from node.errors import Invalid
from node.jobs import JobKind, Priority, TakenJob, enqueue
from node.models import Account, Restoration, RestorationState, RestoredStatus, Status, Visibility
from node.services.approvals import policies
from node.services.approvals.policies import Choices
from node.services.discovery import search, tags
from node.services.interactions import polls
from node.services.statuses import ancestry, arrival, dated, loading, media
from node.services.statuses.facts import PollFacts
from node.services.statuses.media import StoredMedia
from node.speech import said

MOST_STORED_BYTES = 4 << 30


@dataclass(frozen=True, kw_only=True)
class OldPost:
    """A post of an archive, read and sanitised."""

    uri: str
    created_at: int
    visibility: Visibility
    content: str
    source: str
    content_type: str = "text/plain"
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to_uri: str = ""
    hashtags: tuple[str, ...] = ()
    poll: PollFacts | None = None
    local_only: bool = False


@dataclass(frozen=True, kw_only=True)
class OldFile:
    """A picture of a post, processed and stored."""

    stored: StoredMedia
    description: str = ""


# ── its owner ──


def begin(account_id: int, file_key: str) -> Restoration:
    """One at a time."""
    # Two uploads at once: on PostgreSQL the second one waits here for what the first one writes.
    Account.update(version=Account.version).where(Account.id == account_id).execute()
    running = (Restoration.account == account_id) & (Restoration.state == RestorationState.RUNNING)
    if Restoration.select().where(running).exists():
        raise Invalid("Another archive is still being read. Wait until it is done.")
    Restoration.delete().where(Restoration.account == account_id).execute()
    row = Restoration.create(account=account_id, file_key=file_key, created_at=clock.now_ms())
    enqueue(JobKind.RESTORE, row.id, payload={"file_key": file_key}, priority=Priority.BULK)
    return row


def latest(account_id: int) -> Restoration | None:
    return Restoration.select().where(Restoration.account == account_id).order_by(Restoration.id.desc()).first()


# ── the job ──


def load(restoration_id: int) -> Restoration | None:
    """None when there is nothing to do any more."""
    row = Restoration.get_or_none(
        (Restoration.id == restoration_id) & (Restoration.state == RestorationState.RUNNING)
    )
    account = None if row is None else loading.account_by_id(row.account_id)
    return None if account is None or account.is_gone else row


def is_wanted(account_id: int, post: OldPost) -> bool:
    """Not there yet; and an answer only to what was the owner's, too: a conversation is not theirs alone."""
    if _restored(account_id, post.uri) is not None:
        return False
    return not post.in_reply_to_uri or _restored(account_id, post.in_reply_to_uri) is not None


def leave_out(row: Restoration, position: int) -> bool:
    return _advance(row, position, left_out=1)


def restore(row: Restoration, position: int, post: OldPost, files: list[OldFile], missing: int) -> bool:
    """Make the post; False when somebody else is at it."""
    size = sum(file.stored.size_bytes for file in files)
    if not _advance(row, position, restored=1, files_left_out=missing, size_bytes=size):
        return False
    author = loading.account_by_id(row.account_id)
    parent_id = _restored(author.id, post.in_reply_to_uri) if post.in_reply_to_uri else None
    status = _insert(author, post, loading.by_id(parent_id) if parent_id is not None else None)
    RestoredStatus.create(account=author.id, original_uri=post.uri, status=status.id)
    tags.attach(status.id, post.hashtags)
    media.attach(status, [media.create(author.id, one.stored, description=one.description) for one in files])
    if post.poll is not None:
        polls.receive(status, post.poll)
    if parent_id is not None and arrival.is_counted(status):
        ancestry.count_reply(parent_id)
    arrival.count(status)
    search.add(status)
    return True


def finish(job: TakenJob, problem: str = "") -> None:
    jobs.finish(job)
    _end(job.subject, problem)


def given_up(job: TakenJob) -> None:
    """Its file goes; what was restored stays, and is passed over when the archive comes again."""
    _end(
        job.subject,
        str(said("Your archive was not read to its end: this server had trouble. Bring it once more to go on.")),
    )
    enqueue(JobKind.END_ARCHIVE, payload={"file_key": job.payload["file_key"]}, priority=Priority.BULK)


def _end(restoration_id: int, problem: str) -> None:
    state = RestorationState.FAILED if problem else RestorationState.DONE
    changes = {"state": state, "problem": problem, "finished_at": clock.now_ms()}
    here = (Restoration.id == restoration_id) & (Restoration.state == RestorationState.RUNNING)
    Restoration.update(changes).where(here).execute()


def _restored(account_id: int, uri: str) -> int | None:
    row = RestoredStatus.get_or_none((RestoredStatus.account == account_id) & (RestoredStatus.original_uri == uri))
    return None if row is None else row.status_id


def _advance(row: Restoration, position: int, **more: int) -> bool:
    changes = {name: getattr(Restoration, name) + by for name, by in more.items()}
    here = (Restoration.id == row.id) & (Restoration.position == position)
    running = Restoration.state == RestorationState.RUNNING
    return bool(Restoration.update({**changes, "position": position + 1}).where(here, running).execute())


def _insert(author: Account, post: OldPost, parent: Status | None) -> Status:
    status = dated.insert(post.created_at, lambda status_id: _columns(author, post, parent, status_id))
    uri = f"{status.uri}/context"
    status.thread = ancestry.thread_of(uri, parent, uri)
    Status.update(thread=status.thread).where(Status.id == status.id).execute()
    return status


def _columns(author: Account, post: OldPost, parent: Status | None, status_id: int) -> dict[str, Any]:
    return {
        "uri": site.status_uri(author.id, status_id),
        "url": site.status_url(author.username, status_id),
        "account": author.id,
        "local": True,
        "visibility": str(post.visibility),
        "local_only": post.local_only or (parent is not None and parent.local_only),
        "policy": policies.write(policies.chosen(Choices(), post.visibility)),
        "content": post.content,
        "source": post.source,
        "content_type": post.content_type,
        "spoiler_text": post.spoiler_text,
        "sensitive": post.sensitive,
        "language": post.language,
        "kind": "Note" if post.poll is None else "Question",
        "in_reply_to": parent.id if parent else None,
        "in_reply_to_account": parent.account_id if parent else None,
        "in_reply_to_uri": parent.uri if parent else "",
        "created_at": min(post.created_at, clock.now_ms()),
    }
