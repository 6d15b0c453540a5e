"""`/admin/settings` and `/admin/appearance`: everything that a community decides at run time."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from node.errors import NodeError
from node.models import Account, Role
from node.services.community import settings
from web.pages import answers, forms
from web.pages.admin import desk
from web.pages.forms import Form
from web.rendering import words

_PAGE = "/admin/settings"
_APPEARANCE = "/admin/appearance"
_TEMPLATES = {_PAGE: "admin/settings.html", _APPEARANCE: "admin/appearance.html"}


async def show(request: web.Request) -> web.StreamResponse:
    return await desk.show(request, _TEMPLATES[request.path], role=Role.ADMIN, **context(request.path))


async def save(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    try:
        await desk.write(person, _change, _values(form))
    except NodeError as refusal:
        shown = context(request.path) | {"form": _typed(form)}
        return await desk.again(request, _TEMPLATES[request.path], refusal, form, role=Role.ADMIN, **shown)
    return answers.done(request, request.path, "Saved.")


def _change(values: Mapping[str, Any], by: Account) -> None:
    settings.change(values, by)


def _values(form: Form) -> dict[str, Any]:
    """Of the settings that were on the form: browsers do not send switches that are off.

    A secret is not shown, so an empty field leaves it as it is.
    """
    known = {key.name: key for key in settings.all_keys()}
    shown = [
        name for name in form.all("shown") if name in known and not (known[name].is_secret and not form.text(name))
    ]
    switches = {name for name in shown if isinstance(known[name].default, bool)}
    return {name: settings.from_text(name, form.text(name, "off" if name in switches else "")) for name in shown}


def _typed(form: Form) -> dict[str, Any]:
    """What was typed; switches of the other forms on the page stay as they are."""
    shown, now = form.all("shown"), settings.current()
    others = [key.name for key in settings.all_keys() if key.name not in shown]
    return form.typed | {name: "on" for name in others if getattr(now, name) is True}


def context(path: str) -> dict[str, Any]:
    now = settings.current()
    keys = settings.all_keys()
    groups = [group for group in words.SETTING_GROUPS if (group[0] == words.APPEARANCE) == (path == _APPEARANCE)]
    return {
        "keys": keys,
        "values": {key.name: settings.shown(key.name, getattr(now, key.name)) for key in keys},
        "groups": groups,
    }


ROUTES = [route for path in _TEMPLATES for route in (web.get(path, show), web.post(path, save))]
