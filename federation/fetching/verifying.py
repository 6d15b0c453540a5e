"""VERIFY_LINKS: whether the pages that a profile links to link back (docs/adr/0028-last-gaps.md)."""

import asyncio
from functools import partial

from federation import uris
from federation.context import Federation
from federation.errors import FetchError
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.http.pages import fetch_page
from federation.parse.page import parse_me_links
from node import jobs, store
from node.errors import BadInput, Unavailable
from node.jobs import TakenJob
from node.models import Account
from node.services.accounts import lookup, verified
from node.services.statuses import cards

_MOST_ATTEMPTS = 3
# For all of them, which share the connections to a host that has several.
_SECONDS = 15.0


async def links(fed: Federation, job: TakenJob) -> None:
    account = await store.point(lookup.by_id, job.subject)
    if account is None or account.is_gone:
        await store.write(jobs.finish, job)
        return
    wanted = verified.due_links(account)
    look = partial(_look, fed, account, wanted, is_last=job.attempts >= _MOST_ATTEMPTS)
    await attempt(fed.lanes, job, look, host=account.domain, fetches=len(wanted))


async def _look(
    fed: Federation, account: Account, wanted: list[str], budget: Budget, *, is_last: bool
) -> Work | None:
    """What came is kept at once; who did not answer is asked again, some times."""
    targets = verified.backlinks(account)
    said = dict(zip(wanted, await asyncio.gather(*(_ask(fed, url, targets, budget) for url in wanted)), strict=True))
    if is_last or None not in said.values():
        return partial(verified.settle, account.id, said)
    came = {url: links_back for url, links_back in said.items() if links_back is not None}
    await store.write(verified.settle, account.id, came)
    raise Unavailable("Some pages could not be looked at just now.")


async def _ask(fed: Federation, url: str, targets: frozenset[str], budget: Budget) -> bool | None:
    """Whether the page at `url` links back; None for not just now."""
    if cards.is_refused(url):
        return False
    if not fed.previews.take(uris.host_of(url) or ""):
        return None
    budget.spend()
    try:
        async with asyncio.timeout(_SECONDS):
            page = await fetch_page(fed.door, url)
    except TimeoutError:
        return None
    except FetchError as error:
        return None if error.temporary else False
    except BadInput:
        return False
    # Whoever sends visitors on to other sites does not speak for these, nor they for it.
    if page is None or _site(page.url) != _site(url):
        return False
    named = await asyncio.to_thread(parse_me_links, page.text, page.url)
    return any(verified.canonical(address) in targets for address in named)


def _site(url: str) -> str:
    return (uris.host_of(url) or "").removeprefix("www.")
