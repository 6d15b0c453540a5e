"""What needs a third node, or one that lost a day: who may read, what is passed on, whom one speaks with.

Alice and mallory are on the first node, bob and eve on the second, carol on the third; bob and carol follow alice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.live.conversation import People, arrives, befriend, followers, meet, word
from tests.live.copies import copy, put_back
from tests.live.node import Api, Node, Person
from tests.live.waiting import until

DOCUMENT = "application/activity+json"


@dataclass(frozen=True)
class Three(People):
    carol: Person


@pytest.fixture(scope="module")
def three(new_node: Callable[..., Node]) -> Three:
    third = new_node(address="127.0.0.2")
    (carol,) = third.people("carol")
    third.begin()
    two = meet(new_node(), new_node())
    third.wait()
    befriend(carol, two.alice)
    return Three(alice=two.alice, mallory=two.mallory, bob=two.bob, eve=two.eve, carol=carol)


def found(reader: Person, uri: str) -> list[dict[str, Any]]:
    """What the reader's node shows of a post's address; it asks for what it does not know."""
    return list(reader.get("/api/v2/search", q=uri, resolve="true", type="statuses")["statuses"])


def answered(reader: Person, status_id: str, text: str) -> bool:
    """Whether the reader sees an answer with `text` to a post."""
    return any(text in one["content"] for one in reader.get(f"/api/v1/statuses/{status_id}/context")["descendants"])


def told(reader: Person, text: str) -> bool:
    """Whether the reader was told of a post with `text`."""
    notices = reader.get("/api/v1/notifications", limit=5)
    return any(text in one["status"]["content"] for one in notices if one["type"] == "mention")


def test_documents_are_for_servers_that_sign_and_private_ones_for_their_readers(three: Three) -> None:
    text, secret = word(), word()
    said = three.bob.say(text)
    private = three.alice.say(f"@{three.bob.handle} {secret}", visibility="direct")
    hidden = three.eve.say(word(), visibility="private")
    nobody = Api(three.bob.base_url)

    unsigned = nobody.ask_afresh(said["uri"].removeprefix(three.bob.base_url), DOCUMENT)
    assert unsigned.status_code == 401
    assert [text in one["content"] for one in found(three.carol, said["uri"])] == [True]

    until(lambda: told(three.bob, secret), what="bob's node has what is for him")
    assert found(three.carol, private["uri"]) == found(three.carol, hidden["uri"]) == []
    assert found(three.alice, hidden["uri"]) == []


def test_an_answer_goes_on_to_a_third_node_which_believes_its_proof(three: Three) -> None:
    """Carol's node knows bob's key, cannot ask his node, and is not told by it, for she does not follow him."""
    text, answer = word(), word()
    three.carol.find(three.bob.handle)
    said = three.alice.say(text)
    copy, carols = arrives(three.bob, text), arrives(three.carol, text)
    three.carol.node.stop()

    three.bob.say(answer, in_reply_to_id=copy["id"])
    until(lambda: answered(three.alice, said["id"], answer), what="the answer arrives at alice's")
    three.bob.node.stop()
    three.carol.node.start()
    three.carol.post(f"/api/v1/statuses/{carols['id']}/favourite")  # so that alice's node knows that it is back

    until(lambda: answered(three.carol, carols["id"], answer), what="it is passed on to carol's")
    three.bob.node.start()


def test_followers_are_the_same_again_after_a_node_was_restored_from_an_older_copy(
    three: Three, tmp_path: Path
) -> None:
    node, text = three.bob.node, word()
    node.stop()
    copy(node, tmp_path)
    node.start()
    befriend(three.eve, three.alice)
    assert three.eve.handle in followers(three.alice)

    node.stop()
    put_back(node, tmp_path)
    node.start()
    assert three.eve.handle in followers(three.alice)  # whose node cannot know yet
    three.alice.say(text, visibility="private")

    arrives(three.bob, text)
    until(lambda: three.eve.handle not in followers(three.alice), what="alice's node hears that eve does not follow")
    assert {three.bob.handle, three.carol.handle} <= set(followers(three.alice))


def test_a_node_that_speaks_with_few_neither_asks_nor_answers_the_others(three: Three) -> None:
    node = three.carol.node
    said, other, own, secret = three.bob.say(word()), three.bob.say(word()), three.carol.say(word()), word()
    node.command("settings", "set", "limited_federation", "true")

    until(lambda: not found(three.carol, three.bob.say(word())["uri"]), what="carol's node knows of it")
    three.alice.say(secret)
    arrives(three.bob, secret)
    assert found(three.bob, own["uri"]) == found(three.carol, said["uri"]) == []

    node.command("domain", "allow", "127.0.0.1")
    until(lambda: found(three.carol, other["uri"]), what="it asks whom it may speak with")
    text = word()
    three.alice.say(text)
    arrives(three.carol, text)
    assert found(three.mallory, own["uri"]) != []
    assert three.carol.sees(secret) is None
    node.command("settings", "set", "limited_federation", "false")
