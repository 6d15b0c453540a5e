"""Posts from remembered pieces: the same for everybody, and still each reader's own."""

from typing import Any

import pytest
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser as Parser

from node import clock
from node.services.access.preferences import ExpandMedia, Preferences
from web.gallery import sample_posts
from web.gallery.sample_entities import INES, TOMAS, WREN, picture, poll, status
from web.gallery.sample_pages import LIKES, page, reader
from web.rendering import fragments
from web.rendering.branches import Perch
from web.rendering.fragments import render_post


@pytest.fixture(autouse=True)
def fresh() -> None:
    fragments.forget()


def tree(markup: Markup) -> Parser:
    return Parser(str(markup))


def test_a_reader_sees_what_they_have_done() -> None:
    post = status(INES, "<p>Hello</p>", counts=(1, 2, 3))
    one, other = page(viewer=reader()), page(viewer=reader(account=TOMAS))

    before = tree(render_post(post, one))
    after = tree(render_post(post | {"favourited": True, "favourites_count": 4}, other))

    button = "button[data-act=favourite]"
    assert before.css_first(button).attributes["aria-pressed"] == "false"
    assert before.css_first(button).attributes["formaction"] == f"/statuses/{post['id']}/favourite"
    assert after.css_first(button).attributes["aria-pressed"] == "true"
    assert after.css_first(button).attributes["formaction"] == f"/statuses/{post['id']}/unfavourite"
    assert after.css_first(button).attributes["aria-label"] == "Favourite, 4 favourites"
    assert after.css_first(".act.r").attributes["aria-label"] == "Reply, 1 reply"


def test_an_edit_is_seen_at_once() -> None:
    post = status(INES, "<p>Hello</p>")
    render_post(post, page())

    edited = tree(
        render_post(post | {"content": "<p>Hello again</p>", "edited_at": "2026-11-01T00:00:00.000Z"}, page())
    )

    assert edited.css_first(".body").text() == "Hello again"


_LINK = {"url": "https://moor.example/map", "title": "A map", "image": None, "provider_name": "moor.example"}
_LINK |= {"authors": [], "description": "Of the moor.", "image_description": ""}
_MENTION = {"id": "9", "username": "tomas", "acct": "tomas@heath.example", "url": "https://heath.example/@tomas"}


@pytest.mark.parametrize(
    ("before", "after", "selector", "shown"),
    [
        ({}, {"account": INES | {"display_name": "Ines"}}, ".by .n", "Ines"),
        ({}, {"account": INES | {"actor_type": "Organization"}}, ".by .tag", "Organisation"),
        ({}, {"account": INES | {"group": True}}, ".by .tag", "Group"),
        ({"card": _LINK}, {"card": _LINK | {"description": "Of a moor."}}, ".linkcard span", "Of a moor."),
        (
            {"card": _LINK},
            {"card": _LINK | {"provider_name": "The Moor"}},
            ".linkcard div",
            "The MoorA mapOf the moor.",
        ),
        ({}, {"mentions": [_MENTION]}, ".body a[href='/@tomas@heath.example']", "@tomas"),
        ({}, {"application": {"name": "Tusky"}}, ".facts", "written with Tusky"),
    ],
)
def test_what_changed_is_seen_at_once_without_an_edit(
    before: dict[str, Any], after: dict[str, Any], selector: str, shown: str
) -> None:
    """Who wrote it, where its link leads, and whom it names are known better by and by."""
    text = '<p>Hello <a href="https://heath.example/@tomas">@tomas</a></p>'
    post = status(INES, text) | {"card": None, "application": None} | before
    render_post(post, page(), look="focus")

    changed = tree(render_post(post | after, page(), look="focus"))

    assert changed.css_first(selector).text().strip().endswith(shown)


def test_another_part_of_a_picture_is_seen_at_once() -> None:
    pictures = [picture("A nest."), picture("An egg.")]
    post = status(INES, "<p>Hello</p>", media_attachments=pictures)
    render_post(post, page())

    moved = pictures[0] | {"meta": pictures[0]["meta"] | {"focus": {"x": 1.0, "y": 1.0}}}
    changed = tree(render_post(post | {"media_attachments": [moved, pictures[1]]}, page()))

    assert changed.css_first(".media img").attributes["class"] == " fx4 fy0"


def test_what_a_post_answers_is_named_as_soon_as_it_is_known() -> None:
    post = status(INES, "<p>Hello</p>")

    before = tree(render_post(post, page()))
    after = tree(render_post(post | {"in_reply_to_id": "7"}, page()))

    assert [one.css_first("article").attributes.get("data-up") for one in (before, after)] == [None, "7"]


def test_an_emoji_that_is_shown_no_more_is_gone_at_once() -> None:
    """As when the node no longer shows files of other servers: the post itself is the same."""
    emoji = {"shortcode": "nest", "url": "/proxy/nest", "static_url": "/proxy/nest", "visible_in_picker": True}
    post = status(INES, "<p>Hello :nest:</p>") | {"emojis": [emoji]}

    before = tree(render_post(post, page()))
    after = tree(render_post(post | {"emojis": []}, page()))

    assert [node.attributes["src"] for node in before.css(".body img")] == ["/proxy/nest"]
    assert (after.css(".body img"), after.css_first(".body").text()) == ([], "Hello :nest:")


def test_emoji_and_faces_that_move_are_shown_at_rest() -> None:
    emoji = {"shortcode": "nest", "url": "/proxy/nest", "static_url": "/proxy/nest/still", "visible_in_picker": True}
    author = INES | {"avatar": "/proxy/ines", "avatar_static": "/proxy/ines/still"}

    shown = tree(render_post(status(author, "<p>:nest:</p>", emojis=[emoji]), page()))

    for selector, name, form in ((".body img.emoji", "nest", "still"), ("img.av", "ines", "face")):
        image = shown.css_first(selector).attributes
        assert (image["src"], image["data-moving"]) == (f"/proxy/{name}/{form}", f"/proxy/{name}")


def test_what_somebody_wrote_says_its_language() -> None:
    arabic = tree(render_post(status(INES, "<p>مرحبا</p>", language="ar"), page())).css_first(".body")
    unknown = tree(render_post(status(INES, "<p>Hm</p>", language=None), page())).css_first(".body")

    assert (arabic.attributes["lang"], arabic.attributes["dir"]) == ("ar", "auto")
    assert "lang" not in unknown.attributes
    assert unknown.attributes["dir"] == "auto"


def test_time_goes_on_although_the_post_is_remembered() -> None:
    post = status(INES, "<p>Hello</p>", clock.MINUTE)
    render_post(post, page())

    with clock.frozen(clock.now_ms() + 2 * clock.HOUR):
        later = tree(render_post(post, page()))

    assert later.css_first("time").text() == "2 h"


def test_visitors_act_from_their_own_server() -> None:
    post = tree(render_post(sample_posts.SUNSET, page()))

    assert post.css("button[formaction]") == []
    assert (post.css_first(".act.f").attributes["href"] or "").startswith("/interact?uri=https%3A//heathland.example")


def test_only_its_author_may_edit_a_post() -> None:
    post = status(WREN, "<p>Mine</p>")

    own = tree(render_post(post, page(viewer=reader())))
    others = tree(render_post(post, page(viewer=reader(account=TOMAS))))

    assert own.css_first(f"a[href='/statuses/{post['id']}/edit']") is not None
    assert others.css_first(f"a[href='/statuses/{post['id']}/edit']") is None
    assert others.css_first(f"a[href='/report?account_id=1001&status_id={post['id']}']") is not None


def test_nobody_is_offered_to_boost_what_is_not_public() -> None:
    post = tree(render_post(status(INES, "<p>Psst</p>", visibility="private"), page(viewer=reader())))

    assert "disabled" in post.css_first("button[data-act=boost]").attributes


def test_a_boost_says_who_boosted_and_shows_the_original() -> None:
    post = tree(render_post(sample_posts.BOOST, page(viewer=reader())))

    assert " ".join(post.css_first(".why").text().split()) == "Ines Okafor boosted"
    assert post.css_first("article").attributes["data-id"] == sample_posts.LINKED["id"]
    assert post.css_first("article").attributes["id"] == f"post-{sample_posts.BOOST['id']}"


def test_a_pinned_post_and_the_same_post_below_have_ids_of_their_own() -> None:
    pinned = tree(render_post(sample_posts.OWN, page(), pinned=True))

    assert pinned.css_first("article").attributes["id"] == f"pin-{sample_posts.OWN['id']}"
    assert "Pinned by Wren Halloway" in pinned.css_first(".why").text()


@pytest.mark.parametrize(
    ("wish", "covered"), [(ExpandMedia.DEFAULT, True), (ExpandMedia.SHOW_ALL, False), (ExpandMedia.HIDE_ALL, True)]
)
def test_sensitive_pictures_are_covered_as_the_reader_likes(wish: ExpandMedia, covered: bool) -> None:
    likes = Preferences(posting_visibility=LIKES.posting_visibility, reading_expand_media=wish)
    post = status(INES, "", sensitive=True, media_attachments=[picture("A moor.")])

    shown = tree(render_post(post, page(viewer=reader(preferences=likes))))

    assert (shown.css_first("details.pictures") is not None) is covered


@pytest.mark.parametrize(
    ("look", "sensitive", "waits"), [("focus", False, False), ("focus", True, True), ("card", False, True)]
)
def test_a_picture_waits_until_it_is_in_the_window_unless_the_page_is_about_it(
    look: str, sensitive: bool, waits: bool
) -> None:
    post = status(INES, "<p>Hello</p>", sensitive=sensitive, media_attachments=[picture("A nest.")])

    shown = tree(render_post(post, page(), look=look))

    assert (shown.css_first(".media img").attributes.get("loading") == "lazy") is waits


def test_warnings_are_open_for_those_who_want_it_so() -> None:
    likes = Preferences(posting_visibility=LIKES.posting_visibility, reading_expand_spoilers=True)

    closed = tree(render_post(sample_posts.WARNED, page(viewer=reader())))
    opened = tree(render_post(sample_posts.WARNED, page(viewer=reader(preferences=likes))))

    assert "open" not in closed.css_first("details.cw").attributes
    assert "open" in opened.css_first("details.cw").attributes


def test_votes_are_counted_anew_each_time() -> None:
    post = status(INES, "<p>Which?</p>", poll=poll(1, 1, voted=True))
    render_post(post, page())

    shown = tree(render_post(post | {"poll": poll(3, 1, voted=True, own_votes=[0])}, page()))

    assert [option.css_first("b").text() for option in shown.css(".poll li")] == ["75%", "25%"]
    assert shown.css_first(".poll .mine span").text().startswith("Gorse wine")


def test_who_may_vote_is_asked() -> None:
    shown = tree(render_post(sample_posts.OPEN_POLL, page(viewer=reader())))

    assert shown.css_first("form.poll").attributes["action"] == f"/statuses/{sample_posts.OPEN_POLL['id']}/vote"
    assert len(shown.css("input[name=choices]")) == 3


def test_marks_in_what_somebody_wrote_are_only_text() -> None:
    evil = "\x02classes\x03 \x02id\x03 {{ csrf }} %(n)s"
    post = status(INES | {"display_name": evil}, f"<p>{evil}</p>", spoiler_text=evil)

    shown = str(render_post(post, page(viewer=reader())))

    assert shown.count("{{ csrf }}") >= 2
    assert "csrf-token" not in shown


def test_mentions_and_hashtags_lead_to_our_own_pages() -> None:
    mention = tree(render_post(sample_posts.DIRECT, page()))
    tagged = tree(render_post(sample_posts.SUNSET, page()))

    assert mention.css_first(".body a").attributes["href"] == "/@wren"
    assert [a.attributes["href"] for a in tagged.css(".body a")] == ["/tags/birdsong", "/tags/moorland"]


def test_emoji_are_pictures_in_texts_and_names() -> None:
    post = tree(render_post(sample_posts.EMOJI, page()))

    assert post.css_first(".by .n img.emoji").attributes["alt"] == ":pot:"
    assert len(post.css(".body img.emoji")) == 2
    assert "Post by Bram," in (post.css_first("article").attributes["aria-label"] or "")


def test_an_answer_shows_where_it_hangs() -> None:
    perch = Perch(sample_posts.OWN, 2, (0,), has_answers=False)

    article = tree(render_post(sample_posts.OWN, page(), perch=perch, author_id=WREN["id"])).css_first("article")

    assert article.attributes["class"] == "post perch d2 branch leaf"
    assert [rail.attributes["class"] for rail in article.css("i.ln")] == ["ln l0"]
    assert article.css_first(".tag").text() == "Author"


def test_remembered_posts_are_limited_in_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "_REMEMBERED", 3)

    for number in range(5):
        render_post(status(INES, f"<p>{number}</p>"), page())

    assert len(fragments._cuts) == 3
