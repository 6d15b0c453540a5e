"""Likes and boosts between people elsewhere, where not everybody may: what counts (docs/adr/0033)."""

from typing import Any

import pytest

from node.models import EmojiReaction, Favourite, Status
from tests.factories import Person
from tests.factories_posts import make_follow
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here, Somebody, account

KINDS = ["Like", "EmojiReact", "Announce"]
STAMPS = {"Like": "LikeAuthorization", "EmojiReact": "LikeAuthorization", "Announce": "AnnounceAuthorization"}
NAMES = {"Like": "likeAuthorization", "EmojiReact": "likeAuthorization", "Announce": "announceAuthorization"}


@pytest.fixture
async def dave(here: Here, there: Elsewhere, alice: Person) -> Somebody:
    """Alice follows him, as she does Carol."""
    dave = there.somebody("dave")
    await here.receive(dave, dave.does("Follow", alice.account.uri))
    make_follow(alice, account(dave))
    return dave


async def post_of(here: Here, author: Somebody, kind: str, **rule: Any) -> Status:
    name = "canAnnounce" if kind == "Announce" else "canLike"
    note = author.note(interactionPolicy={name: {"automaticApproval": [], "manualApproval": [PUBLIC]} | rule})
    await here.receive(author, author.creates(note))
    found: Status = Status.get(Status.uri == note["id"])
    return found


def done(author: Somebody, kind: str, status: Status, **more: Any) -> Document:
    return author.does(kind, status.uri, to=[PUBLIC], **({"content": "👍"} if kind == "EmojiReact" else {}) | more)


def serve_stamp(there: Elsewhere, author: Somebody, kind: str, activity: Document, **changes: Any) -> str:
    uri = f"{author.uri}/authorizations/1"
    stamp = {
        "id": uri,
        "type": STAMPS[kind],
        "attributedTo": author.uri,
        "interactingObject": activity["id"],
        "interactionTarget": activity["object"],
    }
    there.serve(stamp | changes, at=f"/users/{author.name}/authorizations/1")
    return uri


def so_many() -> int:
    boosts = Status.select().where(Status.reblog_of.is_null(False)).count()
    return Favourite.select().count() + EmojiReaction.select().count() + boosts


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"type": "QuoteAuthorization"},
        {"interactingObject": "https://other.test/likes/1"},
        {"interactionTarget": "https://other.test/notes/1"},
        {"attributedTo": "https://other.test/users/carol"},
    ],
)
async def test_what_has_to_be_allowed_counts_with_a_true_stamp_alone(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, kind: str, forged: Document
) -> None:
    status = await post_of(here, carol, kind)
    activity = done(dave, kind, status)
    stamp = serve_stamp(there, carol, kind, activity, **forged)

    await here.receive(dave, activity | {NAMES[kind]: stamp})

    assert so_many() == (0 if forged else 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_older_names_of_a_stamp_are_known(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, kind: str
) -> None:
    status = await post_of(here, carol, kind)
    activity = done(dave, kind, status)
    stamp = serve_stamp(there, carol, kind, activity, type=STAMPS[kind].replace("Authorization", "Approval"))

    await here.receive(dave, activity | {"approvedBy": stamp})

    assert so_many() == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_without_a_stamp_it_is_nothing_and_nobody_is_asked(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, kind: str
) -> None:
    status = await post_of(here, carol, kind)
    there.received.clear()

    await here.receive(dave, done(dave, kind, status))
    async with Elsewhere() as other:
        await here.receive(dave, done(dave, kind, status, **{NAMES[kind]: other.url("/authorizations/1")}))
        assert other.received == []

    assert so_many() == 0
    assert there.received == []


@pytest.mark.parametrize("kind", KINDS)
async def test_where_everybody_may_and_to_the_author_no_stamp_is_needed(
    here: Here, carol: Somebody, dave: Somebody, kind: str
) -> None:
    open_to_all = await post_of(here, carol, kind, automaticApproval=[PUBLIC])
    await here.receive(dave, done(dave, kind, open_to_all))
    assert so_many() == 1

    by_hand = await post_of(here, carol, kind)
    await here.receive(carol, done(carol, kind, by_hand))
    assert so_many() == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stamp_that_was_taken_back_is_none(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, kind: str
) -> None:
    status = await post_of(here, carol, kind)
    activity = done(dave, kind, status)
    stamp = serve_stamp(there, carol, kind, activity)

    await here.receive(carol, carol.does("Delete", stamp))
    await here.receive(dave, activity | {NAMES[kind]: stamp})

    assert so_many() == 0
