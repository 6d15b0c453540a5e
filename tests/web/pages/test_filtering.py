"""Filters on pages: what they do to posts, and how somebody makes them."""

from typing import Any

import pytest

from node import clock, store
from node.models import Filter, FilterAction, FilterContext, Notification, Visibility
from node.services.community import badges
from node.services.filters import changes as filters
from node.services.filters.changes import FilterView, KeywordChange, Terms
from node.services.interactions import reblogs
from node.services.relationships import lists
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow, make_media, make_status
from tests.web.pages.visitor import Visitor

PATH = "/settings/filters"
WORD = "Marmite"


def make(owner: Person, **terms: Any) -> FilterView:
    terms = {"title": "Breakfast", "contexts": list(FilterContext)} | terms
    with in_unit():
        return filters.create(owner.account.id, Terms(**terms), [KeywordChange(keyword=WORD)])


# ── what they do ──


async def test_a_warning_folds_the_post_and_says_why(reader: Visitor, alice: Person, bob: Person) -> None:
    make_follow(alice, bob)
    make(alice, title="<i>Breakfast</i>")
    make_status(bob, f"{WORD} again")
    make_status(bob, "Jam")

    page = await reader.get("/home")

    assert page.words("article details.cw > summary") == "Filtered: <i>Breakfast</i>ShowHide"
    assert f"{WORD} again" in page.words("article details.cw")
    assert page.words("article > div > .body") == "Jam"


@pytest.mark.parametrize(
    ("context", "path"),
    [
        ("home", "/home"),
        ("home", "/lists/{list}"),
        ("public", "/public"),
        ("public", "/public/local"),
        ("public", "/tags/tea"),
        ("account", "/@bob/replies"),
        ("thread", "/@alice/{root}"),
        ("notifications", "/notifications"),
    ],
)
async def test_what_is_hidden_in_a_context_is_not_there(
    reader: Visitor, other: Visitor, alice: Person, bob: Person, context: str, path: str
) -> None:
    make_follow(alice, bob)
    root = make_status(alice, "Who has breakfast?")
    with in_unit():
        row = lists.create(alice.account.id, "Friends")
        lists.add_members(alice.account.id, row.id, [bob.account.id])
    answered = root.id if context == "thread" else None
    make_status(bob, f"@alice {WORD}! #tea", in_reply_to_id=answered)
    make_status(bob, "@alice Jam! #tea", in_reply_to_id=answered)
    path = path.format(list=row.id, root=root.id)
    elsewhere = [one for one in FilterContext if one != context]
    made = make(alice, action="hide", contexts=elsewhere)
    before = await reader.get(path)

    with store.transaction():
        filters.update(alice.account.id, made.filter.id, Terms(contexts=[context]))
    after = await reader.get(path)

    assert WORD in before.words("main")
    assert WORD not in after.words("main")
    assert "Jam!" in after.words("main")
    if path.startswith(("/public", "/tags")):
        assert WORD in (await other.get(path)).words("main")


async def test_the_post_that_was_opened_and_what_is_kept_are_shown(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    make(alice, action="hide")
    status = make_status(bob, WORD)

    page = await reader.get(f"/@bob/{status.id}")

    assert WORD in page.words("article")
    assert page.tree.css_first("article details.cw") is None
    assert WORD in (await reader.get(f"/search?q={WORD}&type=statuses")).words("main")


async def test_a_blur_folds_the_pictures_alone(reader: Visitor, alice: Person, bob: Person) -> None:
    make(alice, action="blur")
    for text in (WORD, "Jam"):
        make_status(bob, text, media_ids=(make_media(bob).id,))

    page = await reader.get("/public")

    folded = {node.parent.css_first(".body").text(): node for node in page.tree.css("details.cw.pictures")}
    assert list(folded) == [WORD]
    assert len(page.tree.css("article .media")) == 2


async def test_a_boost_is_folded_by_what_it_shows(reader: Visitor, alice: Person, bob: Person) -> None:
    make(alice)
    make_follow(alice, bob)
    status = make_status(bob, WORD)
    with store.transaction():
        reblogs.add(bob.account.id, status.id)

    page = await reader.get("/home")

    assert len(page.tree.css("article")) == len(page.tree.css("article details.cw")) > 0


@pytest.mark.parametrize("action", ["warn", "hide"])
async def test_a_post_that_quotes_what_matches_is_folded(
    reader: Visitor, alice: Person, bob: Person, action: str
) -> None:
    quoted = make_status(bob, WORD)
    quoting = make_status(bob, "As I said", quoted_status_id=quoted.id)
    before = await reader.get("/public")

    make(alice, action=action)
    after = await reader.get("/public")

    inside = f'[data-id="{quoting.id}"] details.cw .quote'
    assert WORD in before.words(f'[data-id="{quoting.id}"] .quote')
    assert before.tree.css_first(inside) is None
    assert WORD in after.words(inside)


async def test_a_thread_says_what_filters_hide_and_shows_it_folded_to_who_asks(
    reader: Visitor, visitor: Visitor, alice: Person, bob: Person
) -> None:
    make(alice, action=FilterAction.HIDE, title="<i>Breakfast</i>")
    root = make_status(alice, "Toast?")
    hidden = make_status(bob, f"With {WORD}", in_reply_to_id=root.id)
    make_status(bob, "With jam", in_reply_to_id=hidden.id)
    path = f"/@alice/{root.id}"

    page = await reader.get(path)
    told = page.words(".fetch")
    shown = await reader.get(path + "?hidden=show")

    assert "1 post is hidden by your filters: “<i>Breakfast</i>”" in told
    assert WORD not in page.words("article")
    assert "With jam" in page.words("article")
    assert f"With {WORD}" in shown.words("article details.cw")
    assert "hidden by your filters" not in shown.words("main")
    assert "hidden by your filters" not in (await visitor.get(path)).words("main")


async def test_a_filter_that_folds_hides_nothing(reader: Visitor, alice: Person, bob: Person) -> None:
    make(alice)
    root = make_status(alice, "Toast?")
    make_status(bob, f"With {WORD}", in_reply_to_id=root.id)

    page = await reader.get(f"/@alice/{root.id}")

    assert "hidden by your filters" not in page.words("main")
    assert WORD in page.words("article details.cw")


async def test_hidden_notifications_do_not_stay_unread(reader: Visitor, alice: Person, bob: Person) -> None:
    make(alice, action="hide", contexts=["notifications"])
    make_status(bob, f"@alice {WORD}")
    assert Notification.select().count() == 1

    page = await reader.get("/notifications")

    assert WORD not in page.words("main")
    assert badges.of(alice.account.id, alice.user.role).notifications == 0


async def test_visitors_see_everything(visitor: Visitor, alice: Person, bob: Person) -> None:
    make(alice, action="hide")
    make_status(bob, WORD)

    assert WORD in (await visitor.get("/public")).words("main")


# ── making them ──


async def test_a_filter_is_made_changed_and_deleted(reader: Visitor, alice: Person) -> None:
    page = await reader.get(f"{PATH}/new")

    saved = await reader.send(
        page,
        PATH,
        title="Breakfast",
        words=" marmite \n\nyeast  extract\nmarmite",
        parts="toast",
        context=["home", "thread"],
        filter_action="hide",
        expires_in="86400",
    )

    assert saved.location == PATH
    assert "Breakfast" in (await reader.get(PATH)).words(".rows")
    (made,) = filters.of_account(alice.account.id)
    assert [(one.keyword, one.whole_word) for one in made.keywords] == [
        ("marmite", True),
        ("yeast extract", True),
        ("toast", False),
    ]
    assert (made.filter.contexts, made.filter.action) == ("home thread", "hide")
    own = f"{PATH}/{made.filter.id}"
    page = await reader.get(own)
    assert (page.value("words"), page.value("parts")) == ("marmite\nyeast extract", "toast")
    await reader.send(page, own, words="marmite\njam", parts="")
    changed = filters.get(alice.account.id, made.filter.id)
    assert [one.keyword for one in changed.keywords] == ["marmite", "jam"]
    assert changed.keywords[0].id == made.keywords[0].id
    assert changed.filter.expires_at == made.filter.expires_at
    await reader.send(await reader.get(own), own, expires_in="never")
    assert filters.get(alice.account.id, made.filter.id).filter.expires_at is None
    await reader.send(await reader.get(f"{own}/delete"), f"{own}/delete")
    assert Filter.select().count() == 0


async def test_the_preview_says_what_would_have_matched_and_saves_nothing(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    make_follow(alice, bob)
    make_status(bob, f"{WORD} long ago")
    with clock.frozen(clock.now_ms() + 8 * clock.DAY):
        for text in (WORD, "Jam", f"{WORD} and jam", f"{WORD}s"):
            make_status(bob, text)
        make_status(alice, WORD)

        page = await reader.send(await reader.get(f"{PATH}/new"), PATH, title="Breakfast", words=WORD, do="preview")

    assert "Of the 5 posts on your home timeline it matches 2." in page.words("main")
    assert page.words("article .body") == f"{WORD} and jam {WORD}"
    assert (page.value("title"), page.value("words")) == ("Breakfast", WORD)
    assert Filter.select().count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"title": " "}, "title"), ({"context": []}, "context"), ({"words": "x" * 600}, "keyword")],
)
async def test_what_cannot_be_a_filter_is_asked_again(reader: Visitor, typed: dict[str, Any], field: str) -> None:
    page = await reader.get(f"{PATH}/new")

    again = await reader.send(page, PATH, **{"title": "Breakfast", "words": WORD, "filter_action": "blur"} | typed)

    assert again.status == 422
    assert again.error(field)
    assert again.tree.css_first('[name="filter_action"][checked]').attributes["value"] == "blur"
    assert Filter.select().count() == 0


@pytest.mark.parametrize("expires_in", ["soon", "5", "-1", "9" * 40])
async def test_other_lengths_of_time_are_refused(reader: Visitor, expires_in: str) -> None:
    page = await reader.get(f"{PATH}/new")

    assert (await reader.send(page, PATH, title="x", expires_in=expires_in)).status == 422
    assert Filter.select().count() == 0


async def test_filters_are_their_owners_alone(reader: Visitor, other: Visitor, alice: Person, bob: Person) -> None:
    made = make(alice)
    own = f"{PATH}/{made.filter.id}"
    with store.transaction():
        row = filters.add_status(alice.account.id, made.filter.id, make_status(bob).id)
    csrf = (await other.get(PATH)).value("csrf") or (await other.get(f"{PATH}/new")).value("csrf")

    for path in (own, f"{own}/delete"):
        assert (await other.get(path)).status == 404
        assert (await other.post(path, {"csrf": csrf, "title": "x", "context": "home"})).status == 404
    assert (await other.post(f"{own}/show", {"csrf": csrf, "row": str(row.id)})).status == 404
    mine = filters.get(alice.account.id, made.filter.id)
    assert (mine.filter.title, len(mine.statuses)) == ("Breakfast", 1)


async def test_a_post_is_filtered_from_its_menu_and_shown_again(reader: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(bob, "Just this")
    path = f"/statuses/{status.id}/filter"
    assert (await reader.get("/public")).tree.css_first(f'.menu a[href="{path}"]') is not None

    await reader.send(await reader.get(path), path)

    assert "Just this" not in (await reader.get("/public")).words("main")
    (made,) = filters.of_account(alice.account.id)
    own = f"{PATH}/{made.filter.id}"
    page = await reader.get(own)
    assert "Just this" in page.words(".rows")
    row = page.tree.css_first('button[name="row"]').attributes["value"]
    await reader.send(page, f"{own}/show", row=row)
    assert "Just this" in (await reader.get("/public")).words("main")
    await reader.send(await reader.get(path), path, filter_id=str(made.filter.id))
    assert len(filters.get(alice.account.id, made.filter.id).statuses) == 1


async def test_a_post_that_one_may_not_read_cannot_be_filtered(reader: Visitor, bob: Person) -> None:
    secret = make_status(bob, "psst", visibility=Visibility.PRIVATE)
    csrf = (await reader.get(f"{PATH}/new")).value("csrf")

    assert (await reader.get(f"/statuses/{secret.id}/filter")).status == 404
    assert (await reader.post(f"/statuses/{secret.id}/filter", {"csrf": csrf})).status == 404
    assert Filter.select().count() == 0
