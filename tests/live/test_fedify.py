"""Linnet and Fedify, both ways, over real HTTP. Where Fedify refuses what we say, we are wrong until shown otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.live.conftest import NewNode
from tests.live.conversation import arrives, followers, status, word
from tests.live.fedify import Resident, residents
from tests.live.node import Person
from tests.live.node_js import what_is_missing
from tests.live.waiting import until

if reason := what_is_missing("@fedify/fedify"):
    pytest.skip(reason, allow_module_level=True)


@dataclass(frozen=True)
class Town:
    """Alice and everybody at Fedify follow each other; bob knows nobody."""

    alice: Person
    bob: Person
    casper: Resident
    rufus: Resident


@pytest.fixture(scope="module")
def town(new_node: NewNode) -> Iterator[Town]:
    node = new_node()
    alice, bob = node.people("alice", "bob")
    node.start()
    with residents() as people:
        for resident in people.values():
            follow(alice, resident)
            resident.does("follow", actor=uri_of(alice))
            resident.gets("Accept", actor=uri_of(alice))
        yield Town(alice, bob, **people)


@pytest.fixture(params=["casper", "rufus"])
def resident(request: pytest.FixtureRequest, town: Town) -> Resident:
    return getattr(town, request.param)  # type: ignore[no-any-return]


def uri_of(person: Person) -> str:
    return f"{person.node.base_url}/ap/users/{person.id}"


def follow(person: Person, resident: Resident) -> str:
    """Until both know; what the person's node calls the resident."""
    account_id: str = person.find(resident.handle)["id"]
    person.post(f"/api/v1/accounts/{account_id}/follow")
    until(lambda: person.relationship(account_id)["following"], what=f"{resident.name} consents")
    return account_id


def answers_to(person: Person, status_id: str) -> list[dict[str, Any]]:
    return person.get(f"/api/v1/statuses/{status_id}/context")["descendants"]  # type: ignore[no-any-return]


# ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_finds_the_other_by_name_and_reads_the_actor(town: Town, resident: Resident) -> None:
    found = town.alice.find(resident.handle)
    answer = resident.does("webfinger", resource=f"{town.alice.node.base_url}/@alice")
    self_link = next(link["href"] for link in answer["links"] if link["rel"] == "self")
    actor = resident.does("read", uri=self_link)

    assert (found["acct"], found["uri"]) == (resident.handle, resident.uri)
    assert found["display_name"] == f"{resident.name} of Fedify"
    assert answer["subject"] == f"acct:{town.alice.handle}"
    assert self_link == uri_of(town.alice)
    assert (actor["kind"], actor["name"], actor["key"]) == ("Person", "alice", f"{self_link}#main-key")
    assert f"{self_link}#ed25519-key" in actor["keys"]
    assert actor["sharedInbox"] == f"{town.alice.node.base_url}/ap/inbox"


def test_documents_are_for_those_who_sign(town: Town, resident: Resident) -> None:
    said = town.alice.say(word())

    assert resident.does("read", uri=said["uri"])["id"] == said["uri"]
    assert resident.does("read", uri=said["uri"], isSigned=False) == {}


def test_each_follows_the_other_and_stops(town: Town, resident: Resident) -> None:
    bob = uri_of(town.bob)
    account_id = follow(town.bob, resident)
    asked = resident.does("follow", actor=bob)["id"]
    resident.gets("Accept", actor=bob)

    assert resident.gets("Follow", actor=bob)["object"] == resident.uri
    assert resident.handle in followers(town.bob)

    town.bob.post(f"/api/v1/accounts/{account_id}/unfollow")
    resident.gets("Undo", actor=bob, kind="Follow")
    resident.does("unfollow", actor=bob, follow=asked)
    until(lambda: resident.handle not in followers(town.bob), what="the unfollow arrives")


def test_a_refused_follow_is_no_follow(town: Town, resident: Resident) -> None:
    resident.does("lock", isLocked=True)
    before = len(resident.activities("Follow", actor=uri_of(town.bob)))
    account_id = town.bob.find(resident.handle)["id"]
    town.bob.post(f"/api/v1/accounts/{account_id}/follow")
    until(lambda: len(resident.activities("Follow", actor=uri_of(town.bob))) > before, what="the request arrives")
    asked = resident.activities("Follow", actor=uri_of(town.bob))[-1]["id"]

    resident.does("refuse", follower=uri_of(town.bob), follow=asked)
    resident.does("lock", isLocked=False)

    until(lambda: not town.bob.relationship(account_id)["requested"], what="the refusal arrives")
    assert not town.bob.relationship(account_id)["following"]


# ── posts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_and_its_answer_from_here(town: Town, resident: Resident) -> None:
    text, answer = word(), word()
    said = town.alice.say(text)

    seen = resident.gets("Create", object=said["uri"])
    theirs = resident.does("post", content=answer, answers=said["uri"], to=[uri_of(town.alice)])["id"]

    assert (seen["kind"], seen["actor"]) == ("Note", uri_of(town.alice))
    assert text in seen["content"]
    until(lambda: [one["uri"] for one in answers_to(town.alice, said["id"])] == [theirs], what="the answer arrives")
    newest = town.alice.get("/api/v1/notifications", limit=1)[0]
    assert (newest["type"], newest["status"]["uri"]) == ("mention", theirs)


def test_a_post_and_its_answer_from_there(town: Town, resident: Resident) -> None:
    text, answer = word(), word()
    theirs = resident.does("post", content=text)["id"]

    seen = arrives(town.alice, text)
    said = town.alice.say(f"@{resident.handle} {answer}", in_reply_to_id=seen["id"])

    assert (seen["uri"], seen["visibility"]) == (theirs, "public")
    got = resident.gets("Create", object=said["uri"])
    assert got["answers"] == theirs
    assert answer in got["content"]


def test_likes_and_boosts_from_here_and_their_end(town: Town, resident: Resident) -> None:
    text, alice = word(), uri_of(town.alice)
    theirs = resident.does("post", content=text)["id"]
    path = f"/api/v1/statuses/{arrives(town.alice, text)['id']}"

    town.alice.post(f"{path}/favourite")
    town.alice.post(f"{path}/reblog")
    like = resident.gets("Like", actor=alice, object=theirs)
    boost = resident.gets("Announce", actor=alice, object=theirs)
    town.alice.post(f"{path}/unfavourite")
    town.alice.post(f"{path}/unreblog")

    assert resident.gets("Undo", kind="Like", object=like["id"])["actor"] == alice
    assert resident.gets("Undo", kind="Announce", object=boost["id"])["actor"] == alice


def test_likes_and_boosts_from_there_and_their_end(town: Town, resident: Resident) -> None:
    said = town.alice.say(word())
    about = {"object": said["uri"], "author": uri_of(town.alice)}

    def counts() -> tuple[int, int]:
        now = status(town.alice, said["id"])
        return now["favourites_count"], now["reblogs_count"]

    like = resident.does("like", **about)["id"]
    boost = resident.does("boost", **about)["id"]
    until(lambda: counts() == (1, 1), what="both are counted")
    resident.does("undo", type="Like", id=like, **about)
    resident.does("undo", type="Announce", id=boost, **about)
    until(lambda: counts() == (0, 0), what="both are taken back")


def test_an_edit_and_a_deletion_from_here(town: Town, resident: Resident) -> None:
    better = word()
    said = town.alice.say(word())

    town.alice.put(f"/api/v1/statuses/{said['id']}", status=better)
    edited = resident.gets("Update", object=said["uri"])
    town.alice.delete(f"/api/v1/statuses/{said['id']}")
    deleted = resident.gets("Delete", object=said["uri"])

    assert better in edited["content"]
    assert deleted["actor"] == uri_of(town.alice)
    assert deleted["raw"]["object"]["type"] == "Tombstone"


def test_an_edit_and_a_deletion_from_there(town: Town, resident: Resident) -> None:
    text, better = word(), word()
    theirs = resident.does("post", content=text)["id"]
    path = f"/api/v1/statuses/{arrives(town.alice, text)['id']}"

    resident.does("edit", id=theirs, content=better)
    until(lambda: better in town.alice.get(path)["content"], what="the edit arrives")
    resident.does("delete", id=theirs)
    until(lambda: town.alice.ask("GET", path).status_code == 404, what="the deletion arrives")


# ── who says so ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_draft_cavage_is_understood_by_both(town: Town) -> None:
    said = town.alice.say(word())
    town.casper.gets("Create", object=said["uri"])

    (delivery,) = town.casper.requests("POST", "/inbox")[-1:]

    assert (delivery["scheme"], delivery["signer"]) == ("cavage", uri_of(town.alice))


def test_rfc_9421_is_spoken_where_it_is_asked_for_and_from_then_on(town: Town) -> None:
    for _ in range(2):
        town.rufus.gets("Create", object=town.alice.say(word())["uri"])

    signed = [one["scheme"] for one in town.rufus.requests() if one["scheme"]]
    last = town.rufus.requests("POST", "/inbox")[-2:]

    assert signed[0] == "cavage"
    assert [(one["scheme"], one["signer"]) for one in last] == [("rfc9421", uri_of(town.alice))] * 2


def test_what_is_for_everybody_carries_a_proof_that_fedify_verifies(town: Town, resident: Resident) -> None:
    said = town.alice.say(word())
    town.alice.put(f"/api/v1/statuses/{said['id']}", status=word())
    hers = town.alice.say(word(), visibility="private")

    assert resident.gets("Create", object=said["uri"])["isProved"]
    assert resident.gets("Update", object=said["uri"])["isProved"]
    assert resident.gets("Create", object=hers["uri"])["isProved"] is None


def test_a_proof_by_fedify_is_believed_whoever_brings_it_and_a_changed_one_is_not(town: Town) -> None:
    text, marker = word(), word()
    true, changed = handed(town, text), handed(town, word())
    changed["object"]["content"] = wrong = word()
    inbox = f"{town.alice.node.base_url}/ap/inbox"

    assert town.casper.does("bring", inbox=inbox, activity=changed)["status"] == 202
    assert town.casper.does("bring", inbox=inbox, activity=true)["status"] == 202
    town.casper.does("post", content=marker)

    assert arrives(town.alice, text)["account"]["uri"] == town.rufus.uri
    arrives(town.alice, marker)
    assert town.alice.sees(wrong) is None


def handed(town: Town, text: str) -> dict[str, Any]:
    """A Create by rufus as casper got it, of a post that rufus shows to nobody."""
    to = {"to": town.casper.uri, "inbox": f"{town.casper.uri}/inbox"}
    theirs = town.rufus.does("hand", content=text, **to)["id"]
    return town.casper.gets("Create", object=theirs)["raw"]  # type: ignore[no-any-return]


def test_what_is_not_signed_is_refused_by_both(town: Town, resident: Resident) -> None:
    alice = uri_of(town.alice)
    body = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": "Follow",
        "actor": alice,
        "object": resident.uri,
    }

    ours = town.alice.ask("POST", "/ap/inbox", json=body, headers={"Content-Type": "application/activity+json"})

    assert resident.post_raw(body | {"id": f"{alice}#nothing"}) == 401
    assert ours.status_code == 401
