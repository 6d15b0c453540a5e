"""What the last form did, said on the next page and then no more: carried by a signed cookie."""

from urllib.parse import quote, unquote

from aiohttp import web

from node import secret
from web import cookies
from web.keys import SECRET

_COOKIE = "linnet_notice"
_PURPOSE = "notice"
_MAX_AGE_MS = 60_000


def tell(request: web.Request, response: web.StreamResponse, sentence: str) -> None:
    """`sentence` is shown by the page that `response` leads to."""
    signature = secret.sign(request.app[SECRET], _PURPOSE, sentence)
    cookies.put(response, _COOKIE, f"{signature}.{quote(sentence, safe='')}", max_age_ms=_MAX_AGE_MS)


def told(request: web.Request) -> str:
    """What was told, if this node said it."""
    signature, _, quoted = request.cookies.get(_COOKIE, "").partition(".")
    sentence = unquote(quoted)
    if not sentence or not secret.is_signed(request.app[SECRET], _PURPOSE, sentence, signature):
        return ""
    return sentence


def forget(response: web.StreamResponse) -> None:
    response.del_cookie(_COOKIE, path="/")
