"""What strangers do, held back for somebody who reads pages."""

import pytest

from node import store
from node.models import Decision
from node.services.notifications import policy as notification_policy
from node.services.notifications import requests as notification_requests
from node.services.notifications.policy import NAMES
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Visitor

PATH = "/notifications/requests"


async def test_strangers_are_held_back_let_through_and_thrown_away(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    page = await reader.get(PATH)

    saved = await reader.send(page, PATH, not_following="filter")

    assert saved.location == PATH
    assert notification_policy.of(alice.account.id).not_following == Decision.FILTER
    make_status(bob, "@alice hello")
    notifications = await reader.get("/notifications")
    assert "What 1 person did is held back" in notifications.words(".strip")
    assert "hello" not in notifications.words("[data-feed]")
    page = await reader.get(PATH)
    assert "hello" in page.words(".people")
    request = page.tree.css_first('button[formaction$="/accept"]').attributes["formaction"]

    await reader.press(page, request)

    assert "hello" in (await reader.get("/notifications")).words("[data-feed]")
    assert "Nothing is held back" in (await reader.get(PATH)).text


async def test_what_is_thrown_away_is_not_seen_again(reader: Visitor, alice: Person, bob: Person) -> None:
    with store.transaction():
        notification_policy.change(alice.account.id, {"not_following": Decision.FILTER})
    make_status(bob, "@alice hello")
    page = await reader.get(PATH)

    await reader.press(page, page.tree.css_first('button[formaction$="/dismiss"]').attributes["formaction"])

    assert "hello" not in (await reader.get("/notifications")).text
    assert notification_requests.summary(alice.account.id) == (0, 0)


async def test_saving_changes_nothing_that_was_not_changed(reader: Visitor, alice: Person) -> None:
    before = {name: getattr(notification_policy.of(alice.account.id), name) for name in NAMES}

    await reader.send(await reader.get(PATH), PATH)

    assert {name: getattr(notification_policy.of(alice.account.id), name) for name in NAMES} == before


@pytest.mark.parametrize("word", ["", "hide", "x" * 500])
async def test_other_decisions_are_refused(reader: Visitor, alice: Person, word: str) -> None:
    page = await reader.get(PATH)

    refused = await reader.send(page, PATH, bots=word)

    assert refused.status == 400
    assert notification_policy.of(alice.account.id).bots == Decision.ACCEPT


async def test_others_settle_nothing(reader: Visitor, other: Visitor, alice: Person, bob: Person) -> None:
    with store.transaction():
        notification_policy.change(alice.account.id, {"not_following": Decision.FILTER})
    make_status(bob, "@alice hello")
    page = await reader.get(PATH)
    path = page.tree.css_first('button[formaction$="/dismiss"]').attributes["formaction"]
    csrf = (await other.get(PATH)).value("csrf")

    await other.post(path, [("csrf", csrf)])

    assert notification_requests.summary(alice.account.id) == (1, 1)
