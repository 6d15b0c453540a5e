"""Which addresses are acceptable, whose they are, and that our own can be read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from federation import uris
from node import site
from node.config import Config

CONFIG = Config.for_tests(domain="a.test", web_domain="social.a.test")
# The longest name that DNS has (RFC 1035, section 2.3.4), of labels that are as long as they can be.
LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("https://peer.example/users/1", "peer.example"),
        ("https://Peer.EXAMPLE/users/1", "peer.example"),
        ("https://peer.example:443/", "peer.example"),
        ("http://peer.example:80/", "peer.example"),
        ("https://peer.example:80/", "peer.example:80"),
        ("https://peer.example:8443/", "peer.example:8443"),
        ("https://bücher.example/ü", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://xn--strae-oqa.example:8443/", "xn--strae-oqa.example:8443"),  # of IDNA 2008 alone
        ("https://xn--ls8h.example/", "xn--ls8h.example"),  # an emoji, of 2003 alone
        ("https://[::1]:8443/", "[::1]:8443"),
        ("https://[0:0::0001]:8443/", "[::1]:8443"),
        ("https://[2606:4700:0:0:0:0:0:1111]/", "[2606:4700::1111]"),
        ("https://peer.example", "peer.example"),
        ("https://peer.example?p=1", "peer.example"),
        ("https://fed.peer.example/r/https://other.example/", "fed.peer.example"),
        (f"https://{LONGEST.upper()}/", LONGEST),
        (f"https://{LONGEST}./", LONGEST),
        (f"https://{LONGEST}:8443/", f"{LONGEST}:8443"),
        (f"https://{'ü' * 15}.{LONGEST[64:]}/", f"xn--{'tda' + 'a' * 14}.{LONGEST[64:]}"),
    ],
)
def test_a_host_has_one_spelling(uri: str, host: str) -> None:
    assert uris.host_of(uri) == host


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "peer.example",
        "//peer.example/",
        "ftp://peer.example/",
        "javascript:alert(1)",
        "bear:?t=1&u=https://peer.example/",
        "https://",
        "https:///path",
        "https://user@peer.example/",
        "https://user:password@peer.example/",
        "https://peer.example\\@other.example/",
        "https://peer.example/a b",
        "https://peer.example/a\tb",
        "https://peer.example/\x00",
        "https://peer.example/\x7f",
        "https://peer.example/\n",
        "https://peer.example\n",
        "https://peer.example/\ud800",
        'https://peer.example/"onclick=',
        "https://peer.example/<script>",
        "https://peer.example:99999/",
        "https://peer.example:x/",
        "https://peer.example:/",
        "https://pe%65r.example/",
        "https://[:.]:7/",
        "https://[1::2::3]/",
        "https://[::1%25eth0]/",
        "https://.example/",
        "https://xn--999999999.example/",
        "https://xn--a.example:8443/",
        "https://xn--.example/",
        "https://peer.example/" + "a" * 2048,
        f"https://{LONGEST}d/",
        f"https://{LONGEST}d:8443/",
        f"https://{'a' * 64}.example/",
        f"https://{'ü' * 60}.example/",
        f"https://ü.{LONGEST}/",
        None,
        5,
        ["https://peer.example/"],
        {"id": "https://peer.example/"},
    ],
)
def test_what_is_no_plain_web_address_names_nothing(uri: object) -> None:
    assert not uris.is_http_uri(uri)
    assert uris.host_of(uri) is None
    assert uris.origin_of(uri) is None
    assert not uris.same_origin(uri, uri)


def test_same_origin_means_scheme_host_and_port() -> None:
    assert uris.same_origin("https://peer.example/a", "https://PEER.example:443/b")
    assert not uris.same_origin("https://peer.example/a", "http://peer.example/a")
    assert not uris.same_origin("https://peer.example/a", "https://peer.example:8443/a")
    assert not uris.same_origin("https://peer.example/a", "https://sub.peer.example/a")
    assert not uris.same_origin("https://peer.example/a", "https://peer.example.evil.example/a")


@settings(deadline=None)
@given(st.text("abcxyz019-", max_size=12))
def test_a_host_is_one_that_can_be_shown_in_its_own_letters(label: str) -> None:
    host = uris.host_of(f"https://xn--{label}.example/")

    assert host is None or URL(f"https://{host}/", encoded=True).host


@given(st.text())
def test_any_text_after_the_scheme_is_accepted_or_refused_without_an_exception(text: str) -> None:
    uris.host_of("https://" + text)
    uris.host_of(text)


def test_both_of_our_domains_are_ours_and_nobody_elses_is() -> None:
    assert uris.is_local(CONFIG, "https://social.a.test/ap/users/1")
    assert uris.is_local(CONFIG, "https://A.test/anything")
    assert uris.is_local(CONFIG, "https://social.a.test:443/ap/users/1")
    assert not uris.is_local(CONFIG, "https://other.a.test/ap/users/1")
    assert not uris.is_local(CONFIG, "https://social.a.test:8443/ap/users/1")
    assert not uris.is_local(CONFIG, None)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("domain", "web_domain", "base_url", "sends_mail"):
        monkeypatch.setattr(site, name, getattr(site, name))  # restored afterwards
    site.use(CONFIG)


@pytest.mark.usefixtures("here")
def test_an_address_that_we_gave_out_is_read_back() -> None:
    actor = site.actor_uri(7)
    given_out = {
        site.instance_actor_uri(): uris.LocalInstanceActor(),
        actor: uris.LocalActor(7),
        site.actor_uri(2**63 - 1): uris.LocalActor(2**63 - 1),
        f"{actor}/outbox": uris.LocalCollection(7, "outbox"),
        f"{actor}/followers": uris.LocalCollection(7, "followers"),
        f"{actor}/following": uris.LocalCollection(7, "following"),
        f"{actor}/collections/featured": uris.LocalCollection(7, "collections/featured"),
        site.featured_tags_uri(7): uris.LocalCollection(7, "collections/tags"),
        site.status_uri(7, 9): uris.LocalStatus(7, 9),
        f"{site.status_uri(7, 9)}/activity": uris.LocalActivity(7, "activity", 9),
        site.status_collection_uri(7, 9, "replies"): uris.LocalStatusCollection(7, 9, "replies"),
        site.activity_uri(7, "follows", 9): uris.LocalActivity(7, "follows", 9),
        site.profile_url("alice"): uris.LocalProfile("alice"),
        site.status_url("alice", 9): uris.LocalStatusPage("alice", 9),
    }

    assert {uri: uris.parse_local(CONFIG, uri) for uri in given_out} == given_out
    assert all(uris.is_http_uri(uri) for uri in given_out)


@pytest.mark.parametrize(
    "uri",
    [
        "https://peer.example/ap/users/7",
        "http://social.a.test/ap/users/7",
        "https://social.a.test",
        "https://social.a.test/ap/users/",
        "https://social.a.test/ap/users/07",
        "https://social.a.test/ap/users/7/",
        "https://social.a.test/ap/users/7?page=1",
        "https://social.a.test/ap/users/-7",
        "https://social.a.test/ap/users/٧",
        "https://social.a.test/ap/users/9999999999999999999",
        "https://social.a.test/ap/users/7/statuses/9999999999999999999",
        "https://social.a.test/@alice/9999999999999999999",
        "https://social.a.test/ap/users/7/statuses",
        "https://social.a.test/ap/users/7/statuses/9/edits",
        "https://social.a.test/ap/users/7#follows",
        "https://social.a.test.evil.example/ap/users/7",
        "https://social.a.test/@",
        None,
        7,
    ],
)
def test_an_address_that_we_never_gave_out_names_nothing_of_ours(uri: object) -> None:
    assert uris.parse_local(CONFIG, uri) is None


@pytest.mark.usefixtures("here")
def test_addresses_lie_where_peers_were_told() -> None:
    assert site.actor_uri(7) == "https://social.a.test/ap/users/7"
    assert site.shared_inbox_uri() == "https://social.a.test/ap/inbox"
    assert site.tag_url("birds") == "https://social.a.test/tags/birds"
    assert uris.key_id(site.actor_uri(7)) == "https://social.a.test/ap/users/7#main-key"
