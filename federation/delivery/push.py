"""Sends Web Push messages through the door: the handler of the jobs of node/services/notifications/push.py (ADR 17)."""

import random
from collections.abc import Callable
from functools import partial
from typing import Final

import structlog

from federation import uris
from federation.context import Federation
from federation.errors import BadStatus, FetchError
from federation.http.budget import LaneFull
from node import clock, jobs, secret, site, store, web_push
from node.config import Config
from node.errors import Invalid
from node.jobs import TakenJob
from node.models import PushSubscription
from node.services.notifications import push_delivery
from node.services.notifications.push_delivery import Push
from node.web_push import Message

log = structlog.get_logger()

TOKEN_PURPOSE: Final = "push access token"  # noqa: S105 - what is sealed, not a secret
TTL_SECONDS: Final = 48 * 3600  # how long the push service keeps it for a device that is off, as Mastodon has it

_DEADLINE_SECONDS = 10.0
_JWT_SECONDS = 12 * 3600  # RFC 8292, section 2: 24 hours at most
_FIRST_DELAY_MS, _LONGEST_DELAY_MS = 30 * clock.SECOND, 2 * clock.HOUR
_GONE = (404, 410)

# The message for a notification; the second argument is the access token that the app knows.
Compose = Callable[[Push, str], bytes]


def check_endpoint(config: Config, url: str) -> None:
    """Invalid unless messages may be sent there, as far as that can be said before asking."""
    parts = uris.split(url)
    if parts is None or (parts.scheme == "http" and not config.plain_http):
        message = "The endpoint must be an https address."
    elif parts.host in uris.own_hosts(config):
        message = "The endpoint must be the address of a push service."
    else:
        return
    raise Invalid(message, {"endpoint": message})


async def send(fed: Federation, compose: Compose, node_secret: bytes, job: TakenJob) -> None:
    """Tell one app of one notification, or try again later, or leave it."""
    push = await store.read(push_delivery.load, job)
    if push is None:
        await store.write(jobs.finish, job)
        return
    text = compose(push, _access_token(node_secret, push.subscription))
    await store.write(await _outcome(fed, push, text, job))


async def _outcome(fed: Federation, push: Push, text: bytes, job: TakenJob) -> Callable[[], None]:
    """What the answer means, to be written down."""
    subscription = push.subscription
    host = uris.host_of(subscription.endpoint) or ""
    try:
        fed.pushes.enter(host)
    except LaneFull:  # many messages to this service are on their way
        return partial(jobs.put_off, job, clock.SECOND)
    try:
        await _post(fed, push, text)
    except FetchError as error:
        log.info("push failed", host=host, subscription=subscription.id, reason=str(error))
        return _after(error, push, job)
    finally:
        fed.pushes.leave(host)
    return partial(push_delivery.arrived, job, subscription)


async def _post(fed: Federation, push: Push, text: bytes) -> None:
    message = _encrypted(push, text)
    await fed.door.post(
        push.subscription.endpoint,
        message.body,
        content_type="application/octet-stream",
        headers={"Accept": "*/*", "TTL": str(TTL_SECONDS), "Urgency": "normal"} | message.headers,
        deadline_seconds=_DEADLINE_SECONDS,
    )


def _encrypted(push: Push, text: bytes) -> Message:
    subscription, key = push.subscription, push.key
    standard = subscription.standard
    message = web_push.encrypt(text, web_push.receiver(subscription.p256dh, subscription.auth), standard=standard)
    claims: dict[str, str | int] = {
        "aud": uris.origin_of(subscription.endpoint) or "",
        "exp": clock.now_ms() // 1000 + _JWT_SECONDS,
        # Whom the push service tells when something is wrong (RFC 8292, section 2.1).
        "sub": f"mailto:{push.contact_email}" if push.contact_email else site.base_url,
    }
    headers = message.headers | {
        "Authorization": web_push.authorization(key.private_pem, key.public_key, claims, standard=standard)
    }
    if not standard:
        headers["Crypto-Key"] += f";p256ecdsa={key.public_key}"
    return Message(message.body, headers)


def _after(error: FetchError, push: Push, job: TakenJob) -> Callable[[], None]:
    if isinstance(error, BadStatus) and error.status in _GONE:
        return partial(push_delivery.gone, job, push.subscription)
    if not _may_pass(error):
        return partial(push_delivery.refused, job, push.subscription)
    delay = int(min(_FIRST_DELAY_MS * 2 ** min(job.attempts, 10), _LONGEST_DELAY_MS) * random.uniform(0.8, 1.2))
    if isinstance(error, BadStatus) and error.retry_after is not None:
        delay = max(delay, error.retry_after * clock.SECOND)
    if clock.now_ms() + delay >= push.ends_at:
        return partial(jobs.finish, job)
    return partial(jobs.try_later, job, delay)


def _may_pass(error: FetchError) -> bool:
    """A push service that answers 401 does not believe our key, and will not later."""
    return error.temporary and not (isinstance(error, BadStatus) and error.status == 401)


def _access_token(node_secret: bytes, subscription: PushSubscription) -> str:
    if not subscription.sealed_token:  # a browser's
        return ""
    token = secret.unseal(node_secret, TOKEN_PURPOSE, subscription.sealed_token)
    if token is None:
        log.warning("a push subscription was sealed with another secret file", subscription=subscription.id)
    return token or ""
