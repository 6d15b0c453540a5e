"""RSS 2.0 for those who read with a feed reader: an account's open posts, and public posts with a hashtag."""

import hashlib
from collections.abc import Iterable
from email.utils import formatdate
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from node import clock, site, store
from node.errors import Gone, NotFound
from node.models import ActorKind
from node.paging import Page
from node.services import timelines
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.community import settings
from node.services.statuses import view as status_view
from node.text.plain import plain_text
from node.text.tokens import hashtag_key, hashtag_name
from node.version import NAME, VERSION
from web import params, revalidation
from web.entities.account import account_entity
from web.entities.status import status_entity
from web.errors import NOT_FOUND

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
_ITEMS = 20
_MAX_TITLE_CHARS = 100
_HEADERS = {"Content-Type": CONTENT_TYPE, "Cache-Control": "public, max-age=300"}
# What XML 1.0 cannot hold (section 2.2), even escaped.
_UNPRINTABLE = {code: None for code in (*range(32), 0xFFFE, 0xFFFF) if code not in (9, 10, 13)}

Entity = dict[str, Any]


async def of_account(request: web.Request) -> web.Response:
    name = params.text(request, "name", most=300)
    return _answer(request, await store.read(_of_account, name))


async def of_tag(request: web.Request) -> web.Response:
    name = hashtag_name(params.text(request, "tag", most=500))
    if name is None or not settings.current().public_timelines:
        raise NotFound(NOT_FOUND)
    return _answer(request, await store.read(_of_tag, name))


def _of_account(name: str) -> str:
    account = account_lookup.find_here(name)
    if account is None or account.kind == ActorKind.APPLICATION:
        raise NotFound(NOT_FOUND)
    if account.is_gone:
        raise Gone("This account is gone.")
    ids = timelines.account(None, account.id, Page(limit=_ITEMS), exclude_replies=True, exclude_reblogs=True)
    entity = account_entity(account_view.view(account))
    return _channel(
        title=f"{entity['display_name'] or entity['username']} (@{entity['username']}@{site.domain})",
        link=site.profile_url(account.username),
        description=plain_text(entity["note"]),
        image=entity["avatar"],
        statuses=_statuses(ids),
        self_link=f"{site.profile_url(account.username)}.rss",
    )


def _of_tag(name: str) -> str:
    ids = timelines.tag(None, name, Page(limit=_ITEMS))
    link = site.tag_url(hashtag_key(name))
    return _channel(
        title=f"#{name} on {settings.current().title}",
        link=link,
        description=f"Public posts with the hashtag #{name}",
        image="",
        statuses=_statuses(ids),
        self_link=f"{link}.rss",
    )


def _statuses(ids: list[int]) -> list[Entity]:
    return [status_entity(view) for view in status_view.load(ids, None)]


def _channel(
    *, title: str, link: str, description: str, image: str, statuses: Iterable[Entity], self_link: str
) -> str:
    picture = f"<image>{_tag('url', image)}{_tag('title', title)}{_tag('link', link)}</image>" if image else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel>{_tag('title', title)}{_tag('link', link)}{_tag('description', description)}{picture}"
        f'<atom:link rel="self" type="application/rss+xml" href={_value(self_link)}/>'
        f"{_tag('generator', f'{NAME} {VERSION}')}{''.join(map(_item, statuses))}</channel></rss>"
    )


def _item(status: Entity) -> str:
    media = "".join(_media(one) for one in status["media_attachments"] if one["url"])
    tags = "".join(_tag("category", tag["name"]) for tag in status["tags"])
    return (
        f"<item>{_tag('title', _title(status))}{_tag('link', status['url'])}"
        f'<guid isPermaLink="false">{_text(status["uri"])}</guid>'
        f"{_tag('pubDate', _date(status['created_at']))}{_tag('description', _body(status))}{media}{tags}</item>"
    )


def _title(status: Entity) -> str:
    words = " ".join((status["spoiler_text"] or plain_text(status["content"])).split())
    if len(words) > _MAX_TITLE_CHARS:
        words = words[:_MAX_TITLE_CHARS].rsplit(" ", 1)[0] + "…"
    return words or "A picture"


def _body(status: Entity) -> str:
    """HTML, which the feed carries as text. What has a warning begins with it."""
    warning = status["spoiler_text"]
    choices = "".join(f"<li>{escape(one['title'])}</li>" for one in (status["poll"] or {"options": []})["options"])
    return (
        (f"<p><strong>{escape(warning)}</strong></p><hr>" if warning else "")
        + status["content"]
        + (f"<ul>{choices}</ul>" if choices else "")
    )


def _media(media: Entity) -> str:
    described = _tag("media:description", media["description"]) if media["description"] else ""
    kind = media["type"] if media["type"] in ("image", "video", "audio") else "video"
    return f"<media:content url={_value(media['url'])} medium={_value(kind)}>{described}</media:content>"


def _date(iso: str) -> str:
    """RFC 822, as RSS has it."""
    return formatdate((clock.parse_iso(iso) or 0) / 1000, usegmt=True)


def _tag(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(text: str) -> str:
    return escape(text.translate(_UNPRINTABLE))


def _value(text: str) -> str:
    return quoteattr(text.translate(_UNPRINTABLE))


def _answer(request: web.Request, feed: str) -> web.Response:
    body = feed.encode("utf-8", "replace")
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    if revalidation.holds(request, etag):
        return web.Response(status=304, headers={"ETag": etag, "Cache-Control": _HEADERS["Cache-Control"]})
    return web.Response(body=body, headers=_HEADERS | {"ETag": etag})


ROUTES = [
    web.get(r"/@{name:[^/@]+}.rss", of_account),
    web.get(r"/tags/{tag:[^/]+}.rss", of_tag),
]
