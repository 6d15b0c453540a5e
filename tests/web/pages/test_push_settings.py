"""What a browser is told while the site is closed: the form, as the script sends it."""

import json
from typing import Any

import pytest

from node import site
from node.models import PushSubscription, Role, Session
from node.services.notifications import mail_notices, push
from tests.factories import Person, in_unit, make_person
from tests.pushed import Phone
from tests.web.conftest import Client
from tests.web.pages.visitor import Page, Visitor

PAGE = "/settings/notifications"


@pytest.fixture(autouse=True)
def vapid(client: Client) -> None:
    with in_unit():
        push.ensure_key()


def subscription(**changes: Any) -> str:
    phone = Phone()
    keys = {"p256dh": phone.p256dh, "auth": phone.auth}
    return json.dumps({"endpoint": "https://push.example/1", "expirationTime": None, "keys": keys} | changes)


async def save(reader: Visitor, **typed: Any) -> Page:
    return await reader.send(await reader.get(PAGE), PAGE, **typed)


async def test_a_browser_is_told_of_the_kinds_it_chose_but_not_at_night(reader: Visitor, alice: Person) -> None:
    page = await save(
        reader,
        subscription=subscription(),
        kinds=["mention", "follow"],
        policy="followed",
        quiet_from="22:30",
        quiet_until="07:00",
        zone="Europe/Berlin",
    )

    shown = await reader.follow(page)
    assert "This browser tells you." in shown.words(".notice")
    row = PushSubscription.get()
    assert (row.account_id, row.session_id, row.token_id) == (alice.account.id, Session.get().id, None)
    assert (row.alerts, row.policy, row.standard) == ("follow mention", "followed", True)
    assert (shown.value("quiet_from"), shown.value("quiet_until")) == ("22:30", "07:00")
    ticked = {node.attributes["value"] for node in shown.tree.css("[name=kinds][checked]")}
    assert ticked == {"mention", "follow"}


async def test_it_is_changed_and_ended(reader: Visitor) -> None:
    await save(reader, subscription=subscription(), quiet_from="22:30", quiet_until="07:00", zone="UTC")

    await save(reader, kinds=["poll"], quiet_from="", quiet_until="", do="save")
    row = PushSubscription.get()
    assert (row.alerts, row.quiet_from, row.time_zone) == ("poll", None, "")
    await save(reader, do="end")

    assert not PushSubscription.select().exists()


async def test_without_a_subscription_there_is_nothing_to_change(reader: Visitor) -> None:
    page = await save(reader, kinds=["poll"])

    assert page.status == 404
    assert not PushSubscription.select().exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"subscription": "x"},
        {"subscription": "{}"},
        {"subscription": "[" * 3_000},
        {"subscription": subscription(endpoint="https://push.example/" + "x" * 4_000)},
        {"subscription": subscription(endpoint="ftp://push.example")},
        {"subscription": subscription(endpoint="javascript:alert(1)")},
        {"subscription": subscription(keys={"p256dh": "AA", "auth": "AA"})},
        {"subscription": subscription(), "policy": "nobody"},
        {"subscription": subscription(), "quiet_from": "22:30"},
        {"subscription": subscription(), "quiet_from": "25:00", "quiet_until": "07:00", "zone": "UTC"},
        {"subscription": subscription(), "quiet_from": "²²:00", "quiet_until": "07:00", "zone": "UTC"},
        {"subscription": subscription(), "quiet_from": "22:30", "quiet_until": "07:00", "zone": "Middle/Earth"},
    ],
    ids=range(12),
)
async def test_what_is_wrong_is_said_and_subscribes_nobody(reader: Visitor, typed: dict[str, str]) -> None:
    page = await save(reader, **typed)

    assert page.status == 422
    assert page.error()
    assert not PushSubscription.select().exists()


async def test_news_of_the_staff_are_offered_to_the_staff(reader: Visitor, client: Client) -> None:
    staff = Visitor(client).sign_in(make_person("mona", role=Role.MODERATOR))
    await save(reader, subscription=subscription(), kinds=["mention", "admin.report", "nonsense"])
    await save(staff, subscription=subscription(), kinds=["mention", "admin.report"])

    assert {row.alerts for row in PushSubscription.select()} == {"mention", "admin.report mention"}


async def test_the_worker_stands_at_the_top(client: Client) -> None:
    response = await client.get("/sw.js")

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "showNotification" in await response.text()


async def test_letters_are_chosen_where_the_node_can_write_them(
    reader: Visitor, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await reader.get(PAGE)).tree.css_first("#mail") is None
    monkeypatch.setattr(site, "sends_mail", True)

    page = await reader.send(await reader.get(PAGE), f"{PAGE}/mail", kinds=["mention", "admin.report", "nonsense"])

    assert page.location == f"{PAGE}#mail"
    assert mail_notices.of(alice.user.id, alice.account.id) == {"mention"}
    shown = await reader.get(PAGE)
    ticked = [node.attributes["value"] for node in shown.tree.css("#mail [name=kinds][checked]")]
    assert ticked == ["mention"]
    await reader.send(shown, f"{PAGE}/mail", kinds=None)
    assert mail_notices.of(alice.user.id, alice.account.id) == set()
