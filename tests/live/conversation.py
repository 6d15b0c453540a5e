"""What two people on two nodes do with each other, over HTTP alone. Each function leaves the two as it found them.

Alice and mallory are on the first node, bob and eve on the second; bob follows alice. Texts carry a word of their own,
because one pair of nodes lives through many conversations.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from tests.live.node import Api, Node, Person
from tests.live.waiting import until

# What differs between two answers that say the same.
_VARYING = {"date", "x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset", "set-cookie"}


@dataclass(frozen=True)
class People:
    alice: Person
    mallory: Person
    bob: Person
    eve: Person


def meet(one: Node, other: Node) -> People:
    """Both nodes run, and bob follows alice."""
    people = People(*one.people("alice", "mallory"), *other.people("bob", "eve"))
    one.begin()
    other.start()
    one.wait()
    befriend(people.bob, people.alice)
    return people


def word() -> str:
    return f"w{secrets.token_hex(6)}"


def befriend(follower: Person, followed: Person) -> str:
    """Until the follow is known at both ends; what the follower's node calls the followed."""
    account_id = follower.follow(followed)
    until(lambda: follower.relationship(account_id)["following"], what=f"{follower.name} follows {followed.name}")
    return account_id


def arrives(reader: Person, text: str) -> dict[str, Any]:
    """The post in the reader's home timeline, once it is there."""
    return until(lambda: reader.sees(text), what=lambda: f"{reader.name} reads {text}\n{reader.node.tail()}")  # type: ignore[return-value]


def status(reader: Api, status_id: str) -> dict[str, Any]:
    return reader.get(f"/api/v1/statuses/{status_id}")  # type: ignore[no-any-return]


# ── in public ──────────────────────────────────────────────────────────────────────────────────────────────────────


def a_post_and_its_reply(people: People) -> None:
    text, answer = word(), word()
    said = people.alice.say(text)

    seen = arrives(people.bob, text)
    assert seen["uri"] == said["uri"]
    assert seen["account"]["acct"] == people.alice.handle
    reply = people.bob.say(f"@{people.alice.handle} {answer}", in_reply_to_id=seen["id"])

    def answers() -> list[dict[str, Any]]:
        return people.alice.get(f"/api/v1/statuses/{said['id']}/context")["descendants"]  # type: ignore[no-any-return]

    until(answers, what="the reply is in alice's thread")
    assert [one["uri"] for one in answers()] == [reply["uri"]]
    newest = people.alice.get("/api/v1/notifications", limit=1)[0]
    assert (newest["type"], newest["status"]["uri"]) == ("mention", reply["uri"])


def a_like_and_a_boost_and_their_undoing(people: People) -> None:
    text = word()
    said = people.alice.say(text)
    path = f"/api/v1/statuses/{arrives(people.bob, text)['id']}"

    def counts() -> tuple[int, int]:
        now = status(people.alice, said["id"])
        return now["favourites_count"], now["reblogs_count"]

    people.bob.post(f"{path}/favourite")
    people.bob.post(f"{path}/reblog")
    until(lambda: counts() == (1, 1), what="both are counted")
    people.bob.post(f"{path}/unfavourite")
    people.bob.post(f"{path}/unreblog")
    until(lambda: counts() == (0, 0), what="both are taken back")


def an_edit_and_a_deletion(people: People) -> None:
    text, better = word(), word()
    said = people.alice.say(text)
    copy = arrives(people.bob, text)["id"]

    people.alice.put(f"/api/v1/statuses/{said['id']}", status=better)
    until(lambda: better in status(people.bob, copy)["content"], what="the edit arrives")
    assert len(people.bob.get(f"/api/v1/statuses/{copy}/history")) == 2

    people.alice.delete(f"/api/v1/statuses/{said['id']}")
    until(lambda: people.bob.ask("GET", f"/api/v1/statuses/{copy}").status_code == 404, what="the deletion arrives")
    assert people.bob.sees(better) is None


def an_unfollow(people: People) -> None:
    account_id = befriend(people.eve, people.alice)
    text, later, marker = word(), word(), word()
    people.alice.say(text)
    arrives(people.eve, text)

    people.eve.post(f"/api/v1/accounts/{account_id}/unfollow")
    until(lambda: people.eve.handle not in followers(people.alice), what="alice's node knows")
    people.alice.say(later)
    people.alice.say(marker)

    arrives(people.bob, marker)
    assert people.eve.sees(later) is None


def followers(person: Person) -> list[str]:
    return [one["acct"] for one in person.get(f"/api/v1/accounts/{person.id}/followers", limit=80)]


# ── not for everybody ──────────────────────────────────────────────────────────────────────────────────────────────


def a_locked_account_decides(people: People) -> None:
    people.alice.patch("/api/v1/accounts/update_credentials", locked=True)
    account_id = people.eve.follow(people.alice)
    assert people.eve.relationship(account_id)["requested"]

    def asking() -> list[dict[str, Any]]:
        return people.alice.get("/api/v1/follow_requests")  # type: ignore[no-any-return]

    until(asking, what="the request arrives")
    people.alice.post(f"/api/v1/follow_requests/{asking()[0]['id']}/reject")
    until(lambda: not people.eve.relationship(account_id)["requested"], what="the refusal arrives")
    assert not people.eve.relationship(account_id)["following"]

    people.eve.follow(people.alice)
    until(asking, what="the second request arrives")
    people.alice.post(f"/api/v1/follow_requests/{asking()[0]['id']}/authorize")
    until(lambda: people.eve.relationship(account_id)["following"], what="the consent arrives")

    people.eve.post(f"/api/v1/accounts/{account_id}/unfollow")
    until(lambda: people.eve.handle not in followers(people.alice))
    people.alice.patch("/api/v1/accounts/update_credentials", locked=False)


def a_post_for_followers_alone(people: People) -> None:
    text = word()
    said = people.alice.say(text, visibility="private")

    seen = arrives(people.bob, text)

    assert seen["visibility"] == "private"
    assert_hidden(people, said, seen)


def a_post_for_one_person_alone(people: People) -> None:
    text = word()
    said = people.alice.say(f"@{people.bob.handle} {text}", visibility="direct")

    def notice() -> dict[str, Any] | None:
        for one in people.bob.get("/api/v1/notifications", limit=5):
            if one["type"] == "mention" and text in one["status"]["content"]:
                return one["status"]  # type: ignore[no-any-return]
        return None

    seen = until(notice, what="the message arrives")
    assert seen is not None
    assert seen["visibility"] == "direct"
    assert_hidden(people, said, seen)


def assert_hidden(people: People, said: dict[str, Any], seen: dict[str, Any]) -> None:
    """To everybody else it is as if there were no such post, to the last byte, at both nodes and every entrance."""
    for reader, its_id in (
        (people.mallory, said["id"]),
        (Api(people.alice.base_url), said["id"]),
        (people.eve, seen["id"]),
        (Api(people.bob.base_url), seen["id"]),
    ):
        never = str(int(its_id) + 1_000_001)
        for path in ("/api/v1/statuses/{}", "/api/v1/statuses/{}/context", "/api/v1/statuses/{}/history"):
            assert_same_refusal(reader, path.format(its_id), path.format(never))
    own = said["uri"].removeprefix(people.alice.base_url)
    never = own.replace(said["id"], str(int(said["id"]) + 1_000_001))
    page = f"/@{people.alice.name}/{{}}"
    # Whoever reads documents signs; nobody else is told whether there is one.
    for accept, status in (("application/activity+json", 401), ("text/html", 404)):
        nobody = Api(people.alice.base_url)
        missing = page.format(int(said["id"]) + 1_000_001)
        assert_same_refusal(nobody, own, never, accept, status)
        assert_same_refusal(nobody, f"{own}/activity", f"{never}/activity", accept, status)
        assert_same_refusal(nobody, page.format(said["id"]), missing, accept, status)


def assert_same_refusal(
    reader: Api, path: str, never: str, accept: str = "application/json", status: int = 404
) -> None:
    answers = [reader.ask_afresh(one, accept) for one in (path, never)]

    hidden, missing = ((a.status_code, _without_path(a), _steady(a.headers)) for a in answers)

    assert hidden[0] == status, path
    assert hidden == missing, f"{path} differs from {never}"


def _without_path(answer: requests.Response) -> bytes:
    """A page may repeat what was asked for, which both readers know already."""
    path = answer.request.path_url
    return answer.content.replace(path.encode(), b"PATH").replace(quote(path, safe="").encode(), b"PATH")


def _steady(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() not in _VARYING}


# ── more than what arrives by itself ───────────────────────────────────────────────────────────────────────────────


def whole_threads(people: People) -> None:
    """Eve finds one post of a thread that nobody on her node has heard of; the rest of it comes."""
    root = people.mallory.say(f"The beginning {word()}")
    middle = people.mallory.say("The middle", in_reply_to_id=root["id"])
    people.alice.say("An answer to the middle", in_reply_to_id=middle["id"])
    aside = people.mallory.say("Another answer", in_reply_to_id=root["id"])
    found = people.eve.find(middle["uri"], "statuses")

    def is_whole() -> bool:
        context = people.eve.get(f"/api/v1/statuses/{found['id']}/context")
        above, below = ([one["uri"] for one in context[part]] for part in ("ancestors", "descendants"))
        return above == [root["uri"]] and len(below) == 1

    until(is_whole, what="the thread is complete around the middle")
    top = people.eve.find(root["uri"], "statuses")
    until(
        lambda: (
            aside["uri"]
            in {one["uri"] for one in people.eve.get(f"/api/v1/statuses/{top['id']}/context")["descendants"]}
        ),
        what="and all of it is below its beginning",
    )


def first_follows(people: People) -> None:
    """What somebody wrote before anybody here followed them is on their profile, and rang no bell."""
    earlier = people.mallory.say(f"Long before {word()}")
    account_id = befriend(people.eve, people.mallory)

    def is_there() -> bool:
        return earlier["uri"] in {one["uri"] for one in people.eve.get(f"/api/v1/accounts/{account_id}/statuses")}

    until(is_there, what="the earlier post is on the profile")
    assert people.eve.get("/api/v1/notifications", **{"types[]": "status"}) == []
    people.eve.post(f"/api/v1/accounts/{account_id}/unfollow")


EVERYTHING = (
    a_post_and_its_reply,
    a_like_and_a_boost_and_their_undoing,
    an_edit_and_a_deletion,
    an_unfollow,
    a_locked_account_decides,
    a_post_for_followers_alone,
    a_post_for_one_person_alone,
    whole_threads,
    first_follows,
)
