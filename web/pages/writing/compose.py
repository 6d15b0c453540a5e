"""`/compose`: writing posts. Without scripts, pictures come first and their descriptions in a second step."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from aiohttp import web

from federation import publish
from federation.context import FEDERATION
from node import store
from node.errors import Invalid
from node.models import MemberRole, Visibility
from node.services.access import preferences
from node.services.statuses import kept_drafts, scheduled
from node.services.statuses.drafts import Draft
from node.speech import said
from web import params, responses, rights
from web.files import uploads
from web.pages import acting, answers, posts
from web.pages.forms import Form
from web.pages.status import to_name
from web.pages.writing import again, attaching, composing, drafts, receiving, written
from web.pages.writing import scheduled as scheduled_page
from web.pages.writing.written import Post
from web.viewer import Viewer, as_account

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    """`?text=`, `?in_reply_to_id=` and `?quote=` to begin with; `?draft=` to go on with one."""
    person, asked = answers.require(request), Form(params.query_items(request))
    if drafts.FIELD in asked:
        member = await as_account(person, asked.number(acting.FIELD))
        return await _show_draft(request, member, asked.text(drafts.FIELD))
    parent_id = asked.number("in_reply_to_id")
    reply_to = None if parent_id is None else await store.point(posts.one, person.account_id, parent_id)
    form = {name: asked.text(name) for name in ("text", "visibility", "next") if name in asked}
    if reply_to is not None:
        reply_to = reply_to["reblog"] or reply_to
        form.setdefault("text", composing.with_names("", to_name(reply_to, person.account_id)))
        if reply_to["language"]:
            form["language"] = reply_to["language"]
    quoted_id = asked.number("quote")
    quoted = None if quoted_id is None else await store.point(posts.one, person.account_id, quoted_id)
    if quoted is not None:
        quoted = quoted["reblog"] or quoted
    recipients = await _recipients_of_answer(request, person, reply_to, form)
    return await answers.show(
        request, "compose.html", reply_to=reply_to, quoted=quoted, media=[], form=form, recipients=recipients
    )


async def _recipients_of_answer(
    request: web.Request, person: Viewer, reply_to: Entity | None, form: dict[str, str]
) -> Entity | None:
    """Who gets the answer that is begun, where it answers a message."""
    if reply_to is None or form.get("visibility", reply_to["visibility"]) != Visibility.DIRECT:
        return None
    begun = Form([("text", form["text"]), ("in_reply_to_id", reply_to["id"])])
    return await receiving.of_form(request, person.account_id, begun, looks=False)


async def _show_draft(request: web.Request, person: Viewer, key: str) -> web.Response:
    def load() -> tuple[Form, list[int]]:
        kept = kept_drafts.get(person.account_id, key)
        fields = [
            (name, one)
            for name, texts in kept.typed.items()
            for one in ([texts] if isinstance(texts, str) else texts)
        ]
        named = [
            (drafts.FIELD, key),
            (drafts.REVISION, str(kept.revision)),
            (acting.FIELD, str(person.account_id)),
        ]
        return Form([*fields, *named]), [one.id for one in kept.media]

    form, media_ids = await store.point(load)
    first, *others = written.posts_of(form)
    others = [one._replace(media_ids=tuple(i for i in one.media_ids if i in media_ids)) for one in others]
    theirs = written.media_of(others)
    first = first._replace(media_ids=tuple(i for i in media_ids if i not in theirs))
    return await again.show(request, person, form, [first, *others])


async def share(request: web.Request) -> web.Response:
    """Where other sites send people with `?title=`, `?text=` and `?url=`: nothing is posted before they say so."""
    asked = Form(params.query_items(request))
    words = dict.fromkeys(word for name in ("title", "text", "url") if (word := asked.text(name).strip()))
    text = quote("\n\n".join(words), safe="")
    return responses.see_other(f"/compose?text={text}")


async def write(request: web.Request) -> web.Response:
    answers.require(request)
    await uploads.expect(request)
    person, form = await acting.read(request)
    if form.flag("names"):
        form = await _with_names(person, form)
    wrote = written.posts_of(form)
    try:
        await acting.bring_media(person, written.media_of(wrote))
        wrote = await attaching.with_uploads(request, person, form, wrote)
        if form.text("do") == "draft":
            kept, beside = await store.write(drafts.of_form, person, form, wrote)
            return answers.done(
                request, drafts.PAGE, drafts.BESIDE if beside else "Your draft is kept." if kept else ""
            )
        await store.write(composing.describe, person.account_id, form, written.media_of(wrote))
        if form.text("do") == "more":
            return await again.show(request, person, form, written.one_more(wrote))
        if attaching.is_unfinished(form):
            return await again.show(request, person, form, wrote)
        rights.require(person, MemberRole.EDITOR)
        draft = replace(composing.new(form, wrote, preferences.of(person.user)), by=person.capacity.by)
        found, doubt = None, None
        if draft.visibility is Visibility.DIRECT:
            found = await receiving.of_form(request, person.account_id, form)
            if not receiving.has_seen(form, found):
                doubt = Invalid("Look at who gets this message, and post it again if that is right.")
        if form.text("do") == "preview":
            return await again.show(request, person, form, wrote, recipients=found)
        if doubt is not None:
            return await again.show(request, person, form, wrote, refusal=doubt, recipients=found)
        if await _is_to_be_reminded(person, form, wrote):
            doubt = Invalid("Something here has no description. Describe it, or post it as it is.")
            return await again.show(request, person, form, wrote, refusal=doubt, recipients=found, reminds=True)
        return await _post(request, person, form, draft)
    except again.REFUSALS as refusal:
        return await again.show(request, person, form, wrote, refusal=refusal)


async def _with_names(person: Viewer, form: Form) -> Form:
    """The field below a post has no names in it: whoever an answer goes to is named when it is sent."""
    parent_id, text = form.number("in_reply_to_id"), form.text("text")
    parent = None if parent_id is None else await store.point(again.still_there, person.account_id, parent_id)
    if parent is None or not text.strip():
        return form
    return form.but("text", composing.with_names(text, to_name(parent, person.account_id)))


async def _is_to_be_reminded(person: Viewer, form: Form, wrote: list[Post]) -> bool:
    """Once for a form, if somebody wants that at all."""
    if form.flag("reminded") or not preferences.of(person.user).posting_reminder:
        return False
    return await store.point(composing.lacks_descriptions, person.account_id, written.media_of(wrote))


async def _post(request: web.Request, person: Viewer, form: Form, draft: Draft) -> web.Response:
    """Now, at the time that was chosen, or after a moment to think better of it."""
    at = scheduled_page.time_of(form)
    is_here = person.account_id == answers.require(request).account_id
    if at is not None:
        await store.write(scheduled.schedule, person.account_id, draft, at)
        await _forget_draft(request, person, form)
        where = scheduled_page.PAGE if is_here else answers.HOME
        return answers.done(request, where, "It will be posted when its time has come.")
    if preferences.of(person.user).posting_undo:
        held = await store.write(scheduled.hold, person.account_id, draft)
        await _forget_draft(request, person, form)
        way_on = quote(answers.safe_path(form.text("next")), safe="")
        return answers.done(
            request, f"{scheduled_page.PAGE}/{held.id}/held?{acting.WINDOW}={person.account_id}&next={way_on}"
        )
    status = await publish.post(request.app[FEDERATION], person.account_id, draft)
    is_forgotten = await _forget_draft(request, person, form)
    if draft.language is not None and preferences.of(person.user).posting_recent[:1] != (draft.language,):
        await store.write(preferences.remember_language, person.user_id, draft.language)
    where = f"/@{person.account.username}/{status.id}"
    notice = said("Your post is out.")
    if not is_forgotten:
        notice = said("Your post is out. Somebody else changed the draft meanwhile; that one is still here.")
    elif draft.then:
        notice = said("Your thread is out.")
    elif status.visibility != draft.visibility and status.visibility == Visibility.DIRECT:
        notice = said("Your answer waits until its author lets it in.")
    return answers.done(request, answers.safe_path(form.text("next"), where), notice)


async def _forget_draft(request: web.Request, person: Viewer, form: Form) -> bool:
    """What is posted is no draft any more. Killed before this, it stays as one: better twice than lost.

    False, if it was changed meanwhile by another member of the organisation.
    """
    here = answers.require(request)
    if drafts.FIELD not in form:
        return True
    forgotten = await store.write(drafts.forget, here, form)
    if person.account_id != here.account_id:
        await store.write(drafts.forget, person, form)
    return forgotten


ROUTES = [
    web.get("/compose", show),
    web.get("/share", share),
    web.post("/compose", write),
]
