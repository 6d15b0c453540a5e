"""`/settings/sessions`: in which browsers somebody is signed in, and how to end that."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.models import Session
from node.services.access import sessions
from web import cookies, params
from web.pages import answers, forms
from web.viewer import Viewer

_SESSIONS = "/settings/sessions"


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


def _session(row: Session, person: Viewer) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "agent": row.user_agent,
        "ip": row.ip,
        "created_at": clock.iso(row.created_at),
        "seen_at": clock.iso(row.seen_at),
        "current": row.id == person.session_id,
    }


ROUTES = [
    web.get(_SESSIONS, show_sessions),
    web.post(f"{_SESSIONS}/end-others", end_others),
    web.post(f"{_SESSIONS}/{{id}}/end", end_session),
]
