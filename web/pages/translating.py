"""A post in the reader's language, as a page of its own: only who presses the button has the service asked."""

from typing import Any

from aiohttp import web

from federation.context import FEDERATION
from federation.translation import posts as translation
from federation.translation.posts import Translation
from node import store
from node.services.access import preferences
from web import params
from web.entities.translation import translation_entity
from web.pages import actions, answers, posts

Entity = dict[str, Any]


async def translate(request: web.Request) -> web.Response:
    person, _ = await actions.who_acts(request)
    status_id, language = params.an_id(request), preferences.reading_language(person.user)
    translated = await translation.translate(request.app[FEDERATION], person.account_id, status_id, language)
    status = await store.point(posts.one, person.account_id, translated.view.id)
    return await answers.show(
        request,
        "translation.html",
        status=_in_other_words(status, translated),
        source=translated.source,
        provider=translated.provider,
    )


def _in_other_words(status: Entity, translated: Translation) -> Entity:
    """`status` as if it had been written in that language."""
    words = translation_entity(translated)
    changed = {name: words[name] for name in ("content", "spoiler_text", "language")}
    changed["media_attachments"] = [
        media | {"description": described["description"]}
        for media, described in zip(status["media_attachments"], words["media_attachments"], strict=True)
    ]
    if status["poll"] is not None:
        options = zip(status["poll"]["options"], words["poll"]["options"], strict=True)
        changed["poll"] = status["poll"] | {"options": [option | title for option, title in options]}
    return status | changed


ROUTES = [web.post("/statuses/{id}/translate", translate)]
