"""Quotes and answers that need a yes, between alice on one node and bob on the other, who follows her."""

from typing import Any

from tests.live.conversation import People, arrives, status, word
from tests.live.node import Person
from tests.live.waiting import until

_REQUESTS = "/api/v1/interaction_requests"


def _quotes(people: People, **policy: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What alice wrote, as her node has it; and bob's quote of it, as his node has it."""
    text = word()
    said = people.alice.say(text, **policy)
    copy = arrives(people.bob, text)
    return said, people.bob.say(word(), quoted_status_id=copy["id"])


def _state(person: Person, status_id: str) -> str:
    return str(status(person, status_id)["quote"]["state"])


def _at_alices(people: People, quoting: dict[str, Any]) -> dict[str, Any]:
    """Bob's quote, as alice finds it by its address."""
    found = people.alice.get("/api/v2/search", q=quoting["uri"], resolve="true", type="statuses")["statuses"]
    assert found, quoting["uri"]
    return found[0]  # type: ignore[no-any-return]


def a_quote_that_anybody_may_make(people: People) -> None:
    said, quoting = _quotes(people)
    assert quoting["quote"]["state"] == "pending"

    until(lambda: _state(people.bob, quoting["id"]) == "accepted", what="alice's node agrees")
    assert status(people.bob, quoting["id"])["quote"]["quoted_status"]["uri"] == said["uri"]
    until(lambda: status(people.alice, said["id"])["quotes_count"] == 1, what="it is counted at alice's")
    seen = _at_alices(people, quoting)
    until(lambda: _state(people.alice, seen["id"]) == "accepted", what="alice sees herself quoted")
    assert people.alice.get("/api/v1/notifications", limit=1)[0]["type"] == "quote"

    people.alice.post(f"/api/v1/statuses/{said['id']}/quotes/{seen['id']}/revoke")
    until(lambda: _state(people.bob, quoting["id"]) == "revoked", what="the quote is taken back at bob's")
    assert status(people.bob, quoting["id"])["quote"]["quoted_status"] is None


def a_quote_that_is_decided_by_hand(people: People) -> None:
    said, quoting = _quotes(people, quote_approval_policy="manual")
    until(lambda: _asked(people, quoting), what="alice is asked")
    people.alice.post(f"{_REQUESTS}/{_asked(people, quoting)['id']}/authorize")
    until(lambda: _state(people.bob, quoting["id"]) == "accepted", what="alice's yes arrives")

    _, other = _quotes(people, quote_approval_policy="manual")
    until(lambda: _asked(people, other), what="alice is asked again")
    people.alice.post(f"{_REQUESTS}/{_asked(people, other)['id']}/reject")
    until(lambda: _state(people.bob, other["id"]) == "rejected", what="alice's no arrives")
    assert status(people.alice, said["id"])["quotes_count"] == 1


def a_quote_that_nobody_may_make(people: People) -> None:
    text = word()
    people.alice.say(text, quote_approval_policy="nobody")
    copy = arrives(people.bob, text)

    assert copy["quote_approval"]["current_user"] == "denied"
    answer = people.bob.ask("POST", "/api/v1/statuses", json={"status": word(), "quoted_status_id": copy["id"]})
    assert answer.status_code == 422


def an_answer_that_is_let_in(people: People) -> None:
    text, answer = word(), word()
    said = people.alice.say(text, reply_approval_policy="manual")
    copy = arrives(people.bob, text)
    assert copy["reply_approval"]["current_user"] == "manual"
    mine = people.bob.say(answer, in_reply_to_id=copy["id"])
    assert mine["visibility"] == "direct"

    until(lambda: _waiting(people, "reply", mine), what="alice is asked")
    thread = f"/api/v1/statuses/{said['id']}/context"
    assert people.mallory.get(thread)["descendants"] == []
    people.alice.post(f"{_REQUESTS}/{_waiting(people, 'reply', mine)['id']}/authorize")

    until(lambda: status(people.bob, mine["id"])["visibility"] == "public", what="it stands at bob's")
    assert [one["uri"] for one in people.mallory.get(thread)["descendants"]] == [mine["uri"]]


def _asked(people: People, quoting: dict[str, Any]) -> Any:
    return _waiting(people, "quote", quoting)


def _waiting(people: People, kind: str, status: dict[str, Any]) -> Any:
    for one in people.alice.get(_REQUESTS):
        if one["type"] == kind and one[kind]["uri"] == status["uri"]:
            return one
    return None


EVERYTHING = (
    a_quote_that_anybody_may_make,
    a_quote_that_is_decided_by_hand,
    a_quote_that_nobody_may_make,
    an_answer_that_is_let_in,
)
