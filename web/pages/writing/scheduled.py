"""`/scheduled`: one's posts that wait for their time."""

from contextlib import suppress
from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import Invalid, NotFound
from node.models import MemberRole
from node.paging import Page
from node.services.statuses import scheduled, taken_back
from web import params, rights
from web.entities.scheduled_status import scheduled_entities
from web.pages import acting, answers, confirming, forms, paging
from web.pages.forms import Form
from web.viewer import Viewer

PAGE = "/scheduled"
_MAX_OFFSET_MINUTES = 14 * 60


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)
    ids, context = await store.read(_load, person.account_id, page)
    return await answers.show(request, "scheduled.html", scheduled=context, **paging.links(request, ids, page))


async def change(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    scheduled_id = params.an_id(request)
    try:
        at = time_of(form)
        if at is not None:
            await store.write(scheduled.reschedule, person.account_id, scheduled_id, at)
    except Invalid as refusal:
        return answers.done(request, PAGE, refusal.sentence)
    return answers.done(request, PAGE, "The time is changed." if at is not None else "")


async def ask_to_delete(request: web.Request) -> web.Response:
    person = answers.require(request)
    row = await store.point(scheduled.get, person.account_id, params.an_id(request))
    return await confirming.ask(
        request,
        title="Delete this post?",
        text="It is a picture without words.",
        words=scheduled.draft_of(row).text[:500],
        button="Delete it",
        back=PAGE,
    )


async def delete(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(scheduled.cancel, person.account_id, params.an_id(request))
    return answers.done(request, PAGE, "It will not be posted.")


# ── a moment to think better of it ─────────────────────────────────────────────────────────────────────────────────


async def show_held(request: web.Request) -> web.Response:
    """What was just posted, and goes out in some seconds."""
    asked, scheduled_id = Form(params.query_items(request)), params.an_id(request)
    person = await acting.of_window(answers.require(request), asked)
    way_on = answers.safe_path(asked.text("next"))
    try:
        row = await store.point(scheduled.get, person.account_id, scheduled_id)
    except NotFound:
        return answers.done(request, way_on, "Your post is out.")
    if row.problem or row.scheduled_at > clock.now_ms() + scheduled.HELD_MS:
        return answers.done(request, PAGE)  # it is one of those that wait for longer, or for their author
    draft = scheduled.draft_of(row)
    return await answers.show(
        request,
        "held.html",
        held={"id": str(row.id), "at": clock.iso(row.scheduled_at), "text": draft.spoiler_text or draft.text},
        way_on=way_on,
        acts_as=str(person.account_id),
    )


async def release(request: web.Request) -> web.Response:
    person, form = await _of_held(request)
    # Too late is in time: it is out.
    with suppress(NotFound):
        await store.write(scheduled.release, person.account_id, params.an_id(request))
    return answers.done(request, answers.safe_path(form.text("next")), "Your post is out.")


async def take_back(request: web.Request) -> web.Response:
    """To go on writing."""
    person, form = await _of_held(request)
    try:
        key = await store.write(taken_back.as_draft, person.account_id, params.an_id(request))
    except NotFound:
        notice = "That was too late: it is posted. You can still change or delete it."
        return answers.done(request, answers.safe_path(form.text("next"), f"/@{person.account.username}"), notice)
    return answers.done(request, f"/compose?draft={key}&{acting.FIELD}={person.account_id}", "It is a draft again.")


async def _of_held(request: web.Request) -> tuple[Viewer, Form]:
    """The form, and as whom its post was written, which may be another account than that of the session."""
    person, form = answers.require(request), await forms.read(request)
    member = await acting.of_window(person, form)
    rights.require(member, MemberRole.EDITOR)
    return member, form


def time_of(form: Form) -> int | None:
    """The time that was chosen, or None. Without a script it is UTC; with one, so many minutes ahead of that."""
    text = form.text("scheduled_at")
    if not text:
        return None
    at, minutes = clock.parse_iso(text), _offset(form.text("utc_offset"))
    if at is None or minutes is None:
        raise Invalid("This is not a time.", {"scheduled_at": "This is not a time."})
    return at - minutes * clock.MINUTE


def _offset(text: str) -> int | None:
    digits = text.removeprefix("-") or "0"
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 3 or int(digits) > _MAX_OFFSET_MINUTES:
        return None
    return -int(digits) if text.startswith("-") else int(digits)


def _load(account_id: int, page: Page) -> tuple[list[int], list[dict[str, Any]]]:
    rows = scheduled.page(account_id, page)
    entities = scheduled_entities(rows)
    shown = [entity | {"problem": row.problem} for entity, row in zip(entities, rows, strict=True)]
    return [row.id for row in rows], shown


ROUTES = [
    web.get(PAGE, show),
    web.post(PAGE + "/{id}", change),
    web.get(PAGE + "/{id}/held", show_held),
    web.post(PAGE + "/{id}/now", release),
    web.post(PAGE + "/{id}/draft", take_back),
    web.get(PAGE + "/{id}/delete", ask_to_delete),
    web.post(PAGE + "/{id}/delete", delete),
]
