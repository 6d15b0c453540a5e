"""WebFinger, host-meta and NodeInfo (RFC 7033, RFC 6415, FEP-f1d5)."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import jsonschema
import msgspec
import pytest

from node.config import Config
from node.models import Account
from node.services import accounts
from node.services.community import settings
from tests.factories import Person, in_unit, make_person
from tests.factories_posts import make_status
from tests.federation.outgoing.reader import Answer, Node

JRD = "application/jrd+json"
SCHEMAS = Path(__file__).with_name("nodeinfo")


async def finger(node: Node, resource: str, more: str = "") -> Answer:
    return await node.get(f"/.well-known/webfinger?resource={resource}{more}", accept="*/*")


# ── WebFinger ──


async def test_a_handle_leads_to_the_actor_and_the_page(node: Node, alice: Person) -> None:
    answer = await finger(node, "acct:alice@a.test")

    uri = alice.account.uri
    assert (answer.status, answer.headers["Content-Type"]) == (200, JRD)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json == {
        "subject": "acct:alice@a.test",
        "aliases": ["https://a.test/@alice", uri],
        "links": [
            {"rel": "self", "type": "application/activity+json", "href": uri},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://a.test/@alice"},
            {
                "rel": "http://ostatus.org/schema/1.0/subscribe",
                "template": "https://a.test/authorize_interaction?uri={uri}",
            },
            *(
                {
                    "rel": f"https://w3id.org/fep/3b86/{intent}",
                    "template": "https://a.test/authorize_interaction?uri={object}",
                }
                for intent in ("Object", "Follow", "Like")
            ),
            {"rel": "https://w3id.org/fep/3b86/Create", "template": "https://a.test/compose?text={content}"},
        ],
    }


@pytest.mark.parametrize(
    "resource",
    [
        "acct:ALICE@A.test",
        "acct%3Aalice%40a.test",
        "acct%253Aalice%2540a.test",
        "alice@a.test",
        "@alice@a.test",
        "https://a.test/@alice",
        "https%3A%2F%2Fa.test%2F%40alice",
        "{uri}",
    ],
)
async def test_every_way_to_ask_has_the_one_answer(node: Node, alice: Person, resource: str) -> None:
    answer = await finger(node, resource.replace("{uri}", quote(alice.account.uri, safe="")))

    assert answer.json["subject"] == "acct:alice@a.test"


@pytest.mark.parametrize(
    "resource", ["acct:a.test@a.test", "https://a.test/ap/actor", "https://a.test/", "https://a.test"]
)
async def test_the_node_itself_can_be_asked_for(node: Node, resource: str) -> None:
    answer = (await finger(node, resource)).json

    assert answer["subject"] == "acct:a.test@a.test"
    assert answer["links"][0]["href"] == "https://a.test/ap/actor"


async def test_links_of_one_kind_can_be_asked_for(node: Node, alice: Person) -> None:
    answer = (await finger(node, "acct:alice@a.test", "&rel=self")).json

    assert [link["rel"] for link in answer["links"]] == ["self"]


@pytest.mark.parametrize(
    "resource",
    [
        "acct:nobody@a.test",
        "acct:alice@b.test",
        "https://b.test/@alice",
        "https://a.test/@nobody",
        "https://a.test/ap/users/12345",
        "https://a.test/about",
    ],
)
async def test_whoever_is_not_here_is_404(node: Node, alice: Person, resource: str) -> None:
    answer = await finger(node, resource)

    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (404, "*")


@pytest.mark.parametrize(
    "resource", ["", "alice", "acct:alice", "acct:@a.test", "acct:alice@", "acct:alice@a%20b", "x" * 3000, "%00"]
)
async def test_what_is_no_question_is_400(node: Node, alice: Person, resource: str) -> None:
    assert (await finger(node, resource)).status == 400
    assert (await node.get("/.well-known/webfinger")).status == 400


async def test_remote_people_are_not_answered_for(node: Node, carol: Account) -> None:
    assert (await finger(node, "acct:carol@remote.test")).status == 404
    assert (await finger(node, f"https://a.test/ap/users/{carol.id}")).status == 404


async def test_a_suspended_account_is_still_found_so_that_its_document_is_believed(node: Node, alice: Person) -> None:
    with in_unit():
        Account.update(suspended_at=1).where(Account.id == alice.account.id).execute()

    assert (await finger(node, "acct:alice@a.test")).status == 200


class TestWhereHandlesAreShorterThanAddresses:
    """Handles end in `a.test`; pages and actors live on `web.a.test`, and either host is asked."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return msgspec.structs.replace(config, web_domain="web.a.test")

    @pytest.mark.parametrize(
        "resource", ["acct:alice@a.test", "acct:alice@web.a.test", "https://web.a.test/@alice", "{uri}"]
    )
    async def test_both_domains_lead_to_the_one_handle(self, node: Node, alice: Person, resource: str) -> None:
        answer = await finger(node, resource.replace("{uri}", quote(alice.account.uri, safe="")))

        assert answer.json["subject"] == "acct:alice@a.test"
        assert answer.json["aliases"] == ["https://web.a.test/@alice", alice.account.uri]
        assert alice.account.uri.startswith("https://web.a.test/ap/users/")
        assert (await node.get(alice.account.uri)).json["webfinger"] == "alice@a.test"

    async def test_host_meta_names_the_host_that_answers(self, node: Node) -> None:
        xml = await node.get("/.well-known/host-meta", accept="*/*")

        assert b"https://web.a.test/.well-known/webfinger?resource={uri}" in xml.body


# ── host-meta ──


async def test_host_meta_says_where_to_ask_in_xml_and_in_json(node: Node) -> None:
    xml = await node.get("/.well-known/host-meta", accept="*/*")
    by_name = await node.get("/.well-known/host-meta.json", accept="*/*")
    by_accept = await node.get("/.well-known/host-meta", accept="application/json")

    template = "https://a.test/.well-known/webfinger?resource={uri}"
    (link,) = ElementTree.fromstring(xml.body)
    assert xml.headers["Content-Type"] == "application/xrd+xml; charset=utf-8"
    assert (link.get("rel"), link.get("template")) == ("lrdd", template)
    for answer in (by_name, by_accept):
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json == {"links": [{"rel": "lrdd", "type": JRD, "template": template}]}
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in (xml, by_name, by_accept)} == {"*"}
    assert xml.headers["Vary"] == "Accept"


# ── NodeInfo ──


async def test_nodeinfo_is_where_the_index_says_and_the_node_names_its_actor(node: Node) -> None:
    index = await node.get("/.well-known/nodeinfo", accept="*/*")

    schema = "http://nodeinfo.diaspora.software/ns/schema/"
    assert index.json == {
        "links": [
            {"rel": f"{schema}2.0", "href": "https://a.test/nodeinfo/2.0"},
            {"rel": f"{schema}2.1", "href": "https://a.test/nodeinfo/2.1"},
            {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": "https://a.test/ap/actor"},
        ]
    }
    assert index.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("version", ["2.0", "2.1"])
async def test_nodeinfo_follows_its_schema(node: Node, alice: Person, version: str) -> None:
    make_status(make_person("zoe"), "Hello.")
    with in_unit():
        settings.change({"registrations": "open", "title": "The Moor"}, None)

    answer = await node.get(f"/nodeinfo/{version}", accept="*/*")

    body: dict[str, Any] = answer.json
    jsonschema.validate(body, json.loads((SCHEMAS / f"{version}.json").read_text()))
    profile = f"http://nodeinfo.diaspora.software/ns/schema/{version}#"
    assert answer.headers["Content-Type"] == f'application/json; profile="{profile}"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (body["version"], body["software"]["name"], body["protocols"]) == (version, "linnet", ["activitypub"])
    assert (body["openRegistrations"], body["metadata"]["nodeName"]) == (True, "The Moor")
    assert body["usage"]["users"]["total"] >= 2


async def test_other_versions_of_nodeinfo_are_not_there(node: Node) -> None:
    assert (await node.get("/nodeinfo/1.0")).status == 404


async def test_an_old_name_leads_to_its_owner(node: Node, alice: Person) -> None:
    with in_unit():
        accounts.rename(alice.account.id, "alicia")

    for resource in ("acct:alice@a.test", "https://a.test/@alice", "acct:alicia@a.test", alice.account.uri):
        answer = await finger(node, resource)
        assert (answer.status, answer.json["subject"]) == (200, "acct:alicia@a.test")
    assert (await node.get(alice.account.uri)).json["preferredUsername"] == "alicia"
