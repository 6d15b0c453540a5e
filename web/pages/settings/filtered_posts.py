"""Single posts that a filter names: put to one from the post, and taken from it on the page of the filter."""

from typing import Any

from aiohttp import web

from node import store
from node.models import FilterAction, FilterContext
from node.services.filters import changes as filters
from node.services.filters.changes import Terms
from node.services.statuses import loading
from node.speech import say
from web import params
from web.entities.filter import filter_entity
from web.pages import answers, forms, posts

Entity = dict[str, Any]


async def choose(request: web.Request) -> web.Response:
    """`/statuses/{id}/filter`: which filter a post is to be added to."""
    person, status_id = answers.require(request), params.an_id(request)

    def load() -> tuple[Entity, list[Entity]]:
        return posts.one(person.account_id, status_id), list(
            map(filter_entity, filters.of_account(person.account_id))
        )

    status, own = await store.read(load)
    return await answers.show(request, "filter_post.html", status=status, filters=own)


async def add(request: web.Request) -> web.Response:
    """To the filter that was chosen, or to a new one for single posts."""
    person, form, status_id = answers.require(request), await forms.read(request), params.an_id(request)

    def work() -> None:
        filter_id, status = form.number("filter_id"), loading.get_original(person.account_id, status_id)
        if filter_id is None:
            terms = Terms(title=say("Single posts"), contexts=list(FilterContext), action=FilterAction.HIDE)
            filter_id = filters.create(person.account_id, terms).filter.id
        filters.add_status(person.account_id, filter_id, status.id)

    await store.write(work)
    return answers.done(request, answers.safe_path(form.text("next"), answers.HOME), "The post is filtered.")


async def show_again(request: web.Request) -> web.Response:
    """A post that the filter named is named no more."""
    person, form = answers.require(request), await forms.read(request)
    row = await store.write(filters.remove_status, person.account_id, form.number("row") or 0)
    return answers.done(request, f"/settings/filters/{row.filter_id}", "The post is shown again.")


ROUTES = [
    web.get("/statuses/{id}/filter", choose),
    web.post("/statuses/{id}/filter", add),
    web.post("/settings/filters/{id}/show", show_again),
]
