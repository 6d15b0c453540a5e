"""Dangerous actions take two steps: GET asks, on the path to which POST does it."""

from typing import Any

from aiohttp import web

from node.errors import NodeError
from node.speech import say
from web.pages import answers
from web.pages.forms import Form

_TEMPLATE = "confirm.html"
Question = dict[str, Any]


def question(
    *,
    title: str,
    text: str,
    button: str,
    back: str,
    words: str = "",
    hidden: dict[str, str] | None = None,
    account: dict[str, Any] | None = None,
    status: dict[str, Any] | None = None,
    ask_password: bool = False,
    ask_duration: bool = False,
) -> Question:
    """What the page shows. `words` are somebody's own: they are shown as they are, instead of `text`."""
    return {
        "title": say(title),
        "text": words or say(text),
        "button": say(button),
        "back": back,
        "hidden": hidden or {},
        "account": account,
        "status": status,
        "ask_password": ask_password,
        "ask_duration": ask_duration,
    }


async def ask(request: web.Request, **parts: Any) -> web.Response:
    """`parts` are those of a question."""
    return await show(request, question(**parts))


async def show(request: web.Request, asked: Question) -> web.Response:
    return await answers.show(request, _TEMPLATE, action=request.rel_url.raw_path, **asked)


async def again(request: web.Request, refusal: NodeError, form: Form, asked: Question) -> web.StreamResponse:
    """The question once more, with what was wrong about the answer."""
    return await answers.again(request, _TEMPLATE, refusal, form, action=request.rel_url.raw_path, **asked)
