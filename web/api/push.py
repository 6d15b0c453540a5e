"""https://docs.joinmastodon.org/methods/push/"""

import msgspec
from aiohttp import web

from federation.delivery import push as federation_push
from node import secret, store
from node.errors import Invalid
from node.models import NotificationKind, PushKey, PushPolicy, PushSubscription
from node.services.notifications import push
from node.services.notifications.push import Wish
from web import responses, route
from web.entities.push import subscription_entity
from web.inputs import person, takes
from web.keys import CONFIG, SECRET
from web.viewer import Viewer, bearer

# `data[alerts][mention]=true` and so on, one for each kind.
_Alerts = msgspec.defstruct(
    "_Alerts", [(kind.name, bool | None, msgspec.field(name=str(kind), default=None)) for kind in NotificationKind]
)


class _Keys(msgspec.Struct, frozen=True):
    p256dh: str = ""
    auth: str = ""


class _Subscription(msgspec.Struct, frozen=True):
    endpoint: str = ""
    keys: _Keys = _Keys()
    standard: bool = False


class _Data(msgspec.Struct, frozen=True):
    alerts: _Alerts | None = None  # type: ignore[valid-type] # made above
    policy: PushPolicy | None = None


class _Wish(msgspec.Struct):
    """Mastodon reads `data[policy]`; its documentation and some apps say `policy`."""

    subscription: _Subscription = _Subscription()
    data: _Data = _Data()
    policy: PushPolicy | None = None


async def show(_: web.Request, viewer: Viewer) -> web.Response:
    return _answer(*await store.point(_with_key, _token_id(viewer)))


async def create(request: web.Request, viewer: Viewer, wish: _Wish) -> web.Response:
    token_id = _token_id(viewer)
    asked = wish.subscription
    federation_push.check_endpoint(request.app[CONFIG], asked.endpoint)
    complete = Wish(
        endpoint=asked.endpoint,
        p256dh=asked.keys.p256dh,
        auth=asked.keys.auth,
        standard=asked.standard,
        policy=wish.data.policy or wish.policy or PushPolicy.ALL,
        alerts=_wanted(wish.data) or frozenset(),
        # Only now is the token known; messages need it later.
        sealed_token=secret.seal(request.app[SECRET], federation_push.TOKEN_PURPOSE, bearer(request) or ""),
    )
    return _answer(*await store.write(_subscribe, token_id, viewer.account_id, complete))


async def change(_: web.Request, viewer: Viewer, wish: _Wish) -> web.Response:
    token_id = _token_id(viewer)
    policy = wish.data.policy or wish.policy
    return _answer(*await store.write(_change, token_id, wish.data, policy))


async def delete(_: web.Request, viewer: Viewer) -> web.Response:
    await store.write(push.end, _token_id(viewer))
    return responses.empty()


def _token_id(viewer: Viewer) -> int:
    if viewer.token_id is None:
        raise Invalid("Only apps can subscribe.")
    return viewer.token_id


def _wanted(data: _Data) -> frozenset[NotificationKind] | None:
    """None when nothing was said; else the kinds that were said to be wanted, and no others."""
    if data.alerts is None:
        return None
    return frozenset(kind for kind in NotificationKind if getattr(data.alerts, kind.name))


def _with_key(token_id: int) -> tuple[PushSubscription, PushKey]:
    return push.of_token(token_id), push.key()


def _subscribe(token_id: int, account_id: int, wish: Wish) -> tuple[PushSubscription, PushKey]:
    return push.subscribe(token_id, account_id, wish), push.key()


def _change(token_id: int, data: _Data, policy: PushPolicy | None) -> tuple[PushSubscription, PushKey]:
    return push.change(token_id, alerts=_wanted(data), policy=policy), push.key()


def _answer(row: PushSubscription, key: PushKey) -> web.Response:
    return responses.json(subscription_entity(row, key.public_key))


ROUTES = [
    route.get("/api/v1/push/subscription", show, person("push")),
    route.post("/api/v1/push/subscription", create, person("push"), takes(_Wish)),
    route.put("/api/v1/push/subscription", change, person("push"), takes(_Wish)),
    route.delete("/api/v1/push/subscription", delete, person("push")),
]
