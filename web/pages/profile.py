"""`/@{acct}`: a profile, whoever it belongs to. For ActivityPub the same address is the actor's document."""

from typing import Any
from urllib.parse import quote

from aiohttp import web

from federation.serving import serve
from federation.serving.negotiation import wants_document
from node import store
from node.errors import NotFound
from node.models import Account, FilterContext
from node.paging import Page
from node.services import timelines
from node.services.accounts import endorsements, featured_tags, verified
from node.services.accounts import lists as account_lists
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.collections import view as collection_view
from node.services.discovery import habits
from node.services.interactions import pins
from node.text.tokens import hashtag_name
from web import params
from web.entities.account import account_entity
from web.entities.collection import collection_entity
from web.entities.featured_tag import featured_tag_entity
from web.errors import NOT_FOUND
from web.pages import answers, handles, paging, posts, visitors

_KNOWN_FOLLOWERS = 5
_ENDORSED = 6
# What each tab shows of what the account wrote.
_TABS: dict[str, dict[str, bool]] = {
    "posts": {"exclude_replies": True},
    "replies": {},
    "media": {"only_media": True},
}
_WITHOUT_POSTS = ("collections", "about")
_COLLECTIONS = 40
_COLLECTIONS_BESIDE = 3


async def show(request: web.Request) -> web.StreamResponse:
    account = await handles.account_of(request)
    if wants_document(request):
        return await serve.actor_of(request, account)
    return await _tab(request, account, "posts")


async def show_tab(request: web.Request) -> web.StreamResponse:
    return await _tab(request, await handles.account_of(request), request.match_info["tab"])


async def show_tagged(request: web.Request) -> web.StreamResponse:
    """What somebody wrote with a hashtag."""
    account, tag = await handles.account_of(request), hashtag_name(params.text(request, "tag", most=500))
    if tag is None:
        raise NotFound(NOT_FOUND)
    return await _tab(request, account, "tagged", tagged=tag)


async def _tab(request: web.Request, account: Account, tab: str, *, tagged: str = "") -> web.StreamResponse:
    proper = handles.path_of(account)
    if request.match_info["acct"] != proper[2:]:
        rest = "" if tab == "posts" else f"/{tab}/{quote(tagged)}".rstrip("/")
        raise web.HTTPMovedPermanently(f"{proper}{rest}", headers={"Vary": visitors.VARY})
    reader_id, page = answers.reader_id(request), paging.asked(request)
    error = ""
    if reader_id is not None:
        account, error = await handles.refreshed(request, account)
        if verified.is_due(account):
            await store.write(verified.ask, account)

    async def load() -> dict[str, Any]:
        ids, context = await store.point(_load, reader_id, account.id, tab, tagged, page)
        links = paging.links(request, ids, page)
        return {**context, **links, "tab": tab, "tagged": tagged, "error": error}

    return await visitors.show(
        request, "profile.html", load, *_version(account), noindex=not (account.is_local and account.indexable)
    )


def _version(account: Account) -> tuple[Any, ...]:
    """A page for visitors is made anew at once when any of these changes."""
    return (
        account.id,
        account.version,
        account.statuses_count,
        account.followers_count,
        account.following_count,
        account.last_status_at,
    )


def _load(
    reader_id: int | None, account_id: int, tab: str, tagged: str, page: Page
) -> tuple[list[int], dict[str, Any]]:
    account = account_lookup.visible(reader_id, account_id)
    ids, statuses = ([], []) if tab in _WITHOUT_POSTS else _posts(reader_id, account, tab, tagged, page)
    first = tab == "posts" and page == Page(limit=page.limit)
    pinned = posts.of_ids(pins.of_account(reader_id, account.id), reader_id, FilterContext.ACCOUNT) if first else []
    entity = account_entity(account_view.view(account))
    others = reader_id is not None and reader_id != account.id
    known = habits.of(account.id)
    collections = _collections(reader_id, account.id) if account.show_featured or tab == "collections" else []
    return ids, {
        "account": entity,
        "statuses": statuses,
        "collections": collections,
        "collectors": _faces([one for one in collections if one["items"]][:_COLLECTIONS_BESIDE]),
        "pinned": pinned,
        "relationship": posts.relations(reader_id, [entity]).get(entity["id"]) if others else None,
        "rhythm": list(known.weeks),
        "busiest": known.busiest,
        "featured_tags": _featured_tags(account) if account.show_featured else [],
        "endorsed": _endorsed(account) if account.show_featured else [],
        "tags": [{"name": name, "count": count} for name, count in known.tags],
        "known_followers": _known_followers(reader_id, account.id) if others and reader_id is not None else [],
        "feed": f"/@{account.username}.rss" if account.is_local else "",
        "actor": account.uri,
    }


def _posts(reader_id: int | None, account: Account, tab: str, tagged: str, page: Page) -> tuple[list[int], list[Any]]:
    wanted: dict[str, Any] = {"tagged": tagged} if tagged else _TABS[tab]
    if tab == "media" and not account.show_media_replies:
        wanted = wanted | {"exclude_replies": True}
    return posts.of_timeline(
        timelines.account,
        reader_id,
        account.id,
        viewer_id=reader_id,
        page=page,
        context=FilterContext.ACCOUNT,
        **wanted,
    )


def _collections(reader_id: int | None, account_id: int) -> list[dict[str, Any]]:
    return [collection_entity(view) for view in collection_view.of_account(reader_id, account_id, _COLLECTIONS)]


def _faces(collections: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Who stands for each collection, by its id: the first who is in it."""
    first = {one["id"]: one["items"][0]["account_id"] for one in collections}
    people = {one["id"]: one for one in posts.people(int(account_id) for account_id in set(first.values()))}
    return {collection_id: people[account_id] for collection_id, account_id in first.items() if account_id in people}


def _endorsed(account: Account) -> list[dict[str, Any]]:
    return posts.people(one for _, one in endorsements.page(account.id, Page(limit=_ENDORSED)))


def _featured_tags(account: Account) -> list[dict[str, Any]]:
    return [featured_tag_entity(view, account) for view in featured_tags.of_account(account.id)]


def _known_followers(reader_id: int, account_id: int) -> list[dict[str, Any]]:
    found = account_lists.familiar_followers(reader_id, [account_id])
    return posts.people(found[account_id][:_KNOWN_FOLLOWERS])


ROUTES = [
    web.get("/@{acct}", show),
    web.get("/@{acct}/{tab:replies|media|collections|about}", show_tab),
    web.get("/@{acct}/tagged/{tag}", show_tagged),
]
