"""https://docs.joinmastodon.org/methods/streaming/: live events over server-sent events and WebSocket."""

from collections import Counter

from aiohttp import web

from web.streaming import events, sse, websocket
from web.streaming.listener import LISTENERS, SEATS, end_all

ROUTES: list[web.RouteDef] = [*websocket.ROUTES, *sse.ROUTES, *events.ROUTES]


def set_up(app: web.Application) -> None:
    """A process that stops tells its streams, rather than wait for clients that never leave."""
    app[LISTENERS], app[SEATS] = set(), Counter()
    app.on_shutdown.append(end_all)
