"""Posts as other servers send them, one test for each oddity."""

from collections.abc import Iterator
from typing import Any

import pytest

from federation.parse.activity import inner, parse_activity
from federation.parse.as2 import PUBLIC, BadActivity
from federation.parse.composed import POSTS
from federation.parse.note import ParsedNote, is_post, parse_note
from node import clock
from node.models import Visibility
from tests.federation.wire_files import wire

ILSE = "https://reeds.example/ap/users/115000000000000001"
MO = "https://linnet.example/ap/users/7"
MOS_STATUS = f"{MO}/statuses/44"
NOTE: dict[str, Any] = {
    "id": "https://a.example/notes/1",
    "type": "Note",
    "attributedTo": "https://a.example/users/eve",
    "content": "<p>hello</p>",
    "to": PUBLIC,
}


@pytest.fixture(autouse=True)
def a_day_after_all_payloads() -> Iterator[None]:
    with clock.frozen(1_795_000_000_000):  # 2026-11-18
        yield


def created(name: str) -> ParsedNote:
    """The post of a Create in a wire file."""
    activity = parse_activity(wire(name))
    assert activity.embedded is not None
    return parse_note(activity.embedded, activity.actor_uri)


def test_mastodons_note_is_read_whole() -> None:
    note = created("mastodon/create_note")

    assert (note.type, note.author_uri) == ("Note", ILSE)
    assert note.url == "https://reeds.example/@ilse/115000000000000100"
    assert note.published_at == clock.parse_iso("2026-10-01T06:12:00Z")
    assert (note.updated_at, note.summary, note.sensitive, note.in_reply_to) == (None, "", False, "")
    assert note.language == "en"
    assert note.conversation == "tag:reeds.example,2026-10-01:objectId=9:objectType=Conversation"
    assert note.context == "https://reeds.example/contexts/9-1"
    assert note.replies == f"{note.uri}/replies"
    assert [mention.uri for mention in note.tags.mentions] == [MO]
    assert note.tags.hashtags == ("Birding",)
    assert (note.likes_count, note.shares_count) == (12, 3)
    assert note.policy.quote is not None
    assert (note.policy.quote.automatic, note.policy.quote.manual) == ((PUBLIC,), (f"{ILSE}/followers",))
    assert note.policy.reply is None


def test_mastodons_picture_has_alt_text_blurhash_and_focus() -> None:
    (picture,) = created("mastodon/create_note").media

    assert (picture.kind, picture.mime) == ("image", "image/jpeg")
    assert picture.description == "A bittern between reeds"
    assert picture.blurhash == "LEHV6nWB2yk8pyo0adR*.7kCMdnj"
    assert (picture.focus, picture.width, picture.height) == ((-0.25, 0.5), 1600, 900)


def test_a_followers_only_note_is_private_to_those_who_know_the_collection() -> None:
    note = created("mastodon/create_followers_only")

    assert note.visibility(f"{ILSE}/followers") is Visibility.PRIVATE
    assert note.visibility("") is Visibility.DIRECT
    assert note.addressed(f"{ILSE}/followers") == (MO,)


def test_an_activity_narrower_than_its_note_wins() -> None:
    activity = parse_activity(wire("mastodon/create_note") | {"to": [f"{ILSE}/followers"], "cc": []})
    assert activity.embedded is not None
    note = parse_note(activity.embedded)

    assert note.visibility(f"{ILSE}/followers") is Visibility.PUBLIC
    assert note.visibility(f"{ILSE}/followers", activity.audience) is Visibility.PRIVATE


def test_a_poll_has_options_totals_and_an_end() -> None:
    note = created("mastodon/update_question")

    assert note.poll is not None
    assert [(option.title, option.votes) for option in note.poll.options] == [("Bittern", 3), ("Coot", 2)]
    assert (note.poll.multiple, note.poll.voters_count, note.poll.closed) == (False, 5, False)
    assert note.poll.expires_at == clock.parse_iso("2026-10-03T08:00:00Z")
    assert (note.summary, note.sensitive, note.language) == ("marsh talk", True, "en-GB")


def test_a_vote_has_a_name_and_answers_something() -> None:
    note = created("mastodon/create_vote")

    assert (note.vote, note.in_reply_to) == ("Coot", MOS_STATUS)


@pytest.mark.parametrize("kind", ["Note", "Question", "Review"])
def test_what_begins_a_thread_shows_its_title(kind: str) -> None:
    note = NOTE | {"type": kind, "name": "On <locks>"}

    assert parse_note(note).content == "<h2>On &lt;locks&gt;</h2><p>hello</p>"
    assert parse_note(note | {"inReplyTo": MOS_STATUS}).content == "<p>hello</p>"
    assert parse_note(note | {"name": None}).content == "<p>hello</p>"


def test_what_was_updated_when_it_was_published_was_not_edited() -> None:
    at, later = "2026-10-01T00:00:00Z", "2026-10-01T00:00:01Z"

    assert parse_note(NOTE | {"published": at, "updated": at}).updated_at is None
    assert parse_note(NOTE | {"published": at, "updated": later}).updated_at == clock.parse_iso(later)
    assert parse_note(NOTE | {"updated": at}).updated_at == clock.parse_iso(at)


def test_a_reply_with_content_is_no_vote_whatever_its_name() -> None:
    assert parse_note(NOTE | {"name": "Coot", "inReplyTo": MOS_STATUS}).vote == ""


def test_a_quote_by_consent_brings_its_stamp() -> None:
    note = parse_note(wire("mastodon/note_with_quote"))

    assert (note.quote, note.quote_is_legacy) == (MOS_STATUS, False)
    assert note.quote_authorization == f"{MO}/quote_authorizations/9"
    assert note.updated_at is not None


def test_gotosocials_single_items_are_lists_of_one() -> None:
    note = created("gotosocial/create_note")

    assert note.tags.hashtags == ("Ästheten",)
    assert note.media[0].description == "Faultier im Regen"
    assert note.visibility("") is Visibility.PUBLIC


def test_the_language_is_that_of_the_entry_that_is_the_content() -> None:
    assert created("gotosocial/create_note").language == "de"


def test_a_broken_blurhash_and_a_focus_outside_are_dropped() -> None:
    (picture,) = created("gotosocial/create_note").media

    assert (picture.blurhash, picture.focus, picture.kind) == ("", None, "image")


def test_a_reply_policy_tells_who_may_at_once_and_who_must_wait() -> None:
    policy = created("gotosocial/create_note").policy

    assert policy.reply is not None
    assert policy.reply.automatic[0] == "https://sloth.example/users/tamsin"
    assert policy.reply.manual == (PUBLIC,)
    assert policy.quote is None


def test_gotosocials_old_policy_has_other_names() -> None:
    note = parse_note(wire("gotosocial/note_old_policy"))

    assert note.policy.like is not None
    assert note.policy.reply is not None
    assert (note.policy.like.automatic, note.policy.reply.manual) == ((PUBLIC,), (PUBLIC,))
    assert note.approved_by == f"{MO}/reply_authorizations/1"


def test_a_mention_may_be_a_name_only() -> None:
    (mention,) = parse_note(wire("gotosocial/note_old_policy")).tags.mentions

    assert (mention.uri, mention.name) == ("", "@mo@linnet.example")


def test_misskeys_quote_is_a_legacy_one() -> None:
    note = created("misskey/create_note")

    assert (note.quote, note.quote_is_legacy) == (MOS_STATUS, True)


@pytest.mark.parametrize("name", ["fedibird/note_with_quote", "akkoma/note_with_quote"])
def test_so_are_those_of_others_who_ask_nobody(name: str) -> None:
    note = parse_note(wire(name))

    assert (note.quote, note.quote_is_legacy, note.quote_authorization) == (MOS_STATUS, True, "")


def test_of_several_spellings_the_one_that_asks_counts_and_of_the_others_the_first() -> None:
    said = {name: f"https://b.example/{name}" for name in ("quoteUri", "quoteUrl", "_misskey_quote", "quote")}
    found = []
    while said:
        note = parse_note(NOTE | said)
        found.append((note.quote.rpartition("/")[2], note.quote_is_legacy))
        del said[found[-1][0]]

    assert found == [("quote", False), ("_misskey_quote", True), ("quoteUrl", True), ("quoteUri", True)]
    assert parse_note(NOTE | {"quote": "Call me Ishmael.", "quoteUri": MOS_STATUS}).quote == MOS_STATUS


def test_a_quote_in_a_tag_alone_is_found() -> None:
    document = wire("misskey/create_note")["object"]
    del document["_misskey_quote"], document["quoteUrl"]

    assert parse_note(document).quote == MOS_STATUS


def test_misskeys_note_has_no_url_and_sensitive_files() -> None:
    note = created("misskey/create_note")

    assert (note.url, note.sensitive) == ("", True)
    assert note.visibility("https://koto.example/users/9xk2/followers") is Visibility.UNLISTED


def test_custom_emoji_are_named_without_colons() -> None:
    (emoji,) = created("misskey/create_note").tags.emoji

    assert (emoji.shortcode, emoji.image_url) == ("neko_dance", "https://koto.example/emoji/neko.gif")
    assert emoji.updated_at == clock.parse_iso("2025-05-05T05:05:05Z")


def test_misskeys_poll_needs_no_end_and_counts_in_its_own_way() -> None:
    poll = parse_note(wire("misskey/question")).poll

    assert poll is not None
    assert [(option.title, option.votes) for option in poll.options] == [("うどん", 4), ("そば", 6)]
    assert (poll.multiple, poll.expires_at, poll.closed, poll.voters_count) == (True, None, False, None)


def test_pleromas_emoji_without_id_and_colons_is_one() -> None:
    note = created("pleroma/create_note")

    assert [(emoji.shortcode, emoji.uri) for emoji in note.tags.emoji] == [("blob", "")]
    assert note.conversation == note.context == "https://otter.example/contexts/33aa"


def test_a_file_may_be_an_array_of_links() -> None:
    (video,) = created("pleroma/create_note").media

    assert (video.url, video.kind) == ("https://otter.example/media/fish.mp4", "video")


def test_a_chat_message_is_direct() -> None:
    assert created("pleroma/chat_message").visibility("") is Visibility.DIRECT


def test_a_message_stays_direct_however_it_is_addressed() -> None:
    note = parse_note(wire("akkoma/direct_note") | {"cc": PUBLIC})

    assert note.visibility("") is Visibility.DIRECT


def test_lemmys_page_is_its_title_and_a_link() -> None:
    create = inner(parse_activity(wire("lemmy/announce_create_page")))
    assert create is not None
    assert create.embedded is not None
    note = parse_note(create.embedded)

    link = "https://commons.example/post/501"
    assert note.content == f'<h2>Xanthoria &amp; friends</h2><p><a href="{link}">{link}</a></p>'
    assert [one.href for one in note.links] == ["https://herbarium.example/xanthoria"]
    assert (note.media, note.language, note.tags.hashtags) == ((), "en", ("lichens",))
    assert note.visibility("") is Visibility.PUBLIC


def test_a_short_page_is_read_here() -> None:
    note = parse_note(wire("lemmy/page_with_text"))

    assert note.content.startswith("<h2>Xanthoria &amp; friends</h2><p>Found on a wall.</p><p><a ")


def mbins_page(**changes: Any) -> ParsedNote:
    activity = inner(parse_activity(wire("mbin/announce_create_page")))
    assert activity is not None
    assert activity.embedded is not None
    return parse_note(activity.embedded | changes)


def test_mbins_page_is_read_where_it_is_and_not_at_what_it_is_about() -> None:
    note = mbins_page()

    assert (note.url, [one.href for one in note.links]) == ("", ["https://mill.example/foil"])
    assert f'<a href="{note.uri}">' in note.content
    assert mbins_page(url="https://magpie.example/foil").url == "https://magpie.example/foil"


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("How foil is made #shiny", "Rolled, not <em>hammered</em>."),
        ("How foil is made", "Rolled, not <em>hammered</em>."),
        ("All about foil", "<p>All about foil</p>"),
    ],
)
def test_a_summary_that_is_the_title_again_says_nothing(summary: str, shown: str) -> None:
    content = mbins_page(summary=summary).content

    assert shown in content
    assert content.count("How foil is made") == 1


def test_a_summary_that_only_begins_like_the_title_is_read() -> None:
    content = mbins_page(name="Foil", summary="Foil is older than tin.").content

    assert "<p>Foil is older than tin.</p>" in content


def test_mbins_public_in_cc_is_unlisted() -> None:
    note = parse_note(wire("mbin/note_public_in_cc"))

    assert note.visibility("https://magpie.example/u/ulf/followers") is Visibility.UNLISTED
    assert note.in_reply_to == "https://commons.example/post/501"


def test_peertubes_video_is_its_first_file_that_is_not_too_big() -> None:
    note = parse_note(wire("peertube/video"))

    (video,) = note.media
    assert (video.url, video.mime, video.kind) == ("https://tube.example/hls/480.mp4", "video/mp4", "video")
    assert (video.width, video.height) == (854, 480)
    assert (video.duration_seconds, video.thumbnail_url) == (
        95.0,
        "https://tube.example/lazy-static/thumbnails/o.jpg",
    )


def test_peertubes_markdown_is_not_taken_for_html() -> None:
    note = parse_note(wire("peertube/video"))

    assert note.content.startswith("<h2>Otters &lt;3</h2><p><a ")
    assert (note.url, note.language) == ("https://tube.example/w/0f1e", "sv")


def test_of_peertubes_authors_the_one_who_sent_it_is_meant() -> None:
    document = wire("peertube/video")

    assert parse_note(document).author_uri == "https://tube.example/accounts/vera"
    channel = "https://tube.example/video-channels/vera_films"
    assert parse_note(document, channel).author_uri == channel


def test_pixelfeds_post_may_be_only_pictures() -> None:
    note = created("pixelfed/create_note")

    assert note.content == ""
    assert [(media.kind, media.mime, media.width) for media in note.media] == [
        ("image", "image/jpeg", None),
        ("image", "", None),
    ]


def test_bearcaps_are_refused() -> None:
    with pytest.raises(BadActivity):
        parse_note(wire("pixelfed/story") | {"type": "Note"})


def test_portable_ids_are_refused() -> None:
    with pytest.raises(BadActivity):
        parse_note(wire("hubzilla/portable_note"))


def test_an_article_is_its_title_summary_and_link() -> None:
    note = created("wordpress/create_article")

    link = "https://bakery.example/rye/"
    assert note.content == (
        f'<h2>Rye &amp; &lt;wheat&gt;</h2><p>How to mix them.</p><p><a href="{link}">{link}</a></p>'
    )
    assert (note.uri, note.summary) == ("https://bakery.example/?p=12", "")
    assert note.media[0].description == "A loaf"


def test_bookwyrms_quotation_shows_what_is_quoted() -> None:
    note = parse_note(wire("bookwyrm/quotation"))

    assert note.content == "<blockquote><p>Call me Ishmael.</p></blockquote><p>(comment)</p>"
    assert note.quote == ""


def test_bookwyrms_review_shows_its_title() -> None:
    note = parse_note(wire("bookwyrm/review"))

    assert note.content == "<h2>Whales &lt;again&gt;</h2><p>Too long.</p>"
    assert (note.summary, note.sensitive) == ("spoils the end", True)


def test_bookwyrms_points_without_words_are_shown() -> None:
    book = "https://shelf.example/book/8"

    assert parse_note(wire("bookwyrm/rating")).content == f'<p>3.5 / 5 <a href="{book}">{book}</a></p>'
    assert parse_note(wire("bookwyrm/rating") | {"inReplyToBook": 7}).content == "<p>3.5 / 5</p>"


@pytest.mark.parametrize("points", [None, True, -1, 6, "4", [4], {}, float("inf")])
def test_points_that_are_none_are_not_shown(points: Any) -> None:
    assert parse_note(wire("bookwyrm/rating") | {"rating": points}).content == ""


def test_friendicas_pages_are_no_files() -> None:
    note = created("friendica/create_note")

    assert [media.kind for media in note.media] == ["audio"]
    assert (note.summary, note.sensitive) == ("Short news", False)


def test_bridgys_id_may_hold_another_address() -> None:
    note = parse_note(wire("bridgy/note"))

    assert note.uri == "https://bridge.example/r/https://kestrel.example/2026/hover"
    assert note.author_uri == "https://bridge.example/kestrel.example"


def test_a_time_without_offset_is_utc() -> None:
    assert parse_note(wire("bridgy/note")).published_at == clock.parse_iso("2026-02-20T10:00:00Z")


def test_hubzillas_image_is_its_own_file() -> None:
    note = created("hubzilla/create_image")

    (picture,) = note.media
    assert (picture.url, picture.mime) == ("https://channels.example/photo/88-0.jpg", "image/jpeg")
    assert note.content.startswith("<p>Fjord</p>")
    assert note.url == "https://channels.example/photos/gro/88"


def test_an_address_alone_is_a_file_of_the_objects_own_type() -> None:
    image = {"type": "Image", "url": "https://a.example/1.png", "mediaType": "image/png"}

    assert [media.url for media in parse_note(NOTE | image).media] == ["https://a.example/1.png"]
    assert parse_note(NOTE | image | {"mediaType": "text/html"}).media == ()


def test_owncasts_attachment_is_no_list() -> None:
    note = created("owncast/create_note")

    assert [media.description for media in note.media] == ["Live preview"]
    assert note.tags.hashtags == ("owncast",)


def test_funkwhales_audio_is_a_file_with_a_duration_in_seconds() -> None:
    (audio,) = created("funkwhale/create_audio").media

    assert (audio.kind, audio.mime, audio.duration_seconds) == ("audio", "audio/ogg", 213.0)


def test_mobilizons_event_is_shown_with_its_text() -> None:
    note = created("mobilizon/create_event")

    assert note.content.startswith("<h2>Sewing circle</h2><p>Bring thread.</p>")
    assert note.poll is None


def test_ghosts_article_is_public() -> None:
    assert created("ghost/create_article").visibility("") is Visibility.PUBLIC


# ── whose, what, when ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "id"),
        ({"id": "https://"}, "id"),
        ({"id": "https://user@a.example/1"}, "id"),
        ({"type": "Tombstone"}, "type"),
        ({"type": None}, "type"),
        ({"attributedTo": None}, "author"),
        ({"attributedTo": []}, "author"),
        ({"attributedTo": "https://victim.example/users/eve"}, "author"),
        ({"attributedTo": ["https://victim.example/users/eve", {"id": 5}]}, "author"),
        ({"id": "https://victim.example/notes/1"}, "author"),
    ],
)
def test_what_is_no_post_of_its_author_is_refused(change: dict[str, object], reason: str) -> None:
    assert parse_note(NOTE).author_uri == "https://a.example/users/eve"

    with pytest.raises(BadActivity) as caught:
        parse_note(NOTE | change)

    assert caught.value.reason == reason


def test_a_sender_on_another_host_is_never_the_author() -> None:
    with pytest.raises(BadActivity):
        parse_note(NOTE | {"attributedTo": None}, "https://victim.example/users/eve")


def test_a_note_that_names_no_author_is_its_senders() -> None:
    note = parse_note(NOTE | {"attributedTo": None}, "https://a.example/users/adam")

    assert note.author_uri == "https://a.example/users/adam"


@pytest.mark.parametrize("published", [None, "", "yesterday", 5, "0000-00-00T00:00:00Z", "12026-01-01T00:00:00Z"])
def test_a_time_that_makes_no_sense_is_now(published: object) -> None:
    with clock.frozen(1_800_000_000_000):
        assert parse_note(NOTE | {"published": published}).published_at == 1_800_000_000_000


def test_the_future_is_now() -> None:
    with clock.frozen(1_800_000_000_000):
        note = parse_note(NOTE | {"published": "9999-12-31T23:59:59Z", "updated": "9999-12-31T23:59:58Z"})

    assert (note.published_at, note.updated_at) == (1_800_000_000_000, 1_800_000_000_000)


def test_content_may_stand_in_its_map_alone() -> None:
    note = parse_note(NOTE | {"content": None, "contentMap": {"it": "<p>ciao</p>"}})

    assert (note.content, note.language) == ("<p>ciao</p>", "it")


def test_without_content_a_name_is_the_text() -> None:
    assert parse_note(NOTE | {"content": None, "name": "<b>"}).content == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ({"contentMap": {"und": "x"}}, None),
        ({"contentMap": {"und": "x", "PT-br": "y"}}, "pt-br"),
        ({"language": {"identifier": "eu", "name": "Basque"}}, "eu"),
        ({"language": "nn"}, "nn"),
        ({"language": [{"identifier": "nn"}]}, "nn"),
        ({"language": "<script>"}, None),
        ({"contentMap": ["en"]}, None),
        ({}, None),
    ],
)
def test_languages(stated: dict[str, object], language: str | None) -> None:
    assert parse_note(NOTE | stated).language == language


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://b.example/1", "https://b.example/1"),
        ("javascript:alert(1)", ""),
        (
            [{"type": "Link", "href": "magnet:?xt=x"}, {"type": "Link", "href": "https://b.example/1"}],
            "https://b.example/1",
        ),
        ([{"mediaType": "video/mp4", "href": "https://b.example/v"}], ""),
        (
            [{"href": "https://b.example/a"}, {"mediaType": "text/html", "href": "https://b.example/h"}],
            "https://b.example/h",
        ),
        ({"type": "Link", "href": "https://b.example/1"}, "https://b.example/1"),
        (None, ""),
    ],
)
def test_the_page_of_a_post(url: object, page: str) -> None:
    assert parse_note(NOTE | {"url": url}).url == page


def test_a_parent_may_be_inlined() -> None:
    assert parse_note(NOTE | {"inReplyTo": [{"id": MOS_STATUS, "type": "Note"}]}).in_reply_to == MOS_STATUS


def test_replies_on_another_host_are_not_followed() -> None:
    assert parse_note(NOTE | {"replies": "https://victim.example/replies"}).replies == ""


def test_is_post_knows_what_is_shown() -> None:
    assert is_post(NOTE)
    assert is_post({"type": ["Unknown", "Article"]})
    assert all(is_post({"type": kind}) for kind in POSTS)
    assert not is_post({"type": "Person"})
    assert not is_post({})


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_texts_are_cut() -> None:
    note = parse_note(NOTE | {"content": "c" * 300_000, "summary": "s" * 300_000, "name": "n" * 5000})

    assert (len(note.content), len(note.summary), len(note.name)) == (len("<h2></h2>") + 202_048, 200_000, 2048)


def test_lists_are_cut() -> None:
    tags = [{"type": "Mention", "href": f"https://b.example/{number}"} for number in range(300)]
    files = [{"type": "Image", "url": f"https://b.example/{number}.png"} for number in range(300)]
    note = parse_note(NOTE | {"tag": tags, "attachment": files})

    assert (len(note.tags.mentions), len(note.media)) == (50, 16)


def test_two_hundred_tags_are_read_and_no_more() -> None:
    tags = [{"type": "Hashtag", "name": f"#tag{number}"} for number in range(300)]

    assert len(parse_note(NOTE | {"tag": tags}).tags.hashtags) == 200


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"name": "A wren"}, "A wren"),
        ({"summary": "A wren"}, "A wren"),
        ({"name": "wren.jpg", "summary": "A wren"}, "A wren"),
        ({"name": "A wren", "summary": ""}, "A wren"),
        ({"name": "A wren", "summary": None}, "A wren"),
        ({"name": None, "summaryMap": {"en": "A wren"}}, "A wren"),
        ({}, ""),
    ],
)
def test_an_alt_text_is_a_summary_or_a_name(said: dict[str, Any], read: str) -> None:
    picture = {"type": "Image", "url": "https://a.example/1.png", "mediaType": "image/png"} | said

    assert [media.description for media in parse_note(NOTE | {"attachment": picture}).media] == [read]


def test_alt_texts_are_cut() -> None:
    files = [{"type": "Image", "url": "https://b.example/1.png", "name": "n" * 20_000}]

    assert len(parse_note(NOTE | {"attachment": files}).media[0].description) == 10_000


def test_a_poll_has_five_hundred_options_at_most() -> None:
    options = [{"name": f"option {number}"} for number in range(600)]
    poll = parse_note(NOTE | {"type": "Question", "oneOf": options}).poll

    assert poll is not None
    assert len(poll.options) == 500


@pytest.mark.parametrize(
    "item",
    [
        {"type": "Emoji", "name": "x" * 2049, "icon": {"url": "https://b.example/e.png"}},
        {"type": "Emoji", "name": ":no picture:", "icon": {"url": "https://b.example/e.png"}},
        {"type": "Emoji", "name": ":blob:", "icon": None},
        {"type": "Emoji", "name": ":blob:", "icon": {"url": "data:image/png;base64,AAAA"}},
        {"type": "Emoji", "name": ":<script>:", "icon": {"url": "https://b.example/e.png"}},
        {"type": "Hashtag", "name": "#two words"},
        {"type": "Hashtag", "name": "#"},
        {"type": "Hashtag", "name": "#1"},
        {"type": "Hashtag", "name": None},
        {"type": "Mention"},
        {"type": "Mention", "href": "javascript:alert(1)"},
        {"type": "Link", "rel": "other", "href": "https://b.example/1"},
        {"type": "CommunityPostTag", "name": "photo"},
        {"type": ["Emoji"]},
        {"type": ["Hashtags", 7], "name": "#other"},
        "#text",
        None,
        [],
    ],
)
def test_tags_without_sense_are_left_out(item: object) -> None:
    note = parse_note(NOTE | {"tag": [item, {"type": "Hashtag", "name": "ok"}]})

    assert (note.tags.hashtags, note.tags.emoji, note.tags.mentions, note.quote) == (("ok",), (), (), "")


def test_a_tag_may_have_several_types() -> None:
    tag = [
        {"type": ["https://schema.example/Thing", "Hashtag"], "name": "#one"},
        {"type": ["Mention"], "href": "https://b.example/users/bo"},
    ]
    note = parse_note(NOTE | {"tag": tag})

    assert note.tags.hashtags == ("one",)
    assert [one.uri for one in note.tags.mentions] == ["https://b.example/users/bo"]


def test_one_hashtag_in_two_spellings_is_one() -> None:
    tags = [{"type": "Hashtag", "name": name} for name in ("#Straße", "#STRASSE", "＃ｓｔｒａｓｓｅ")]

    assert parse_note(NOTE | {"tag": tags}).tags.hashtags == ("Straße",)


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("PT1H2M3.5S", 3723.5),
        ("P1DT1S", 86_401.0),
        (12, 12.0),
        (-1, None),
        (0, None),
        (True, None),
        ("PT", None),
        ("P99999D", None),
        ("1:30", None),
        (None, None),
    ],
)
def test_durations(duration: object, seconds: float | None) -> None:
    file = {"type": "Audio", "url": "https://b.example/a.ogg", "duration": duration}

    assert parse_note(NOTE | {"attachment": file}).media[0].duration_seconds == seconds


@pytest.mark.parametrize(
    ("stated", "closed", "expires_at"),
    [
        ({"closed": "2020-01-01T00:00:00Z"}, True, "2020-01-01"),
        ({"closed": True, "endTime": "2020-01-02T00:00:00Z"}, True, "2020-01-02"),
        ({"closed": "2999-01-01T00:00:00Z"}, False, "2999-01-01"),
        ({"closed": False}, False, None),
        ({"closed": {}}, False, None),
    ],
)
def test_how_polls_end(stated: dict[str, object], closed: bool, expires_at: str | None) -> None:
    poll = parse_note(NOTE | {"type": "Question", "anyOf": [{"name": "a"}]} | stated).poll

    assert poll is not None
    assert (poll.closed, poll.expires_at) == (closed, clock.parse_iso(expires_at))


@pytest.mark.parametrize(("total", "votes"), [(-5, 0), (10**18, 2**31 - 1), ("7", 0), (True, 0), (3.0, 3), (None, 0)])
def test_totals_are_clamped(total: object, votes: int) -> None:
    options = [{"name": "a", "replies": {"totalItems": total}}]
    poll = parse_note(NOTE | {"type": "Question", "oneOf": options}).poll

    assert poll is not None
    assert poll.options[0].votes == votes


def test_a_question_without_choices_has_no_poll() -> None:
    assert parse_note(NOTE | {"type": "Question", "oneOf": [{"name": ""}, 5]}).poll is None
