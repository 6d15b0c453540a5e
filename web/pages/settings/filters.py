"""`/settings/filters`: what somebody does not want to read."""

from aiohttp import web

from node import store
from node.errors import Invalid
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange
from node.speech import said
from web import params
from web.entities.filter import filter_entity
from web.pages import answers, confirming, forms
from web.pages.settings import filter_form

_PATH = "/settings/filters"


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    views = await store.point(filters.of_account, person.account_id)
    shown = [filter_entity(view) | {"is_over": filter_form.is_over(view)} for view in views]
    return await answers.show(request, "settings/filters.html", filters=shown)


async def begin(request: web.Request) -> web.Response:
    answers.require(request)
    return await answers.show(request, filter_form.TEMPLATE, **filter_form.context(None))


async def make(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    try:
        if form.text("do") == "preview":
            return await filter_form.preview(request, form, person.account_id)
        changes = [KeywordChange(keyword=text, whole_word=whole) for text, whole in filter_form.keywords(form)]
        await store.write(filters.create, person.account_id, filter_form.terms(form), changes)
    except Invalid as refusal:
        return await answers.again(request, filter_form.TEMPLATE, refusal, form, **filter_form.context(None))
    return answers.done(request, _PATH, "The filter is on.")


async def edit(request: web.Request) -> web.Response:
    person = answers.require(request)
    view, named = await store.read(filter_form.load, person.account_id, params.an_id(request))
    return await answers.show(request, filter_form.TEMPLATE, **filter_form.context(view, named))


async def change(request: web.Request) -> web.Response:
    person, form, filter_id = answers.require(request), await forms.read(request), params.an_id(request)
    view, named = await store.read(filter_form.load, person.account_id, filter_id)
    try:
        if form.text("do") == "preview":
            return await filter_form.preview(request, form, person.account_id, view, named)
        changes = filter_form.changes(view, filter_form.keywords(form))
        await store.write(filters.update, person.account_id, filter_id, filter_form.terms(form), changes)
    except Invalid as refusal:
        return await answers.again(request, filter_form.TEMPLATE, refusal, form, **filter_form.context(view, named))
    return answers.done(request, _PATH, "Saved.")


async def ask_to_delete(request: web.Request) -> web.Response:
    person = answers.require(request)
    view = await store.point(filters.get, person.account_id, params.an_id(request))
    return await confirming.ask(
        request,
        title=said("Delete the filter “%(title)s”?", title=view.filter.title),
        text="What it hid is shown again.",
        button="Delete it",
        back=_PATH,
    )


async def delete(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(filters.delete, person.account_id, params.an_id(request))
    return answers.done(request, _PATH, "The filter is gone.")


ROUTES = [
    web.get(_PATH, show),
    web.post(_PATH, make),
    web.get(_PATH + "/new", begin),
    web.get(_PATH + "/{id}", edit),
    web.post(_PATH + "/{id}", change),
    web.get(_PATH + "/{id}/delete", ask_to_delete),
    web.post(_PATH + "/{id}/delete", delete),
]
