"""The timelines that everybody may read, where the community lets them: local, federated, of a hashtag."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.models import FilterContext, Tag
from node.services import timelines
from node.services.community import settings
from node.services.discovery import tag_usage, tags
from node.text.tokens import hashtag_key, hashtag_name
from web import params
from web.entities.tag import tag_entity
from web.errors import NOT_FOUND
from web.pages import answers, paging, posts, visitors
from web.pages.actions import who_acts


async def local(request: web.Request) -> web.Response:
    return await _public(request, "local", local=True)


async def everywhere(request: web.Request) -> web.Response:
    return await _public(request, "public", local=False)


async def _public(request: web.Request, scope: str, *, local: bool) -> web.Response:
    reader_id, page = allowed_reader(request), paging.asked(request)
    ids = await store.point(timelines.public, reader_id, page, local=local)

    async def load() -> dict[str, Any]:
        statuses = await store.point(posts.of_ids, ids, reader_id, FilterContext.PUBLIC)
        return {"scope": scope, "statuses": statuses, **paging.links(request, ids, page)}

    return await visitors.show(request, "timeline.html", load, *ids)


async def tag(request: web.Request) -> web.Response:
    reader_id, page = allowed_reader(request), paging.asked(request)
    name = hashtag_name(params.text(request, "tag", most=500))
    if name is None:
        raise NotFound(NOT_FOUND)
    ids = await store.point(timelines.tag, reader_id, name, page)

    async def load() -> dict[str, Any]:
        statuses = await store.point(posts.of_ids, ids, reader_id, FilterContext.PUBLIC)
        shown = await store.point(_tag, reader_id, name)
        feed = f"/tags/{hashtag_key(name)}.rss"
        return {"tag": shown, "statuses": statuses, "feed": feed, **paging.links(request, ids, page)}

    return await visitors.show(request, "tag.html", load, *ids)


async def act_on_tag(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    name = params.text(request, "tag", most=500)
    work = tags.follow if request.match_info["verb"] == "follow" else tags.unfollow
    found: Tag | None = await store.write(work, person.account_id, name)
    otherwise = answers.HOME if found is None else f"/tags/{found.key}"
    return answers.done(request, answers.safe_path(form.text("next"), otherwise))


def allowed_reader(request: web.Request) -> int | None:
    """Visitors are sent to the page of sign-in where timelines are for members alone."""
    if not settings.current().public_timelines:
        return answers.require(request).account_id
    return answers.reader_id(request)


def _tag(reader_id: int | None, name: str) -> dict[str, Any]:
    """A hashtag that nobody has used yet is shown like any other."""
    found = tags.shown(name)
    following = None if reader_id is None else found.id in tags.is_followed(reader_id, [found.id])
    return tag_entity(found, tag_usage.history([found.id])[found.id], following=following)


ROUTES = [
    web.get("/public/local", local),
    web.get("/public", everywhere),
    web.get("/tags/{tag}", tag),
    web.post("/tags/{tag}/{verb:follow|unfollow}", act_on_tag),
]
