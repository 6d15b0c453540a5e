"""The form of the composer once more, with everything that was in it, whatever somebody wanted of it."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import BadInput, Forbidden, Invalid, NodeError, NotFound
from web.pages import answers, posts
from web.pages.forms import Form
from web.pages.writing import composing
from web.pages.writing.written import Post
from web.viewer import Viewer

Entity = dict[str, Any]

# What a form may do wrong, besides what the services refuse.
REFUSALS = (Invalid, BadInput, NotFound, Forbidden)


async def show(
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
    reply_to, quoted = (still_there(account_id, status_id) for status_id in status_ids)
    return reply_to, quoted, [_still_attached(account_id, one) for one in wrote]


def _still_attached(account_id: int, one: Post) -> list[Entity]:
    try:
        return composing.attached(account_id, one.media_ids)
    except NodeError:
        return []


def still_there(account_id: int, status_id: int | None) -> Entity | None:
    try:
        return None if status_id is None else posts.one(account_id, status_id)
    except NotFound:
        return None
