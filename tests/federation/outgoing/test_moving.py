"""What followers elsewhere are told of somebody here who moves, or is called otherwise now."""

import msgspec

from node.models import Account
from node.services import accounts
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow
from tests.federation.outgoing.speaking import REMOTE, left, speak


async def test_followers_elsewhere_are_told_of_a_move(
    config: object, alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(carol, alice)
    with in_unit():
        Account.update(also_known_as=msgspec.json.encode([alice.account.uri]).decode()).where(
            Account.id == erin.id
        ).execute()
        accounts.move_out(alice.account.id, Account.get_by_id(erin.id))

    told = {one.document["type"]: one for one in await speak()}

    move = told["Move"].document
    assert (move["actor"], move["object"], move["target"]) == (alice.account.uri, alice.account.uri, erin.uri)
    assert move["id"].startswith(f"{alice.account.uri}#moves/")
    assert told["Update"].document["object"]["movedTo"] == erin.uri
    assert told["Move"].inboxes == told["Update"].inboxes == {REMOTE}
    assert left() == []


async def test_a_move_that_was_taken_back_is_not_told(config: object, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    with in_unit():
        Account.update(also_known_as=msgspec.json.encode([alice.account.uri]).decode()).where(
            Account.id == carol.id
        ).execute()
        accounts.move_out(alice.account.id, Account.get_by_id(carol.id))
        accounts.stay(alice.account.id)

    assert [one.document["type"] for one in await speak()] == ["Update"]


async def test_another_name_is_an_update_of_the_same_actor(config: object, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    with in_unit():
        accounts.rename(alice.account.id, "alicia")

    (told,) = await speak()

    assert (told.document["type"], told.inboxes) == ("Update", {REMOTE})
    actor = told.document["object"]
    assert (actor["id"], actor["preferredUsername"]) == (alice.account.uri, "alicia")
    assert (actor["webfinger"], actor["url"]) == ("alicia@a.test", "https://a.test/@alicia")
