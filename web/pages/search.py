"""`/search`: words, people, hashtags; and for members a pasted handle or address, fetched from its own server."""

from typing import Any

from aiohttp import web

from federation.context import FEDERATION
from federation.finding import lookup
from node import site, store
from node.errors import NodeError
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
from node.services.discovery import search, tag_usage
from node.services.statuses import loading
from node.speech import say
from web import params
from web.entities.tag import tag_entity
from web.pages import answers, handles, paging, posts

_TYPES = ("", "accounts", "statuses", "hashtags")
_FEW, _MANY = 5, 20
_MAX_CHARS = 2_000

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    q = _one(request, "q").strip()[:_MAX_CHARS]
    wish = _one(request, "type")
    kind = wish if wish in _TYPES else ""
    person = answers.reader(request)
    if person is None:
        context, links = await _find(request, None, q, kind)
        return await answers.show(request, "search.html", q=q, type=kind, **context, **links)
    error = ""
    if _names_one_thing(q):
        is_known = await store.point(_is_known, q)
        path = await named(request, person.account_id, q)
        if path is not None:
            return answers.done(request, path, "" if is_known else "Fetched just now from its own server.")
        error = say("Nothing could be found at this address. It may be wrong, or not for everybody to see.")
    context, links = await _find(request, person.account_id, q, kind)
    found = context["accounts"] or context["statuses"] or context["tags"]
    return await answers.show(
        request, "search.html", q=q, type=kind, error="" if found else error, **context, **links
    )


def _one(request: web.Request, name: str) -> str:
    return next((value for key, value in reversed(params.query_items(request)) if key == name), "")


def _names_one_thing(q: str) -> bool:
    """An address, or a handle with its server."""
    return q.startswith(("https://", "http://")) or ("@" in q.lstrip("@") and " " not in q and "from:" not in q)


def _is_known(text: str) -> bool:
    """Whether it is here before anything is fetched."""
    if "://" not in text:
        name, _, domain = text.lstrip("@").partition("@")
        return site.is_local_domain(domain) or account_lookup.find(name, domain.lower()) is not None
    uri = text.strip()
    return uri.startswith(site.base_url) or bool(account_lookup.by_uri(uri) or loading.by_uri(uri))


async def named(request: web.Request, reader_id: int, text: str) -> str | None:
    """The page of the account or post that `text` names, fetched if need be; None if this reader may not see it."""
    fed = request.app.get(FEDERATION)
    if fed is None:
        return None
    try:
        return await store.point(_path_of, reader_id, await lookup.find(fed, text, reader_id))
    except NodeError:
        return None


def _path_of(reader_id: int, found: Account | Status | None) -> str | None:
    if isinstance(found, Account):
        return handles.path_of(account_lookup.visible(reader_id, found.id))
    if found is None:
        return None
    status = loading.get_original(reader_id, found.id)
    author = account_lookup.visible(reader_id, status.account_id)
    return f"{handles.path_of(author)}/{status.id}"


async def _find(request: web.Request, reader_id: int | None, q: str, kind: str) -> tuple[Entity, Entity]:
    """What the page shows. Words of posts are for members: looking for them costs a lot."""
    page = paging.asked(request, size=_MANY if kind else _FEW)
    offset = paging.offset(request)

    def load() -> tuple[Entity, Entity]:
        accounts: list[Entity] = []
        shown: list[Entity] = []
        tags: list[Entity] = []
        links: Entity = {}
        if q and kind in ("", "accounts"):
            accounts = posts.people(search.accounts(reader_id, q, page.limit, offset=offset))
            links = paging.counted_links(request, len(accounts), page.limit)
        if q and kind in ("", "hashtags"):
            rows = search.tags(q, page.limit, offset=offset)
            history = tag_usage.history([row.id for row in rows])
            tags = [tag_entity(row, history[row.id]) for row in rows]
            links = paging.counted_links(request, len(tags), page.limit)
        if q and kind in ("", "statuses") and reader_id is not None:
            ids = search.statuses(reader_id, q, page)
            shown = posts.of_ids(ids, reader_id)
            links = paging.links(request, ids, page)
        context = {
            "accounts": accounts,
            "relationships": posts.relations(reader_id, accounts),
            "statuses": shown,
            "tags": tags,
        }
        return context, links if kind else {}

    return await store.read(load)


ROUTES = [web.get("/search", show)]
