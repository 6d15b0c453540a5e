"""Looks at pages that posts link to: late, once for the node, and with small limits (docs/adr/0021)."""

import asyncio
from contextlib import suppress
from functools import partial

from federation import uris
from federation.context import Federation
from federation.errors import FetchError
from federation.finding import resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.http.pages import SECONDS, fetch_page
from federation.parse import strict_json
from federation.parse.handle import parse_handle
from federation.parse.page import ParsedPage, parse_oembed, parse_page
from node import jobs, store
from node.errors import BadInput, NodeError, Unavailable
from node.jobs import TakenJob
from node.models import Account, PreviewCard
from node.services.statuses import cards
from node.services.statuses.cards import CardFacts

MAX_OEMBED_BYTES = 64 << 10
_FETCHES = 8  # the page, what it says by oEmbed, and its author
_MOST_ATTEMPTS = 3


async def card(fed: Federation, job: TakenJob) -> None:
    """FETCH_CARD: what a page says of itself. Whoever waits for the card waits for nothing else."""
    known = await store.point(cards.by_id, job.subject)
    if known is None or cards.is_refused(known.url):
        await store.write(jobs.finish, job)
        return
    host = uris.host_of(known.url) or ""
    if job.attempts >= _MOST_ATTEMPTS:
        await store.write(_give_up, job)
        return
    if not fed.previews.take(host):
        raise Unavailable("Many pages of this server were looked at just now.")
    await attempt(fed.lanes, job, partial(_look, fed, known), host=host, fetches=_FETCHES)


def _give_up(job: TakenJob) -> None:
    cards.failed(job.subject)
    jobs.finish(job)


async def _look(fed: Federation, known: PreviewCard, budget: Budget) -> Work:
    try:
        facts = await _facts(fed, known.key, budget)
    except FetchError as error:
        if error.temporary:
            raise
        facts = None
    except BadInput:
        facts = None
    return partial(cards.receive, known.id, facts)


async def _facts(fed: Federation, address: str, budget: Budget) -> CardFacts | None:
    """None for what is no page, or a page without a title."""
    budget.spend()
    found = await fetch_page(fed.door, address)
    if found is None or cards.is_refused(found.url):
        return None
    url = found.url
    page = await asyncio.to_thread(parse_page, found.text, url)
    more = ParsedPage()
    if page.oembed_url and not (page.title and page.image_url and page.author_name):
        with suppress(NodeError):
            more = await _oembed(fed, page.oembed_url, budget)
    title = page.title or more.title
    author = await _author(fed, page.creator, budget) if title and page.creator else None
    return _combined(page, more, url, title, author) if title else None


async def _oembed(fed: Federation, url: str, budget: Budget) -> ParsedPage:
    budget.spend()
    response = await fed.door.fetch(
        url, accept="application/json", max_bytes=MAX_OEMBED_BYTES, deadline_seconds=SECONDS
    )
    return parse_oembed(strict_json.loads(response.body), url)


def _combined(page: ParsedPage, more: ParsedPage, url: str, title: str, author: Account | None) -> CardFacts:
    picture = page if page.image_url else more
    host = uris.host_of(url) or ""
    return CardFacts(
        url=url,
        title=title,
        description=page.description,
        provider_name=page.provider_name or more.provider_name,
        provider_url=f"{url.partition('://')[0]}://{host}/" if host else "",
        author_name=page.author_name or more.author_name,
        author_url=page.author_url or more.author_url,
        author_id=author.id if author is not None else None,
        image_url=picture.image_url,
        image_description=picture.image_description,
        width=picture.width,
        height=picture.height,
        language=page.language,
        published_at=page.published_at,
    )


async def _author(fed: Federation, creator: str, budget: Budget) -> Account | None:
    """Whom the page names as its author; whether they agree is asked where it is shown."""
    handle = parse_handle(creator, fed.config.scheme)
    if handle is None:
        return None
    try:
        found = await resolve.by_handle(fed, handle, budget=budget)
    except NodeError:
        return None
    return found if not found.is_gone else None
