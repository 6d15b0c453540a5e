"""Web Push messages reach a push service, say what apps read, and end as the service answers (ADR 17)."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, NamedTuple

import pytest
from aiohttp import web

from federation.context import Federation
from federation.delivery import push as federation_push
from federation.http.budget import LaneFull
from federation.http.door import Door
from node import clock, jobs, secret, site, store
from node.config import Config
from node.errors import Invalid
from node.jobs import JobKind
from node.models import Account, Job, NotificationKind, PushSubscription, User
from node.paging import Page
from node.services.access import oauth
from node.services.community import settings
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.interactions import favourites
from node.services.notifications import push
from node.services.notifications import telling as notifications
from node.services.notifications.push import Wish
from node.services.notifications.push_delivery import MOST_REFUSALS
from node.services.relationships import blocks
from node.services.statuses import deletion
from tests.factories import Person, in_unit, waiting_jobs
from tests.factories_posts import make_status
from tests.federation.loopback import Names, Peer, local_config
from tests.pushed import Phone
from web.entities.push import push_message
from web.files import remote_media

SECRET = b"s" * 32
PATH = "/push/abc?device=1"


class Service(NamedTuple):
    """A push service, and the node's way to it."""

    peer: Peer
    fed: Federation

    async def send(self) -> int:
        """Do the push jobs that are due; how many."""
        taken = [job for job in await store.write(jobs.take, 1, 100) if job.kind == JobKind.PUSH]
        for job in taken:
            await federation_push.send(self.fed, push_message, SECRET, job)
        return len(taken)

    def answers(self, status: int, **headers: str) -> None:
        self.peer.on("/push/abc", status=status, headers=headers)


@pytest.fixture
async def service(db: None) -> AsyncIterator[Service]:
    config = local_config()
    site.use(config)
    remote_media.use(SECRET)
    with in_unit():
        push.ensure_key()
    async with Peer() as peer, Door(config) as door:
        found = Service(peer, Federation(config=config, door=door))
        found.answers(201)
        yield found


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def subscribe(service: Service, alice: Person, phone: Phone) -> Callable[..., PushSubscription]:
    def make(endpoint: str = "", *, standard: bool = True) -> PushSubscription:
        with in_unit():
            app, _ = oauth.register_app("Phone", [oauth.OUT_OF_BAND], "read push")
            token, text = oauth.create_token(app, "read", user_id=alice.user.id, account_id=alice.account.id)
            wish = Wish(
                endpoint=endpoint or service.peer.url(PATH),
                p256dh=phone.p256dh,
                auth=phone.auth,
                standard=standard,
                alerts=frozenset(NotificationKind),
                sealed_token=secret.seal(SECRET, federation_push.TOKEN_PURPOSE, text),
            )
            return push.subscribe(token.id, alice.account.id, wish)

    return make


@pytest.fixture
def liked(alice: Person, bob: Person) -> Callable[[], int]:
    """Bob marks a post of Alice's; the status."""

    def like() -> int:
        with in_unit():
            status = make_status(alice, "Linnets sing <b>in the hedge</b> & elsewhere.")
            favourites.add(bob.account.id, status.id)
        return status.id

    return like


def left() -> list[Job]:
    return waiting_jobs(JobKind.PUSH)


def later(monkeypatch: pytest.MonkeyPatch, milliseconds: int) -> None:
    now = clock.now_ms() + milliseconds
    monkeypatch.setattr(clock, "now_ms", lambda: now)


def claims_of(authorization: str) -> dict[str, Any]:
    part = authorization.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


@pytest.mark.parametrize("standard", [True, False])
async def test_the_app_reads_what_happened(
    service: Service, subscribe: Any, liked: Any, phone: Phone, bob: Person, standard: bool
) -> None:
    row = subscribe(standard=standard)
    liked()

    assert await service.send() == 1

    (request,), (body,) = service.peer.received, service.peer.bodies
    message = json.loads(phone.decrypt(body, request.headers))
    made = notifications.page(row.account_id, Page(limit=1))[0]
    token = secret.unseal(SECRET, federation_push.TOKEN_PURPOSE, row.sealed_token)
    assert token
    assert message == {
        "access_token": token,
        "preferred_locale": "en",
        "notification_id": made.id,
        "notification_type": "favourite",
        "icon": f"{site.base_url}/static/avatar.svg",
        "title": "bob marked your post as a favourite",
        "body": "Linnets sing <b>in the hedge</b> & elsewhere.",
    }
    assert left() == []

    return Page(limit=1)


@pytest.mark.parametrize(
    ("action", "context", "messages"),
    [("hide", "notifications", 0), ("hide", "home", 1), ("warn", "notifications", 1)],
)
async def test_what_a_filter_hides_from_notifications_is_not_pushed(
    service: Service, subscribe: Any, alice: Person, bob: Person, action: str, context: str, messages: int
) -> None:
    subscribe()
    with in_unit():
        terms = Terms(title="Enough", contexts=[context], action=action)
        filters.create(alice.account.id, terms, [KeywordChange(keyword="marmite")])
        make_status(bob, "@alice Marmite?")

    assert await service.send() == 1

    assert len(service.peer.received) == messages
    assert left() == []
    assert len(notifications.page(alice.account.id, Page(limit=2))) == 1


@pytest.mark.parametrize("standard", [True, False])
async def test_the_service_learns_who_sends_and_for_how_long(
    service: Service, subscribe: Any, liked: Any, standard: bool
) -> None:
    subscribe(standard=standard)
    liked()

    await service.send()

    (request,) = service.peer.received
    assert request.method == "POST"
    assert request.path_qs == PATH
    assert (request.headers["TTL"], request.headers["Urgency"]) == ("172800", "normal")
    assert request.headers["Content-Type"] == "application/octet-stream"
    authorization = request.headers["Authorization"]
    claims = claims_of(authorization)
    assert claims["aud"] == f"http://{service.peer.authority}"
    assert claims["sub"] == site.base_url
    assert 0 < claims["exp"] - clock.now_ms() // 1000 <= 24 * 3600
    key = push.key().public_key
    if standard:
        assert authorization.startswith("vapid t=")
        assert authorization.endswith(f", k={key}")
        assert "Crypto-Key" not in request.headers
    else:
        assert authorization.startswith("WebPush ")
        assert request.headers["Crypto-Key"].endswith(f";p256ecdsa={key}")


async def test_whoever_answers_for_the_node_is_named(service: Service, subscribe: Any, liked: Any) -> None:
    with in_unit():
        settings.change({"contact_email": "birds@a.test"}, None)
    subscribe()
    liked()

    await service.send()

    assert claims_of(service.peer.received[0].headers["Authorization"])["sub"] == "mailto:birds@a.test"


async def test_the_longest_message_still_fits(
    service: Service, subscribe: Any, alice: Person, bob: Person, phone: Phone
) -> None:
    with in_unit():
        Account.update(display_name="🐦" * 50, version=Account.version + 1).where(
            Account.id == bob.account.id
        ).execute()
        User.update(locale="nl").where(User.id == alice.user.id).execute()
        subscribe()
        make_status(bob, "@alice " + '"\\👩‍👩‍👧‍👦' * 40)

    await service.send()

    message = json.loads(phone.decrypt(service.peer.bodies[0], service.peer.received[0].headers))
    assert (message["notification_type"], message["preferred_locale"]) == ("mention", "nl")
    assert len(message["body"]) <= 140
    assert message["title"].endswith("wrote to you")


async def test_a_warning_stands_for_what_it_hides(
    service: Service, subscribe: Any, bob: Person, alice: Person, phone: Phone
) -> None:
    subscribe()
    with in_unit():
        make_status(bob, "@alice the end", spoiler_text="A film")

    await service.send()

    assert json.loads(phone.decrypt(service.peer.bodies[0], service.peer.received[0].headers))["body"] == "A film"


# ── what is not sent ──


@pytest.mark.parametrize("undone", ["deleted", "dismissed", "blocked", "unsubscribed", "old"])
async def test_what_is_no_news_any_more_is_not_sent(
    service: Service,
    subscribe: Any,
    liked: Any,
    alice: Person,
    bob: Person,
    undone: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = subscribe()
    status_id = liked()
    with in_unit():
        match undone:
            case "deleted":
                deletion.delete(alice.account.id, status_id)
            case "dismissed":
                notifications.clear(alice.account.id)
            case "blocked":
                blocks.block(alice.account.id, bob.account.id)
            case "unsubscribed":
                push.end(row.token_id)
            case "old":
                later(monkeypatch, clock.DAY)

    assert await service.send() == 1

    assert service.peer.received == []
    assert left() == []


async def test_with_another_secret_the_message_has_no_token(
    service: Service, subscribe: Any, liked: Any, phone: Phone
) -> None:
    row = subscribe()
    with in_unit():
        sealed = secret.seal(b"o" * 32, federation_push.TOKEN_PURPOSE, "a token")
        PushSubscription.update(sealed_token=sealed).where(PushSubscription.id == row.id).execute()
    liked()

    await service.send()

    message = json.loads(phone.decrypt(service.peer.bodies[0], service.peer.received[0].headers))
    assert message["access_token"] == ""


# ── answers ──


@pytest.mark.parametrize("status", [404, 410])
async def test_the_service_may_end_a_subscription(service: Service, subscribe: Any, liked: Any, status: int) -> None:
    service.answers(status)
    subscribe()
    liked()

    await service.send()

    assert PushSubscription.select().count() == 0
    assert left() == []


@pytest.mark.parametrize("status", [400, 401, 403, 413, 501])
async def test_a_refusal_drops_the_message_and_is_counted(
    service: Service, subscribe: Any, liked: Any, status: int
) -> None:
    service.answers(status)
    subscribe()
    liked()

    await service.send()

    assert PushSubscription.get().refusals == 1
    assert left() == []
    service.answers(201)
    liked()
    await service.send()
    assert PushSubscription.get().refusals == 0


async def test_many_refusals_in_a_row_end_the_subscription(service: Service, subscribe: Any, liked: Any) -> None:
    service.answers(403)
    row = subscribe()
    with in_unit():
        PushSubscription.update(refusals=MOST_REFUSALS - 1).where(PushSubscription.id == row.id).execute()
    liked()

    await service.send()

    assert PushSubscription.select().count() == 0


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_service_that_is_overloaded_is_asked_again_later(
    service: Service, subscribe: Any, liked: Any, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answers(status)
    subscribe()
    liked()
    await service.send()
    (job,) = left()
    waited = job.due_at - clock.now_ms()
    assert 20 * clock.SECOND < waited < clock.MINUTE
    assert job.lease_owner is None
    assert await service.send() == 0

    service.answers(201)
    later(monkeypatch, clock.MINUTE)
    assert await service.send() == 1

    assert len(service.peer.received) == 2
    assert left() == []
    assert PushSubscription.get().refusals == 0


async def test_each_attempt_waits_longer(
    service: Service, subscribe: Any, liked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answers(503)
    subscribe()
    liked()
    waited = []
    while True:
        await service.send()
        if not left():
            break
        waited.append(left()[0].due_at - clock.now_ms())
        later(monkeypatch, waited[-1])

    assert waited[0] < waited[2] < waited[4]
    assert clock.DAY - 3 * clock.HOUR < sum(waited) < clock.DAY
    assert PushSubscription.select().count() == 1


async def test_the_service_may_say_when(service: Service, subscribe: Any, liked: Any) -> None:
    service.answers(429, **{"Retry-After": "7200"})
    subscribe()
    liked()

    await service.send()

    assert left()[0].due_at - clock.now_ms() > 7_190 * clock.SECOND


async def test_later_than_a_day_is_never(service: Service, subscribe: Any, liked: Any) -> None:
    service.answers(429, **{"Retry-After": "90000"})
    subscribe()
    liked()

    await service.send()

    assert left() == []
    assert PushSubscription.select().count() == 1


async def test_nobody_there_is_asked_again_later(service: Service, subscribe: Any, liked: Any) -> None:
    subscribe("http://127.0.0.250:1/push")
    liked()

    await service.send()

    assert len(left()) == 1


async def test_messages_to_a_busy_service_wait_without_being_lost(
    service: Service, subscribe: Any, liked: Any
) -> None:
    subscribe()
    liked()
    with suppress(LaneFull):
        while True:
            service.fed.pushes.enter(service.peer.authority)

    await service.send()

    assert service.peer.received == []
    assert left()[0].due_at - clock.now_ms() <= clock.SECOND


# ── where ──


async def test_no_private_address_is_asked(config: Config, subscribe: Any, service: Service, liked: Any) -> None:
    """The name was public when the app subscribed."""
    subscribe(f"http://push.test:{service.peer.port}/push/abc")
    liked()
    async with Door(local_config(outgoing_allow=()), resolver=Names(["127.0.0.1"])) as door:
        await Service(service.peer, Federation(config=local_config(), door=door)).send()

    assert service.peer.received == []
    assert PushSubscription.get().refusals == 1
    assert left() == []


async def test_a_redirect_elsewhere_is_not_followed(service: Service, subscribe: Any, liked: Any) -> None:
    async with Peer() as other:

        async def redirect(request: web.Request) -> web.Response:
            return web.Response(status=308, headers={"Location": other.url("/push/abc")})

        service.peer.on("/push/abc", redirect)
        subscribe()
        liked()

        await service.send()

        assert other.received == []
    assert PushSubscription.get().refusals == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "push.test",
        "ftp://push.test/x",
        "https://user@push.test/x",
        "https://push.test/a b",
        "https://",
        "https://a.test/api/v1/push",  # this node itself
        "http://push.test/x",
        "https://push.test/" + "x" * 2048,
    ],
)
def test_some_addresses_are_no_endpoints(url: str) -> None:
    with pytest.raises(Invalid):
        federation_push.check_endpoint(Config.for_tests(), url)


def test_others_are() -> None:
    federation_push.check_endpoint(Config.for_tests(), "https://push.test/x?y=z")
    federation_push.check_endpoint(local_config(), "http://push.test/x")
