"""What is for followers says who follows from there; the list is for them alone (FEP-8fcf)."""

import pytest

from federation import follower_digests
from federation.follower_digests import HEADER, digest_of
from federation.http.door import Door
from node.models import Account, Activity, Visibility
from tests.factories import Person, make_remote
from tests.factories_posts import make_follow, make_status
from tests.federation.loopback import local_config
from tests.federation.outgoing.peers import Inboxes, delivering, until
from tests.federation.outgoing.reader import Node
from tests.federation.outgoing.speaking import speak


async def test_only_what_is_for_followers_is_marked(alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    for visibility in (Visibility.PUBLIC, Visibility.PRIVATE):
        make_status(alice, "Hello.", visibility=visibility)
    make_status(alice, "Psst @carol@remote.test", visibility=Visibility.DIRECT)

    await speak()

    assert [row.for_followers for row in Activity.select().order_by(Activity.id)] == [False, True, False]


async def test_each_host_hears_of_its_own_followers(db: None, alice: Person) -> None:
    async with Inboxes() as inboxes, Door(local_config()) as door:
        one, other = inboxes.host("127.0.0.7"), inboxes.host("127.0.0.8")
        people = {
            host: make_remote(
                f"p{number}", host, uri=f"http://{host}/users/p", inbox=f"http://{host}/inbox", shared_inbox=""
            )
            for number, host in enumerate((one, other))
        }
        for person in people.values():
            make_follow(person, alice)
        make_status(alice, "Between us.", visibility=Visibility.PRIVATE)
        await speak()

        async with delivering(door):
            await until(lambda: len(inboxes.requests) == 2)

    uri = alice.account.uri
    for request in inboxes.requests:
        assert request.headers[HEADER] == (
            f'collectionId="{uri}/followers", url="{uri}/followers_synchronization",'
            f' digest="{digest_of([people[request.host].uri])}"'
        )


@pytest.mark.parametrize(("most", "is_told"), [(2, True), (1, False)])
async def test_of_too_many_followers_nothing_is_told(
    alice: Person, carol: Account, erin: Account, monkeypatch: pytest.MonkeyPatch, most: int, is_told: bool
) -> None:
    for follower in (carol, erin):
        make_follow(follower, alice)
    # Asked once before, so that the query keeps its own limit.
    assert follower_digests.followers_at(alice.account.id, "remote.test") == [carol.uri]
    monkeypatch.setattr(follower_digests, "MOST_FOLLOWERS", most)

    headers = await follower_digests.headers_for(alice.account.id, alice.account.uri, "remote.test")

    assert (HEADER in headers) is is_told


async def test_the_list_is_for_the_server_of_those_on_it(
    guarded: Node, alice: Person, carol: Account, dave: Account, erin: Account
) -> None:
    for follower in (carol, dave, erin):
        make_follow(follower, alice)
    address = f"{alice.account.uri}/followers_synchronization"

    assert (await guarded.get(address, carol)).json["orderedItems"] == sorted([carol.uri, dave.uri])
    answer = await guarded.get(address, erin)
    assert (answer.json["orderedItems"], answer.json["id"]) == ([erin.uri], address)
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_nobody_else_reads_it(node: Node, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    address = f"{alice.account.uri}/followers_synchronization"

    assert (await node.get(address)).status == 401
    assert (await node.get(address, make_remote("zoe", "other.test"))).json["orderedItems"] == []
    assert (await node.get("/ap/users/12345/followers_synchronization", carol)).status == 404
