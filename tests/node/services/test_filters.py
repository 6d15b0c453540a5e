"""Filters: whose they are, what they match, and that everybody hears of a change."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from node import clock, store, streams
from node.errors import Invalid, NotFound
from node.models import Account, Filter, FilterAction, FilterContext, FilterStatus, Visibility
from node.services.caching import control
from node.services.filters import changes as filters
from node.services.filters import phrases as phrase_filters
from node.services.filters import rules as filter_rules
from node.services.filters.changes import FilterView, KeywordChange, Terms
from node.services.filters.phrases import Wish
from node.services.interactions import reblogs
from node.services.statuses import view as status_view
from node.services.statuses.drafts import Draft, PollDraft
from node.services.statuses.edits import edit
from node.streams import Event
from tests.factories import Person, in_unit
from tests.factories_posts import make_media, make_status
from tests.queries import assert_query_count


@pytest.fixture(autouse=True)
def unit(db: None) -> Iterator[None]:
    with in_unit():
        yield


def make(owner: Person, *keywords: str, whole_word: bool = True, **terms: Any) -> FilterView:
    terms = {"title": "Enough", "contexts": list(FilterContext)} | terms
    return filters.create(
        owner.account.id, Terms(**terms), [KeywordChange(keyword=one, whole_word=whole_word) for one in keywords]
    )


def reasons(reader: Person | None, status_id: int) -> list[tuple[str, tuple[str, ...], tuple[int, ...]]]:
    view = status_view.one(None if reader is None else reader.account.id, status_id)
    return [(one.rule.title, one.keywords, one.status_ids) for one in view.filtered]


# ── what matches ──


@pytest.mark.parametrize(
    "draft",
    [
        {"text": "I love <marmite> and tea"},
        {"text": "food", "spoiler_text": "Marmite inside"},
        {"text": "On toast?", "poll": PollDraft(options=("marmite", "jam"), expires_in_ms=3_600_000)},
        {"text": "#marmite"},
    ],
)
def test_words_are_found_wherever_a_post_says_them(alice: Person, bob: Person, draft: dict[str, Any]) -> None:
    make(alice, "marmite", "tea leaves")

    status = make_status(bob, **draft)

    assert reasons(alice, status.id) == [("Enough", ("marmite",), ())]
    assert reasons(None, status.id) == []


def test_alt_texts_and_tags_beside_the_text_count(alice: Person, bob: Person, remote: Callable[..., Account]) -> None:
    make(alice, "marmite", "#hidden")
    picture = make_media(bob, description="A jar of marmite")

    shown = make_status(bob, "Look", media_ids=(picture.id,))
    tagged = make_status(remote("carol"), "Nothing here", hashtags=("hidden",))

    assert reasons(alice, shown.id) == [("Enough", ("marmite",), ())]
    assert reasons(alice, tagged.id) == [("Enough", ("#hidden",), ())]


def test_words_of_markup_and_across_parts_do_not_match(alice: Person, bob: Person) -> None:
    make(alice, "span", "class", "first second")

    status = make_status(bob, "second #tag @alice", spoiler_text="first")

    assert reasons(alice, status.id) == []


def test_own_posts_are_never_filtered(alice: Person, bob: Person) -> None:
    make(alice, "marmite")
    own = make_status(alice, "marmite")
    boost = reblogs.add(bob.account.id, own.id)

    assert reasons(alice, own.id) == []
    assert reasons(alice, boost.id) == []


def test_a_boost_is_judged_by_what_it_shows(alice: Person, bob: Person) -> None:
    make(alice, "marmite")
    status = make_status(bob, "marmite")
    for who in (alice, bob):
        boost = reblogs.add(who.account.id, status.id)
        view = status_view.one(alice.account.id, boost.id)

        assert view.filtered == view.shown.filtered != ()


def test_a_status_that_was_named_matches_and_so_does_its_boost(alice: Person, bob: Person) -> None:
    status, other = make_status(bob), make_status(bob)
    boost = reblogs.add(bob.account.id, status.id)
    made = make(alice)

    row = filters.add_status(alice.account.id, made.filter.id, status.id)

    assert filters.add_status(alice.account.id, made.filter.id, status.id).id == row.id
    assert reasons(alice, status.id) == reasons(alice, boost.id) == [("Enough", (), (status.id,))]
    assert reasons(alice, other.id) == []
    filters.remove_status(alice.account.id, row.id)
    assert reasons(alice, status.id) == []


def test_an_edit_is_judged_anew(alice: Person, bob: Person) -> None:
    make(alice, "marmite")
    status = make_status(bob, "jam")
    assert reasons(alice, status.id) == []

    edit(bob.account.id, status.id, Draft(text="marmite"))

    assert reasons(alice, status.id) == [("Enough", ("marmite",), ())]


def test_an_expired_filter_stays_and_matches_nothing(alice: Person, bob: Person) -> None:
    made = make(alice, "marmite", expires_in=60)
    status = make_status(bob, "marmite")

    assert len(reasons(alice, status.id)) == 1
    with clock.frozen(clock.now_ms() + 61_000):
        assert reasons(alice, status.id) == []
        assert [one.filter.id for one in filters.of_account(alice.account.id)] == [made.filter.id]
        filters.update(alice.account.id, made.filter.id, Terms(expires_in=None))
        assert len(reasons(alice, status.id)) == 1


def test_the_strongest_action_of_the_context_decides(alice: Person, bob: Person) -> None:
    for title, action, contexts in (
        ("b", FilterAction.BLUR, ["home", "thread"]),
        ("w", FilterAction.WARN, ["home", "public"]),
        ("h", FilterAction.HIDE, ["public"]),
    ):
        make(alice, "marmite", title=title, action=action, contexts=contexts)
    matches = status_view.one(alice.account.id, make_status(bob, "marmite").id).filtered

    decided = {context: filter_rules.strongest(matches, context) for context in FilterContext}

    assert {context: match and match.rule.title for context, match in decided.items()} == {
        "home": "w",
        "public": "h",
        "thread": "b",
        "account": None,
        "notifications": None,
    }
    assert [context for context in FilterContext if filter_rules.is_hidden(matches, context)] == ["public"]


# ── what it costs ──


def test_a_page_costs_one_query_more_and_then_none(alice: Person, bob: Person) -> None:
    made = make(alice, "marmite", "jam")
    filters.add_status(alice.account.id, made.filter.id, make_status(bob).id)
    ids = [make_status(bob, f"number {i}").id for i in range(5)]
    status_view.load(ids, alice.account.id)
    filter_rules.forget(alice.account.id)

    with assert_query_count(2):  # rows and rules
        status_view.load(ids, alice.account.id)
    with assert_query_count(1):
        status_view.load(ids, alice.account.id)


# ── making and changing ──


@pytest.mark.parametrize(
    ("terms", "keywords", "field"),
    [
        ({"title": " "}, [], "title"),
        ({"title": "x" * 257}, [], "title"),
        ({"contexts": []}, [], "context"),
        ({"contexts": ["home", "kitchen"]}, [], "context"),
        ({"action": "burn"}, [], "filter_action"),
        ({}, [" "], "keyword"),
        ({}, ["x" * 513], "keyword"),
    ],
)
def test_what_cannot_be_a_filter_is_refused(
    alice: Person, terms: dict[str, Any], keywords: list[str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(alice, *keywords, **terms)

    assert field in refusal.value.fields


def test_numbers_are_bounded(alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "MAX_FILTERS", 2)
    monkeypatch.setattr(filters, "MAX_KEYWORDS", 3)
    monkeypatch.setattr(filters, "MAX_STATUSES", 1)
    first, second = make(alice, "a", "b"), make(alice, "c")
    filters.add_status(alice.account.id, first.filter.id, make_status(bob).id)

    with pytest.raises(Invalid):
        make(alice)
    with pytest.raises(Invalid):
        filters.add_keyword(alice.account.id, second.filter.id, "d")
    with pytest.raises(Invalid):
        filters.add_status(alice.account.id, second.filter.id, make_status(bob).id)
    make(bob, "his own")


def test_keywords_are_added_changed_and_removed_in_one_go(alice: Person, bob: Person) -> None:
    made = make(alice, "a", "b")
    kept, dropped = made.keywords

    changes = [
        KeywordChange(id=kept.id, keyword="A", whole_word=False),
        KeywordChange(id=dropped.id, is_removed=True),
        KeywordChange(keyword="c"),
    ]
    changed = filters.update(alice.account.id, made.filter.id, Terms(), changes)

    assert [(one.keyword, one.whole_word) for one in changed.keywords] == [("A", False), ("c", True)]
    foreign = make(alice, "x").keywords[0]
    with pytest.raises(NotFound):
        filters.update(alice.account.id, made.filter.id, Terms(), [KeywordChange(id=foreign.id, keyword="y")])
    assert filters.keyword(alice.account.id, foreign.id).keyword == "x"


def test_filters_are_their_owners_alone(alice: Person, bob: Person) -> None:
    made = make(alice, "a")
    row = filters.add_status(alice.account.id, made.filter.id, make_status(bob).id)
    he = bob.account.id

    for work in (
        lambda: filters.get(he, made.filter.id),
        lambda: filters.update(he, made.filter.id, Terms(title="x")),
        lambda: filters.delete(he, made.filter.id),
        lambda: filters.keyword(he, made.keywords[0].id),
        lambda: filters.change_keyword(he, made.keywords[0].id, "x"),
        lambda: filters.remove_keyword(he, made.keywords[0].id),
        lambda: filters.add_keyword(he, made.filter.id, "x"),
        lambda: filters.status(he, row.id),
        lambda: filters.remove_status(he, row.id),
        lambda: filters.add_status(he, made.filter.id, row.status_id),
        lambda: phrase_filters.get(he, made.keywords[0].id),
        lambda: phrase_filters.delete(he, made.keywords[0].id),
    ):
        with pytest.raises(NotFound):
            work()
    mine = filters.get(alice.account.id, made.filter.id)
    assert (mine.filter.title, len(mine.keywords), len(mine.statuses)) == ("Enough", 1, 1)


def test_what_one_may_not_read_cannot_be_named(alice: Person, bob: Person) -> None:
    made = make(alice)
    secret = make_status(bob, visibility=Visibility.PRIVATE)

    with pytest.raises(NotFound):
        filters.add_status(alice.account.id, made.filter.id, secret.id)
    assert FilterStatus.select().count() == 0


# ── the first version ──


def test_an_old_filter_is_one_keyword(alice: Person, bob: Person) -> None:
    made = phrase_filters.create(alice.account.id, Wish(phrase="marmite", contexts=["home"], irreversible=True))

    assert (made.filter.action, made.filter.title, made.keyword.whole_word) == ("hide", "marmite", False)
    changed = phrase_filters.update(
        alice.account.id, made.keyword.id, Wish(phrase="jam", contexts=["public"], irreversible=False)
    )
    assert (changed.keyword.keyword, changed.filter.action, changed.filter.contexts) == ("jam", "warn", "public")
    phrase_filters.delete(alice.account.id, made.keyword.id)
    assert Filter.select().count() == 0


def test_of_a_filter_with_several_keywords_an_old_app_changes_the_keyword_alone(alice: Person) -> None:
    made = make(alice, "a", "b", contexts=["home"])
    first, second = made.keywords

    phrase_filters.update(alice.account.id, first.id, Wish(phrase="c", contexts=["home"], expires_in=None))
    for wish in (Wish(contexts=["public"]), Wish(irreversible=True), Wish(expires_in=60)):
        with pytest.raises(Invalid):
            phrase_filters.update(alice.account.id, first.id, wish)

    assert [one.keyword for one in filters.get(alice.account.id, made.filter.id).keywords] == ["c", "b"]
    phrase_filters.delete(alice.account.id, second.id)
    assert len(phrase_filters.of_account(alice.account.id)) == 1


# ── who hears of it ──


def test_a_change_is_told_to_streams_and_to_other_processes(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[tuple[str, ...], str, int]] = []
    monkeypatch.setattr(streams, "publish", lambda topics, kind, an_id=0: told.append((topics, kind, an_id)))
    made = make(alice, "marmite")
    status = make_status(bob, "marmite")
    assert len(reasons(alice, status.id)) == 1
    told.clear()

    filters.delete(alice.account.id, made.filter.id)

    assert told == [
        (("control",), "filters_changed", alice.account.id),
        ((f"user:{alice.account.id}",), "filters_changed", 0),
    ]


def test_a_process_that_hears_of_a_change_asks_again(alice: Person, bob: Person) -> None:
    made = make(alice, "marmite")
    status = make_status(bob, "marmite")
    assert len(reasons(alice, status.id)) == 1
    Filter.delete().where(Filter.id == made.filter.id).execute()
    assert len(reasons(alice, status.id)) == 1

    control.act_on(Event(("control",), "filters_changed", alice.account.id))

    assert reasons(alice, status.id) == []


def test_a_unit_that_fails_changes_nothing(alice: Person) -> None:
    with pytest.raises(Invalid), store.database.savepoint():
        make(alice, "good", " ")

    assert filters.of_account(alice.account.id) == []
