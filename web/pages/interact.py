"""Following and answering from another server: who has an account elsewhere goes on there, and comes here likewise."""

from typing import Any
from urllib.parse import quote

from aiohttp import web

from federation.context import FEDERATION, Federation
from federation.finding import webfinger
from federation.http.budget import Budget
from federation.parse.handle import Handle, parse_handle
from federation.parse.webfinger import way_on
from node import site, store
from node.errors import Invalid, NodeError, NotFound
from node.services.accounts import lookup as account_lookup
from node.services.statuses import loading
from node.speech import said
from web import params, rate_limit, responses
from web.client_ip import client_ip, network_of
from web.keys import CONFIG
from web.pages import answers, forms, posts, search
from web.pages.forms import Form
from web.rate_limit import LIMITER

# Each attempt of a visitor makes this node ask another one.
_ATTEMPTS = rate_limit.Budget("interact", 20, 300)
_FETCHES = 4
# As activities, for servers that name an address for each (FEP-3b86).
_KINDS = {"follow": "Follow", "reply": "Create", "boost": "Announce", "favourite": "Like"}

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    asked = Form(params.query_items(request))
    uri = asked.text("uri")
    if answers.reader(request) is not None:
        return answers.done(request, _authorize(uri))
    return await answers.show(request, "interact.html", form=_typed(asked), **await store.point(_subject, uri))


async def go_on(request: web.Request) -> web.Response:
    """To the page of the reader's own server, which its WebFinger answer names."""
    form = await forms.read(request)
    subject = await store.point(_subject, form.text("uri"))
    try:
        address = await _address(request, form)
    except NodeError as refusal:
        return await answers.again(request, "interact.html", _as_invalid(refusal), form, **subject)
    return responses.see_other(address)


async def authorize(request: web.Request) -> web.Response:
    """Where other servers send our people: to what `uri` names, once they are signed in."""
    person = answers.require(request)
    uri = Form(params.query_items(request)).text("uri").strip()
    path = await search.named(request, person.account_id, uri.removeprefix("acct:"))
    if path is None:
        raise NotFound("Nothing could be found at this address.")
    return answers.done(request, path)


async def _address(request: web.Request, form: Form) -> str:
    handle = parse_handle(form.text("acct"), request.app[CONFIG].scheme)
    if handle is None:
        raise Invalid("A handle looks like you@your.server.")
    if site.is_local_domain(handle.domain):
        return _authorize(form.text("uri"))
    fed = request.app.get(FEDERATION)
    if request.app[CONFIG].rate_limits:
        request.app[LIMITER].spend(_ATTEMPTS, network_of(client_ip(request)))
    ways = () if fed is None else await _ways(fed, handle)
    address = way_on(ways, _KINDS.get(form.text("kind"), "Object"), form.text("uri"))
    if not address:
        raise Invalid(
            said(
                "%(domain)s does not say how to go on there. Search for the address on it instead.",
                domain=handle.domain,
            )
        )
    return address


async def _ways(fed: Federation, handle: Handle) -> tuple[tuple[str, str], ...]:
    try:
        return await webfinger.ways(fed, handle, Budget(_FETCHES))
    except NodeError as error:
        raise Invalid(said("%(handle)s could not be found there. Is it spelt right?", handle=handle)) from error


def _as_invalid(refusal: NodeError) -> NodeError:
    return Invalid(refusal.sentence, {"acct": refusal.sentence}) if isinstance(refusal, Invalid) else refusal


def _authorize(uri: str) -> str:
    return f"/authorize_interaction?uri={quote(uri, safe='')}"


def _typed(asked: Form) -> Entity:
    kind = asked.text("kind")
    return {"uri": asked.text("uri"), "acct": asked.text("acct"), "kind": kind if kind in _KINDS else "follow"}


def _subject(uri: str) -> Entity:
    """What everybody may see of what the address names; NotFound for the rest."""
    account = account_lookup.by_uri(uri)
    if account is not None and not account.is_gone:
        return {"account": posts.people([account.id])[0], "status": None}
    status = loading.by_uri(uri)
    # Asked for in either case, so that nobody can tell by the clock what is hidden.
    return {"account": None, "status": posts.one(None, 0 if status is None else status.id)}


ROUTES = [
    web.get("/interact", show),
    web.post("/interact", go_on),
    web.get("/authorize_interaction", authorize),
]
