"""One other server, as the staff sees it."""

from collections.abc import Callable

import pytest

from node import clock, store
from node.models import Account, Destination
from node.services import outbox
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.outbox import Outgoing
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Severity, Terms
from tests.factories import Person
from tests.web.pages.visitor import Visitor


async def test_a_server_is_shown_with_its_people_its_rule_and_what_waits(
    moderator: Visitor, alice: Person, remote: Callable[..., Account]
) -> None:
    carol = remote("carol", "far.test")
    with store.transaction():
        now = clock.now_ms()
        outbox.add(Outgoing(id=1, actor_id=alice.account.id, body=b"{}"), {"https://far.test/inbox": "far.test"})
        Destination.update(
            software="Mitra", software_version="4.1", failures=2, last_error="timed out", last_error_at=now
        ).execute()
        reports.file(alice.account.id, Complaint(target_id=carol.id))
        domain_blocks.block("far.test", Severity.SILENCE, Terms(private_comment="loud <b>"), None)

    page = await moderator.get("/admin/servers/far.test")

    assert page.title == "far.test"
    assert "Mitra 4.1" in page.words(".ahead")
    assert "timed out" in page.words(".facts-list")
    facts = {one.css_first("dt").text(): one.css_first("dd").text() for one in page.tree.css(".facts-list > div")}
    assert (facts["Waiting"], facts["Reports in 28 days"]) == ("1", "1")
    assert [one.text() for one in page.tree.css(".panel .st.wa")] == ["Failing", "Limited"]
    assert "Known here1" in page.words(".facts-list").replace(" 1", "1")
    assert "loud <b>" in page.words("main")
    assert "@carol@far.test" in page.words("main")
    assert "far.test" in (await moderator.get("/admin/deliveries")).words("tbody a")


@pytest.mark.parametrize("domain", ["nowhere.test", "no domain", "..", "m" * 300, "%00"])
async def test_a_server_that_nobody_knows_is_not_there(moderator: Visitor, domain: str) -> None:
    assert (await moderator.get(f"/admin/servers/{domain}")).status == 404


async def test_only_the_staff_looks_at_servers(reader: Visitor, remote: Callable[..., Account]) -> None:
    remote("carol", "far.test")

    assert (await reader.get("/admin/servers/far.test")).status == 403


async def test_a_rule_begins_with_the_name_of_the_server(moderator: Visitor) -> None:
    assert (await moderator.get("/admin/domains?domain=far.test")).value("domain") == "far.test"


async def test_servers_are_found_by_a_part_of_their_name(moderator: Visitor, db: None) -> None:
    with store.transaction():
        for host in ("near.test", "far.test"):
            Destination.create(host=host, last_success_at=clock.now_ms())

    everything = (await moderator.get("/admin/servers")).words("tbody")
    one = (await moderator.get("/admin/servers?q=NEAR")).words("tbody")
    none = await moderator.get("/admin/servers?q=%25")

    assert "near.test" in everything
    assert "far.test" in everything
    assert "near.test" in one
    assert "far.test" not in one
    assert "No server fits." in none.words("main")
