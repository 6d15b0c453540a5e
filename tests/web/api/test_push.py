"""Web Push subscriptions through the client API. How messages get to apps: tests/federation/outgoing/test_push.py."""

from collections.abc import Callable
from typing import Any

import pytest

from federation.delivery.push import TOKEN_PURPOSE
from node import secret
from node.config import Config
from node.models import NotificationKind, PushSubscription
from node.services.notifications import push
from tests.factories import Person
from tests.pushed import Phone
from tests.web.conftest import Client, Headers

PATH = "/api/v1/push/subscription"
ENDPOINT = "https://push.test/send/abc"


@pytest.fixture
def me(alice: Person, as_person: Callable[..., Headers]) -> Headers:
    return as_person(alice, "push")


def wish(**data: Any) -> dict[str, Any]:
    phone = Phone()
    keys = {"p256dh": phone.p256dh, "auth": phone.auth}
    return {"subscription": {"endpoint": ENDPOINT, "keys": keys}, "data": data}


async def subscribed(client: Client, me: Headers, body: dict[str, Any]) -> Any:
    response = await client.post(PATH, json=body, headers=me)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_an_app_subscribes_reads_changes_and_ends(client: Client, me: Headers) -> None:
    made = await subscribed(client, me, wish(alerts={"mention": True, "admin.report": "1", "poll": False}))

    assert made["endpoint"] == ENDPOINT
    assert made["standard"] is False
    assert made["policy"] == "all"
    assert made["server_key"] == push.key().public_key
    assert {kind for kind, wanted in made["alerts"].items() if wanted} == {"mention", "admin.report"}
    assert set(made["alerts"]) == set(NotificationKind)
    assert await (await client.get(PATH, headers=me)).json() == made

    body = {"data": {"alerts": {"follow": True}, "policy": "follower"}}
    changed = await (await client.put(PATH, json=body, headers=me)).json()
    assert changed["id"] == made["id"]
    assert changed["policy"] == "follower"
    assert [kind for kind, wanted in changed["alerts"].items() if wanted] == ["follow"]

    for _ in range(2):
        response = await client.delete(PATH, headers=me)
        assert (response.status, await response.json()) == (200, {})
    assert (await client.get(PATH, headers=me)).status == 404
    assert (await client.put(PATH, json=body, headers=me)).status == 404


async def test_forms_as_apps_send_them(client: Client, me: Headers) -> None:
    phone = Phone()
    form = {
        "subscription[endpoint]": ENDPOINT,
        "subscription[keys][p256dh]": phone.p256dh + "=",
        "subscription[keys][auth]": phone.auth + "==",
        "subscription[standard]": "true",
        "data[alerts][mention]": "true",
        "data[alerts][admin.sign_up]": "true",
        "data[alerts][invented]": "true",
        "data[alerts][follow]": "false",
        "policy": "followed",
    }

    made = await (await client.post(PATH, data=form, headers=me)).json()

    assert made["standard"] is True
    assert made["policy"] == "followed"
    assert {kind for kind, wanted in made["alerts"].items() if wanted} == {"mention", "admin.sign_up"}


async def test_a_second_subscription_takes_the_place_of_the_first(client: Client, me: Headers) -> None:
    first = await subscribed(client, me, wish(alerts={"mention": True}))
    second = await subscribed(client, me, wish())

    assert first["id"] != second["id"]
    assert not any(second["alerts"].values())
    assert PushSubscription.select().count() == 1


async def test_the_token_that_subscribed_is_kept_sealed(
    client: Client, config: Config, alice: Person, token: Callable[..., str]
) -> None:
    text = token(alice, "push")
    await subscribed(client, {"Authorization": f"Bearer {text}"}, wish())

    sealed = PushSubscription.get().sealed_token
    assert text not in sealed
    assert secret.unseal(secret.load(config), TOKEN_PURPOSE, sealed) == text
    assert secret.unseal(secret.load(config), "something else", sealed) is None


async def test_each_token_has_its_own(client: Client, alice: Person, as_person: Callable[..., Headers]) -> None:
    one, other = as_person(alice, "push"), as_person(alice, "push")
    await subscribed(client, one, wish())

    assert (await client.get(PATH, headers=other)).status == 404
    await client.delete(PATH, headers=other)
    assert (await client.get(PATH, headers=one)).status == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "http://push.test/x"),
        ("endpoint", "no address"),
        ("endpoint", "https://a.test/api"),
        ("endpoint", ""),
        ("endpoint", "https://push.test/" + "x" * 3000),
        ("p256dh", "AAAA"),
        ("p256dh", ""),
        ("auth", "AAAA"),
    ],
)
async def test_what_cannot_be_told_is_refused(client: Client, me: Headers, field: str, value: str) -> None:
    body = wish()
    (body["subscription"] if field == "endpoint" else body["subscription"]["keys"])[field] = value

    response = await client.post(PATH, json=body, headers=me)

    assert response.status == 422
    assert ("endpoint" if field == "endpoint" else "keys") in (await response.json())["details"]
    assert PushSubscription.select().count() == 0


@pytest.mark.parametrize("body", [{"data": {"policy": "friends"}}, {"subscription": 5}, {"data": {"alerts": [1]}}])
async def test_nonsense_is_refused(client: Client, me: Headers, body: dict[str, Any]) -> None:
    assert (await client.post(PATH, json=wish() | body, headers=me)).status == 400
    assert PushSubscription.select().count() == 0


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_it_needs_the_scope(
    client: Client, alice: Person, as_person: Callable[..., Headers], method: str
) -> None:
    response = await client.request(method, PATH, headers=as_person(alice, "read write follow"), json=wish())
    assert response.status == 403
    assert (await client.request(method, PATH, json=wish())).status == 401


async def test_apps_are_told_the_key_of_this_node(client: Client, me: Headers) -> None:
    key = push.key().public_key
    form = {"client_name": "Phone", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}

    assert (await (await client.post("/api/v1/apps", data=form)).json())["vapid_key"] == key
    assert (await (await client.get("/api/v1/apps/verify_credentials", headers=me)).json())["vapid_key"] == key
    instance = await (await client.get("/api/v2/instance")).json()
    assert instance["configuration"]["vapid"] == {"public_key": key}
