"""Previews of the pages that statuses link to: which status shows which, and what is known (docs/adr/0021)."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from node import clock, ids, jobs, site
from node.jobs import JobKind, Priority
from node.models import PreviewCard, Status
from node.models.access import OPEN
from node.models.rows import Insert, columns, row_of
from node.services.community import settings
from node.services.servers import domains
from node.store import Prepared, in_ids, param
from node.text.links import first_link

MAX_URL = 2_048
# After so long a page that is linked to once more is looked at anew.
_STALE_MS = 14 * clock.DAY
# A thousand nodes hear of a link in the same second: each comes when it likes. The author's own is waited for.
_LATEST_SECONDS = 60
_LATEST_SECONDS_OF_OURS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class CardFacts:
    """What a page says of itself, or its sender of it: plain text, cleaned and limited. Empty text is nothing."""

    url: str
    title: str
    description: str = ""
    provider_name: str = ""
    provider_url: str = ""
    author_name: str = ""
    author_url: str = ""
    author_id: int | None = None
    image_url: str = ""
    image_description: str = ""
    width: int = 0
    height: int = 0
    language: str | None = None
    published_at: int | None = None


_BY_KEY = Prepared(
    lambda: PreviewCard.select(PreviewCard.id, PreviewCard.fetched_at).where(PreviewCard.key == param("key")),
    lambda *row: row,
)
_BY_IDS = Prepared(
    lambda: PreviewCard.select(*columns(PreviewCard)).where(
        in_ids(PreviewCard.id, param("ids")), PreviewCard.title != ""
    ),
    row_of(PreviewCard),
)
_INSERT = Insert(PreviewCard, ignore=True)
_NAMES = tuple(CardFacts.__dataclass_fields__)


def of_words(content: str, visibility: str, *, has_media: bool, about: str = "", is_ours: bool = False) -> int | None:
    """The id of the card of a status with this content, which may be empty until the page was looked at.

    `about` is the page that it says it is about, else the first link counts. None where there is to be no card.
    Nobody looks at pages that were linked to in private.
    """
    if visibility not in OPEN or has_media:
        return None
    url = about or first_link(content)
    return _of_page(url, is_ours) if url else None


def sent_along(account_id: int, facts: CardFacts) -> int:
    """The card that the author of a status describes; it is shown in statuses of this author alone."""
    key = f"{account_id} {facts.url}"
    known = _BY_KEY.first(key=key)
    if known is None:
        return _insert(key, facts.url, facts)
    receive(known[0], facts)
    return int(known[0])


def _of_page(url: str, is_ours: bool) -> int | None:
    url = url.partition("#")[0]
    if len(url) > MAX_URL or is_refused(url):
        return None
    known = _BY_KEY.first(key=url)
    card_id, fetched_at = known if known is not None else (_insert(url, url), None)
    if known is None or (fetched_at is not None and fetched_at < clock.now_ms() - _STALE_MS):
        latest = _LATEST_SECONDS_OF_OURS if is_ours else _LATEST_SECONDS
        due_at = clock.now_ms() + int(random.uniform(1, latest) * clock.SECOND)
        jobs.enqueue(JobKind.FETCH_CARD, card_id, priority=Priority.BULK, due_at=due_at, once=True)
    return int(card_id)


def _insert(key: str, url: str, facts: CardFacts | None = None) -> int:
    card_id, now = ids.new_id(), clock.now_ms()
    values = {} if facts is None else {name: _column(facts, name) for name in _NAMES} | {"fetched_at": now}
    values = {"author" if name == "author_id" else name: value for name, value in values.items()}
    if _INSERT.run(**{"id": card_id, "key": key, "url": url, "created_at": now} | values):
        return card_id
    return int(PreviewCard.get(PreviewCard.key == key).id)


def _column(facts: CardFacts, name: str) -> object:
    return getattr(facts, name)


def is_refused(url: str) -> bool:
    """Whether this community does not want to look there, or it is ourselves."""
    host = (urlsplit(url).hostname or "").lower()
    refused = settings.current().no_preview_domains
    return (
        not host
        or url.startswith(f"{site.base_url}/")
        or domains.is_suspended(host)
        or any(host == name or host.endswith(f".{name}") for name in refused)
    )


def host_of(card: PreviewCard) -> str:
    """The server of the page, with its port unless it is the scheme's own."""
    return urlsplit(card.url).netloc.lower()


def by_id(card_id: int) -> PreviewCard | None:
    return PreviewCard.get_or_none(PreviewCard.id == card_id)


def of_ids(card_ids: Iterable[int]) -> dict[int, PreviewCard]:
    """Those that have something to show. One query, or none."""
    wanted = sorted(set(card_ids))
    return {card.id: card for card in _BY_IDS.all(ids=wanted)} if wanted else {}


def receive(card_id: int, facts: CardFacts | None) -> None:
    """Keep what a page says; None: nothing that could be shown. Whoever shows it shows it anew."""
    card = by_id(card_id)
    if card is None:
        return
    told = facts if facts is not None else CardFacts(url=card.url, title="")
    values = {name: getattr(told, name) for name in _NAMES}
    is_changed = any(getattr(card, name) != value for name, value in values.items())
    PreviewCard.update(fetched_at=clock.now_ms(), **values).where(PreviewCard.id == card_id).execute()
    if is_changed and (card.title or told.title):
        Status.update(version=Status.version + 1).where(Status.card == card_id).execute()


def failed(card_id: int) -> None:
    """Nobody answered: what was known stays, and for a while nobody asks again."""
    PreviewCard.update(fetched_at=clock.now_ms()).where(PreviewCard.id == card_id).execute()
