"""Writing posts and changing them. Without scripts, pictures come first and their descriptions in a second step."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from aiohttp import web

from federation import publish
from federation.context import FEDERATION
from node import store
from node.errors import BadInput, Forbidden, Invalid, NodeError, NotFound
from node.models import MemberRole, Status, Visibility
from node.services.access import preferences
from node.services.community import settings
from node.services.interactions import polls
from node.services.statuses import kept_drafts, loading, media, scheduled
from node.services.statuses.drafts import Draft
from node.services.statuses.media import StoredMedia
from node.speech import said
from web import params, responses, rights
from web.files import uploads
from web.pages import acting, answers, forms, handles, posts
from web.pages.forms import Form
from web.pages.status import to_name
from web.pages.writing import composing, drafts, receiving, written
from web.pages.writing import scheduled as scheduled_page
from web.pages.writing.written import Post
from web.rendering.fields import numbered
from web.viewer import Viewer, as_account

Entity = dict[str, Any]

# What a form may do wrong, besides what the services refuse.
_REFUSALS = (Invalid, BadInput, NotFound, Forbidden)


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
    return await _again(request, person, form, [first, *others])


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
        wrote = await _with_uploads(request, person, form, wrote)
        if form.text("do") == "draft":
            kept, beside = await store.write(drafts.of_form, person, form, wrote)
            return answers.done(
                request, drafts.PAGE, drafts.BESIDE if beside else "Your draft is kept." if kept else ""
            )
        await store.write(composing.describe, person.account_id, form, written.media_of(wrote))
        if form.text("do") == "more":
            return await _again(request, person, form, written.one_more(wrote))
        if _is_unfinished(form):
            return await _again(request, person, form, wrote)
        rights.require(person, MemberRole.EDITOR)
        draft = replace(composing.new(form, wrote, preferences.of(person.user)), by=person.capacity.by)
        found, doubt = None, None
        if draft.visibility is Visibility.DIRECT:
            found = await receiving.of_form(request, person.account_id, form)
            if not receiving.has_seen(form, found):
                doubt = Invalid("Look at who gets this message, and post it again if that is right.")
        if form.text("do") == "preview":
            return await _again(request, person, form, wrote, recipients=found)
        if doubt is not None:
            return await _again(request, person, form, wrote, refusal=doubt, recipients=found)
        if await _is_to_be_reminded(person, form, wrote):
            doubt = Invalid("Something here has no description. Describe it, or post it as it is.")
            return await _again(request, person, form, wrote, refusal=doubt, recipients=found, reminds=True)
        return await _post(request, person, form, draft)
    except _REFUSALS as refusal:
        return await _again(request, person, form, wrote, refusal=refusal)


async def _with_names(person: Viewer, form: Form) -> Form:
    """The field below a post has no names in it: whoever an answer goes to is named when it is sent."""
    parent_id, text = form.number("in_reply_to_id"), form.text("text")
    parent = None if parent_id is None else await store.point(_still_there, person.account_id, parent_id)
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


async def show_edit(request: web.Request) -> web.Response:
    person, status_id = answers.require(request), params.an_id(request)
    status, shown = await store.point(_own, person.account_id, status_id)
    form = {
        "text": status.source,
        "spoiler_text": status.spoiler_text,
        "sensitive": bool(status.sensitive),
        "language": status.language or "",
        "content_type": status.content_type,
    }
    return await answers.show(
        request, "compose.html", reply_to=None, media=shown["media_attachments"], editing=shown, form=form
    )


async def edit(request: web.Request) -> web.Response:
    person, form = await _form(request)
    status, shown = await store.point(_own, person.account_id, params.an_id(request))
    wrote = written.posts_of(form)[:1]
    try:
        wrote = await _with_uploads(request, person, form, wrote)
        if _is_unfinished(form):
            return await _again(request, person, form, wrote, editing=shown)
        media_ids = written.media_of(wrote)
        poll = await store.point(polls.of_status, status.id)
        draft = replace(composing.changed(form, media_ids, poll), by=person.capacity.by)
        await publish.edit(request.app[FEDERATION], person.account_id, status.id, draft)
    except _REFUSALS as refusal:
        return await _again(request, person, form, wrote, refusal=refusal, editing=shown)
    where = f"{handles.path_of(person.account)}/{status.id}"
    return answers.done(request, answers.safe_path(form.text("next"), where), "Your changes are saved.")


async def _form(request: web.Request) -> tuple[Viewer, Form]:
    person = answers.require(request)
    await uploads.expect(request)
    return person, await forms.read(request)


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


def _own(account_id: int, status_id: int) -> tuple[Status, Entity]:
    status = loading.own(account_id, status_id)
    if status.reblog_of is not None:
        raise NotFound("Record not found")
    return status, posts.one(account_id, status.id)


def _is_unfinished(form: Form) -> bool:
    """Somebody wants to go on writing: pictures were added, or something was taken away."""
    return form.text("do") == "upload" or "remove_media" in form or "remove_post" in form


async def _with_uploads(request: web.Request, person: Viewer, form: Form, wrote: list[Post]) -> list[Post]:
    """What was written with what is attached now: what was there, and what came with the form."""
    await store.point(_check_attached, person.account_id, wrote)
    return [await _with_files(request, person, form, one) for one in wrote]


def _check_attached(account_id: int, wrote: list[Post]) -> None:
    for one in wrote:
        composing.attached(account_id, one.media_ids)


async def _with_files(request: web.Request, person: Viewer, form: Form, one: Post) -> Post:
    files = form.files(numbered("media", one.number))
    limit = settings.current().max_media
    if len(one.media_ids) + len(files) > limit:
        raise Invalid(said("Attachments in a post: %(limit)s at most.", limit=limit))

    def record(stored: StoredMedia) -> Any:
        return media.create(person.account_id, stored)

    rows = [await uploads.ready(await uploads.keep(request, file, record)) for file in files]
    return one._replace(media_ids=(*one.media_ids, *(row.id for row in rows)))


async def _again(
    request: web.Request,
    person: Viewer,
    form: Form,
    wrote: list[Post],
    *,
    refusal: NodeError | None = None,
    editing: Entity | None = None,
    recipients: Entity | None = None,
    reminds: bool = False,
) -> web.Response:
    """The form once more, with everything in it; sent again, it `reminds` no more."""
    around = form.number("in_reply_to_id"), form.number("quoted_status_id")
    reply_to, quoted, attached = await store.point(_around, person.account_id, around, wrote)
    following = [
        {"number": number, "text": one.text, "media": theirs}
        for number, (one, theirs) in enumerate(zip(wrote[1:], attached[1:], strict=True), 2)
    ]
    context: Entity = {
        "reply_to": reply_to,
        "quoted": quoted,
        "media": attached[0],
        "following": following,
        "editing": editing,
        "recipients": recipients,
        "reminded": reminds or form.flag("reminded"),
    }
    if refusal is None:
        return await answers.show(request, "compose.html", form=form.typed, **context)
    # The form has one place for what is wrong; the names of the fields are the client API's.
    whole = Invalid(refusal.sentence) if isinstance(refusal, Invalid) else refusal
    return await answers.again(request, "compose.html", whole, form, **context)


def _around(
    account_id: int, status_ids: tuple[int | None, int | None], wrote: list[Post]
) -> tuple[Entity | None, Entity | None, list[list[Entity]]]:
    """What is answered, what is quoted and what is attached to each post, as far as they are still there."""
    reply_to, quoted = (_still_there(account_id, status_id) for status_id in status_ids)
    return reply_to, quoted, [_still_attached(account_id, one) for one in wrote]


def _still_attached(account_id: int, one: Post) -> list[Entity]:
    try:
        return composing.attached(account_id, one.media_ids)
    except NodeError:
        return []


def _still_there(account_id: int, status_id: int | None) -> Entity | None:
    try:
        return None if status_id is None else posts.one(account_id, status_id)
    except NotFound:
        return None


ROUTES = [
    web.get("/compose", show),
    web.get("/share", share),
    web.post("/compose", write),
    web.get("/statuses/{id}/edit", show_edit),
    web.post("/statuses/{id}/edit", edit),
]
