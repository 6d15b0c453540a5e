"""What a completion consists of: one `ThreadFetch`, and a `ThreadLink` for each address that it asks."""

from urllib.parse import urlsplit

import msgspec

from node import clock, ids, site
from node.models import LinkKind, LinkState, ThreadFetch, ThreadLink
from node.models.rows import Insert, columns, row_of
from node.store import Prepared, in_ids, param

# As Mastodon limits itself.
MAX_PER_POST = 500
MAX_POSTS = 1_000
MAX_PAGES = 500
MAX_ANCESTORS = 50

_KEPT_MS = 30 * clock.DAY
_AT_ONCE = 500


class Progress(msgspec.Struct, frozen=True):
    """What people are told about the last time that a thread was completed."""

    fetch_id: int
    asked_at: int
    is_running: bool
    found: int
    hosts: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


_BY_ID = Prepared(
    lambda: ThreadFetch.select(*columns(ThreadFetch)).where(ThreadFetch.id == param("id")), row_of(ThreadFetch)
)
_HOSTS = Prepared(
    lambda: (
        ThreadLink.select(ThreadLink.host, ThreadLink.state)
        .where(ThreadLink.fetch == param("fetch"))
        .distinct()
        .order_by(ThreadLink.host)
    ),
    lambda host, state: (str(host), str(state)),
)
_INSERT_LINK = Insert(ThreadLink, ignore=True)


def by_id(fetch_id: int) -> ThreadFetch | None:
    return _BY_ID.first(id=fetch_id)


def save(fetch: ThreadFetch) -> None:
    """The counters. Which thread it is may have changed meanwhile: when two turn out to be one (ancestry.py)."""
    fetch.save(only=[getattr(ThreadFetch, n) for n in ("found", "asked", "pages", "recursive", "finished_at")])


def progress(fetch: ThreadFetch) -> Progress:
    is_running = fetch.finished_at is None
    hosts = _HOSTS.all(fetch=fetch.id)
    # Once all were asked, what still waits is what was not answered.
    silent = {LinkState.FAILED} if is_running else {LinkState.FAILED, LinkState.WAITING}
    return Progress(
        fetch_id=fetch.id,
        asked_at=fetch.asked_at,
        is_running=is_running,
        found=fetch.found,
        hosts=tuple(dict.fromkeys(host for host, _ in hosts)),
        unanswered=tuple(dict.fromkeys(host for host, state in hosts if state in silent)),
    )


def add(fetch: ThreadFetch, kind: LinkKind, uri: str, *, about: str = "", room: int) -> bool:
    """Whether it is new, and within the limits. Whoever adds saves the counters of `fetch`."""
    is_post = kind in (LinkKind.NOTE, LinkKind.PARENT)
    if room <= 0 or is_own(uri) or (fetch.asked >= MAX_POSTS if is_post else fetch.pages >= MAX_PAGES):
        return False
    made = _INSERT_LINK.run(
        id=ids.new_id(), fetch=fetch.id, uri=uri, kind=str(kind), host=host_of(uri), about=about, room=room
    )
    if made and is_post:
        fetch.asked += 1
    elif made:
        fetch.pages += 1
    return made


def host_of(uri: str) -> str:
    """Of an address that was read by federation: as it was written is enough to tell servers apart."""
    return urlsplit(uri).netloc.lower()


def is_own(uri: str) -> bool:
    return uri.startswith(f"{site.base_url}/")


def delete_old() -> int:
    """What nobody asked about for a month."""
    old = ThreadFetch.select(ThreadFetch.id).where(ThreadFetch.asked_at < clock.now_ms() - _KEPT_MS).limit(_AT_ONCE)
    found = [row.id for row in old]
    count: int = ThreadFetch.delete().where(in_ids(ThreadFetch.id, found)).execute() if found else 0
    return count
