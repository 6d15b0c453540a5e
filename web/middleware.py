"""What happens around every handler. One middleware, because each costs every request."""

import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from node import clock, logs, store
from node.errors import Forbidden, NodeError, Unavailable
from node.models import Role
from node.services.caching import at_hand
from node.services.community import maintenance
from node.services.moderation import closed_networks
from node.speech import said
from web import csrf, errors, head, headers, metrics, rate_limit, rights, speaking, viewer
from web.client_ip import client_ip

log = structlog.get_logger()

CLOSED = said("This server does not answer your network. Whoever runs it can tell you why.")
_READING = ("GET", "HEAD", "OPTIONS")
# Whoever ends the maintenance has to get in.
_DOORS = ("/auth/sign-in", "/auth/second-factor", "/auth/passkey", "/auth/sign-out")


@web.middleware
async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Identify, limit, answer, and turn what is raised into an answer."""
    started = time.perf_counter()
    head.begin(request, logs.new_request_id())
    try:
        if request.method == "OPTIONS":
            response: web.StreamResponse = headers.preflight(request)
        else:
            # Whether the process lives must be told without its database.
            if not request.path.startswith("/health"):
                await _admit(request)
            person = await viewer.identify(request)
            if person is not None:
                speaking.to_reader(person)
                rights.check(request, person)
            _keep_read_only(request, person)
            rate_limit.spend(request)
            response = await handler(request)
    except (NodeError, web.HTTPException) as refusal:
        response = await errors.answer(request, refusal)
    except ConnectionError:
        log.debug("client_went_away", path=request.path)
        raise
    except Exception as error:  # noqa: BLE001 - a bug is answered, logged, and keeps nobody else waiting
        response = await errors.answer(request, error)
    csrf.keep(request, response)
    metrics.count(request.method, response.status, time.perf_counter() - started)
    return response


async def _admit(request: web.Request) -> None:
    if not at_hand.is_ready():
        await store.point(at_hand.make_ready)
    speaking.to_visitor(request)
    if closed_networks.are_any() and closed_networks.refuses(client_ip(request)):
        raise Forbidden(CLOSED)


def _keep_read_only(request: web.Request, person: viewer.Viewer | None) -> None:
    """While planned maintenance wants nothing to be written, administrators alone write."""
    if request.method in _READING or request.path.startswith(_DOORS):
        return
    until = maintenance.read_only_until()
    if until is None:
        return
    if person is not None and person.role is Role.ADMIN:
        return
    time = f"{clock.from_ms(until):%Y-%m-%d %H:%M} UTC"
    raise Unavailable(
        said(
            "This server is being worked on, and takes nothing new until %(time)s. Please send it again then.",
            time=time,
        ),
        max((until - clock.now_ms()) // clock.SECOND, 1),
    )
