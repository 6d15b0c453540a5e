"""Who quotes a post, taking it out of a quote, and who may do what with it."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError, NotFound
from node.models import FilterContext
from node.models.access import OPEN
from node.services.approvals import policies, quotes
from node.services.statuses import edits, loading
from web import params
from web.errors import NOT_FOUND
from web.pages import addressed, answers, confirming, forms, paging, posts, visitors
from web.pages.actions import who_acts
from web.pages.writing import composing

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    reader_id, page = answers.reader_id(request), paging.asked(request)
    status, _ = await addressed.status_of(request, "/quotes")

    def load() -> tuple[list[int], list[Entity]]:
        return posts.of_timeline(
            quotes.of_status, reader_id, status.id, viewer_id=reader_id, page=page, context=FilterContext.THREAD
        )

    ids, found = await store.read(load)
    back = request.path.removesuffix("/quotes")
    headers = {"Vary": visitors.VARY, "X-Robots-Tag": "noindex"}
    links = paging.links(request, ids, page)
    return await answers.show(request, "quotes.html", headers=headers, statuses=found, back=back, **links)


async def ask_to_revoke(request: web.Request) -> web.Response:
    person, quoting_id = answers.require(request), params.an_id(request, "quoting")

    def load() -> Entity:
        loading.own(person.account_id, params.an_id(request))
        return posts.one(person.account_id, quoting_id)

    return await confirming.ask(
        request,
        title="Take your post out of this quote?",
        text="It is no longer shown inside of this post, here and on servers that keep to it. There is no way back.",
        button="Take it out",
        back=answers.HOME,
        status=await store.point(load),
    )


async def revoke(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    status_id, quoting_id = params.an_id(request), params.an_id(request, "quoting")
    await store.write(quotes.revoke, person.account_id, status_id, quoting_id)
    return answers.done(request, answers.safe_path(form.text("next")), "Your post is no longer shown there.")


async def show_policy(request: web.Request) -> web.Response:
    person = answers.require(request)
    return await answers.show(request, "policy.html", **await store.point(_policy, person.account_id, request))


async def save_policy(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    try:
        choices = composing.choices(form)
        await store.write(edits.change_policy, person.account_id, params.an_id(request), choices)
    except NotFound:
        raise
    except NodeError as refusal:
        context = await store.point(_policy, person.account_id, request)
        return await answers.again(request, "policy.html", refusal, form, **context)
    where = f"/@{person.account.username}/{params.an_id(request)}"
    return answers.done(request, answers.safe_path(form.text("next"), where), "Saved.")


def _policy(account_id: int, request: web.Request) -> Entity:
    status = loading.own(account_id, params.an_id(request))
    if status.reblog_of is not None:
        raise NotFound(NOT_FOUND)
    policy = policies.read(status.policy)
    chosen = {name: getattr(policy, name).choice for name in ("quote", "reply", "favourite", "reblog")}
    if status.visibility not in OPEN:
        # What is not for everybody is quoted and boosted by its author alone.
        del chosen["quote"], chosen["reblog"]
    return {"status": posts.one(account_id, status.id), "chosen": chosen}


ROUTES = [
    web.get(r"/@{acct}/{id:\d+}/quotes", show),
    web.get("/statuses/{id}/quotes/{quoting}/revoke", ask_to_revoke),
    web.post("/statuses/{id}/quotes/{quoting}/revoke", revoke),
    web.get("/statuses/{id}/policy", show_policy),
    web.post("/statuses/{id}/policy", save_policy),
]
