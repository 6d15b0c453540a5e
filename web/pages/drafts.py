"""`/drafts`: what somebody began to write. Kept by a button of the composer, or by its script every few seconds."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import NotFound, Unauthorized
from node.services.statuses import kept_drafts
from node.services.statuses.kept_drafts import Kept, Typed
from web import errors, responses
from web.entities.media import media_entity
from web.pages import acting, answers, composing, confirming, forms, paging, written
from web.pages.forms import Form
from web.pages.written import Post

PAGE = "/drafts"
FIELD = "draft"
_TEXTS = (
    *("text", "spoiler_text", "sensitive", "visibility", "language", "content_type", "local_only"),
    *("in_reply_to_id", "quoted_status_id", "quote_policy", "reply_policy", "scheduled_at", "utc_offset"),
    *("poll_expires_in", "poll_multiple", "poll_hide_totals"),
)


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)
    rows = await store.read(kept_drafts.page, person.account_id, page)
    drafts = [_shown(row) for row in rows]
    return await answers.show(
        request, "drafts.html", drafts=drafts, **paging.links(request, [row.id for row in rows], page)
    )


async def keep(request: web.Request) -> web.Response:
    """For the script, while somebody writes and when the page is left."""
    if errors.is_for_program(request) and answers.reader(request) is None:
        raise Unauthorized("Please sign in.")
    person, form = await acting.read(request)
    wrote = written.posts_of(form)
    await acting.bring_media(person, written.media_of(wrote))
    is_kept = await store.write(of_form, person.account_id, form, wrote)
    if errors.is_for_program(request):
        return responses.json({"kept": is_kept})
    return answers.done(request, PAGE)


async def ask_to_delete(request: web.Request) -> web.Response:
    person, key = answers.require(request), request.match_info["key"]
    kept = await store.point(kept_drafts.get, person.account_id, key)
    return await confirming.ask(
        request,
        title="Delete this draft?",
        text="Without words",
        words=_words(kept)[:500],
        button="Delete it",
        back=PAGE,
    )


async def delete(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(kept_drafts.forget, person.account_id, request.match_info["key"])
    return answers.done(request, PAGE, "The draft is deleted.")


def of_form(account_id: int, form: Form, wrote: Sequence[Post]) -> bool:
    """Keep what was typed into the composer, and the descriptions with its pictures. In a unit of work."""
    media_ids = written.media_of(wrote)
    with suppress(NotFound):  # a picture that is gone takes no words with it
        composing.describe(account_id, form, media_ids)
    typed: Typed = {name: form.text(name) for name in _TEXTS if form.text(name)}
    if options := [option for option in form.all("poll_option") if option.strip()]:
        typed["poll_option"] = options
    typed |= written.fields_of(wrote)
    return kept_drafts.keep(account_id, form.text(FIELD), typed, media_ids)


def _shown(row: Kept) -> dict[str, Any]:
    return {
        "key": row.key,
        "text": _words(row),
        "visibility": row.typed.get("visibility", ""),
        "is_reply": "in_reply_to_id" in row.typed,
        "has_poll": "poll_option" in row.typed,
        "posts": 1 + sum(name.startswith("text_") for name in row.typed),
        "media": [media_entity(one) for one in row.media],
        "updated_at": clock.iso(row.updated_at),
    }


def _words(row: Kept) -> str:
    return str(row.typed.get("spoiler_text") or row.typed.get("text") or "")


ROUTES = [
    web.get(PAGE, show),
    web.post(PAGE, keep),
    web.get(PAGE + "/{key}/delete", ask_to_delete),
    web.post(PAGE + "/{key}/delete", delete),
]
