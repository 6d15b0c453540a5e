"""`/status`: whether this node works and reaches others, in plain words, for everybody."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.services.community import maintenance
from node.services.servers import delivery_health
from web.pages import visitors
from web.rendering.page import pause_of


async def show(request: web.Request) -> web.Response:
    async def load() -> dict[str, Any]:
        health = await store.read(delivery_health.current)
        times = {name: getattr(health, name) for name in ("oldest_at", "sent_at", "received_at")}
        told = {name: None if at is None else clock.iso(at) for name, at in times.items()}
        return {
            "health": health._asdict() | told | {"is_well": health.is_well},
            "pauses": [pause_of(row) for row in maintenance.to_come()],
        }

    return await visitors.show(request, "node_status.html", load, noindex=True)


ROUTES = [web.get("/status", show)]
