"""Search, and coming from and going to other servers."""

from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import quote

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node import keys, site, store
from node.config import Config
from node.models import Account, Visibility
from node.services.community import settings
from tests.factories import Person, make_person
from tests.factories_posts import make_status
from tests.federation.loopback import LOOPBACK, Peer
from tests.web.conftest import Client, complete_app
from tests.web.pages.visitor import Visitor


async def test_an_empty_search_explains_itself(visitor: Visitor) -> None:
    page = await visitor.get("/search")

    assert page.status == 200
    assert page.tree.css_first('input[name="q"]') is not None


async def test_people_posts_and_hashtags_are_found(reader: Visitor, alice: Person, bob: Person) -> None:
    make_status(alice, "A linnet sang. #linnets")

    words = await reader.get("/search?q=sang")
    people = await reader.get("/search?q=bob")
    tags = await reader.get("/search?q=linn&type=hashtags")
    nothing = await reader.get("/search?q=nothingofthekind")

    assert "A linnet sang." in words.words(".post")
    assert "@bob" in people.words(".people")
    assert "#linnets" in tags.words(".chip")
    assert "Nothing is known here" in nothing.text


async def test_visitors_find_people_and_hashtags_and_no_words(visitor: Visitor, bob: Person) -> None:
    person = make_person("dora", indexable=True)
    make_status(person, "A linnet sang.")

    assert "@dora" in (await visitor.get("/search?q=dora")).words(".people")
    assert "A linnet sang." not in (await visitor.get("/search?q=sang")).text


async def test_a_private_post_is_found_by_nobody_else(reader: Visitor, bob: Person) -> None:
    make_status(bob, "A private linnet.", visibility=Visibility.PRIVATE)

    assert "A private linnet." not in (await reader.get("/search?q=linnet")).text


async def test_a_pasted_address_leads_to_what_it_names(reader: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(bob, "Hello.")

    page = await reader.get(f"/search?q={site.base_url}/@bob/{status.id}")
    handle = await reader.get("/search?q=@bob@a.test")

    assert (page.status, page.location) == (303, f"/@bob/{status.id}")
    assert handle.location == "/@bob"


async def test_the_address_of_a_private_post_leads_nowhere(reader: Visitor, bob: Person) -> None:
    secret = make_status(bob, "A secret.", visibility=Visibility.PRIVATE)

    hidden = await reader.get(f"/search?q={site.base_url}/@bob/{secret.id}")
    missing = await reader.get(f"/search?q={site.base_url}/@bob/{secret.id + 1}")

    assert hidden.status == missing.status == 200
    assert hidden.text.replace(str(secret.id), "N") == missing.text.replace(str(secret.id + 1), "N")


async def test_a_server_that_cannot_be_reached_is_told(reader: Visitor) -> None:
    page = await reader.get("/search?q=@carol@nowhere.invalid")

    assert page.status == 200
    assert "Nothing could be found" in page.text


# ── to and from other servers ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with Peer() as peer:
        yield peer


@pytest.fixture
async def outgoing(db: None, config: Config, peer: Peer) -> AsyncIterator[Visitor]:
    """A visitor of a node that reaches the peer on loopback."""
    open_config = msgspec.structs.replace(config, outgoing_allow=(LOOPBACK,), plain_http=True)
    async with complete_app(open_config) as app, Client(TestServer(app)) as client:
        yield Visitor(client)


def webfinger(peer: Peer, template: str | None, intents: Mapping[str, str] | None = None) -> None:
    links = [{"rel": "self", "type": "application/activity+json", "href": peer.url("/users/carol")}]
    if template is not None:
        links.append({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template})
    links += [{"rel": f"https://w3id.org/fep/3b86/{one}", "template": way} for one, way in (intents or {}).items()]
    answer = {"subject": f"acct:carol@{peer.authority}", "links": links}
    peer.on("/.well-known/webfinger", body=msgspec.json.encode(answer), content_type="application/jrd+json")


async def test_a_visitor_goes_on_to_their_own_server(outgoing: Visitor, alice: Person, peer: Peer) -> None:
    webfinger(peer, peer.url("/authorize?uri={uri}"))
    page = await outgoing.get(f"/interact?uri={alice.account.uri}&acct=carol@{peer.authority}&kind=follow")

    answer = await outgoing.send(page, "/interact")

    assert page.value("acct") == f"carol@{peer.authority}"
    assert answer.status == 303
    assert answer.location.startswith(peer.url("/authorize?uri="))
    assert "form-action" not in page.headers["Content-Security-Policy"]


async def test_an_answer_is_written_where_their_own_server_says(outgoing: Visitor, alice: Person, peer: Peer) -> None:
    status = make_status(alice)
    webfinger(peer, peer.url("/authorize?uri={uri}"), {"Create": peer.url("/write?to={inReplyTo}&text={content}")})
    page = await outgoing.get(f"/interact?uri={status.uri}&acct=carol@{peer.authority}&kind=reply")

    answer = await outgoing.send(page, "/interact")

    assert (answer.status, answer.location) == (303, peer.url(f"/write?to={quote(status.uri, safe='')}&text="))


@pytest.mark.parametrize("template", [None, "javascript:alert('{uri}')", "/authorize?{uri}"])
async def test_a_server_that_does_not_say_how_is_told(
    outgoing: Visitor, alice: Person, peer: Peer, template: str | None
) -> None:
    webfinger(peer, template)
    page = await outgoing.get(f"/interact?uri={alice.account.uri}")

    again = await outgoing.send(page, "/interact", acct=f"carol@{peer.authority}")

    assert again.status == 422
    assert "does not say how" in again.text


@pytest.mark.parametrize("acct", ["", "carol", "@", "carol@@x", "carol@nowhere.invalid", "carol@[", "x" * 3000])
async def test_a_wrong_handle_is_shown_again(outgoing: Visitor, alice: Person, acct: str) -> None:
    page = await outgoing.get(f"/interact?uri={alice.account.uri}")

    again = await outgoing.send(page, "/interact", acct=acct)

    assert again.status == 422
    assert again.value("acct") == acct


async def test_our_own_people_sign_in_instead(visitor: Visitor, alice: Person) -> None:
    page = await visitor.get(f"/interact?uri={alice.account.uri}")

    answer = await visitor.send(page, "/interact", acct="alice@a.test")

    assert answer.location.startswith("/authorize_interaction?uri=")


async def test_there_is_nothing_to_do_with_what_visitors_cannot_see(visitor: Visitor, alice: Person) -> None:
    secret = make_status(alice, "A secret.", visibility=Visibility.PRIVATE)

    assert (await visitor.get(f"/interact?uri={secret.uri}")).status == 404
    assert (await visitor.get("/interact?uri=https://elsewhere.test/1")).status == 404
    assert (await visitor.get("/interact")).status == 404


async def test_other_servers_send_our_people_to_what_they_want(
    visitor: Visitor, reader: Visitor, bob: Person
) -> None:
    refused = await visitor.get(f"/authorize_interaction?uri={bob.account.uri}")
    page = await reader.get(f"/authorize_interaction?uri={bob.account.uri}")
    missing = await reader.get("/authorize_interaction?uri=https://nowhere.invalid/1")
    status = make_status(bob, "Hello.")
    post = await reader.get(f"/authorize_interaction?uri={status.uri}")

    assert post.location == f"/@bob/{status.id}"
    assert refused.location.startswith("/auth/sign-in?next=")
    assert page.location == "/@bob"
    assert missing.status == 404


# ── feeds ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_feed_holds_open_posts_alone(visitor: Visitor, alice: Person) -> None:
    make_status(alice, "An open word.")
    make_status(alice, "A private word.", visibility=Visibility.PRIVATE)

    answer = await visitor.get("/@alice.rss")
    again = await visitor.get("/@alice.rss", **{"If-None-Match": answer.headers["ETag"]})

    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    assert "An open word." in answer.text
    assert "A private word." not in answer.text
    assert again.status == 304


@pytest.mark.parametrize("path", ["/@nobody.rss", "/@carol@remote.test.rss", "/tags/1.rss"])
async def test_a_feed_of_nothing_is_a_404(visitor: Visitor, remote: Callable[..., Account], path: str) -> None:
    remote("carol")

    assert (await visitor.get(path)).status == 404


async def test_hashtag_feeds_are_as_public_as_timelines(visitor: Visitor, alice: Person) -> None:
    make_status(alice, "#birds fly")
    shown = await visitor.get("/tags/birds.rss")
    with store.transaction():
        settings.change({"public_timelines": False}, None)

    assert "fly" in shown.text
    assert (await visitor.get("/tags/birds.rss")).status == 404


async def test_what_was_fetched_is_said_and_what_is_known_is_not(
    outgoing: Visitor, alice: Person, peer: Peer
) -> None:
    outgoing.sign_in(alice)
    webfinger(peer, None)
    peer.on("/users/carol", body=msgspec.json.encode(carol_of(peer)), content_type="application/activity+json")
    path = f"/@carol@{peer.authority}"

    first = await outgoing.get(f"/search?q={path[1:]}")
    told = await outgoing.follow(first)
    again = await outgoing.follow(await outgoing.get(f"/search?q={path[1:]}"))

    assert first.location == path
    assert "Fetched just now from its own server." in told.words("#live")
    assert "Fetched just now" not in again.words("#live")


def carol_of(peer: Peer) -> dict[str, object]:
    uri = peer.url("/users/carol")
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": "Person",
        "preferredUsername": "carol",
        "inbox": f"{uri}/inbox",
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": keys.generate_rsa().public_pem},
    }
