"""WebFinger, host-meta and NodeInfo as other servers answer them."""

import pytest

from federation.parse.as2 import BadActivity
from federation.parse.handle import parse_handle
from federation.parse.nodeinfo import parse_nodeinfo, parse_nodeinfo_links
from federation.parse.webfinger import parse_host_meta, parse_webfinger, way_on
from tests.federation.wire_files import wire

TEMPLATE = "https://a.example/.well-known/webfinger?resource={uri}"


def test_webfinger_leads_to_the_actor() -> None:
    found = parse_webfinger(wire("mastodon/webfinger"))

    assert found.subject == ("ilse", "reeds.example")
    assert found.actor_uri == "https://reeds.example/ap/users/115000000000000001"
    assert found.profile_url == "https://reeds.example/@ilse"
    assert way_on(found.ways, "Follow", "https://a.example/1") == (
        "https://reeds.example/authorize_interaction?uri=https%3A%2F%2Fa.example%2F1"
    )
    assert found.actor_uri in found.aliases


@pytest.mark.parametrize(
    ("wish", "address"),
    [
        ("Follow", "https://reeds.example/follow?who=https%3A%2F%2Fa.example%2F%3Fp%3D1&then="),
        ("Create", "https://reeds.example/write?to=https%3A%2F%2Fa.example%2F%3Fp%3D1&text="),
        ("Like", "https://reeds.example/see?it=https%3A%2F%2Fa.example%2F%3Fp%3D1"),  # no way of its own
        ("Announce", "https://reeds.example/see?it=https%3A%2F%2Fa.example%2F%3Fp%3D1"),  # that chooses a host
    ],
)
def test_a_server_may_name_a_way_for_each_thing_that_somebody_wants_to_do(wish: str, address: str) -> None:
    ways = {
        "http://ostatus.org/schema/1.0/subscribe": "https://reeds.example/authorize?uri={uri}",
        "https://w3id.org/fep/3b86/Object": "https://reeds.example/see?it={object}",
        "https://w3id.org/fep/3b86/Follow": "https://reeds.example/follow?who={object}&then={on-success}",
        "https://w3id.org/fep/3b86/Create": "https://reeds.example/write?to={inReplyTo}&text={content}",
        "https://w3id.org/fep/3b86/Announce": "https://{object}/",
        "https://w3id.org/fep/3b86/Like": "https://reeds.example/like",
    }
    links = [{"rel": rel, "template": template} for rel, template in ways.items()]
    document = wire("mastodon/webfinger")

    found = parse_webfinger(document | {"links": [*document["links"][:2], *links]})

    assert way_on(found.ways, wish, "https://a.example/?p=1") == address
    assert way_on((), wish, "https://a.example/?p=1") == ""


def test_only_the_self_link_counts_in_either_type() -> None:
    found = parse_webfinger(wire("peertube/webfinger"))

    assert found.actor_uri == "https://tube.example/video-channels/vera_films"


def test_an_encoded_subject_is_read() -> None:
    assert parse_webfinger(wire("wordpress/webfinger")).subject == ("bakery.example", "bakery.example")


@pytest.mark.parametrize(
    "links",
    [
        None,
        [],
        [{"rel": "self", "href": "https://a.example/users/eve"}],
        [{"rel": "self", "type": "application/json", "href": "https://a.example/users/eve"}],
        [{"rel": "self", "type": "application/ld+json", "href": "https://a.example/users/eve"}],
        [{"rel": "alternate", "type": "application/activity+json", "href": "https://a.example/users/eve"}],
        [{"rel": "self", "type": "application/activity+json", "href": "acct:eve@a.example"}],
        [{"rel": ["self"], "type": ["application/activity+json"], "href": ["https://a.example/users/eve"]}],
        ["https://a.example/users/eve"],
    ],
)
def test_webfinger_without_an_actor_is_refused(links: object) -> None:
    with pytest.raises(BadActivity) as caught:
        parse_webfinger({"subject": "acct:eve@a.example", "links": links})

    assert caught.value.reason == "self"


def test_a_subject_that_is_no_handle_is_none() -> None:
    assert parse_webfinger(wire("mastodon/webfinger") | {"subject": "https://reeds.example/@ilse"}).subject is None


@pytest.mark.parametrize(
    ("xml", "template"),
    [
        (f'<XRD><Link rel="lrdd" template="{TEMPLATE}"/></XRD>', TEMPLATE),
        (
            f"<?xml version='1.0'?><XRD><Link type='application/xrd+xml' template='{TEMPLATE}' rel='lrdd' /></XRD>",
            TEMPLATE,
        ),
        (f'<x:XRD xmlns:x="y"><x:Link rel="lrdd" template="{TEMPLATE}&amp;b=1"/></x:XRD>', f"{TEMPLATE}&b=1"),
        (f'<!DOCTYPE x [<!ENTITY a "b">]><XRD><Link rel="lrdd" template="{TEMPLATE}"/></XRD>', ""),
        (f'<XRD><Link rel="other" template="{TEMPLATE}"/></XRD>', ""),
        ('<XRD><Link rel="lrdd" template="https://a.example/webfinger"/></XRD>', ""),
        ('<XRD><Link rel="lrdd" template="file:///etc/{uri}"/></XRD>', ""),
        ('<XRD><Link rel="lrdd"/></XRD>', ""),
        ("<Link " * 20_000, ""),
        ("\x00\xff", ""),
        ("", ""),
    ],
)
def test_host_meta(xml: str, template: str) -> None:
    assert parse_host_meta(xml.encode("latin-1")) == template


def test_nodeinfo_is_found_on_its_own_host() -> None:
    links = parse_nodeinfo_links(wire("mastodon/nodeinfo_links"), "reeds.example")

    assert links.document_uri == "https://reeds.example/nodeinfo/2.0"
    assert links.application_uri == "https://reeds.example/actor"


def test_nodeinfo_elsewhere_is_not_followed() -> None:
    with pytest.raises(BadActivity):
        parse_nodeinfo_links(wire("mastodon/nodeinfo_elsewhere"), "reeds.example")


def test_nodeinfo_tells_software_and_size() -> None:
    info = parse_nodeinfo(wire("mastodon/nodeinfo"))

    assert (info.software, info.version, info.name) == ("mastodon", "4.7.1", "Reeds")
    assert (info.users_count, info.active_month_count, info.statuses_count) == (512, 90, 40321)
    assert info.open_registrations is False


def test_nodeinfo_metadata_may_be_a_list() -> None:
    info = parse_nodeinfo(wire("wordpress/nodeinfo"))

    assert (info.software, info.name) == ("wordpress", "")


@pytest.mark.parametrize("software", [None, {}, [], "mastodon", {"name": ""}, {"name": 5}, {"name": "\u202e"}])
def test_nodeinfo_that_does_not_name_its_software_is_refused(software: object) -> None:
    with pytest.raises(BadActivity):
        parse_nodeinfo({"software": software})


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("acct:Ann@Example.COM", ("Ann", "example.com")),
        ("@ann@bücher.example", ("ann", "xn--bcher-kva.example")),
        ("ann", None),
        ("a@b@c", None),
        ("ann@", None),
        ("a n@b.example", None),
        ("a:b@c.example", None),
        ("a<b@c.example", None),
        ("ann@b.example/c", None),
        ("ann@b.example:443", ("ann", "b.example")),
        ("ann@b.example:8443", ("ann", "b.example:8443")),
        (" @ann@b.example ", ("ann", "b.example")),
        ("a" * 3000 + "@b.example", None),
        (None, None),
        (["ann@b.example"], None),
    ],
)
def test_handles(text: object, handle: tuple[str, str] | None) -> None:
    assert parse_handle(text) == handle
