"""Actors as other servers send them, and what of them is believed."""

import pytest

from federation.parse.actor import ParsedField, parse_actor
from federation.parse.as2 import PUBLIC, BadActivity
from federation.parse.keys import KeyForm, parse_key_document, parse_single_key
from node import clock
from node.models import ActorKind
from tests.federation.wire_files import wire

PERSON = {
    "id": "https://a.example/users/eve",
    "type": "Person",
    "preferredUsername": "eve",
    "inbox": "https://a.example/users/eve/inbox",
}


def test_mastodons_actor_is_read_whole() -> None:
    actor = parse_actor(wire("mastodon/actor"))

    uri = "https://reeds.example/ap/users/115000000000000001"
    assert (actor.uri, actor.kind, actor.username) == (uri, ActorKind.PERSON, "ilse")
    assert actor.handle_hint == ("ilse", "reeds.example")
    assert (actor.name, actor.summary) == ("Ilse Vogel :reed:", "<p>Counts bitterns at dawn.</p>")
    assert actor.url == "https://reeds.example/@ilse"
    assert (actor.inbox, actor.outbox) == (f"{uri}/inbox", f"{uri}/outbox")
    assert (actor.followers, actor.following) == (f"{uri}/followers", f"{uri}/following")
    assert (actor.featured, actor.featured_tags) == (f"{uri}/collections/featured", f"{uri}/collections/tags")
    assert actor.shared_inbox == "https://reeds.example/inbox"
    assert actor.icon.description == "Ilse in waders"
    assert actor.image.url == "https://files.reeds.example/h/ilse.png"
    assert actor.fields[1] == ParsedField(name="Pronouns", value="she/her")
    assert [emoji.shortcode for emoji in actor.tags.emoji] == ["reed"]
    assert actor.also_known_as == ("https://oldmarsh.example/users/ilse",)
    assert (actor.locked, actor.discoverable, actor.indexable) == (True, True, True)
    assert (actor.memorial, actor.suspended, actor.bot, actor.group) == (False, False, False, False)
    assert actor.published_at == clock.parse_iso("2023-04-02")
    assert actor.policy.feature is not None
    assert actor.policy.feature.automatic == (PUBLIC,)


def test_sections_of_a_profile_are_there_unless_it_says_otherwise() -> None:
    silent = parse_actor(PERSON)
    hiding = parse_actor(PERSON | {"showMedia": False, "showRepliesInMedia": "no", "showFeatured": False})

    assert (silent.show_media, silent.show_media_replies, silent.show_featured) == (True, True, True)
    assert (hiding.show_media, hiding.show_media_replies, hiding.show_featured) == (False, True, False)


def test_pem_keys_and_multikeys_are_listed_with_their_form() -> None:
    actor = parse_actor(wire("mastodon/actor"))

    assert [(key.key_id.partition("#")[2], key.form) for key in actor.keys] == [
        ("main-key", KeyForm.PEM),
        ("ed25519", KeyForm.MULTIKEY),
    ]


def test_attribution_domains_are_plain_normal_strings() -> None:
    assert parse_actor(wire("mastodon/actor")).attribution_domains == ("notes.reeds.example", "blog.example")


def test_gotosocials_single_field_is_a_list_of_one() -> None:
    actor = parse_actor(wire("gotosocial/actor"))

    assert actor.fields == (ParsedField(name="pace", value="leisurely"),)
    assert (actor.hides_public, actor.hides_unlisted) == (False, True)
    assert actor.shared_inbox == ""


def test_misskeys_nulls_are_nothing() -> None:
    actor = parse_actor(wire("misskey/actor"))

    assert (actor.name, actor.summary, actor.image.url, actor.icon.description) == ("", "", "", "")
    assert actor.hides_public is None


def test_a_shared_inbox_at_the_top_alone_is_found() -> None:
    document = wire("misskey/actor")
    del document["endpoints"]

    assert parse_actor(document).shared_inbox == "https://koto.example/inbox"


def test_an_inlined_featured_collection_is_known_by_its_id() -> None:
    assert parse_actor(wire("pleroma/actor")).featured == "https://otter.example/users/bram/collections/featured"


def test_moderators_do_not_own_a_lemmy_group() -> None:
    actor = parse_actor(wire("lemmy/group"))

    assert actor.group
    assert actor.keys[0].key_id == "https://commons.example/c/lichens#main-key"


def test_of_peertubes_icons_the_first_is_taken() -> None:
    actor = parse_actor(wire("peertube/channel"))

    assert actor.icon.url == "https://tube.example/lazy-static/avatars/s.png"
    assert actor.image.url == ""


def test_wordpress_ids_keep_their_query_and_names_may_be_domains() -> None:
    actor = parse_actor(wire("wordpress/actor"))

    assert (actor.uri, actor.username) == ("https://bakery.example/?author=1", "bakery.example")
    assert len(actor.fields) == 1
    assert actor.followers == ""


def test_the_page_of_an_actor_may_be_on_another_host() -> None:
    assert parse_actor(wire("threads/actor")).url == "https://www.strings.example/@jun"


@pytest.mark.parametrize(
    ("software", "key_id"),
    [
        ("threads", "https://strings.example/ap/users/178/#main-key"),
        ("bookwyrm", "https://shelf.example/user/rosa/#main-key"),
        ("gotosocial", "https://sloth.example/users/tamsin/main-key"),
        ("bridgy", "kestrel.example#key"),
    ],
)
def test_key_ids_have_many_forms(software: str, key_id: str) -> None:
    assert parse_actor(wire(f"{software}/actor")).keys[0].key_id == key_id


def test_of_bridgys_addresses_the_first_is_the_page_and_a_link_is_its_address() -> None:
    actor = parse_actor(wire("bridgy/actor"))

    assert actor.url == "https://kestrel.example/"
    assert actor.fields[0].value == "https://kestrel.example/"
    assert actor.icon.url == "https://kestrel.example/k.jpg"


def test_snacs_actor_without_followers_is_one() -> None:
    assert parse_actor(wire("snac/actor")).followers == ""


def test_one_known_type_of_several_is_enough() -> None:
    actor = parse_actor(PERSON | {"type": ["schema:Robot", "Service"]})

    assert actor.kind is ActorKind.SERVICE
    assert actor.bot


def test_a_webfinger_hint_stands_in_for_a_missing_name() -> None:
    document = PERSON | {"preferredUsername": None, "webfinger": "acct:eve@handles.example"}

    actor = parse_actor(document)

    assert (actor.username, actor.handle_hint) == ("eve", ("eve", "handles.example"))


def test_a_name_in_languages_alone_is_a_name() -> None:
    actor = parse_actor(PERSON | {"nameMap": {"de": "Eva"}, "name": None, "summaryMap": {"de": "<p>Hallo</p>"}})

    assert (actor.name, actor.summary) == ("Eva", "<p>Hallo</p>")


@pytest.mark.parametrize("name", ["eve", "Eve_1", "e.v-e", "bakery.example", "ева", "イヴ", "e" * 2048])
def test_names_need_not_be_latin_nor_short(name: str) -> None:
    assert parse_actor(PERSON | {"preferredUsername": name}).username == name


@pytest.mark.parametrize("kind", ["Person", "Service", "Application", "Group", "Organization"])
def test_actors_are_of_five_kinds(kind: str) -> None:
    actor = parse_actor(PERSON | {"type": kind})

    assert actor.kind == kind
    assert (actor.bot, actor.group) == (kind in ("Service", "Application"), kind == "Group")


@pytest.mark.parametrize(
    "value", ["me", ["me", "you"], {"type": "Note", "content": "me"}, {"name": "me"}, [None, {"name": "me"}]]
)
def test_the_value_of_a_line_may_be_an_object(value: object) -> None:
    lines = [{"type": "IdentityProof", "name": "x"}, {"type": "PropertyValue", "name": "Who", "value": value}]

    assert parse_actor(PERSON | {"attachment": lines}).fields == (ParsedField(name="Who", value="me"),)


@pytest.mark.parametrize("domains", ["a.example", [["a.example"]], [{"id": "a.example"}], [7, None, "x" * 300], {}])
def test_sites_that_are_no_plain_strings_are_none(domains: object) -> None:
    assert parse_actor(PERSON | {"attributionDomains": domains}).attribution_domains == ()
    many = [f"{number}.example" for number in range(300)]
    assert len(parse_actor(PERSON | {"attributionDomains": many}).attribution_domains) == 256


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "id"),
        ({"id": "bear:?t=1&u=https://a.example/users/eve"}, "id"),
        ({"id": ["https://a.example/users/eve"]}, "id"),
        ({"type": "Note"}, "type"),
        ({"type": {"Person": 1}}, "type"),
        ({"preferredUsername": None}, "username"),
        ({"preferredUsername": "e" * 2049}, "username"),
        ({"preferredUsername": "eve@b.example"}, "username"),
        ({"preferredUsername": "e ve"}, "username"),
        ({"preferredUsername": "e\u202eve"}, "username"),
        ({"preferredUsername": ["eve"]}, "username"),
        ({"inbox": None}, "inbox"),
        ({"inbox": "/inbox"}, "inbox"),
        ({"inbox": "https://victim.example/inbox"}, "inbox"),
        ({"inbox": "ftp://a.example/inbox"}, "inbox"),
    ],
)
def test_what_is_no_actor_is_refused_with_a_reason(change: dict[str, object], reason: str) -> None:
    parse_actor(PERSON)

    with pytest.raises(BadActivity) as caught:
        parse_actor(PERSON | change)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("outbox", "outbox"),
        ("followers", "followers"),
        ("following", "following"),
        ("featured", "featured"),
        ("featuredTags", "featured_tags"),
        ("sharedInbox", "shared_inbox"),
    ],
)
def test_collections_and_inboxes_on_other_hosts_are_not_used(name: str, field: str) -> None:
    own = parse_actor(PERSON | {name: "https://a.example/x"})
    foreign = parse_actor(PERSON | {name: "https://victim.example/x"})

    assert getattr(own, field) == "https://a.example/x"
    assert getattr(foreign, field) == ""


@pytest.mark.parametrize(
    "key",
    [
        {"id": "https://a.example/users/eve#k", "publicKeyPem": "x"},
        {"id": "https://a.example/users/eve#k", "owner": "https://a.example/users/mallory", "publicKeyPem": "x"},
        {"id": "https://b.example/k", "owner": "https://a.example/users/eve", "publicKeyPem": "x"},
        {"id": None, "owner": "https://a.example/users/eve", "publicKeyPem": "x"},
        {"id": "https://a.example/users/eve#k", "owner": "https://a.example/users/eve", "publicKeyPem": 5},
        {"id": "https://a.example/users/eve#k", "owner": "https://a.example/users/eve", "publicKeyPem": "x" * 4097},
        "not-an-address",
    ],
)
def test_a_key_that_does_not_name_its_owner_on_its_host_is_none(key: object) -> None:
    good = {"id": "https://a.example/users/eve#g", "owner": "https://a.example/users/eve", "publicKeyPem": "x"}

    actor = parse_actor(PERSON | {"publicKey": [key, good]})

    assert [one.key_id for one in actor.keys] == ["https://a.example/users/eve#g"]
    assert actor.key_uris == ()


def test_keys_that_are_only_named_are_told_apart_and_kept_to_the_own_host() -> None:
    actor = parse_actor(PERSON | {"publicKey": ["https://a.example/keys/1", "https://b.example/keys/1"]})

    assert (actor.keys, actor.key_uris) == ((), ("https://a.example/keys/1",))


def test_no_actor_has_more_than_ten_keys() -> None:
    key = {"owner": PERSON["id"], "publicKeyPem": "x"}
    keys = [key | {"id": f"https://a.example/k{number}"} for number in range(30)]

    assert len(parse_actor(PERSON | {"publicKey": keys, "assertionMethod": keys}).keys) == 10


def test_a_document_at_a_key_id_leads_to_the_owner() -> None:
    alone = parse_key_document(wire("misskey/public_key"))
    stub = parse_key_document(wire("gotosocial/main_key"))

    assert alone.owner_uri == "https://koto.example/users/9xk2"
    assert (stub.uri, stub.owner_uri) == ("https://sloth.example/users/tamsin",) * 2


def test_a_key_document_that_names_an_owner_elsewhere_is_refused() -> None:
    with pytest.raises(BadActivity):
        parse_key_document(wire("misskey/public_key") | {"owner": "https://victim.example/users/1"})


def test_a_key_alone_is_a_key_of_its_owner_only() -> None:
    document = wire("misskey/public_key")

    assert parse_single_key(document, "https://koto.example/users/9xk2") is not None
    assert parse_single_key(document, "https://koto.example/users/other") is None


def test_long_texts_and_lists_are_cut() -> None:
    value = {"type": "PropertyValue", "name": "n" * 5000, "value": "v" * 5000}
    actor = parse_actor(
        PERSON
        | {
            "name": "n" * 5000,
            "summary": "s" * 50_000,
            "attachment": [value] * 99,
            "alsoKnownAs": [f"https://a.example/{number}" for number in range(999)],
        }
    )

    assert (len(actor.name), len(actor.summary)) == (2048, 20_000)
    assert (len(actor.fields), len(actor.fields[0].name), len(actor.fields[0].value)) == (50, 2047, 2047)
    assert len(actor.also_known_as) == 256
