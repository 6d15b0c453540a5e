"""Rules for domains as a file: taken along, looked at before they hold, and rules that end by themselves."""

import pytest

from node import clock, store
from node.errors import Invalid
from node.models import AuditEntry, DomainBlock, Severity
from node.services.servers import domain_blocks, domain_lists, domains
from node.services.servers.domain_blocks import Terms
from tests.web.pages.visitor import Page, Visitor

PAGE, SET = "/admin/domains/import", "/admin/domains/import/set"
MASTODONS = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
loud.test,suspend,TRUE,false,"Spam, mostly",false
odd.test,silence,false,false,,true
"""


def block(domain: str, severity: Severity, **terms: object) -> None:
    with store.transaction():
        domain_blocks.block(domain, severity, Terms(**terms), None)  # type: ignore[arg-type]


async def bring(moderator: Visitor, text: str | bytes) -> Page:
    data = text.encode() if isinstance(text, str) else text
    return await moderator.send(await moderator.get(PAGE), PAGE, file=data)


async def test_a_list_is_looked_at_and_then_holds(moderator: Visitor) -> None:
    page = await bring(moderator, MASTODONS)
    assert "2 rules are new." in page.words("main")
    assert "Spam, mostly" in page.words("tbody")
    assert not DomainBlock.select().exists()

    done = await moderator.send(page, SET)

    assert done.location == "/admin/domains"
    rules = {row.domain: row for row in DomainBlock.select()}
    assert (rules["loud.test"].severity, rules["loud.test"].reject_media) == ("suspend", True)
    assert rules["loud.test"].public_comment == "Spam, mostly"
    assert (rules["odd.test"].severity, rules["odd.test"].obfuscate) == ("silence", True)
    assert AuditEntry.select().count() == 2


async def test_rules_that_are_others_here_change_only_if_the_staff_says_so(moderator: Visitor) -> None:
    block("loud.test", Severity.SILENCE, private_comment="ours")
    block("mine.test", Severity.SUSPEND)

    page = await bring(moderator, MASTODONS)
    assert "1 rule is new. 1 rule is different here." in page.words("main")
    assert "1 rule of this server is not in the list, and stays." in page.words("main")
    await moderator.send(page, SET)
    kept = DomainBlock.get(DomainBlock.domain == "loud.test").severity
    await moderator.send(await bring(moderator, MASTODONS), SET, changed="on")
    row = DomainBlock.get(DomainBlock.domain == "loud.test")

    assert kept == "silence"
    assert (row.severity, row.private_comment) == ("suspend", "ours")
    assert "0 rules are new. 0 rules are different here. 2 rules hold already." in (
        await bring(moderator, MASTODONS)
    ).words("main")


async def test_what_is_taken_along_is_read_as_it_was(moderator: Visitor) -> None:
    block("loud.test", Severity.SUSPEND, reject_media=True, public_comment="=1+1, “loud”", private_comment="secret")
    block("odd.test", Severity.NOOP, reject_reports=True)

    file = await moderator.get("/admin/domains/export")
    wanted, problems = domain_lists.read(file.text.encode())

    assert "attachment" in file.headers["Content-Disposition"]
    assert "secret" not in file.text
    assert problems == []
    with store.transaction():
        assert domain_lists.difference(wanted) == ([], [], 2, [])


async def test_lines_that_cannot_be_read_are_named_and_the_rest_is_taken(moderator: Visitor) -> None:
    page = await bring(moderator, MASTODONS + "no domain,suspend\nodd2.test,explode\n")

    assert "2 rules are new." in page.words("main")
    assert "Line 4" in page.words("main")
    assert "explode" in page.words("main")


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"no domain\n", b"#domain,#severity\n", b"x" * (600 << 10)])
async def test_what_is_no_list_is_refused(moderator: Visitor, text: bytes) -> None:
    page = await bring(moderator, text)

    assert page.status == 422
    assert page.error("file")
    assert not DomainBlock.select().exists()


async def test_a_list_that_was_changed_on_the_way_is_read_as_strictly(moderator: Visitor) -> None:
    page = await bring(moderator, MASTODONS)

    refused = await moderator.send(page, SET, list="no domain")

    assert refused.status == 422
    assert not DomainBlock.select().exists()


async def test_only_the_staff_brings_lists(reader: Visitor) -> None:
    csrf = (await reader.get("/settings/account")).value("csrf")

    assert (await reader.get("/admin/domains/export")).status == 403
    assert (await reader.post(SET, {"csrf": csrf, "list": MASTODONS})).status == 403
    assert not DomainBlock.select().exists()


def test_a_list_of_names_blocks_them(db: None) -> None:
    wanted, problems = domain_lists.read(b"Loud.test\n\nodd.test\nloud.test\n")

    assert [(rule.domain, rule.severity) for rule in wanted] == [("loud.test", "suspend"), ("odd.test", "suspend")]
    assert problems == []


async def test_a_rule_holds_until_its_time_is_over(moderator: Visitor) -> None:
    until = clock.now_ms() + clock.DAY
    form = await moderator.get("/admin/domains")
    await moderator.send(
        form, "/admin/domains", domain="loud.test", severity="silence", expires_at=clock.iso(until)[:16]
    )
    row = DomainBlock.get()

    with store.transaction():
        early, holds = domain_blocks.lift_expired(), domains.rule_of("loud.test") is not None
    with clock.frozen(until + clock.MINUTE), store.transaction():
        late, still = domain_blocks.lift_expired(), domains.rule_of("loud.test") is not None

    assert row.expires_at // clock.MINUTE == until // clock.MINUTE
    assert (early, holds, late, still) == (0, True, 1, False)


@pytest.mark.parametrize("when", ["2020-01-01T00:00", "soon"])
async def test_a_rule_that_would_be_over_is_refused(moderator: Visitor, when: str) -> None:
    form = await moderator.get("/admin/domains")
    page = await moderator.send(form, "/admin/domains", domain="loud.test", severity="silence", expires_at=when)

    assert page.status == 422
    assert page.error("expires_at")
    assert not DomainBlock.select().exists()


def test_too_many_rules_are_refused_as_a_whole(db: None) -> None:
    lines = "".join(f"d{number}.test\n" for number in range(domain_lists.MAX_RULES + 1))

    with pytest.raises(Invalid):
        domain_lists.read(lines.encode())
