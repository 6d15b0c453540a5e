"""WebSocket: any number of streams on one connection, each event marked with the stream that it belongs to.

{"type": "subscribe", "stream": "hashtag", "tag": "cats"}
{"stream": ["hashtag", "cats"], "event": "update", "payload": "{…}"}
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from node.errors import BadInput, NodeError
from web import errors, params, responses
from web.streaming import messages
from web.streaming.listener import Listener, listening
from web.streaming.sse import STALLED_SECONDS
from web.streaming.topics import open_stream
from web.viewer import Viewer, bearer, identify_token, require_token, viewer

_BEAT_SECONDS = 30.0
_MAX_MESSAGE_BYTES = 4_096
# After so much aiohttp looks whether the client takes what it is sent; its own 256 KiB are much for a thousand who do not.
_UNLOOKED_BYTES = 1 << 14


class _Order(msgspec.Struct):
    type: str
    stream: str
    tag: str = ""
    list: str | int = ""


async def serve(request: web.Request) -> web.StreamResponse:
    """The token is in the header, in the query, or where browsers can put one: in the sub-protocol."""
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise BadInput("Here is a WebSocket. Each stream over server-sent events has an address of its own.")
    protocol = request.headers.get("Sec-WebSocket-Protocol", "")
    if bearer(request) is None and protocol:
        await identify_token(request, protocol)
    if bearer(request) is not None or protocol:
        require_token(request)
    reader, terms = viewer(request), dict(params.query_items(request))
    first = await open_stream(reader, terms["stream"], terms) if terms.get("stream") else None
    socket = web.WebSocketResponse(
        protocols=(protocol,) if protocol else (),
        heartbeat=_BEAT_SECONDS,
        max_msg_size=_MAX_MESSAGE_BYTES,
        compress=False,
        writer_limit=_UNLOOKED_BYTES,
    )
    with listening(request, reader, messages.entity) as listener:
        if first is not None:
            listener.add(first)
        await socket.prepare(request)
        sender = asyncio.create_task(_send_all(request, socket, listener))
        try:
            await _take_orders(socket, listener, reader)
        finally:
            sender.cancel()
            with suppress(asyncio.CancelledError):
                await sender
    return socket


async def _send_all(request: web.Request, socket: web.WebSocketResponse, listener: Listener) -> None:
    try:
        async for message in listener.messages():
            text = responses.encode(
                {"stream": message.label, "event": message.kind, "payload": message.payload.decode()}
            ).decode()
            async with asyncio.timeout(STALLED_SECONDS):
                await socket.send_str(text)
        await socket.close(code=WSCloseCode.GOING_AWAY)
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
    except ConnectionError:  # the client left; whoever reads from it notices as well
        return


async def _take_orders(socket: web.WebSocketResponse, listener: Listener, reader: Viewer | None) -> None:
    with suppress(ConnectionError):
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                await _obey(message.data, listener, reader)
            except NodeError as refusal:
                told = {"error": str(refusal), "status": errors.status_of(refusal)}
                await socket.send_str(responses.encode(told).decode())


async def _obey(text: str, listener: Listener, reader: Viewer | None) -> None:
    try:
        order = msgspec.json.decode(text, type=_Order)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadInput("A message is an object with `type` and `stream`.") from error
    terms: Mapping[str, str] = {"tag": order.tag, "list": str(order.list)}
    if order.type not in ("subscribe", "unsubscribe"):
        raise BadInput("`type` is subscribe or unsubscribe.")
    stream = await open_stream(reader, order.stream, terms)
    if order.type == "subscribe":
        listener.add(stream)
    else:
        listener.remove(stream.label)


ROUTES = [web.get("/api/v1/streaming", serve, allow_head=False)]
