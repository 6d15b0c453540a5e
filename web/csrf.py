"""Forms that change something are ours: they carry what only a page shown to this browser can know.

The token is signed from a cookie: the session's, or for visitors one of its own. A page of another origin can neither
read it nor set the cookie. `Origin` is checked as well, because it costs nothing.

Two pages that a new visitor opens at once are both asked for without a cookie, and each is answered with one. These have
different names, so that none takes the place of the other: a visitor's form is ours if it was signed from any of them.

Who acts for an organisation has tokens that name it: a page that was made for one account does nothing for another, to
which the browser was switched in another window.
"""

import secrets as random
from urllib.parse import urlsplit

from aiohttp import web

from node import secret, site
from node.errors import Forbidden
from web import cookies, head, params
from web.keys import SECRET
from web.viewer import viewer

FIELD = "csrf"
HEADER = "X-CSRF-Token"
_PURPOSE = "form"
VISITOR = "linnet_visitor"  # how the names of visitors' cookies begin
_UNSEEN = ("cors", "no-cors")
_REFUSAL = "This form is too old, or was not made by this site. Please go back, reload the page and try again."

_SWITCHED = "This page was made for another of your accounts, and you have switched since. Reload it and try again."


def token(request: web.Request) -> str:
    """For a hidden field `csrf`, or for scripts a header `X-CSRF-Token`."""
    name = _acts_for(request)
    basis = next(iter(_bases(request)), None) or _new_visitor(request)
    return secret.sign(request.app[SECRET], _PURPOSE, basis + name) + name


async def check(request: web.Request, *, any_account: bool = False) -> None:
    """Forbidden, unless the form came from one of our pages in this browser; and was made for the account that acts,
    unless the form itself says for which one it is."""
    if not _is_same_origin(request):
        raise Forbidden(_REFUSAL)
    sent = request.headers.get(HEADER) or (await params.tree(request)).get(FIELD)
    if not isinstance(sent, str):
        raise Forbidden(_REFUSAL)
    signature, dot, rest = sent.partition(".")
    key = request.app[SECRET]
    if not any(secret.is_signed(key, _PURPOSE, basis + dot + rest, signature) for basis in _bases(request)):
        raise Forbidden(_REFUSAL)
    if not any_account and dot + rest != _acts_for(request):
        raise Forbidden(_SWITCHED)


def keep(request: web.Request, response: web.StreamResponse) -> None:
    """Remember a visitor who has been given a token; before the head of the answer is sent.

    What a page asks for by itself (a picture that is gone, a stream that is refused) comes back as a page that nobody sees,
    and needs no cookie. Nor does what answers a form: forms of other sites come without our cookies (`SameSite`), so those
    could have them heaped up until the browser's requests are too long.
    """
    visitor = head.of(request).new_visitor
    if visitor is None or request.method not in ("GET", "HEAD"):
        return
    # https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header. Not `Sec-Fetch-Dest`, which does not say `document` of
    # pages that come by way of the worker.
    if request.headers.get("Sec-Fetch-Mode") not in _UNSEEN:
        cookies.put(response, f"{VISITOR}_{random.token_hex(4)}", visitor)


def _bases(request: web.Request) -> list[str]:
    """What this browser's tokens may be signed from."""
    if session := request.cookies.get(cookies.SESSION):
        return [session]
    known = [value for name, value in request.cookies.items() if name.startswith(VISITOR) and value]
    new = head.of(request).new_visitor
    return known if new is None else [*known, new]


def _acts_for(request: web.Request) -> str:
    """Of an organisation, what tells its forms from others."""
    person = viewer(request)
    return f".{person.account_id}" if person is not None and person.capacity.acts_for_others else ""


def _new_visitor(request: web.Request) -> str:
    known = head.of(request)
    known.new_visitor = random.token_urlsafe(16)
    return known.new_visitor


def _is_same_origin(request: web.Request) -> bool:
    """Browsers send `Origin` with every POST; who sends none has no cookies that a stranger could use."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc in (request.host, site.web_domain)
