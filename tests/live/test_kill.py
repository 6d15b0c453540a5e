"""`kill -9` in the middle of a fan-out to 200 inboxes: nothing is lost, and only what was in flight comes again."""

import random
from collections.abc import Callable, Iterator

import pytest

from tests.live import conversation
from tests.live.conversation import People, arrives, meet, word
from tests.live.crowd import Crowd
from tests.live.node import Api, Node, Person
from tests.live.waiting import PATIENCE_SECONDS, until

_INBOXES = 200
_TOKEN = "for figures"
_KILLS = 20
_WRITERS = 3


@pytest.fixture(scope="module")
def people(new_node: Callable[..., Node]) -> People:
    return meet(new_node(LINNET_METRICS_TOKEN=_TOKEN), new_node())


@pytest.fixture(scope="module")
def crowd(people: People) -> Iterator[Crowd]:
    """Two hundred people on as many hosts who follow alice, and know that they do."""
    actor_uri = people.alice.get("/api/v1/accounts/verify_credentials")["uri"]
    with Crowd(_INBOXES) as crowd:
        crowd.follow(actor_uri)
        until(lambda: crowd.accepted() == _INBOXES, what=lambda: f"only {crowd.accepted()} are accepted")
        until(lambda: deliveries(people.alice.node) == 0)
        yield crowd


def deliveries(node: Node) -> int:
    """How many are queued."""
    answer = Api(node.base_url, _TOKEN).ask("GET", "/metrics")
    line = next(line for line in answer.text.splitlines() if line.startswith("linnet_deliveries "))
    return int(float(line.split()[1]))


def test_the_sender_is_killed_while_half_of_the_inboxes_have_it(people: People, crowd: Crowd) -> None:
    node, text = people.alice.node, word()
    quick, slow = crowd.hosts[: _INBOXES // 2], crowd.hosts[_INBOXES // 2 :]
    crowd.hold(slow)
    uri = people.alice.say(text)["uri"]
    until(lambda: sum(crowd.times(uri)) == _INBOXES, what=lambda: f"{sum(crowd.times(uri))} are under way")
    until(lambda: deliveries(node) == len(slow), what=lambda: f"{deliveries(node)} are queued")

    node.kill()
    crowd.release()
    node.start()

    until(lambda: deliveries(node) == 0, what=lambda: f"{deliveries(node)} are queued")
    times = dict(zip(crowd.hosts, crowd.times(uri), strict=True))
    assert [times[host] for host in quick] == [1] * len(quick)
    assert [times[host] for host in slow] == [2] * len(slow)  # in flight, so once more
    arrives(people.bob, text)


def test_the_sender_is_killed_at_any_moment(people: People, crowd: Crowd) -> None:
    node, text = people.alice.node, word()
    uri = people.alice.say(text)["uri"]
    until(lambda: crowd.answered(uri) > _INBOXES // 10, what="some have it")

    node.kill()
    node.start()

    until(lambda: min(crowd.times(uri)) >= 1, what="all have it")
    until(lambda: deliveries(node) == 0)
    assert max(crowd.times(uri)) <= 2
    arrives(people.bob, text)


def test_a_receiver_is_killed_while_it_is_delivered_to(people: People, crowd: Crowd) -> None:
    node, text = people.bob.node, word()
    crowd.hold(crowd.hosts)
    uri = people.alice.say(text)["uri"]
    until(lambda: sum(crowd.times(uri)) > _INBOXES // 10, what="the fan-out has begun")

    node.kill()
    missed = people.alice.say(word())
    crowd.release()
    node.start()

    # A host that fails is tried again a quarter of a minute later.
    until(lambda: people.bob.sees(text), what="bob reads what was under way")
    until(lambda: missed["uri"] in [one["uri"] for one in people.bob.home()], what="bob reads what he missed")
    until(lambda: min(crowd.times(missed["uri"])) == 1, what="all others have both")
    assert crowd.times(uri) == [1] * _INBOXES
    assert [one["uri"] for one in people.bob.home()].count(uri) == 1


def test_twenty_kills_at_random_moments_lose_nothing_and_do_nothing_twice(people: People, crowd: Crowd) -> None:
    node, alice = people.alice.node, people.alice
    actor_uri = alice.get("/api/v1/accounts/verify_credentials")["uri"]
    chance = random.Random(20)
    said: list[str] = []
    accepted: list[str] = []
    for _ in range(_KILLS):
        text = word()
        said.append(_said_once(alice, text))
        so_many = chance.randrange(_INBOXES)
        writing = crowd.mention(actor_uri, _WRITERS)
        until(lambda n=so_many: sum(crowd.times(said[-1])) >= n, what=lambda n=so_many: f"{n} have it")

        node.kill()
        accepted += writing.result(PATIENCE_SECONDS)
        node.start()

        assert _said_once(alice, text) == said[-1]
        until(lambda: min(crowd.times(said[-1])) >= 1, what="all have it")
        until(lambda: deliveries(node) == 0)
        assert max(crowd.times(said[-1])) <= 2  # what was in flight, and that once

    def mentions() -> list[str]:
        found = alice.get("/api/v1/notifications", **{"types[]": "mention"}, limit=80)
        return [one["status"]["uri"] for one in found]

    until(lambda: set(accepted) <= set(mentions()), what="all that was accepted is there")
    seen = mentions()
    assert len(seen) == len(set(seen))
    assert accepted


def _said_once(person: Person, text: str) -> str:
    """As an app does it that does not know whether its first try came through."""
    headers = {"Idempotency-Key": text}
    answer = person.ask("POST", "/api/v1/statuses", json={"status": text}, headers=headers)
    assert answer.ok, answer.text
    return str(answer.json()["uri"])


def test_afterwards_everything_works_as_before(people: People, crowd: Crowd) -> None:
    for scene in conversation.EVERYTHING:
        scene(people)
