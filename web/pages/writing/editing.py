"""`/statuses/{id}/edit`: changing a post, in the form in which it was written."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from federation import publish
from federation.context import FEDERATION
from node import store
from node.errors import NotFound
from node.models import Status
from node.services.interactions import polls
from node.services.statuses import loading
from web import params
from web.files import uploads
from web.pages import answers, forms, handles, posts
from web.pages.forms import Form
from web.pages.writing import again, attaching, composing, written
from web.viewer import Viewer

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    person, status_id = answers.require(request), params.an_id(request)
    status, shown = await store.point(_own, person.account_id, status_id)
    form = {
        "text": status.source,
        "spoiler_text": status.spoiler_text,
        "sensitive": bool(status.sensitive),
        "language": status.language or "",
        "content_type": status.content_type,
    }
    return await answers.show(
        request, "compose.html", reply_to=None, media=shown["media_attachments"], editing=shown, form=form
    )


async def edit(request: web.Request) -> web.Response:
    person, form = await _form(request)
    status, shown = await store.point(_own, person.account_id, params.an_id(request))
    wrote = written.posts_of(form)[:1]
    try:
        wrote = await attaching.with_uploads(request, person, form, wrote)
        if attaching.is_unfinished(form):
            return await again.show(request, person, form, wrote, editing=shown)
        media_ids = written.media_of(wrote)
        poll = await store.point(polls.of_status, status.id)
        draft = replace(composing.changed(form, media_ids, poll), by=person.capacity.by)
        await publish.edit(request.app[FEDERATION], person.account_id, status.id, draft)
    except again.REFUSALS as refusal:
        return await again.show(request, person, form, wrote, refusal=refusal, editing=shown)
    where = f"{handles.path_of(person.account)}/{status.id}"
    return answers.done(request, answers.safe_path(form.text("next"), where), "Your changes are saved.")


async def _form(request: web.Request) -> tuple[Viewer, Form]:
    person = answers.require(request)
    await uploads.expect(request)
    return person, await forms.read(request)


def _own(account_id: int, status_id: int) -> tuple[Status, Entity]:
    status = loading.own(account_id, status_id)
    if status.reblog_of is not None:
        raise NotFound("Record not found")
    return status, posts.one(account_id, status.id)


ROUTES = [
    web.get("/statuses/{id}/edit", show),
    web.post("/statuses/{id}/edit", edit),
]
