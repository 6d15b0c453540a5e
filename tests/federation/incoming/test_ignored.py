"""What strangers send that comes to nothing is counted, in words that they do not choose."""

from collections import Counter

from federation import ignored
from node import clock
from tests.factories import Person
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account, stranger_keys


async def test_what_comes_to_nothing_is_counted_by_its_reason(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    stranger = there.somebody("stranger", keys=stranger_keys())
    note = carol.note()
    note_of_nobody = carol.does("Create", {"type": "Note", "id": f"{carol.uri}/notes/0", "attributedTo": [3]})
    before = Counter(ignored.counts())

    with clock.frozen(clock.now_ms()):
        await here.receive(carol, carol.creates(note), carol.creates(note))
        await here.receive(carol, carol.does("Offer", alice.account.uri), carol.does("✨" * 9, alice.account.uri))
        await here.receive(carol, carol.does("Block", "https://elsewhere.test/users/1"))
        await here.receive(stranger, stranger.creates(stranger.note()), note_of_nobody | {"actor": stranger.uri})
        await here.receive(carol, note_of_nobody)
        assert await here.deliver(carol, {"type": "Like", "actor": [carol.uri]}) == 400

    assert ignored.counts() - before == {
        ("Create", "repeated"): 1,
        ("other", "unknown"): 2,
        ("Block", "nothing to do"): 1,
        ("Create", "concerns nobody"): 1,
        ("process_activity", "bad author"): 2,
        ("activity", "bad actor"): 1,
    }


async def test_what_is_done_is_not_counted(here: Here, carol: Somebody, alice: Person) -> None:
    before = Counter(ignored.counts())

    await here.receive(
        carol,
        carol.creates(carol.note()),
        carol.does("Follow", alice.account.uri),
        carol.does("Update", carol.uri),
    )

    assert account(carol).following_count == 1
    assert ignored.counts() == before
