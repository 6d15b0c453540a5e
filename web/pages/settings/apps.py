"""`/settings/apps`: which apps and scripts act for somebody, tokens for own ones, and how to end it."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import Invalid, NodeError
from node.services.access import oauth, scopes
from web import params
from web.pages import answers, forms
from web.pages.door import entering
from web.pages.forms import Form
from web.viewer import Viewer

_PAGE = "/settings/apps"
_TEMPLATE = "settings/apps.html"
_WIDE = ("read", "write", "push", "profile")
_OF_STAFF = ("admin:read", "admin:write")


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await _context(person))


async def make(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        scope_text = _chosen(form, person)
        name = form.text("name").strip()
        await entering.check_password(request, person, form.text("password"))
        token = await store.write(oauth.personal_token, person.user, person.account, name, scope_text)
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await _context(person, form.all("scopes")))
    return await answers.show(request, "settings/token.html", name=name, token=token)


async def revoke(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    await forms.read(request)
    await store.write(oauth.revoke_by_id, person.user_id, params.an_id(request))
    return answers.done(request, _PAGE, "The app cannot use your account any more.")


def _offered(person: Viewer) -> list[tuple[str, list[str]]]:
    """Wide scopes, each with those that it holds; of the staff's only to the staff."""
    wide = _WIDE + (_OF_STAFF if person.role.is_staff else ())
    return [(scope, sorted(fine for fine in scopes.SCOPES if fine.startswith(f"{scope}:"))) for scope in wide]


def _chosen(form: Form, person: Viewer) -> str:
    """As it is stored; what a wider scope holds anyway is left out."""
    asked = set(form.all("scopes"))
    allowed = {scope for wide, fine in _offered(person) for scope in (wide, *fine)}
    if not asked or not asked <= allowed:
        raise Invalid("Please choose what it may do.", {"scopes": "Please choose what it may do."})
    return " ".join(sorted(scope for scope in asked if not scopes.allows(asked - {scope}, scope)))


async def _context(person: Viewer, chosen: list[str] | None = None) -> dict[str, Any]:
    apps = await store.read(_apps, person.user_id)
    return {"apps": apps, "offered": _offered(person), "chosen": ["read"] if chosen is None else chosen}


def _apps(user_id: int) -> list[dict[str, Any]]:
    return [
        {
            "id": str(token.id),
            "name": app.name,
            "website": app.website,
            "scopes": token.scopes.split(),
            "created_at": clock.iso(token.created_at),
            "used_at": None if token.used_at is None else clock.iso(token.used_at),
        }
        for token, app in oauth.tokens_of(user_id)
    ]


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE, make),
    web.post(f"{_PAGE}/{{id}}/revoke", revoke),
]
