"""What the operators of a search find."""

from collections.abc import Callable

import pytest

from node import clock, ids, store
from node.models import Account, MediaAttachment, Status
from node.models import search as index
from node.paging import Page
from node.services.discovery import search, search_filters
from node.services.interactions import bookmarks, favourites
from node.services.statuses.drafts import PollDraft
from node.text import search_query
from tests.factories import Person
from tests.factories_posts import make_media, make_status

pytestmark = pytest.mark.usefixtures("unit")

_YESTERDAY = "2031-05-09"
_TODAY = "2031-05-10"


@pytest.fixture
def posts(alice: Person, bob: Person) -> dict[int, str]:
    """Posts of both by their ids; all of them hold the word bird."""
    Account.update(indexable=True).where(Account.id == bob.account.id).execute()
    day = clock.parse_iso(_TODAY)
    assert day is not None
    with clock.frozen(day - clock.HOUR):
        old = make_status(bob, "old bird", language="de")
    with clock.frozen(day + clock.HOUR):
        found = {
            "mine": make_status(alice, "my bird", language="en"),
            "plain": make_status(bob, "a bird and rain", language="en-GB"),
            "media": make_status(bob, "bird", media_ids=(make_media(bob).id,), language="fr"),
            "poll": make_status(
                bob, "bird", poll=PollDraft(options=("a", "b"), expires_in_ms=clock.DAY), language="fr"
            ),
            "warned": make_status(bob, "bird", spoiler_text="look away", language="fr"),
            "reply": make_status(bob, "bird", in_reply_to_id=old.id, language="fr"),
        }
    bookmarks.add(alice.account.id, found["plain"].id)
    favourites.add(alice.account.id, found["media"].id)
    bookmarks.add(bob.account.id, found["poll"].id)
    return {status.id: name for name, status in (found | {"old": old}).items()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bird from:me", "mine"),
        ("from:@bob has:media", "media"),
        ("bird -from:bob@a.test", "mine"),
        ("bird has:image", "media"),
        ("bird has:poll", "poll"),
        ("bird is:sensitive", "warned"),
        ("bird is:reply", "reply"),
        (f"bird before:{_TODAY}", "old"),
        (f"bird during:{_YESTERDAY}", "old"),
        ("bird during:2031-05 language:en", "mine plain"),
        (f"bird after:{_YESTERDAY} in:library", "media mine plain"),
        ("in:library", "media mine plain"),
        ("in:bookmarks", "plain"),
        ("bird in:bookmarks from:me", ""),
        ("in:favourites", "media"),
        ("bird -in:favourites language:fr", "poll reply warned"),
        ("bird in:public language:en", "plain"),
        ("bird in:all language:de", "old"),
        ("bird -rain language:en", "mine"),
        ("-bird from:bob", ""),
        ("bird from:nobody", ""),
        ("bird after:tomorrow", ""),
        ("bird has:feathers", ""),
        ("bird -is:reply -is:sensitive -has:media -has:poll -in:library", "old"),
    ],
)
def test_operators_narrow_what_is_found(alice: Person, posts: dict[int, str], text: str, names: str) -> None:
    found = search.statuses(alice.account.id, text, Page())

    assert sorted(posts[status_id] for status_id in found) == names.split()


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("video", "gifv video"),
        ("audio", "audio"),
        ("image", "image"),
        ("media", "audio gifv image video"),
        ("embed", "embed"),
    ],
)
def test_kinds_of_files_and_previews_are_told_apart(alice: Person, what: str, names: str) -> None:
    made = {}
    for kind in ("image", "video", "gifv", "audio"):
        file = make_media(alice)
        MediaAttachment.update(kind=kind).where(MediaAttachment.id == file.id).execute()
        made[make_status(alice, "bird", media_ids=(file.id,)).id] = kind
    made[make_status(alice, "bird https://birds.test/linnet").id] = "embed"
    made[make_status(alice, "bird").id] = "words"

    found = search.statuses(alice.account.id, f"bird has:{what}", Page())

    assert sorted(made[status_id] for status_id in found) == names.split()


@pytest.mark.parametrize("text", ["has:media", "-from:bob", "is:reply in:all", f"before:{_TODAY}"])
def test_operators_that_end_nowhere_need_a_word(alice: Person, posts: dict[int, str], text: str) -> None:
    assert search.statuses(alice.account.id, text, Page()) == []


def test_operators_show_nobody_more_than_they_may_read(
    alice: Person, bob: Person, remote: Callable[..., Account], posts: dict[int, str]
) -> None:
    Account.update(indexable=False).where(Account.id == bob.account.id).execute()

    assert [posts[status_id] for status_id in search.statuses(alice.account.id, "from:bob", Page())] == [
        "media",
        "plain",
    ]
    assert search.statuses(None, "from:bob", Page()) == []
    assert Status.select().count() == len(posts)


def test_a_word_may_be_begun_unless_it_is_frequent_as_it_stands(alice: Person) -> None:
    whole, begun = make_status(alice, "a linnet"), make_status(alice, "two linnets")

    assert search.statuses(alice.account.id, "linnet", Page()) == [begun.id, whole.id]
    assert search.statuses(alice.account.id, "linn", Page(max_id=begun.id)) == [whole.id]
    if store.is_sqlite():
        for number in range(1_000):
            index.index(number + 1, "a linnet")
        assert search.statuses(alice.account.id, "linnet", Page()) == [whole.id]
        assert search.statuses(alice.account.id, "linnets", Page()) == [begun.id]
        assert search.statuses(alice.account.id, "tw", Page()) == []


def test_when_a_post_was_written_bounds_what_is_looked_through() -> None:
    query = search_query.parse("bird after:2031-05-08 before:2031-05-10 during:2031 -during:2031-06")

    page = search_filters.bounded(Page(limit=5, max_id=ids.first_id_at(clock.parse_iso("2031-06-01") or 0)), query)

    assert page.limit == 5
    assert ids.time_of(page.max_id) == clock.parse_iso("2031-05-10")
    assert ids.time_of(page.since_id + 1) == clock.parse_iso("2031-05-09")
    assert [(part.name, part.is_negated) for part in search_filters.parts_of(query, 1)] == [("during", True)]


def test_a_query_is_built_once_for_all_values(alice: Person, posts: dict[int, str]) -> None:
    def ask(text: str) -> int:
        search.statuses(alice.account.id, text, Page())
        return search._found.cache_info().currsize

    built = ask("bird from:bob language:fr")

    assert ask("rain from:alice language:en before:2031-05-10") == built
    assert ask("bird from:bob -language:fr") == built + 1
