"""`/@{acct}/{id}`: a post with its thread. For ActivityPub the same address is the post's document."""

import asyncio
from typing import Any
from zlib import crc32

from aiohttp import web

from federation.serving import serve
from federation.serving.negotiation import wants_document
from node import store
from node.errors import NotFound
from node.models import Account, Status, Visibility
from node.services.accounts import lookup as account_lookup
from node.services.community import settings
from node.services.completion import Progress
from node.services.interactions import reactions
from node.services.statuses import edits, threads
from node.services.statuses import view as status_view
from node.text import differences
from web import params
from web.entities.edit import edit_entities
from web.entities.status import status_entity
from web.errors import NOT_FOUND
from web.pages import addressed, answers, asking, handles, posts, visitors

# Visitors see less of a long thread, which costs more than any other page.
_ANCESTORS, _DESCENDANTS = 100, 500
_MOST_COMPARED = 30  # versions of a post
_ANCESTORS_FOR_VISITORS, _DESCENDANTS_FOR_VISITORS = 40, 60

Entity = dict[str, Any]


async def show(request: web.Request) -> web.StreamResponse:
    handle, reader_id = handles.asked(request), answers.reader_id(request)
    if wants_document(request):
        account = await store.point(_holder, handle)
        return await serve.status_at(request, account.id if account is not None else 0, params.an_id(request))
    status, author = await addressed.status_of(request)

    async def load() -> dict[str, Any]:
        progress = await asking.of_opened(reader_id, status)
        return await store.read(_load, reader_id, status, author, progress, _reveals(request))

    if status.visibility not in (Visibility.PUBLIC, Visibility.UNLISTED):
        return await answers.show(request, "status.html", headers={"Vary": visitors.VARY}, **await load())
    noindex = not (status.local and author.indexable)
    return await visitors.show(request, "status.html", load, *_version(status, author), noindex=noindex)


def _holder(handle: handles.Handle) -> Account | None:
    return account_lookup.find(*handle) if handle.domain else account_lookup.find_here(handle.username)


def _version(status: Status, author: Account) -> tuple[int, ...]:
    return (
        status.id,
        status.version,
        author.version,
        status.replies_count,
        status.reblogs_count,
        status.favourites_count,
        crc32(status.reactions.encode()),
        settings.current().emoji_reactions,
        status.quotes_count,
    )


def _reveals(request: web.Request) -> bool:
    """Whether the reader wants to see what their filters hide in this thread."""
    return ("hidden", "show") in params.query_items(request)


def _load(
    reader_id: int | None, status: Status, author: Account, progress: Progress | None, reveal: bool
) -> dict[str, Any]:
    up = _ANCESTORS_FOR_VISITORS if reader_id is None else _ANCESTORS
    down = _DESCENDANTS_FOR_VISITORS if reader_id is None else _DESCENDANTS
    above = threads.ancestors(reader_id, status.id, up)
    below = threads.descendants(reader_id, status.id, down)
    shown, hidden, titles = posts.of_thread([*above, status.id, *below], reader_id, status.id, reveal=reveal)
    by_id = {int(entity["id"]): entity for entity in shown}
    if status.id not in by_id:
        raise NotFound(NOT_FOUND)
    focus = posts.with_edits(by_id[status.id])
    names = to_name(focus, reader_id)
    return {
        "status": focus,
        "ancestors": [by_id[i] for i in above if i in by_id],
        "descendants": [by_id[i] for i in below if i in by_id],
        "hidden": None if reveal or not hidden else {"count": hidden, "titles": titles},
        "relationships": posts.relations(reader_id, [one["account"] for one in shown]),
        "completion": asking.told(progress),
        "replies_announced": max(status.replies_announced or 0, focus["replies_count"]),
        "feed": f"/@{author.username}.rss" if author.is_local else "",
        "actor": status.uri if not status.local_only else "",
        "emoji_offered": reactions.offered() if reader_id is not None else [],
        "others_named": len([acct for acct in names if acct != focus["account"]["acct"]]),
    }


def to_name(status: Entity, reader_id: int | None) -> list[str]:
    """Whom an answer names: the author and whoever the post names, but not oneself."""
    named = [status["account"], *status["mentions"]]
    return list(dict.fromkeys(one["acct"] for one in named if one["id"] != str(reader_id)))


def _with_differences(versions: list[Entity]) -> list[Entity]:
    """The words of each version, with what it changed in those of the one before, for the last ones."""
    return [
        version
        | {"marked": version["content"] if old is None else differences.marked(old["content"], version["content"])}
        for version, old in zip(versions, _compared(versions), strict=True)
    ]


def _compared(versions: list[Entity]) -> list[Entity | None]:
    """Of each version the one before, where the two are compared."""
    first = max(len(versions) - _MOST_COMPARED, 1)
    return [versions[place - 1] if place >= first else None for place in range(len(versions))]


async def history(request: web.Request) -> web.Response:
    reader_id = answers.reader_id(request)
    status, _ = await addressed.status_of(request, "/history")

    def load() -> tuple[Entity, list[Entity]]:
        view = status_view.one(reader_id, status.id)
        return status_entity(view), edit_entities(view, edits.history(status))

    entity, versions = await store.read(load)
    versions = await asyncio.to_thread(_with_differences, versions)
    headers = {"Vary": visitors.VARY, "X-Robots-Tag": "noindex"}
    return await answers.show(request, "history.html", headers=headers, status=entity, edits=versions)


ROUTES = [
    web.get(r"/@{acct}/{id:\d+}", show),
    web.get(r"/@{acct}/{id:\d+}/history", history),
]
