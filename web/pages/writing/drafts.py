"""`/drafts`: what somebody began to write. Kept by a button of the composer, or by its script every few seconds."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import NotFound, Unauthorized
from node.services.accounts import lookup as account_lookup
from node.services.statuses import kept_drafts
from node.services.statuses.kept_drafts import Change, Kept, Typed
from node.speech import said, say
from web import errors, responses
from web.entities.media import media_entity
from web.pages import acting, answers, confirming, forms, paging
from web.pages.forms import Form
from web.pages.writing import composing, written
from web.pages.writing.written import Post
from web.viewer import Viewer

PAGE = "/drafts"
FIELD, REVISION = "draft", "draft_revision"
BESIDE = said("Somebody else changed this draft meanwhile. Yours is kept beside it.")
_TEXTS = (
    *("text", "spoiler_text", "sensitive", "visibility", "language", "content_type", "local_only"),
    *("in_reply_to_id", "quoted_status_id", "quote_policy", "reply_policy", "scheduled_at", "utc_offset"),
    *("poll_expires_in", "poll_multiple", "poll_hide_totals"),
)


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)
    rows = await store.read(kept_drafts.page, person.account_id, page)
    names = await store.point(_names, rows)
    drafts = [_shown(row, names) for row in rows]
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
    is_kept, is_beside = await store.write(of_form, person, form, wrote)
    if errors.is_for_program(request):
        return responses.json({"kept": is_kept} | ({"note": say(BESIDE)} if is_beside else {}))
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


def of_form(person: Viewer, form: Form, wrote: Sequence[Post]) -> tuple[bool, bool]:
    """Keep what was typed into the composer, and the descriptions with its pictures. In a unit of work.

    Whether there was anything to keep; and whether it is kept beside what somebody else made of the draft.
    """
    account_id, key = person.account_id, form.text(FIELD)
    media_ids = written.media_of(wrote)
    with suppress(NotFound):  # a picture that is gone takes no words with it
        composing.describe(account_id, form, media_ids)
    typed: Typed = {name: form.text(name) for name in _TEXTS if form.text(name)}
    if options := [option for option in form.all("poll_option") if option.strip()]:
        typed["poll_option"] = options
    typed |= written.fields_of(wrote)
    name = kept_drafts.name_for(account_id, key, change_of(person, form))
    return kept_drafts.keep(account_id, name, typed, media_ids, by=person.capacity.by), name != key


def forget(person: Viewer, form: Form) -> bool:
    """What was posted is no draft any more; False, if somebody else changed it meanwhile: that one stays."""
    key = form.text(FIELD)
    name = kept_drafts.name_for(person.account_id, key, change_of(person, form))
    kept_drafts.forget(person.account_id, name)
    return name == key


def change_of(person: Viewer, form: Form) -> Change:
    return Change(person.capacity.by, form.number(REVISION) or 0)


def _names(rows: list[Kept]) -> dict[int, str]:
    """Of the members who changed them last."""
    found = account_lookup.by_ids(sorted({row.by for row in rows if row.by is not None}))
    return {an_id: account.username for an_id, account in found.items() if not account.is_gone}


def _shown(row: Kept, names: dict[int, str]) -> dict[str, Any]:
    return {
        "key": row.key,
        "text": _words(row),
        "visibility": row.typed.get("visibility", ""),
        "is_reply": "in_reply_to_id" in row.typed,
        "has_poll": "poll_option" in row.typed,
        "posts": 1 + sum(name.startswith("text_") for name in row.typed),
        "media": [media_entity(one) for one in row.media],
        "updated_at": clock.iso(row.updated_at),
        "by": names.get(row.by or 0, ""),
    }


def _words(row: Kept) -> str:
    return str(row.typed.get("spoiler_text") or row.typed.get("text") or "")


ROUTES = [
    web.get(PAGE, show),
    web.post(PAGE, keep),
    web.get(PAGE + "/{key}/delete", ask_to_delete),
    web.post(PAGE + "/{key}/delete", delete),
]
