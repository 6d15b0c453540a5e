"""Quotes, policies and requests through the client API."""

from collections.abc import Callable
from typing import Any

import pytest

from node.models import Account, Visibility
from node.services.statuses.facts import QuoteFacts
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
STATUSES = "/api/v1/statuses"
REQUESTS = "/api/v1/interaction_requests"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture
def other(bob: Person, as_person: AsPerson) -> Headers:
    return as_person(bob)


async def call(
    client: Client, headers: Headers | None, method: str, path: str, expected: int = 200, **body: Any
) -> Any:
    response = await client.request(method, path, json=body or None, headers=headers)
    assert response.status == expected, await response.text()
    return await response.json()


async def test_a_quote_is_a_status_in_a_status(client: Client, me: Headers, other: Headers) -> None:
    target = await call(client, me, "POST", STATUSES, status="The sea.")

    made = await call(client, other, "POST", STATUSES, status="Look:", quoted_status_id=target["id"])

    assert made["quote"]["state"] == "accepted"
    assert made["quote"]["quoted_status"]["id"] == target["id"]
    assert made["quote"]["quoted_status"]["quote"] is None
    deeper = await call(client, me, "POST", STATUSES, status="Look!", quoted_status_id=made["id"])
    inner = deeper["quote"]["quoted_status"]["quote"]
    assert inner == {"state": "accepted", "quoted_status_id": target["id"]}
    now = await call(client, None, "GET", f"{STATUSES}/{target['id']}")
    assert now["quotes_count"] == 1
    assert [one["id"] for one in await call(client, me, "GET", f"{STATUSES}/{target['id']}/quotes")] == [made["id"]]
    (told,) = [one for one in await call(client, me, "GET", "/api/v1/notifications") if one["type"] == "quote"]
    assert told["status"]["id"] == made["id"]


async def test_the_history_of_a_quote_says_what_is_quoted_as_long_as_it_may(
    client: Client, me: Headers, other: Headers
) -> None:
    target = await call(client, me, "POST", STATUSES, status="The sea.")
    made = await call(client, other, "POST", STATUSES, status="Look:", quoted_status_id=target["id"])
    path = f"{STATUSES}/{made['id']}"
    await call(client, other, "PUT", path, status="Look there:")

    before = await call(client, None, "GET", f"{path}/history")
    await call(client, me, "POST", f"{STATUSES}/{target['id']}/quotes/{made['id']}/revoke")
    after = await call(client, None, "GET", f"{path}/history")

    assert [one["content"] for one in before] == ["<p>Look:</p>", "<p>Look there:</p>"]
    assert [one["quote"]["quoted_status"]["id"] for one in before] == [target["id"]] * 2
    assert [one["quote"] for one in after] == [{"state": "revoked", "quoted_status": None}] * 2


async def test_an_author_takes_a_post_out_of_a_quote(client: Client, me: Headers, other: Headers) -> None:
    target = await call(client, me, "POST", STATUSES, status="The sea.")
    made = await call(client, other, "POST", STATUSES, status="Look:", quoted_status_id=target["id"])
    path = f"{STATUSES}/{target['id']}/quotes/{made['id']}/revoke"

    await call(client, other, "POST", path, 404)
    gone = await call(client, me, "POST", path)

    assert gone["quote"] == {"state": "revoked", "quoted_status": None}
    assert (await call(client, me, "GET", f"{STATUSES}/{target['id']}"))["quotes_count"] == 0


@pytest.mark.parametrize(
    ("policy", "automatic", "manual", "answer"),
    [
        ("public", ["public"], [], "automatic"),
        ("followers", ["followers"], [], "denied"),
        ("manual", [], ["public"], "manual"),
        ("nobody", [], [], "denied"),
    ],
)
async def test_who_may_quote_is_said_and_can_be_changed(
    client: Client, me: Headers, other: Headers, policy: str, automatic: list[str], manual: list[str], answer: str
) -> None:
    said = await call(client, me, "POST", STATUSES, status="The sea.", quote_approval_policy=policy)
    path = f"{STATUSES}/{said['id']}"

    assert said["quote_approval"] == {"automatic": automatic, "manual": manual, "current_user": "automatic"}
    seen = (await call(client, other, "GET", path))["quote_approval"]
    assert seen == {"automatic": automatic, "manual": manual, "current_user": answer}
    assert (await call(client, None, "GET", path))["quote_approval"]["current_user"] == "denied"
    await call(client, other, "PUT", f"{path}/interaction_policy", 404, quote_approval_policy="public")
    changed = await call(client, me, "PUT", f"{path}/interaction_policy", quote_approval_policy="public")
    assert changed["quote_approval"]["automatic"] == ["public"]
    edited = await call(client, me, "PUT", path, status="The sea.", quote_approval_policy=policy)
    assert edited["quote_approval"]["automatic"] == automatic
    await call(client, me, "PUT", f"{path}/interaction_policy", 400, quote_approval_policy="everybody")


async def test_what_is_for_followers_is_quoted_by_nobody_else(client: Client, me: Headers) -> None:
    said = await call(client, me, "POST", STATUSES, status="x", visibility="private", quote_approval_policy="public")

    assert said["quote_approval"]["automatic"] == []


async def test_other_rules_are_told_where_there_are_any(client: Client, me: Headers, other: Headers) -> None:
    said = await call(
        client, me, "POST", STATUSES, status="x", reply_approval_policy="manual", reblog_approval_policy="nobody"
    )

    seen = await call(client, other, "GET", f"{STATUSES}/{said['id']}")

    assert seen["reply_approval"] == {"automatic": [], "manual": ["public"], "current_user": "manual"}
    assert seen["reblog_approval"] == {"automatic": [], "manual": [], "current_user": "denied"}
    assert "favourite_approval" not in seen
    await call(client, other, "POST", f"{STATUSES}/{said['id']}/reblog", 422)


async def test_the_default_is_a_preference(client: Client, me: Headers) -> None:
    await call(client, me, "PATCH", "/api/v1/accounts/update_credentials", source={"quote_policy": "followers"})

    said = await call(client, me, "POST", STATUSES, status="x")
    preferences = await call(client, me, "GET", "/api/v1/preferences")
    own = await call(client, me, "GET", "/api/v1/accounts/verify_credentials")

    assert said["quote_approval"]["automatic"] == ["followers"]
    assert preferences["posting:default:quote_policy"] == own["source"]["quote_policy"] == "followers"


@pytest.mark.parametrize(("verb", "state"), [("authorize", "accepted"), ("reject", "rejected")])
async def test_requests_wait_for_a_word(client: Client, me: Headers, other: Headers, verb: str, state: str) -> None:
    target = await call(client, me, "POST", STATUSES, status="The sea.", quote_approval_policy="manual")
    made = await call(client, other, "POST", STATUSES, status="Look:", quoted_status_id=target["id"])
    assert made["quote"] == {"state": "pending", "quoted_status": None}

    (waiting,) = await call(client, me, "GET", REQUESTS)

    assert (waiting["type"], waiting["status"]["id"], waiting["quote"]["id"]) == ("quote", target["id"], made["id"])
    assert await call(client, other, "GET", REQUESTS) == []
    await call(client, other, "POST", f"{REQUESTS}/{waiting['id']}/{verb}", 404)
    assert (await call(client, me, "GET", f"{REQUESTS}/{waiting['id']}")) == waiting
    decided = await call(client, me, "POST", f"{REQUESTS}/{waiting['id']}/{verb}")
    when = "accepted_at" if verb == "authorize" else "rejected_at"
    assert decided[when] >= waiting["created_at"]
    assert decided == waiting | {when: decided[when]}
    await call(client, me, "POST", f"{REQUESTS}/{waiting['id']}/{verb}", 404)
    assert (await call(client, other, "GET", f"{STATUSES}/{made['id']}"))["quote"]["state"] == state


async def test_the_line_for_those_who_know_no_quotes_goes_where_the_quote_is_shown(
    client: Client, me: Headers, remote: Callable[..., Account]
) -> None:
    carol, dave = remote("carol"), remote("dave")
    target = make_status(carol)
    content = f'<p class="quote-inline">RE: <a href="{target.uri}">x</a></p><p>So true</p>'
    shown = make_status(carol, content=content, quote=QuoteFacts(uri=target.uri))
    hidden = make_status(dave, content=content, quote=QuoteFacts(uri=target.uri))

    assert (await call(client, me, "GET", f"{STATUSES}/{shown.id}"))["content"] == "<p>So true</p>"
    assert (await call(client, me, "GET", f"{STATUSES}/{hidden.id}"))["content"] == content


async def test_a_quote_gives_away_nothing_that_is_for_others(
    client: Client, me: Headers, other: Headers, alice: Person
) -> None:
    secret = make_status(alice, "A secret word.", visibility=Visibility.PRIVATE)
    made = await call(client, me, "POST", STATUSES, status="Mine.", quoted_status_id=str(secret.id))

    assert made["visibility"] == "private"
    await call(client, other, "GET", f"{STATUSES}/{made['id']}", 404)
    await call(client, other, "GET", f"{STATUSES}/{secret.id}/quotes", 404)
    await call(client, other, "POST", STATUSES, 404, status="x", quoted_status_id=str(secret.id))
