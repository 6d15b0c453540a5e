"""`/admin/emoji`: the node's own emoji."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid, NodeError
from node.models import CustomEmoji, Role
from node.services.community import own_emoji
from node.services.community.own_emoji import Wishes
from node.speech import said
from web import params
from web.entities.emoji import emoji_entity
from web.files import portraits
from web.keys import STORAGE
from web.pages import answers, forms, paging
from web.pages.admin import desk
from web.pages.forms import Form

_PAGE = "/admin/emoji"
_TEMPLATE = "admin/emoji.html"
_ONE = "admin/one_emoji.html"
_SIZE = 100


async def show_all(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.show(request, _TEMPLATE, role=Role.ADMIN, **await _list(request))


async def add(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    shortcode, category = form.text("shortcode").strip().strip(":"), form.text("category").strip()
    storage, key = request.app[STORAGE], None
    try:
        key = await _stored(request, form)
        await desk.write(person, own_emoji.add, shortcode, category, key)
    except NodeError as refusal:
        await portraits.forget(storage, key)
        return await desk.again(request, _TEMPLATE, refusal, form, role=Role.ADMIN, **await _list(request))
    return answers.done(request, _PAGE, said(":%(name)s: can be used now.", name=shortcode))


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.show(request, _ONE, role=Role.ADMIN, **await _one(request))


async def change(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    wishes = Wishes(
        category=form.text("category").strip(),
        visible_in_picker=form.flag("visible_in_picker"),
        disabled=not form.flag("enabled"),
    )
    try:
        await desk.write(person, own_emoji.change, params.an_id(request), wishes)
    except Invalid as refusal:
        return await desk.again(request, _ONE, refusal, form, role=Role.ADMIN, **await _one(request))
    return answers.done(request, _PAGE, "Saved.")


async def ask_to_remove(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    row = await store.read(own_emoji.get, params.an_id(request))
    return await desk.confirm(
        request,
        title=said("Remove :%(name)s:?", name=row.shortcode),
        text="Posts that use it show its name instead of the picture.",
        button="Remove",
        back=f"{_PAGE}/{row.id}",
    )


async def remove(request: web.Request) -> web.StreamResponse:
    return await desk.act(
        request, _PAGE, "The emoji is removed.", own_emoji.remove, params.an_id(request), role=Role.ADMIN
    )


async def _stored(request: web.Request, form: Form) -> str:
    """The key of the picture; Invalid belongs to its field."""
    picture = next(iter(form.files("picture")), None)
    try:
        if picture is None:
            raise Invalid("Please choose a picture.")
        return await portraits.store_emoji(request.app[STORAGE], picture)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, {"picture": refusal.sentence}) from refusal


async def _list(request: web.Request) -> dict[str, Any]:
    words = Form(params.query_items(request)).text("q")[:100].strip().strip(":")
    rows, total = await store.read(own_emoji.found, words, _SIZE, paging.offset(request))
    return {
        "emoji": [_entity(row) for row in rows],
        "total": total,
        "q": words,
        "categories": await store.read(own_emoji.categories),
    } | paging.counted_links(request, len(rows), _SIZE)


async def _one(request: web.Request) -> dict[str, Any]:
    row = await store.read(own_emoji.get, params.an_id(request))
    return {"emoji": _entity(row), "categories": await store.read(own_emoji.categories)}


def _entity(row: CustomEmoji) -> dict[str, Any]:
    return emoji_entity(row) | {"id": str(row.id), "disabled": row.disabled}


ROUTES = [
    web.get(_PAGE, show_all),
    web.post(_PAGE, add),
    web.get(f"{_PAGE}/{{id}}", show),
    web.post(f"{_PAGE}/{{id}}", change),
    web.get(f"{_PAGE}/{{id}}/delete", ask_to_remove),
    web.post(f"{_PAGE}/{{id}}/delete", remove),
]
