"""Lists, markers, media, emoji, tags, search: what people have and look for."""

from collections.abc import Callable

import pytest

from node import clock
from node.errors import Invalid, NotFound
from node.models import Account, Block, CustomEmoji, Visibility
from node.paging import Page
from node.services import follows
from node.services.community import emoji
from node.services.community.emoji import EmojiFacts
from node.services.discovery import search, tags
from node.services.relationships import lists
from node.services.statuses import media
from node.services.timelines import markers
from tests.factories import Person, make_person
from tests.factories_posts import make_follow, make_media, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


def test_a_list_is_made_changed_and_deleted(alice: Person, bob: Person) -> None:
    make_follow(alice, bob)
    row = lists.create(alice.account.id, "  Birds ")
    lists.add_members(alice.account.id, row.id, [bob.account.id, bob.account.id])

    changed = lists.update(alice.account.id, row.id, title="Linnets", replies_policy="none", exclusive=True)

    assert (row.title, changed.title, changed.replies_policy, changed.exclusive) == ("Birds", "Linnets", "none", True)
    assert lists.members(alice.account.id, row.id, Page()) == [bob.account.id]
    assert [one.id for one in lists.containing(alice.account.id, bob.account.id)] == [row.id]
    lists.drop_from_all(alice.account.id, bob.account.id)
    assert lists.members(alice.account.id, row.id, Page()) == []
    lists.delete(alice.account.id, row.id)
    assert lists.of_account(alice.account.id) == []


def test_lists_have_a_title_and_a_known_policy(alice: Person) -> None:
    for title, policy in (("", "list"), ("a" * 256, "list"), ("Birds", "all")):
        with pytest.raises(Invalid):
            lists.create(alice.account.id, title, replies_policy=policy)


def test_markers_remember_the_last_device_and_count_versions(alice: Person, bob: Person) -> None:
    markers.set_read(alice.account.id, "home", 5)
    row = markers.set_read(alice.account.id, "home", 7)

    assert (row.last_read_id, row.version) == (7, 2)
    assert [one.timeline for one in markers.get(alice.account.id, ["home", "notifications", "x"])] == ["home"]
    assert markers.last_read(alice.account.id, "home") == 7
    assert markers.last_read(bob.account.id, "home") == 0
    with pytest.raises(Invalid):
        markers.set_read(alice.account.id, "public", 1)


def test_uploads_are_changed_by_their_owner_until_they_are_posted(alice: Person, bob: Person) -> None:
    picture = make_media(alice)

    assert media.update(alice.account.id, picture.id, description="A bird", focus=(0, 1)).description == "A bird"
    for owner in (bob, alice):
        if owner is alice:
            make_status(alice, media_ids=(picture.id,))
        with pytest.raises(NotFound):
            media.update(owner.account.id, picture.id, description="Mine")
    with pytest.raises(Invalid):
        media.delete(alice.account.id, picture.id)
    with pytest.raises(Invalid):
        make_media(alice, description="a" * 20_000)


def test_uploads_that_nobody_posted_are_found_for_pruning(alice: Person) -> None:
    old, posted = make_media(alice), make_media(alice)
    make_status(alice, media_ids=(posted.id,))

    later = clock.now_ms() + 1
    assert [row.id for row in media.unattached(later)] == [old.id]
    media.forget([old.id, posted.id])
    assert media.unattached(later) == []
    assert media.get(alice.account.id, posted.id).id == posted.id


def test_emoji_are_made_replaced_and_deleted(alice: Person) -> None:
    first = emoji.create("linnet", "one")
    second = emoji.create("linnet", "two", category="birds")

    assert first.id == second.id
    assert [(row.shortcode, row.image_key) for row in emoji.local()] == [("linnet", "two")]
    with pytest.raises(Invalid):
        emoji.create("not a shortcode", "x")
    emoji.delete("linnet")
    with pytest.raises(NotFound):
        emoji.delete("linnet")


def test_a_newer_picture_of_a_remote_emoji_replaces_the_older(alice: Person) -> None:
    def picture(url: str, at: int) -> EmojiFacts:
        return EmojiFacts(shortcode="bird", image_url=url, updated_at=at)

    emoji.receive("remote.test", [picture("https://remote.test/2", 2)])
    emoji.receive("remote.test", [picture("https://remote.test/1", 1)])
    assert CustomEmoji.get().image_remote_url == "https://remote.test/2"
    emoji.receive("remote.test", [picture("https://remote.test/3", 3)])
    assert CustomEmoji.get().image_remote_url == "https://remote.test/3"


def test_hashtags_are_followed_whatever_their_spelling(alice: Person) -> None:
    tag = tags.follow(alice.account.id, "#Birds")
    tags.follow(alice.account.id, "BIRDS")

    assert [one.key for _, one in tags.followed(alice.account.id, Page())] == ["birds"]
    assert tags.is_followed(alice.account.id, [tag.id]) == {tag.id}
    tags.unfollow(alice.account.id, "birds")
    assert tags.followed(alice.account.id, Page()) == []
    with pytest.raises(NotFound):
        tags.follow(alice.account.id, "not a tag")


# ── search ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def found(person: Person | None, words: str) -> list[int]:
    return search.statuses(person.account.id if person else None, words, Page())


def test_all_words_must_be_there_and_the_last_may_be_begun(alice: Person) -> None:
    status = make_status(alice, "A rare linnet sings")

    for words in ("linnet", "RARE linnet", "linnet sin", "sings rare"):
        assert found(alice, words) == [status.id], words
    for words in ("sparrow", "linnet sparrow", "lin sings", "", "!?"):
        assert found(alice, words) == [], words


@pytest.mark.parametrize("words", ['"', "*", "a OR b", "NEAR(", "a'b", "a:b -c", "\x00", "x & | !", "(" * 50, "%_"])
def test_no_words_are_operators(alice: Person, words: str) -> None:
    make_status(alice, "linnet")

    assert found(alice, words) == []


def test_strangers_find_only_public_posts_of_people_who_want_it(alice: Person, bob: Person) -> None:
    make_status(alice, "linnet")
    willing = make_person("willing", indexable=True)
    public = make_status(willing, "linnet")
    make_status(willing, "linnet", visibility=Visibility.UNLISTED)
    make_status(willing, "linnet", visibility=Visibility.PRIVATE)

    assert found(bob, "linnet") == found(None, "linnet") == [public.id]


def test_people_find_what_names_them(alice: Person, bob: Person) -> None:
    status = make_status(alice, "linnet for @bob", visibility=Visibility.DIRECT)

    assert found(bob, "linnet") == [status.id]
    assert found(make_person("eve"), "linnet") == []


def test_accounts_are_found_by_handle_and_by_name(alice: Person, remote: Remote) -> None:
    carol = remote("carol", display_name="Carol Linnet")
    caro = remote("caro", "other.test")

    assert search.accounts(None, "@car") == sorted([carol.id, caro.id])
    assert search.accounts(None, "linnet") == [carol.id]
    assert search.accounts(None, "carol@remote") == [carol.id]
    assert search.accounts(None, "%") == []
    make_follow(alice, caro)
    assert search.accounts(alice.account.id, "car")[0] == caro.id
    assert search.accounts(alice.account.id, "car", following=True) == [caro.id]
    Block.create(account=alice.account.id, target=carol.id, created_at=1)
    assert search.accounts(alice.account.id, "carol") == []


def test_tags_are_found_by_how_they_begin(alice: Person) -> None:
    make_status(alice, "#linnets #linnet #lin")

    assert [tag.key for tag in search.tags("#LINNET")] == ["linnet", "linnets"]
    assert search.tags("") == []


def test_who_was_asked_can_be_in_a_list_until_they_refuse(alice: Person, remote: Remote) -> None:
    carol, dan = remote("carol"), remote("dan")
    row = lists.create(alice.account.id, "Birds")
    for one in (carol, dan):
        follows.follow(alice.account.id, one.id)
    lists.add_members(alice.account.id, row.id, [carol.id, dan.id])

    follows.received_accept(carol, follower_id=alice.account.id)
    follows.received_reject(dan, follower_id=alice.account.id)

    assert lists.members(alice.account.id, row.id, Page()) == [carol.id]
