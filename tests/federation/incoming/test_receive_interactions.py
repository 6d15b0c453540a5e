"""Favourites, boosts, pins and reports from elsewhere (docs/conformance.md)."""

from typing import Any

import msgspec
import pytest

from federation.context import Budget
from federation.finding import resolve
from node import clock
from node.models import Favourite, Notification, Pin, Report, Status
from node.services.accounts import featured_tags
from node.services.collections import own as collections
from node.services.collections.own import CollectionChange
from node.services.community import emoji
from node.services.interactions import reactions
from node.services.moderation import reports
from tests.factories import Person, in_unit
from tests.factories_posts import fresh, make_follow, make_status
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, account, stranger_keys


@pytest.mark.parametrize(
    "reaction",
    [
        {"type": "Like"},
        {"type": "Like", "content": "good"},
        {"type": "EmojiReact", "content": ":blobcat:"},
        {"type": "Like", "_misskey_reaction": "👍👍"},
    ],
)
async def test_favourites_and_reactions_without_an_emoji_count_once(
    here: Here, carol: Somebody, alice: Person, reaction: dict[str, str]
) -> None:
    status = make_status(alice)

    await here.receive(
        carol,
        carol.does("Like", status.uri) | reaction,
        carol.does("Like", status.uri) | reaction,
    )

    assert fresh(status).favourites_count == 1
    assert [row.kind for row in Notification.select()] == ["favourite"]


BLOB = {
    "type": "Emoji",
    "name": ":blobcat:",
    "icon": {"type": "Image", "mediaType": "image/png", "url": "https://remote.test/blobcat.png"},
}
SPELLINGS: list[dict[str, Any]] = [
    {"type": "EmojiReact", "content": "👍"},
    {"type": "Like", "content": "👍"},
    {"type": "Like", "_misskey_reaction": "👍"},
    {"type": "EmojiReact", "content": ":blobcat:", "tag": [BLOB]},
    {"type": "EmojiReact", "content": ":blobcat:", "tag": BLOB | {"id": None}},
    {"type": "Like", "_misskey_reaction": ":blobcat@.:", "tag": [BLOB]},
]


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_reaction_counts_once_in_every_spelling_and_is_taken_back(
    here: Here, carol: Somebody, alice: Person, spelling: dict[str, Any]
) -> None:
    status = make_status(alice)
    name = "👍" if "👍" in spelling.values() else f"blobcat@{account(carol).domain}"
    reaction, again = (carol.does("Like", status.uri) | spelling for _ in range(2))

    await here.receive(carol, reaction, again, reaction)

    assert fresh(status).reactions == msgspec.json.encode([(name, 1)]).decode()
    assert fresh(status).favourites_count == 0
    assert [row.kind for row in Notification.select()] == ["emoji_reaction"]

    await here.receive(carol, carol.does("Undo", again), carol.does("Undo", again))
    assert (fresh(status).reactions, Notification.select().count()) == ("[]", 0)


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("undo_first", [True, False])
@pytest.mark.parametrize("spelling", SPELLINGS[:4])
async def test_a_reaction_that_was_taken_back_stays_so(
    here: Here, carol: Somebody, alice: Person, spelling: dict[str, Any], undo_first: bool, embedded: bool
) -> None:
    status = make_status(alice)
    reaction = carol.does("Like", status.uri) | spelling
    both = [reaction, carol.does("Undo", reaction if embedded else reaction["id"])]

    await here.receive(carol, *(reversed(both) if undo_first else both))

    assert (fresh(status).reactions, fresh(status).favourites_count) == ("[]", 0)


@pytest.mark.parametrize(
    "tag", [[], [BLOB, BLOB | {"name": "other"}], [BLOB | {"name": ":other:"}], [BLOB | {"icon": None}]]
)
async def test_a_custom_emoji_needs_exactly_one_picture(
    here: Here, carol: Somebody, alice: Person, tag: list[Any]
) -> None:
    status = make_status(alice)

    await here.receive(carol, carol.does("EmojiReact", status.uri, content=":blobcat:", tag=tag))

    assert (fresh(status).reactions, fresh(status).favourites_count) == ("[]", 1)


async def test_a_favourite_and_a_reaction_of_one_person_are_two_things(
    here: Here, carol: Somebody, alice: Person
) -> None:
    status = make_status(alice)
    like, reaction = carol.does("Like", status.uri), carol.does("EmojiReact", status.uri, content="👍")
    odd = carol.does("EmojiReact", status.uri, content="nonsense")
    await here.receive(carol, like, reaction, odd)

    await here.receive(carol, carol.does("Undo", odd), carol.does("Undo", reaction))
    assert (fresh(status).reactions, fresh(status).favourites_count) == ("[]", 1)

    await here.receive(carol, reaction | {"id": f"{reaction['id']}-again"}, carol.does("Undo", like))
    assert (fresh(status).reactions, fresh(status).favourites_count) == ('[["👍",1]]', 0)


async def test_a_reaction_is_taken_back_by_its_owner_alone(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    status = make_status(alice)
    reaction = carol.does("EmojiReact", status.uri, content="👍")
    await here.receive(carol, reaction)

    await here.receive(mallory, mallory.does("Undo", reaction), mallory.does("Undo", reaction["id"]))
    assert fresh(status).reactions == '[["👍",1]]'


async def test_our_own_emoji_comes_back_as_ours(here: Here, carol: Somebody, alice: Person) -> None:
    status = make_status(alice)
    with in_unit():
        emoji.create("wave", "wave.png")
    ours = BLOB | {"name": ":wave:", "id": f"{here.base}/ap/emoji/wave"}
    foreign = BLOB | {"name": ":wave:", "id": f"{carol.origin}/emoji/wave"}

    await here.receive(
        carol,
        carol.does("EmojiReact", status.uri, content=":wave:", tag=[ours]),
        carol.does("EmojiReact", status.uri, content=":wave:", tag=[foreign]),
    )

    assert [name for name, _ in reactions.counts(fresh(status))] == ["wave", f"wave@{account(carol).domain}"]


async def test_a_dislike_is_nothing(here: Here, carol: Somebody, alice: Person) -> None:
    status = make_status(alice)

    await here.receive(carol, carol.does("Dislike", status.uri))

    assert fresh(status).favourites_count == 0


async def test_a_post_that_one_may_not_read_cannot_be_liked_or_boosted(
    here: Here, carol: Somebody, alice: Person
) -> None:
    hidden = make_status(alice, visibility="private")

    await here.receive(carol, carol.does("Like", hidden.uri), carol.does("Announce", hidden.uri, to=[PUBLIC]))
    await here.receive(carol, carol.does("EmojiReact", hidden.uri, content="👍"))

    assert fresh(hidden).reactions == "[]"
    assert (fresh(hidden).favourites_count, fresh(hidden).reblogs_count) == (0, 0)
    assert Notification.select().count() == 0


async def test_of_what_is_for_followers_its_author_alone_is_believed_to_boost_it(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note("For some.", to=[f"{carol.uri}/followers"])
    await here.receive(carol, carol.creates(note))
    make_follow(alice, await resolve.account(here.fed, mallory.uri, budget=Budget(9)))

    await here.receive(mallory, mallory.does("Announce", note["id"], to=[PUBLIC]))
    assert Status.select().where(Status.reblog_of.is_null(False)).count() == 0
    await here.receive(carol, carol.does("Announce", note["id"], to=[PUBLIC]))

    boost = Status.get(Status.reblog_of.is_null(False))
    assert (boost.account_id, boost.visibility) == (account(carol).id, "private")


async def test_a_favourite_is_taken_back_by_its_owner_alone(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    status = make_status(alice)
    like = carol.does("Like", status.uri)
    await here.receive(carol, like)

    await here.receive(mallory, mallory.does("Undo", like), mallory.does("Undo", like["id"]))
    assert Favourite.select().count() == 1

    await here.receive(carol, carol.does("Undo", like))
    assert (Favourite.select().count(), fresh(status).favourites_count) == (0, 0)


async def test_a_boost_of_a_post_from_here_is_told_to_its_author(here: Here, carol: Somebody, alice: Person) -> None:
    status = make_status(alice)
    boost = carol.does("Announce", status.uri, to=[PUBLIC])

    await here.receive(carol, boost, carol.does("Announce", status.uri, to=[PUBLIC]))

    assert fresh(status).reblogs_count == 1
    assert Status.get(Status.reblog_of == status.id).uri == boost["id"]
    assert [row.kind for row in Notification.select()] == ["reblog"]

    await here.receive(carol, carol.does("Undo", boost))
    assert fresh(status).reblogs_count == 0


async def test_a_boosted_post_is_fetched_from_where_it_lives(here: Here, there: Elsewhere, carol: Somebody) -> None:
    async with Elsewhere() as third:
        dave = third.somebody("dave")
        note = dave.note("The truth.")
        third.serve(note)

        await here.receive(carol, carol.does("Announce", note | {"content": "A lie."}, to=[PUBLIC]))

    original = Status.get(Status.uri == note["id"])
    assert original.content == "<p>The truth.</p>"
    assert Status.get(Status.reblog_of == original.id).account_id == account(carol).id


async def test_a_boost_by_somebody_whom_nobody_follows_causes_no_fetch(here: Here, there: Elsewhere) -> None:
    mallory = there.somebody("mallory")
    async with Elsewhere() as victim:
        note = victim.somebody("dave").note()
        victim.serve(note)

        await here.receive(mallory, mallory.does("Announce", note["id"], to=[PUBLIC]))

        assert victim.received == []


async def test_a_group_passes_on_what_its_members_post(here: Here, there: Elsewhere, carol: Somebody) -> None:
    dave = there.somebody("dave")
    note = dave.note("To the group.")
    there.serve(note)

    await here.receive(carol, carol.does("Announce", dave.creates(note), to=[PUBLIC]))

    original = Status.get(Status.uri == note["id"])
    assert Status.get(Status.reblog_of == original.id).account_id == account(carol).id


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "text/html"])
async def test_json_that_is_served_as_anything_else_is_no_post(
    here: Here, there: Elsewhere, carol: Somebody, content_type: str
) -> None:
    note = carol.note()
    there.serve(note, content_type=content_type)
    boost = carol.does("Announce", note["id"], to=[PUBLIC])
    await here.receive(carol, boost)
    assert Status.select().count() == 0

    there.serve(note)
    here.forget(note["id"])
    await here.receive(carol, boost | {"id": f"{boost['id']}-again"})
    assert Status.select().count() == 2


async def test_a_document_that_calls_itself_otherwise_speaks_for_nobody(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    uploaded = carol.note("Uploaded by somebody else.")
    there.serve(uploaded, at="/media/upload")

    await here.receive(carol, carol.does("Announce", there.url("/media/upload"), to=[PUBLIC]))

    assert Status.select().count() == 0


# ── pins ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_people_pin_their_own_posts_alone(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note()
    await here.receive(carol, carol.creates(note))
    featured, foreign = f"{carol.uri}/featured", f"{mallory.uri}/featured"

    await here.receive(
        mallory,
        mallory.does("Add", note["id"], target=featured),
        mallory.does("Add", note["id"], target=foreign),
    )
    assert Pin.select().count() == 0

    await here.receive(carol, carol.does("Add", note["id"], target=featured))
    assert Pin.get().account_id == account(carol).id

    await here.receive(mallory, mallory.does("Remove", note["id"], target=featured))
    assert Pin.select().count() == 1
    await here.receive(carol, carol.does("Remove", note["id"], target=featured))
    assert Pin.select().count() == 0


# ── reports ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_report_names_people_and_posts(here: Here, carol: Somebody, alice: Person) -> None:
    status = make_status(alice)
    flag = carol.does(
        "Flag", [alice.account.uri, status.uri, "https://other.test/users/1"], content="Spam & <b>more</b>"
    )

    await here.receive(carol, flag)

    report = Report.get()
    assert (report.target, report.comment) == (alice.account.id, "Spam & more")
    assert msgspec.json.decode(report.status_ids) == [status.id]


async def test_a_report_names_collections_of_whom_it_is_about(
    here: Here, carol: Somebody, alice: Person, bob: Person
) -> None:
    with in_unit():
        hers, his = (
            collections.create(person.account.id, CollectionChange(name="People")) for person in (alice, bob)
        )

    await here.receive(carol, carol.does("Flag", [alice.account.uri, hers.uri, f"{hers.uri}0"], content="Spam"))
    await here.receive(carol, carol.does("Flag", his.uri, content="Spam"))

    named = [(row.target, msgspec.json.decode(row.collection_ids)) for row in Report.select().order_by(Report.id)]
    assert named == [(alice.account.id, [hers.id]), (bob.account.id, [his.id])]


async def test_a_report_about_nobody_here_is_nothing(here: Here, carol: Somebody) -> None:
    await here.receive(carol, carol.does("Flag", "https://other.test/users/1", content="?"))

    assert Report.select().count() == 0


async def test_a_host_reports_so_much_in_a_day(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MAX_RECEIVED_A_DAY", 3)
    both = [alice.account.uri, bob.account.uri]
    dave = there.somebody("dave")
    async with Elsewhere("127.0.0.2") as elsewhere:
        erin = elsewhere.somebody("erin")

        await here.receive(carol, carol.does("Flag", both, content="1"))
        await here.receive(dave, dave.does("Flag", both, content="2"), dave.does("Flag", both, content="3"))
        assert reported() == ["1", "1", "2"]
        await here.receive(erin, erin.does("Flag", both, content="4"))
        assert reported() == ["1", "1", "2", "4", "4"]
    with clock.frozen(clock.now_ms() + clock.DAY + clock.MINUTE):
        await here.receive(carol, carol.does("Flag", both, content="5"))

    assert reported() == ["1", "1", "2", "4", "4", "5", "5"]


def reported() -> list[str]:
    return [row.comment for row in Report.select().order_by(Report.id)]


# ── hashtags on profiles ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("collection", ["featured", "collections/tags"])
async def test_a_hashtag_is_featured_and_taken_off_by_its_owner_alone(
    here: Here, there: Elsewhere, carol: Somebody, collection: str
) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    tag = {"type": "Hashtag", "name": "#Maps", "href": f"{carol.uri}/tagged/maps"}
    target = f"{carol.uri}/{collection}"

    def shown() -> list[str]:
        return [view.name for view in featured_tags.of_account(account(carol).id)]

    add = carol.does("Add", tag, target=target)
    await here.receive(carol, add, add | {"id": f"{add['id']}-again"})
    assert shown() == ["Maps"]

    await here.receive(mallory, mallory.does("Remove", tag, target=target))
    assert shown() == ["Maps"]
    await here.receive(carol, *(carol.does("Remove", tag | {"name": "#maps"}, target=target) for _ in range(2)))
    assert shown() == []


async def test_a_hashtag_for_a_collection_elsewhere_is_nothing(here: Here, carol: Somebody) -> None:
    tag = {"type": "Hashtag", "name": "#maps"}

    await here.receive(carol, carol.does("Add", tag, target="https://other.test/featured"), carol.does("Add", tag))

    assert featured_tags.of_account(account(carol).id) == []


async def test_the_hashtags_of_somebody_looked_up_follow(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave", featuredTags=there.url("/users/dave/tags"))
    items = [{"type": "Hashtag", "name": f"#tag{number}"} for number in range(30)]
    there.serve({"id": there.url("/users/dave/tags"), "type": "Collection", "items": items})

    await resolve.account(here.fed, dave.uri, budget=Budget(9), counted=True)
    await here.work()

    shown = [view.name for view in featured_tags.of_account(account(dave).id)]
    assert shown == [f"tag{number}" for number in range(featured_tags.MAX_FEATURED)]
