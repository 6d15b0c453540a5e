"""https://docs.joinmastodon.org/methods/streaming/: live events over server-sent events and WebSocket."""

from aiohttp import web

from web.streaming import events, sse, websocket
from web.streaming.listener import LISTENERS, end_all

ROUTES: list[web.RouteDef] = [*websocket.ROUTES, *sse.ROUTES, *events.ROUTES]


def set_up(app: web.Application) -> None:
    """A process that stops tells its streams, rather than wait for clients that never leave."""
    app[LISTENERS] = set()
    app.on_shutdown.append(end_all)
