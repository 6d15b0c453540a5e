"""Each activity of FEDERATION.md: done twice it is done once, and taken back it is taken back, whichever comes first."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from federation.activities import RECEIVERS
from node import clock, store
from node.models import (
    Account,
    Approval,
    Block,
    Collection,
    CollectionItem,
    Destination,
    EmojiReaction,
    Favourite,
    FeaturedTag,
    Follow,
    FollowRequest,
    Notification,
    Pin,
    Poll,
    PollVote,
    Report,
    Status,
    StatusEdit,
)
from node.services import follows
from node.services.relationships import blocks
from node.services.statuses.drafts import PollDraft
from tests.factories import Person, in_unit, payload_of
from tests.factories_posts import fresh, make_status
from tests.federation.incoming.fediverse import (
    PUBLIC,
    Document,
    Elsewhere,
    Here,
    Somebody,
    account,
    stranger_keys,
    waiting,
)

# What an activity may change; jobs are how, not what.
TABLES = (
    Account, Approval, Block, Collection, CollectionItem, EmojiReaction, Favourite, FeaturedTag, Follow, FollowRequest,
    Notification, Pin, Poll, PollVote, Report, Status, StatusEdit,
)  # fmt: skip
# When somebody was last looked at or heard of is no effect.
IGNORED = {"fetched_at", "last_status_at", "version"}


def everything() -> list[Any]:
    return [
        sorted(
            str({key: value for key, value in row.items() if key not in IGNORED}) for row in table.select().dicts()
        )
        for table in TABLES
    ]


class Scene:
    """What activities are about: Alice's post, Carol's own, and who they are."""

    def __init__(self, there: Elsewhere, carol: Somebody, alice: Person, bob: Person) -> None:
        self.there, self.carol, self.alice, self.bob = there, carol, alice, bob
        self.status = make_status(alice, "Hello.")
        self.poll = make_status(alice, "Well?", poll=PollDraft(options=("yes", "no"), expires_in_ms=clock.HOUR))
        self.note = carol.note("Before.", published=clock.iso(clock.now_ms() - clock.HOUR))
        there.serve(self.note)
        Account.update(discoverable=True).where(Account.id == alice.account.id).execute()

    def asked(self) -> str:
        """The id of the Follow by which Bob asks Carol, or asked."""
        found = FollowRequest.get_or_none(FollowRequest.account == self.bob.account.id) or Follow.get_or_none(
            Follow.account == self.bob.account.id
        )
        if found is None:
            with in_unit():
                found = follows.follow(self.bob.account.id, account(self.carol).id)
        return str(found.uri)


Make = Callable[[Scene], Document]


def _edit(scene: Scene) -> Document:
    return scene.carol.does("Update", scene.note | {"content": "<p>After.</p>", "updated": clock.iso(clock.now_ms())})


def _profile(scene: Scene) -> Document:
    changed = scene.carol.document(name="Caroline")
    scene.there.serve(changed)
    return scene.carol.does("Update", changed)


def _move(scene: Scene) -> Document:
    new = scene.there.somebody("carol2", keys=stranger_keys(), alsoKnownAs=[scene.carol.uri])
    return scene.carol.does("Move", scene.carol.uri, target=new.uri)


def _vote(scene: Scene) -> Document:
    carol = scene.carol
    vote = {"type": "Note", "id": f"{carol.uri}/votes/1", "name": "yes", "attributedTo": carol.uri}
    return carol.does("Create", vote | {"inReplyTo": scene.poll.uri, "to": [scene.alice.account.uri]})


def _featured(kind: str, what: str) -> Make:
    def make(scene: Scene) -> Document:
        thing = scene.note["id"] if what == "post" else {"type": "Hashtag", "name": "#maps"}
        return scene.carol.does(kind, thing, target=f"{scene.carol.uri}/featured")

    return make


def _question(scene: Scene, votes: int = 0) -> Document:
    choices = [{"type": "Note", "name": "yes", "replies": {"type": "Collection", "totalItems": votes}}]
    return scene.note | {"id": f"{scene.carol.uri}/questions/1", "type": "Question", "oneOf": choices}


def _people(scene: Scene, **changes: Any) -> Document:
    """A collection of accounts, as Carol's server shows it from now on."""
    shown = {"id": f"{scene.carol.uri}/collections/1", "type": "FeaturedCollection", "attributedTo": scene.carol.uri}
    told = {"name": "Birds", "published": "2026-05-01T10:00:00Z", "totalItems": 0, "orderedItems": []}
    scene.there.serve(shown | told | changes)
    return shown


def _collected(kind: str) -> Make:
    return lambda scene: scene.carol.does(kind, _people(scene), target=f"{scene.carol.uri}/collections")


def _featuring(scene: Scene) -> Document:
    return scene.carol.does("FeatureRequest", scene.alice.account.uri, instrument=_people(scene)["id"])


def _answer_to_bob(kind: str) -> Make:
    def make(scene: Scene) -> Document:
        follow = {"type": "Follow", "id": scene.asked(), "actor": scene.bob.account.uri, "object": scene.carol.uri}
        return scene.carol.does(kind, follow)

    return make


def _asking(kind: str) -> Make:
    """A request with what it is about."""

    def make(scene: Scene) -> Document:
        if kind in ("QuoteRequest", "ReplyRequest"):
            name = "quote" if kind == "QuoteRequest" else "inReplyTo"
            thing: Document = scene.note | {name: scene.status.uri}
        else:
            thing = scene.carol.does(kind.removesuffix("Request"), scene.status.uri, to=[PUBLIC])
            del thing["@context"]
        return scene.carol.does(kind, scene.status.uri, instrument=thing)

    return make


def _about_status(kind: str, **more: Any) -> Make:
    return lambda scene: scene.carol.does(kind, scene.status.uri, **more)


def _about_person(kind: str) -> Make:
    return lambda scene: scene.carol.does(kind, scene.alice.account.uri)


EFFECTS: dict[str, Make] = {
    "Create": lambda scene: scene.carol.creates(scene.note),
    "Create of a vote": _vote,
    "Update of a post": _edit,
    "Update of a profile": _profile,
    "Delete of a post": lambda scene: scene.carol.does("Delete", {"type": "Tombstone", "id": scene.note["id"]}),
    "Delete of a whole post": lambda scene: scene.carol.does("Delete", scene.note),
    "Delete of an account": lambda scene: scene.carol.does("Delete", scene.carol.uri),
    "Delete of a whole account": lambda scene: scene.carol.does("Delete", scene.carol.document()),
    "Announce": _about_status("Announce", to=[PUBLIC]),
    "Announce of another's": lambda scene: scene.carol.does("Announce", scene.note["id"], to=[PUBLIC]),
    "Like": _about_status("Like"),
    "EmojiReact": _about_status("EmojiReact", content="👍"),
    "Like with an emoji": _about_status("Like", content="👍"),
    "Misskey's Like": _about_status("Like", _misskey_reaction="👍"),
    "Follow": _about_person("Follow"),
    "Block": _about_person("Block"),
    "Flag": lambda scene: scene.carol.does("Flag", [scene.alice.account.uri, scene.status.uri], content="Spam"),
    "Mbin's Flag": lambda scene: scene.carol.does("Flag", scene.alice.account.uri, summary="Spam"),
    "Move": _move,
    "Add": _featured("Add", "post"),
    "Add of a hashtag": _featured("Add", "tag"),
    "Remove": _featured("Remove", "post"),
    "Remove of a hashtag": _featured("Remove", "tag"),
    "Create of a question": lambda scene: scene.carol.creates(_question(scene)),
    "Update of its totals": lambda scene: scene.carol.does("Update", _question(scene, votes=3)),
    "Add of a collection": _collected("Add"),
    "Update of a collection": lambda scene: scene.carol.does("Update", _people(scene, name="More birds")),
    "Remove of a collection": _collected("Remove"),
    "Delete of a collection": lambda scene: scene.carol.does("Delete", _people(scene)["id"]),
    "Accept": _answer_to_bob("Accept"),
    "Reject": _answer_to_bob("Reject"),
    "Undo": lambda scene: scene.carol.does("Undo", scene.carol.does("Like", scene.status.uri)),
    "QuoteRequest": _asking("QuoteRequest"),
    "ReplyRequest": _asking("ReplyRequest"),
    "LikeRequest": _asking("LikeRequest"),
    "AnnounceRequest": _asking("AnnounceRequest"),
    "FeatureRequest": _featuring,
}
# These need something to be there, or take away what is.
AFTERWARDS = {
    "Update of a post": ["Create"],
    "Delete of a post": ["Create"],
    "Delete of a whole post": ["Create"],
    "Delete of an account": ["Create", "Like", "EmojiReact", "Announce"],
    "Remove": ["Create", "Add"],
    "Remove of a hashtag": ["Add of a hashtag"],
    "Update of its totals": ["Create of a question"],
    "Update of a collection": ["Add of a collection"],
    "Remove of a collection": ["Add of a collection"],
    "Delete of a collection": ["Add of a collection"],
    "Undo": ["Like"],
}
# Another id makes another one of these, or is kept as the newest.
NEW_UNDER_ANOTHER_ID = {
    "Flag", "Mbin's Flag", "Follow", "Block", "QuoteRequest", "ReplyRequest", "LikeRequest", "AnnounceRequest",
}  # fmt: skip


def test_no_activity_is_left_out() -> None:
    assert {kind.removeprefix("Mbin's ").removeprefix("Misskey's ").split()[0] for kind in EFFECTS} == set(RECEIVERS)


@pytest.fixture
def scene(there: Elsewhere, carol: Somebody, alice: Person, bob: Person) -> Scene:
    return Scene(there, carol, alice, bob)


@pytest.mark.parametrize("kind", EFFECTS)
async def test_done_twice_it_is_done_once(here: Here, scene: Scene, kind: str) -> None:
    for first in AFTERWARDS.get(kind, []):
        await here.receive(scene.carol, EFFECTS[first](scene))
    activity = EFFECTS[kind](scene)
    before = everything()

    await here.receive(scene.carol, activity)
    once = everything()
    await here.receive(scene.carol, activity, path=f"/ap/users/{scene.alice.account.id}/inbox")
    # As a peer does that has forgotten that it told it already.
    if kind not in NEW_UNDER_ANOTHER_ID:
        await here.receive(scene.carol, activity | {"id": f"{activity['id']}-again"})

    assert once != before
    assert everything() == once


UNDONE = ("Follow", "Like", "EmojiReact", "Like with an emoji", "Misskey's Like", "Announce", "Block")


# Without its id, what comes later cannot be known by it.
WAYS = (("embedded", False), ("embedded", True), ("by id", False), ("by id", True), ("without its id", False))


@pytest.mark.parametrize(("shape", "undo_first"), WAYS)
@pytest.mark.parametrize("kind", UNDONE)
async def test_what_is_taken_back_is_as_if_it_had_not_been(
    here: Here, scene: Scene, kind: str, shape: str, undo_first: bool
) -> None:
    if kind == "Block":  # which ends follows, and they do not come back
        with in_unit():
            follows.unfollow(scene.alice.account.id, account(scene.carol).id)
    before = everything()
    done = EFFECTS[kind](scene)
    nameless = {name: value for name, value in done.items() if name != "id"}
    undone = {"embedded": done, "by id": done["id"], "without its id": nameless}[shape]
    both = [done, scene.carol.does("Undo", undone)]

    await here.receive(scene.carol, *(reversed(both) if undo_first else both))
    assert everything() == before

    await here.receive(scene.carol, scene.carol.does("Undo", undone))
    assert everything() == before


@pytest.mark.parametrize("shape", ["embedded", "by id"])
async def test_a_request_that_is_taken_back_leaves_nothing_to_answer(here: Here, scene: Scene, shape: str) -> None:
    with in_unit():
        Account.update(locked=True).where(Account.id == scene.alice.account.id).execute()
    before = everything()
    follow = EFFECTS["Follow"](scene)

    await here.receive(scene.carol, follow)
    assert (FollowRequest.select().count(), Notification.get().kind) == (1, "follow_request")
    await here.receive(scene.carol, scene.carol.does("Undo", follow if shape == "embedded" else follow["id"]))

    assert everything() == before


@pytest.mark.parametrize("order", list(itertools.permutations(["Follow", "Block"])))
async def test_a_block_ends_a_follow_wherever_it_stands(here: Here, scene: Scene, order: tuple[str, ...]) -> None:
    await here.receive(scene.carol, *(EFFECTS[kind](scene) for kind in order))

    assert Block.select().count() == 1
    assert Follow.select().count() == FollowRequest.select().count() == 0


@pytest.mark.parametrize("order", list(itertools.permutations(["Block", "Undo", "Follow"])))
async def test_whoever_unblocks_may_follow(here: Here, scene: Scene, order: tuple[str, ...]) -> None:
    block = EFFECTS["Block"](scene)
    activities = {"Block": block, "Undo": scene.carol.does("Undo", block), "Follow": EFFECTS["Follow"](scene)}

    await here.receive(scene.carol, *(activities[kind] for kind in order))

    assert Block.select().count() == 0
    followers = {row.account_id for row in Follow.select().where(Follow.target == scene.alice.account.id)}
    stood = order.index("Block") < order.index("Undo")
    is_over = stood and order.index("Follow") < order.index("Undo")
    assert followers == (set() if is_over else {account(scene.carol).id})


@pytest.mark.parametrize("order", list(itertools.permutations(["Accept", "Reject", "Undo"])))
async def test_an_accept_that_is_taken_back_or_denied_leaves_no_follow(
    here: Here, scene: Scene, order: tuple[str, ...]
) -> None:
    request = await store.write(follows.follow, scene.bob.account.id, account(scene.carol).id)
    follow = {"id": request.uri, "type": "Follow", "actor": scene.bob.account.uri, "object": scene.carol.uri}
    accept = scene.carol.does("Accept", follow)
    activities = {
        "Accept": accept,
        "Reject": scene.carol.does("Reject", follow),
        "Undo": scene.carol.does("Undo", accept),
    }

    await here.receive(scene.carol, *(activities[kind] for kind in order), accept)

    assert Follow.select().where(Follow.account == scene.bob.account.id).count() == 0
    assert FollowRequest.select().count() == 0


@pytest.mark.parametrize("order", list(itertools.permutations(["Create", "Add", "Remove"])))
async def test_a_pin_and_its_post_arrive_in_any_order(here: Here, scene: Scene, order: tuple[str, ...]) -> None:
    await here.receive(scene.carol, *(EFFECTS[kind](scene) for kind in order))

    assert Status.select().where(Status.uri == scene.note["id"]).count() == 1
    assert Pin.select().count() == int(order.index("Add") > order.index("Remove"))


@pytest.mark.parametrize("order", list(itertools.permutations(["request", "Create", "Delete"])))
@pytest.mark.parametrize("kind", ["QuoteRequest", "ReplyRequest"])
async def test_what_was_asked_for_and_deleted_is_gone_in_every_order(
    here: Here, scene: Scene, kind: str, order: tuple[str, ...]
) -> None:
    request = EFFECTS[kind](scene)
    note = request["instrument"]
    activities = {
        "request": request,
        "Create": scene.carol.creates(note),
        "Delete": EFFECTS["Delete of a post"](scene),
    }

    await here.receive(scene.carol, *(activities[one] for one in order))

    assert Status.select().where(Status.uri == note["id"]).count() == 0
    assert Notification.select().count() == 0
    assert (fresh(scene.status).quotes_count, fresh(scene.status).replies_count) == (0, 0)


@pytest.mark.parametrize("kind", ["Dislike", "Offer", "Listen", "Read", "View", "Ping", "Arrive", "X"])
async def test_what_is_not_understood_is_accepted_and_changes_nothing(here: Here, scene: Scene, kind: str) -> None:
    before = everything()

    await here.receive(scene.carol, scene.carol.does(kind, scene.status.uri))
    await here.receive(scene.carol, scene.carol.does("Undo", scene.carol.does(kind, scene.status.uri)))

    assert kind not in RECEIVERS
    assert everything() == before


async def test_a_complaint_is_cut_and_is_text(here: Here, scene: Scene) -> None:
    await here.receive(
        scene.carol, scene.carol.does("Flag", scene.alice.account.uri, content="<b>a</b>" + "x" * 9_000)
    )

    report = Report.get()
    assert report.comment.startswith("ax")
    assert len(report.comment) <= 5_000
    assert msgspec.json.decode(report.status_ids) == []


async def test_a_vote_is_counted_once_and_for_one_choice(here: Here, scene: Scene) -> None:
    vote = _vote(scene)
    other = vote | {"id": f"{vote['id']}-2", "object": vote["object"] | {"id": f"{vote['id']}/no", "name": "no"}}

    await here.receive(scene.carol, vote, other)

    poll = Poll.get(Poll.status == scene.poll.id)
    assert [row.choice for row in PollVote.select().where(PollVote.poll == poll.id)] == [0]
    assert fresh(scene.poll).replies_count == 0


# ── under the same id ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("shape", ["embedded", "by id"])
@pytest.mark.parametrize("kind", ["Follow", "Like", "EmojiReact", "Like with an emoji", "Announce", "Block"])
async def test_what_was_taken_back_counts_again_under_the_same_id(
    here: Here, scene: Scene, kind: str, shape: str
) -> None:
    """Misskey gives all follows of two people one id, and all ends of them another."""
    carol = scene.carol
    done = EFFECTS[kind](scene)
    undone = {"embedded": done, "by id": done["id"]}[shape]
    first, second = (
        carol.does("Undo", undone, published=time) | {"id": f"{done['id']}/undo"}
        for time in ("2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z")
    )

    counts = [await _each_a_second_later(here, carol, kind, one) for one in (done, first, done, done, first, second)]

    assert counts == [1, 0, 1, 1, 1, 0]


@pytest.mark.parametrize("kind", ["Follow", "Like", "EmojiReact", "Announce", "Block"])
async def test_where_each_act_has_an_id_of_its_own_an_undone_one_is_an_old_try(
    here: Here, there: Elsewhere, scene: Scene, kind: str
) -> None:
    """As Mastodon may deliver, which keeps no order: taken, but the answer was lost; undone; tried again."""
    Destination.create(host=there.authority, software="mastodon")
    done = EFFECTS[kind](scene)
    undo = scene.carol.does("Undo", done)
    news = done | {"id": f"{done['id']}-new"}

    counts = [await _each_a_second_later(here, scene.carol, kind, one) for one in (done, undo, done, news)]

    assert counts == [1, 0, 0, 1]


async def test_whoever_has_lost_the_answer_to_a_follow_is_answered_again(
    here: Here, carol: Somebody, alice: Person
) -> None:
    follow = carol.does("Follow", alice.account.uri)
    body = json.dumps(follow).encode()
    headers = here.signed(carol, body)
    assert await here.post(body, headers) == 202
    await here.work()
    assert await _each_a_second_later(here, carol, "Follow", follow) == 1
    here.fed.replays.forget()
    assert await here.post(body, headers) == 202  # the first request once more, which says nothing
    await here.work()

    assert [payload_of(job)["uri"] for job in waiting("send_accept")] == [follow["id"]] * 2
    assert [row.kind for row in Notification.select()] == ["follow"]


async def test_a_request_of_before_an_undo_counts_in_no_process(here: Here, carol: Somebody, alice: Person) -> None:
    """A process remembers the requests that it took itself, as long as it lives; all know what was taken back."""
    now = clock.now_ms()
    follow = carol.does("Follow", alice.account.uri)
    undo = carol.does("Undo", follow)
    body = json.dumps(follow).encode()

    async def sent(at: int) -> dict[str, str]:
        with clock.frozen(now + at * clock.SECOND):
            headers = here.signed(carol, body)
            assert await here.post(body, headers) == 202
            await here.work()
        return headers

    async def again(headers: dict[str, str]) -> int:
        here.fed.replays.forget()  # as if another process took it
        assert await here.post(body, headers) == 202
        await here.work()
        return Follow.select().where(Follow.account == account(carol).id).count()

    first = await sent(1)
    assert await again(first) == 1
    await here.receive(carol, undo)
    assert await again(first) == 0
    second = await sent(2)
    assert await again(second) == 1
    await here.receive(carol, undo | {"id": f"{undo['id']}/2"})
    assert (await again(first), await again(second)) == (0, 0)
    assert await again(await sent(3)) == 1


async def test_whoever_was_rejected_may_ask_again_under_the_same_id(
    here: Here, carol: Somebody, alice: Person
) -> None:
    follow = carol.does("Follow", alice.account.uri)
    assert await _each_a_second_later(here, carol, "Follow", follow) == 1

    await store.write(follows.remove_follower, alice.account.id, account(carol).id)
    assert await _each_a_second_later(here, carol, "Follow", follow) == 1

    await store.write(blocks.block, alice.account.id, account(carol).id)
    assert await _each_a_second_later(here, carol, "Follow", follow) == 0

    await store.write(blocks.unblock, alice.account.id, account(carol).id)
    assert await _each_a_second_later(here, carol, "Follow", follow) == 1


async def test_whoever_blocked_may_follow_again_under_the_same_id(here: Here, carol: Somebody, alice: Person) -> None:
    follow, block = carol.does("Follow", alice.account.uri), carol.does("Block", alice.account.uri)
    activities = (follow, block, carol.does("Undo", block), follow)

    counts = [await _each_a_second_later(here, carol, "Follow", one) for one in activities]

    assert counts == [1, 0, 0, 1]


async def _each_a_second_later(here: Here, carol: Somebody, kind: str, activity: Document) -> int:
    """How often `kind` is done to people here once that has arrived, signed anew."""
    with clock.frozen(clock.now_ms() + next(_seconds) * clock.SECOND):
        await here.receive(carol, activity)
    table = {"Follow": Follow, "Like": Favourite, "Announce": Status, "Block": Block}.get(kind, EmojiReaction)
    made = table.select().join(Account, on=(Account.id == table.account)).where(Account.domain != "")
    return int(made.count())


_seconds = itertools.count(1)
