"""`/settings/sessions` and `/settings/apps`: who else acts for somebody, and how to end it."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.models import Session
from node.services.access import oauth, sessions
from web import cookies, params
from web.pages import answers, forms
from web.viewer import Viewer

_SESSIONS = "/settings/sessions"
_APPS = "/settings/apps"


async def show_sessions(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    rows = await store.read(sessions.of, person.user_id)
    return await answers.show(request, "settings/sessions.html", sessions=[_session(row, person) for row in rows])


async def end_session(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    await forms.read(request)
    session_id = params.an_id(request)
    await store.write(sessions.end, person.user_id, session_id)
    if session_id != person.session_id:
        return answers.done(request, _SESSIONS, "The session is ended.")
    response = answers.done(request, answers.SIGN_IN)
    cookies.sign_out(response)
    return response


async def end_others(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    await forms.read(request)
    await store.write(sessions.end_all_but, person.user_id, person.session_id)
    return answers.done(request, _SESSIONS, "All other sessions are ended.")


async def show_apps(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, "settings/apps.html", apps=await store.read(_apps, person.user_id))


async def revoke_app(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    await forms.read(request)
    await store.write(oauth.revoke_by_id, person.user_id, params.an_id(request))
    return answers.done(request, _APPS, "The app cannot use your account any more.")


def _session(row: Session, person: Viewer) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "agent": row.user_agent,
        "ip": row.ip,
        "created_at": clock.iso(row.created_at),
        "seen_at": clock.iso(row.seen_at),
        "current": row.id == person.session_id,
    }


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
    web.get(_SESSIONS, show_sessions),
    web.post(f"{_SESSIONS}/end-others", end_others),
    web.post(f"{_SESSIONS}/{{id}}/end", end_session),
    web.get(_APPS, show_apps),
    web.post(f"{_APPS}/{{id}}/revoke", revoke_app),
]
