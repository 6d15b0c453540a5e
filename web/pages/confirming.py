"""Dangerous actions take two steps: GET asks, on the path to which POST does it."""

from typing import Any

from aiohttp import web

from node.speech import say
from web.pages import answers


async def ask(
    request: web.Request,
    *,
    title: str,
    text: str,
    button: str,
    back: str,
    hidden: dict[str, str] | None = None,
    account: dict[str, Any] | None = None,
    status: dict[str, Any] | None = None,
    ask_duration: bool = False,
) -> web.Response:
    return await answers.show(
        request,
        "confirm.html",
        title=say(title),
        text=say(text),
        action=request.path,
        button=say(button),
        back=back,
        hidden=hidden or {},
        account=account,
        status=status,
        ask_password=False,
        ask_duration=ask_duration,
    )
