"""https://docs.joinmastodon.org/methods/custom_emojis/"""

from aiohttp import web

from node import store
from node.services.community import emoji
from web import responses, route
from web.entities.emoji import emoji_entity


async def ours(_: web.Request) -> web.Response:
    return responses.json([emoji_entity(one) for one in await store.read(emoji.local)])


ROUTES = [route.get("/api/v1/custom_emojis", ours)]
