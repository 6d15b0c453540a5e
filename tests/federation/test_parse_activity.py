"""Activities as other servers send them."""

import pytest

from federation.parse.activity import inner, parse_activity
from federation.parse.as2 import PUBLIC, BadActivity
from federation.parse.audience import NOBODY, Audience, parse_audience, visibility_of
from node.models import Visibility
from tests.federation.wire_files import wire

ILSE = "https://reeds.example/ap/users/115000000000000001"
MO = "https://linnet.example/ap/users/7"
FOLLOWERS = f"{ILSE}/followers"
LIKE = {"id": f"{ILSE}#likes/1", "type": "Like", "actor": ILSE, "object": f"{MO}/statuses/44"}


def test_a_create_brings_its_object() -> None:
    activity = parse_activity(wire("mastodon/create_note"))

    assert (activity.type, activity.actor_uri) == ("Create", ILSE)
    assert activity.object_uri == f"{ILSE}/statuses/115000000000000100"
    assert activity.object_type == "Note"
    assert activity.audience == Audience((PUBLIC,), (FOLLOWERS, MO))


def test_an_announce_names_its_object() -> None:
    activity = parse_activity(wire("mastodon/announce"))

    assert (activity.object_uri, activity.embedded) == (f"{MO}/statuses/44", None)


@pytest.mark.parametrize(
    ("name", "object_uri"),
    [
        ("mastodon/delete_note", f"{ILSE}/statuses/115000000000000100"),
        ("mastodon/delete_actor", ILSE),
        ("misskey/delete_person", "https://koto.example/users/9xk2"),
    ],
)
def test_what_is_deleted_is_named_in_every_form(name: str, object_uri: str) -> None:
    assert parse_activity(wire(name)).object_uri == object_uri


def test_a_flag_names_people_and_posts() -> None:
    activity = parse_activity(wire("mastodon/flag"))

    assert activity.object_uris == (MO, f"{MO}/statuses/44", f"{MO}/statuses/45")
    assert activity.content == "Sells bitterns"


def test_mbins_complaint_is_its_summary() -> None:
    activity = parse_activity(wire("mbin/flag"))

    assert (activity.content, activity.object_uris) == ("off topic", (f"{MO}/statuses/44",))


def test_a_move_names_where_to() -> None:
    activity = parse_activity(wire("mastodon/move"))

    assert (activity.object_uri, activity.target_uri) == (ILSE, "https://newmarsh.example/users/ilse")


def test_a_pin_names_its_collection() -> None:
    assert parse_activity(wire("mastodon/add_featured")).target_uri == f"{ILSE}/collections/featured"


def test_an_accept_holds_the_follow() -> None:
    follow = inner(parse_activity(wire("mastodon/accept_follow")))

    assert follow is not None
    assert (follow.uri, follow.type) == (f"{MO}#follows/3", "Follow")
    assert (follow.actor_uri, follow.object_uri) == (MO, ILSE)


def test_an_undo_holds_what_is_undone() -> None:
    like = inner(parse_activity(wire("mastodon/undo_like")))

    assert like is not None
    assert (like.type, like.actor_uri, like.object_uri) == ("Like", ILSE, f"{MO}/statuses/44")


def test_an_undone_activity_without_actor_is_the_undoers() -> None:
    undo = parse_activity(wire("threads/undo_follow"))
    follow = inner(undo)

    assert follow is not None
    assert (follow.actor_uri, follow.object_uri) == (undo.actor_uri, MO)


def test_an_accepted_activity_without_actor_is_nobodys() -> None:
    accept = parse_activity(LIKE | {"type": "Accept", "object": {"type": "Follow", "object": ILSE}})

    assert inner(accept) is None


def test_a_bare_id_holds_nothing() -> None:
    undo = parse_activity(LIKE | {"type": "Undo", "object": f"{ILSE}#likes/1"})

    assert undo.object_uri == f"{ILSE}#likes/1"
    assert inner(undo) is None


def test_a_quote_request_brings_the_quoting_note() -> None:
    activity = parse_activity(wire("mastodon/quote_request"))

    assert activity.object_uri == f"{MO}/statuses/44"
    assert activity.instrument_uri == f"{ILSE}/statuses/1150000000000001007"
    assert activity.instrument is not None
    assert activity.instrument["type"] == "Note"


def test_an_accepted_quote_request_brings_a_stamp() -> None:
    accept = parse_activity(wire("mastodon/accept_quote_request"))
    request = inner(accept)

    assert accept.result_uri == f"{ILSE}/quote_authorizations/2"
    assert request is not None
    assert request.type == "QuoteRequest"


def test_misskeys_reaction_has_its_emoji() -> None:
    activity = parse_activity(wire("misskey/like_with_reaction"))

    assert activity.content == ":neko_dance:"
    assert [emoji.shortcode for emoji in activity.tags.emoji] == ["neko_dance"]


def test_pleromas_reaction_is_a_grapheme() -> None:
    activity = parse_activity(wire("pleroma/emoji_react"))

    assert (activity.type, activity.content) == ("EmojiReact", "🦦")


def test_lemmys_announce_holds_a_create_that_holds_a_page() -> None:
    announce = parse_activity(wire("lemmy/announce_create_page"))
    create = inner(announce)

    assert announce.object_type == "Create"
    assert create is not None
    assert (create.actor_uri, create.object_type) == ("https://commons.example/u/ada", "Page")
    assert "https://commons.example/c/lichens" in create.audience.named("")


def test_friendicas_instrument_is_only_software() -> None:
    activity = parse_activity(wire("friendica/create_note"))

    assert (activity.instrument_uri, activity.object_type) == ("", "Note")


def test_hubzillas_inlined_actor_is_known_by_its_id() -> None:
    assert parse_activity(wire("hubzilla/create_image")).actor_uri == "https://channels.example/channel/gro"


def test_an_unknown_activity_without_object_is_still_one() -> None:
    activity = parse_activity(wire("snac/ping"))

    assert (activity.type, activity.object_uri, activity.object_uris, activity.embedded) == ("Ping", "", (), None)


def test_an_activity_may_have_no_id() -> None:
    assert parse_activity({name: value for name, value in LIKE.items() if name != "id"}).uri == ""


def test_a_pixelfed_story_behind_a_bearcap_has_an_id_of_its_own() -> None:
    assert parse_activity(wire("pixelfed/add_story")).object_type == "Story"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ["https://a.example/1"]}, "id"),
        ({"id": {"id": "https://a.example/1"}}, "id"),
        ({"id": "bear:?t=x&u=https://a.example/1"}, "id"),
        ({"id": ""}, "id"),
        ({"type": None}, "type"),
        ({"type": [1, None]}, "type"),
        ({"actor": None}, "actor"),
        ({"actor": [ILSE]}, "actor"),
        ({"actor": [ILSE, MO]}, "actor"),
        ({"actor": {"url": ILSE}}, "actor"),
        ({"actor": "acct:ilse@reeds.example"}, "actor"),
    ],
)
def test_what_does_not_say_who_does_what_is_refused(change: dict[str, object], reason: str) -> None:
    assert parse_activity(LIKE).type == "Like"

    with pytest.raises(BadActivity) as caught:
        parse_activity(LIKE | change)

    assert caught.value.reason == reason


def test_of_several_types_a_known_one_is_meant() -> None:
    assert parse_activity(LIKE | {"type": ["schema:LikeAction", "Like"]}).type == "Like"


def test_json_ld_keywords_mean_nothing() -> None:
    tricks = {"@id": f"{MO}#x", "@type": "Delete", "@graph": [LIKE | {"actor": MO}], "@reverse": {"actor": MO}}

    assert parse_activity(tricks | LIKE) == parse_activity(LIKE)


# ── addressing ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("spelling", [PUBLIC, "as:Public", "Public", [PUBLIC], {"id": PUBLIC}, [None, "as:Public"]])
def test_public_has_many_spellings(spelling: object) -> None:
    assert parse_audience({"to": spelling}) == Audience((PUBLIC,), ())


@pytest.mark.parametrize(
    ("to", "cc", "visibility"),
    [
        (PUBLIC, FOLLOWERS, Visibility.PUBLIC),
        (FOLLOWERS, PUBLIC, Visibility.UNLISTED),
        (FOLLOWERS, MO, Visibility.PRIVATE),
        (MO, FOLLOWERS, Visibility.PRIVATE),
        (MO, None, Visibility.DIRECT),
        (None, None, Visibility.DIRECT),
        (f"{MO}/followers", None, Visibility.DIRECT),
    ],
)
def test_visibility_is_read_from_the_addresses(to: object, cc: object, visibility: Visibility) -> None:
    assert parse_audience({"to": to, "cc": cc}).visibility(FOLLOWERS) is visibility


def test_an_unknown_followers_collection_lets_nobody_in() -> None:
    assert parse_audience({"to": FOLLOWERS}).visibility("") is Visibility.DIRECT


def test_an_audience_is_addressed_but_never_public() -> None:
    audience = parse_audience({"to": MO, "audience": [PUBLIC, "https://commons.example/c/lichens"]})

    assert audience.visibility(FOLLOWERS) is Visibility.DIRECT
    assert audience.named(FOLLOWERS) == (MO, "https://commons.example/c/lichens")


@pytest.mark.parametrize(
    ("inner_to", "outer_to", "visibility"),
    [
        ({"to": PUBLIC}, {"to": FOLLOWERS}, Visibility.PRIVATE),
        ({"to": FOLLOWERS}, {"to": PUBLIC}, Visibility.PRIVATE),
        ({"to": PUBLIC}, {"cc": PUBLIC}, Visibility.UNLISTED),
        ({"to": PUBLIC}, {}, Visibility.PUBLIC),
        ({}, {"to": PUBLIC}, Visibility.PUBLIC),
        ({"to": FOLLOWERS}, {"to": MO}, Visibility.PRIVATE),
        ({}, {}, Visibility.DIRECT),
    ],
)
def test_of_two_audiences_the_narrower_counts(
    inner_to: dict[str, str], outer_to: dict[str, str], visibility: Visibility
) -> None:
    assert visibility_of(parse_audience(inner_to), parse_audience(outer_to), FOLLOWERS) is visibility


def test_nobody_is_no_audience() -> None:
    assert not NOBODY
    assert Audience((MO,))
