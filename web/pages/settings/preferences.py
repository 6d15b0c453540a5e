"""`/settings/appearance` and `/settings/posting`: how somebody wants to read and write."""

from typing import Any

from aiohttp import web

from node import store
from node.services.access import preferences
from web.pages.forms import Form
from web.pages.settings.form import SettingsForm
from web.viewer import Viewer


async def _save_appearance(_: web.Request, person: Viewer, form: Form) -> None:
    values = {
        **_given(form, "theme", "density", "font"),
        "language": form.text("language") or None,
        "more_contrast": form.flag("more_contrast"),
        "text_size": form.number("text_size", most=1_000),
    }
    await store.write(preferences.change, person.user_id, values)


async def _save_posting(_: web.Request, person: Viewer, form: Form) -> None:
    values = {
        **_given(form, "posting_content_type", "reading_expand_media"),
        "posting_visibility": form.text("posting_visibility") or None,
        "posting_language": form.text("posting_language") or None,
        "posting_sensitive": form.flag("posting_sensitive"),
        "posting_undo": form.flag("posting_undo"),
        "posting_reminder": form.flag("posting_reminder"),
        "reading_expand_spoilers": form.flag("reading_expand_spoilers"),
        "reading_endless": form.flag("reading_endless"),
        "reading_autoplay_gifs": form.flag("reading_autoplay_gifs"),
    }
    await store.write(preferences.change, person.user_id, values)


def _load(person: Viewer) -> dict[str, Any]:
    return {"preferences": preferences.of_id(person.user_id)}


def _given(form: Form, *names: str) -> dict[str, str]:
    """Choices that the form did not offer stay as they are."""
    return {name: form.text(name) for name in names if name in form}


ROUTES = [
    *SettingsForm(
        path="/settings/appearance", template="settings/appearance.html", load=_load, save=_save_appearance
    ).routes(),
    *SettingsForm(
        path="/settings/posting", template="settings/posting.html", load=_load, save=_save_posting
    ).routes(),
]
