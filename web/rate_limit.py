"""How much one client may ask for: per account, per token of an app alone, else per network. The figures are Mastodon's.

Windows begin at fixed times. Counters of a window are one dictionary that is dropped with it, so that counting takes
the same time for one client and for a million. Each process counts for itself: several allow that much more.
"""

from functools import lru_cache
from typing import NamedTuple

from aiohttp import web

from node import clock
from node.errors import TooMany
from web import head
from web.client_ip import client_ip, network_of
from web.keys import CONFIG
from web.viewer import identity, viewer

MESSAGE = "Too many requests"
_LIMITED = (
    *("/api/", "/oauth/", "/auth/"),
    # Pages that write, search, or make this node ask another one.
    *(
        "/settings/portability",
        "/compose",
        "/drafts",
        "/scheduled",
        "/statuses/",
        "/accounts/",
        "/report",
        "/search",
        "/interact",
        "/authorize_interaction",
    ),
)
_MAX_CLIENTS = 200_000  # a flood from a million networks costs memory no more than this


class Budget(NamedTuple):
    name: str
    limit: int
    seconds: int


TOKEN = Budget("token", 1_500, 300)
NETWORK = Budget("network", 300, 300)
MEDIA = Budget("media", 30, 1800)

# By method and route: what costs more, or is worth more to a spammer. These count beside the general budget.
_ROUTES: dict[tuple[str, str], Budget] = {
    ("POST", "/api/v1/accounts"): Budget("sign-up", 25, 1800),
    ("POST", "/api/v1/emails/confirmations"): Budget("letters", 5, 1800),
    ("POST", "/auth/sign-up"): Budget("sign-up", 25, 1800),
    ("POST", "/api/v1/apps"): Budget("apps", 60, 600),
    ("POST", "/oauth/token"): Budget("tokens", 120, 300),
    ("POST", "/api/v1/statuses"): Budget("statuses", 300, 3 * 3600),
    ("POST", "/api/v1/statuses/{id}/reblog"): Budget("statuses", 300, 3 * 3600),
    ("DELETE", "/api/v1/statuses/{id}"): Budget("deletions", 30, 1800),
    ("POST", "/api/v1/statuses/{id}/unreblog"): Budget("deletions", 30, 1800),
    ("POST", "/api/v1/media"): MEDIA,
    ("POST", "/api/v2/media"): MEDIA,
    ("POST", "/api/v1/accounts/{id}/follow"): Budget("follows", 400, 86_400),
    ("POST", "/api/v1/statuses/{id}/translate"): Budget("translations", 100, 3600),
    ("POST", "/api/v1/reports"): Budget("reports", 400, 86_400),
    # The same budgets, whichever way somebody takes.
    ("POST", "/compose"): Budget("statuses", 300, 3 * 3600),
    ("POST", "/compose/media"): MEDIA,
    ("POST", "/statuses/{id}/delete"): Budget("deletions", 30, 1800),
    ("POST", "/accounts/{id}/{verb}"): Budget("follows", 400, 86_400),
    ("POST", "/statuses/{id}/translate"): Budget("translations", 100, 3600),
    ("POST", "/settings/portability/restore"): Budget("restorations", 10, 86_400),
    ("POST", "/settings/portability/import"): Budget("imports", 30, 86_400),
    ("POST", "/report"): Budget("reports", 400, 86_400),
}


class Limiter:
    """Counts uses of one kind of budget length; see the module."""

    def __init__(self) -> None:
        self._windows: dict[Budget, tuple[int, dict[str, int]]] = {}

    def spend(self, budget: Budget, client: str) -> head.Budget:
        """TooMany when nothing is left."""
        now = clock.now_ms() // 1000
        window = now // budget.seconds
        known = self._windows.get(budget)
        if known is None or known[0] != window or len(known[1]) >= _MAX_CLIENTS:
            known = self._windows[budget] = (window, {})
        used = known[1][client] = known[1].get(client, 0) + 1
        ends = (window + 1) * budget.seconds
        if used > budget.limit:
            raise TooMany(MESSAGE, ends - now)
        return head.Budget(budget.limit, budget.limit - used, _text(ends))


LIMITER = web.AppKey("limiter", Limiter)


def spend(request: web.Request) -> None:
    """TooMany when the client has used up what it may ask for just now. After `viewer.identify`."""
    if not request.path.startswith(_LIMITED) or not request.app[CONFIG].rate_limits:
        return
    limiter = request.app[LIMITER]
    person = viewer(request)
    if person is not None:
        client, general = f"account {person.account_id}", TOKEN
    elif (app := identity(request)) is not None:
        client, general = f"token {app.token_id}", TOKEN
    else:
        client, general = network_of(client_ip(request)), NETWORK
    budget = None if request.method == "GET" else _of_route(request)
    try:
        state = limiter.spend(general, client)
        if budget is not None:
            state = limiter.spend(budget, client)
    except TooMany as refusal:
        known = budget or general
        ends = _text(clock.now_ms() // 1000 + refusal.retry_after_seconds)
        head.of(request).budget = head.Budget(known.limit, 0, ends)
        raise
    head.of(request).budget = state


def spend_upload(request: web.Request, account_id: int) -> None:
    """For a picture that comes with something else, as if it were uploaded by itself."""
    if request.app[CONFIG].rate_limits:
        request.app[LIMITER].spend(MEDIA, f"account {account_id}")


def _of_route(request: web.Request) -> Budget | None:
    resource = request.match_info.route.resource
    return None if resource is None else _ROUTES.get((request.method, resource.canonical.rstrip("/")))


@lru_cache(maxsize=64)
def _text(seconds: int) -> str:
    """The same few ends of windows are written again and again."""
    return clock.iso(seconds * 1000)
