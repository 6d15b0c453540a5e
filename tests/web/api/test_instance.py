"""What the node tells about itself."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from node import clock, store
from node.models import Severity
from node.services.community import rules, settings
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from node.version import VERSION
from tests.factories import Person
from tests.web.conftest import Client


async def test_the_version_is_one_that_clients_can_read(client: Client) -> None:
    entity = await (await client.get("/api/v2/instance")).json()

    assert entity["version"] == f"4.6.5 (compatible; Linnet {VERSION})"
    assert re.match(r"\d+\.\d+\.\d+ ", entity["version"])
    assert "+" not in entity["version"]
    assert entity["api_versions"]["mastodon"] == 11


def test_the_release_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["version"] == VERSION


async def test_streams_are_found_on_the_web_domain(client: Client) -> None:
    entity = await (await client.get("/api/v2/instance")).json()

    assert entity["configuration"]["urls"]["streaming"] == "wss://a.test"


async def test_both_documents_follow_the_settings(client: Client, alice: Person) -> None:
    with store.transaction():
        settings.change(
            {"title": "Birds", "max_characters": 140, "registrations": "open", "contact_account": "alice"}, None
        )
        rules.add("Be kind.", "To all.", None)

    v2 = await (await client.get("/api/v2/instance")).json()
    v1 = await (await client.get("/api/v1/instance")).json()

    assert (v2["title"], v1["title"]) == ("Birds", "Birds")
    assert v2["configuration"]["statuses"]["max_characters"] == 140
    assert (v2["registrations"]["enabled"], v1["registrations"]) == (True, True)
    assert v2["contact"]["account"]["username"] == "alice"
    assert [rule["text"] for rule in v1["rules"]] == ["Be kind."]


async def test_closed_timelines_are_announced(client: Client, db: None) -> None:
    with store.transaction():
        settings.change({"public_timelines": False}, None)

    entity = await (await client.get("/api/v2/instance")).json()

    assert entity["configuration"]["timelines_access"]["live_feeds"]["local"] == "authenticated"


async def test_the_description_is_markdown_without_scripts(client: Client, db: None) -> None:
    with store.transaction():
        settings.change({"description": "**Hello** <script>alert(1)</script>"}, None)

    entity = await (await client.get("/api/v1/instance/extended_description")).json()

    assert "<strong>Hello</strong>" in entity["content"]
    assert "<script>" not in entity["content"]


async def test_domain_blocks_are_told_only_if_the_community_wants_it(client: Client, db: None) -> None:
    with store.transaction():
        domain_blocks.block("spam.test", Severity.SUSPEND, Terms(public_comment="spam"), None)
    hidden = await (await client.get("/api/v1/instance/domain_blocks")).json()
    with store.transaction():
        settings.change({"publish_blocks": True}, None)

    (shown,) = await (await client.get("/api/v1/instance/domain_blocks")).json()

    assert hidden == []
    assert (shown["domain"], shown["severity"], shown["comment"]) == ("spam.test", "suspend", "spam")


@pytest.mark.parametrize(
    "path",
    [
        "peers",
        "activity",
        "rules",
        "privacy_policy",
        "languages",
        "translation_languages",
        "extended_description",
    ],
)
async def test_every_document_of_the_instance_is_there(client: Client, alice: Person, path: str) -> None:
    assert (await client.get(f"/api/v1/instance/{path}")).status == 200


async def test_activity_counts_in_texts(client: Client, alice: Person) -> None:
    weeks = await (await client.get("/api/v1/instance/activity")).json()

    assert len(weeks) == 12
    assert weeks[0]["registrations"] == "1"


async def test_where_no_terms_are_written_there_are_none(client: Client, alice: Person) -> None:
    path = "/api/v1/instance/terms_of_service"
    never = await client.get(path)
    for text in ("Be kind.", " "):
        await store.write(settings.change, {"terms": text}, None)

    today = f"{path}/{clock.day(clock.now_ms())}"
    assert [never.status, (await client.get(path)).status, (await client.get(today)).status] == [404, 404, 404]


async def test_terms_of_another_day_are_not_kept(client: Client, alice: Person) -> None:
    await store.write(settings.change, {"terms": "Be kind."}, None)
    current = await (await client.get("/api/v1/instance/terms_of_service")).json()

    same = await client.get(f"/api/v1/instance/terms_of_service/{current['effective_date']}")
    other = await client.get("/api/v1/instance/terms_of_service/2001-01-01")

    assert (same.status, other.status) == (200, 404)


async def test_terms_that_held_on_a_day_can_still_be_read(client: Client, alice: Person) -> None:
    start = clock.now_ms()
    for days, text in enumerate(("first", "second")):
        with clock.frozen(start + days * clock.DAY):
            await store.write(settings.change, {"terms": text}, None)
    path = "/api/v1/instance/terms_of_service"

    old = await (await client.get(f"{path}/{clock.day(start)}")).json()
    current = await (await client.get(path)).json()

    assert ("first" in old["content"], old["succeeded_by"]) == (True, clock.day(start + clock.DAY))
    assert ("second" in current["content"], current["succeeded_by"]) == (True, None)
    assert current == await (await client.get(f"{path}/{current['effective_date']}")).json()


async def test_languages_have_the_names_that_their_speakers_use(client: Client, alice: Person) -> None:
    await store.write(settings.change, {"languages": ["de", "tlh"]}, None)

    named = await (await client.get("/api/v1/instance/languages")).json()

    assert named == [{"code": "de", "name": "Deutsch"}, {"code": "tlh", "name": "tlh"}]


async def test_peers_are_the_domains_that_are_known(client: Client, remote: Callable[..., object]) -> None:
    remote("carol", "other.test")

    assert "other.test" in await (await client.get("/api/v1/instance/peers")).json()


async def test_rules_are_told_with_their_translations(client: Client, db: None) -> None:
    with store.transaction():
        rule = rules.add("Be kind.", "To all.", None)
        rules.translate(rule.id, "de: Sei freundlich. | Zu allen.", None)

    documents = [await (await client.get(f"/api/{path}")).json() for path in ("v1/instance/rules", "v2/instance")]

    for (told,) in (documents[0], documents[1]["rules"]):
        assert (told["text"], told["hint"]) == ("Be kind.", "To all.")
        assert told["translations"] == {"de": {"text": "Sei freundlich.", "hint": "Zu allen."}}
