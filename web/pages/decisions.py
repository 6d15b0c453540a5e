"""`/decisions`: what the staff decided about the reader, why, and what the reader says to it (ADR 44)."""

from typing import Any
from urllib.parse import quote

from aiohttp import web

from node import clock, store
from node.errors import Invalid
from node.paging import Page
from node.services.moderation import account_warnings, appeals, evidence, warning_rows
from node.services.moderation.evidence import Seen
from node.services.moderation.warning_rows import Decided
from web import params
from web.pages import answers, forms, paging
from web.pages.door import judged

_PAGE = "/decisions"

Entity = dict[str, Any]


async def show_all(request: web.Request) -> web.StreamResponse:
    page = paging.asked(request)
    found = await store.read(_page, _whose(request), page)
    links = paging.links(request, [int(one["id"]) for one in found], page)
    return await answers.show(request, "decisions.html", decisions=found, **links)


async def show(request: web.Request) -> web.StreamResponse:
    decision = await store.read(_one, _whose(request), params.an_id(request))
    return await answers.show(request, "decision.html", decision=decision)


async def appeal(request: web.Request) -> web.StreamResponse:
    account_id, warning_id = _whose(request), params.an_id(request)
    form = await forms.read(request)
    try:
        await store.write(appeals.appeal, account_id, warning_id, form.text("text"))
    except Invalid as refusal:
        decision = await store.read(_one, account_id, warning_id)
        return await answers.again(request, "decision.html", refusal, form, decision=decision)
    return answers.done(request, f"{_PAGE}/{warning_id}", "The staff has your objection and will look at it.")


def shown(decided: Decided) -> Entity:
    """As `decision_body` of the templates takes it."""
    warning, made = decided
    return {
        "id": str(warning.id),
        "action": warning.action,
        "sentence": account_warnings.SENTENCES[warning.action],
        "text": warning.text,
        "posts": [seen(one) for one in evidence.read(warning).values()],
        "posts_count": len(account_warnings.status_ids(warning)),
        "created_at": clock.iso(warning.created_at),
        "appeal": None
        if made is None
        else {"id": str(made.id), "text": made.text, "state": made.state, "created_at": clock.iso(made.created_at)},
        "may_appeal": appeals.may_appeal(decided),
        "appeal_until": clock.iso(warning.created_at + appeals.WITHIN_MS),
    }


def seen(one: Seen) -> Entity:
    """A post as it was when it was reported or judged."""
    return {
        "id": str(one.status_id),
        "created_at": clock.iso(one.created_at),
        "text": one.text,
        "spoiler_text": one.spoiler_text,
        "media": one.media,
    }


def _whose(request: web.Request) -> int:
    """The reader, or who cannot sign in because of it and has shown who they are."""
    reader_id = answers.reader_id(request)
    account_id = judged.account_id(request) if reader_id is None else reader_id
    if account_id is None:
        raise web.HTTPSeeOther(f"{answers.SIGN_IN}?next={quote(request.rel_url.raw_path_qs, safe='')}")
    return account_id


def _page(account_id: int, page: Page) -> list[Entity]:
    return [shown(one) for one in warning_rows.of_account(account_id, page)]


def _one(account_id: int, warning_id: int) -> Entity:
    return shown(warning_rows.get(account_id, warning_id))


ROUTES = [
    web.get(_PAGE, show_all),
    web.get(f"{_PAGE}/{{id}}", show),
    web.post(f"{_PAGE}/{{id}}/appeal", appeal),
]
