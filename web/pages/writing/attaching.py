"""What is attached to the posts of a form: what was there already, and the files that came with it."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid
from node.services.community import settings
from node.services.statuses import media
from node.services.statuses.media import StoredMedia
from node.speech import said
from web.files import uploads
from web.pages.forms import Form
from web.pages.writing import composing
from web.pages.writing.written import Post
from web.rendering.fields import numbered
from web.viewer import Viewer


def is_unfinished(form: Form) -> bool:
    """Somebody wants to go on writing: pictures were added, or something was taken away."""
    return form.text("do") == "upload" or "remove_media" in form or "remove_post" in form


async def with_uploads(request: web.Request, person: Viewer, form: Form, wrote: list[Post]) -> list[Post]:
    """What was written, with what is attached now."""
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
