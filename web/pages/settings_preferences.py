"""`/settings/appearance` and `/settings/posting`: how somebody wants to read and write."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from node.services.access import preferences
from web.pages import answers, forms
from web.pages.forms import Form
from web.viewer import Viewer

_APPEARANCE = "/settings/appearance"
_POSTING = "/settings/posting"


async def show_appearance(request: web.Request) -> web.StreamResponse:
    return await _show(request, "settings/appearance.html")


async def save_appearance(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    values = {
        **_given(form, "theme", "density", "font"),
        "language": form.text("language") or None,
        "more_contrast": form.flag("more_contrast"),
        "text_size": form.number("text_size", most=1_000),
    }
    return await _save(request, person, form, values, "settings/appearance.html", _APPEARANCE)


async def show_posting(request: web.Request) -> web.StreamResponse:
    return await _show(request, "settings/posting.html")


async def save_posting(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    values = {
        **_given(form, "posting_content_type", "reading_expand_media"),
        "posting_visibility": form.text("posting_visibility") or None,
        "posting_language": form.text("posting_language") or None,
        "posting_sensitive": form.flag("posting_sensitive"),
        "posting_undo": form.flag("posting_undo"),
        "reading_expand_spoilers": form.flag("reading_expand_spoilers"),
        "reading_endless": form.flag("reading_endless"),
        "reading_autoplay_gifs": form.flag("reading_autoplay_gifs"),
    }
    return await _save(request, person, form, values, "settings/posting.html", _POSTING)


async def _show(request: web.Request, template: str) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, template, preferences=await store.point(preferences.of_id, person.user_id))


async def _save(
    request: web.Request, person: Viewer, form: Form, values: dict[str, Any], template: str, path: str
) -> web.StreamResponse:
    try:
        await store.write(preferences.change, person.user_id, values)
    except NodeError as refusal:
        chosen = await store.point(preferences.of_id, person.user_id)
        return await answers.again(request, template, refusal, form, preferences=chosen)
    return answers.done(request, path, "Saved.")


def _given(form: Form, *names: str) -> dict[str, str]:
    """Choices that the form did not offer stay as they are."""
    return {name: form.text(name) for name in names if name in form}


ROUTES = [
    web.get(_APPEARANCE, show_appearance),
    web.post(_APPEARANCE, save_appearance),
    web.get(_POSTING, show_posting),
    web.post(_POSTING, save_posting),
]
