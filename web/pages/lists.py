"""Lists: timelines of a few people each."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid
from node.models import FilterContext
from node.services import timelines
from node.services.relationships import lists
from node.speech import said
from web import params
from web.entities.list import list_entity
from web.pages import answers, confirming, forms, paging, posts

_PATH = "/lists"


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    return await answers.show(request, "lists.html", lists=await store.point(_all, person.account_id))


async def make(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    try:
        made = await store.write(lists.create, person.account_id, form.text("title"))
    except Invalid as refusal:
        own = await store.point(_all, person.account_id)
        return await answers.again(request, "lists.html", refusal, form, lists=own)
    return answers.done(request, f"{_PATH}/{made.id}/members")


async def edit(request: web.Request) -> web.Response:
    person = answers.require(request)
    row = await store.point(lists.get, person.account_id, params.an_id(request))
    return await answers.show(request, "list_edit.html", list=list_entity(row))


async def save(request: web.Request) -> web.Response:
    person, form, list_id = answers.require(request), await forms.read(request), params.an_id(request)

    def do() -> None:
        lists.update(
            person.account_id,
            list_id,
            title=form.text("title"),
            replies_policy=form.text("replies_policy"),
            exclusive=form.flag("exclusive"),
        )

    try:
        await store.write(do)
    except Invalid as refusal:
        row = await store.point(lists.get, person.account_id, list_id)
        return await answers.again(request, "list_edit.html", refusal, form, list=list_entity(row))
    return answers.done(request, f"{_PATH}/{list_id}", "The list is saved.")


async def timeline(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)
    list_id = params.an_id(request)

    def load() -> tuple[list[int], dict[str, Any]]:
        row = lists.get(person.account_id, list_id)
        ids, statuses = posts.of_timeline(
            timelines.list_timeline,
            person.account_id,
            row.id,
            viewer_id=person.account_id,
            page=page,
            context=FilterContext.HOME,
        )
        return ids, {"scope": "list", "list": list_entity(row), "statuses": statuses}

    ids, context = await store.read(load)
    return await answers.show(request, "timeline.html", **context, **paging.links(request, ids, page))


async def ask_to_delete(request: web.Request) -> web.Response:
    person = answers.require(request)
    row = await store.point(lists.get, person.account_id, params.an_id(request))
    return await confirming.ask(
        request,
        title=said("Delete the list “%(title)s”?", title=row.title),
        text="Whom you follow stays the same.",
        button="Delete it",
        back=f"{_PATH}/{row.id}/edit",
    )


async def delete(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(lists.delete, person.account_id, params.an_id(request))
    return answers.done(request, _PATH, "The list is gone.")


def _all(account_id: int) -> list[dict[str, Any]]:
    sizes = lists.sizes(account_id)
    return [list_entity(row) | {"people": sizes.get(row.id, 0)} for row in lists.of_account(account_id)]


ROUTES = [
    web.get(_PATH, show),
    web.post(_PATH, make),
    web.get(_PATH + "/{id}", timeline),
    web.get(_PATH + "/{id}/edit", edit),
    web.post(_PATH + "/{id}/edit", save),
    web.get(_PATH + "/{id}/delete", ask_to_delete),
    web.post(_PATH + "/{id}/delete", delete),
]
