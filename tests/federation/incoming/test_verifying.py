"""Links in profiles are verified by their pages: when these are looked at, and what counts (docs/adr/0028)."""

from typing import Any

import msgspec
import pytest
from aiohttp import web

from federation.finding import resolve
from federation.http.budget import Budget
from node import clock
from node.jobs import JobKind
from node.models import Account, Job
from node.services.accounts import ProfileChange, update_profile, verified
from tests.factories import Person, in_unit
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account, waiting
from tests.federation.loopback import Peer


def links_to(*addresses: str) -> str:
    """A page with links that its author calls their own, and one that anybody may have written."""
    mine = "".join(f'<a href="{address}" rel="noopener me">I</a>' for address in addresses)
    return f'<!doctype html><title>A page</title>{mine}<a href="https://b.test/@bob">Bob</a>'


def serves(site: Peer, html: str, path: str = "/", **answer: Any) -> str:
    site.on(path, **{"body": html.encode(), "headers": {"Content-Type": "text/html; charset=utf-8"}} | answer)
    return site.url(path)


def lines(somebody: Account) -> list[dict[str, Any]]:
    return msgspec.json.decode(Account.get_by_id(somebody.id).fields, type=list[dict[str, Any]])


def is_verified(somebody: Account) -> list[bool]:
    return [line["verified_at"] is not None for line in lines(somebody)]


def save(person: Person, *values: str) -> None:
    with in_unit():
        fields = tuple((f"Line {number}", value) for number, value in enumerate(values))
        update_profile(person.account.id, ProfileChange(fields=fields))


def open_profile(somebody: Account) -> None:
    """As the pages and the API do it when somebody who is signed in looks."""
    with in_unit():
        row = Account.get_by_id(somebody.id)
        if verified.is_due(row):
            verified.ask(row)


async def look(here: Here) -> None:
    """The time has come."""
    with in_unit():
        Job.update(due_at=0).where(Job.kind == JobKind.VERIFY_LINKS).execute()
    await here.work()


async def describe(here: Here, person: Somebody, there: Elsewhere, *values: str, **changes: Any) -> Account:
    """`person` says so in its actor, and we have read it."""
    attachment = [{"type": "PropertyValue", "name": "Web", "value": value} for value in values]
    there.serve(person.document(attachment=attachment, **changes))
    await resolve.account(here.fed, person.uri, budget=Budget(5), refresh=True)
    return account(person)


async def look_at(here: Here, person: Somebody, there: Elsewhere, *values: str) -> list[bool]:
    """The same, and somebody here opens that profile: which lines are verified then."""
    row = await describe(here, person, there, *values)
    open_profile(row)
    await look(here)
    return is_verified(row)


def anchor(url: str, text: str = "") -> str:
    return f'<a href="{url}" rel="me">{text or url}</a>'


# ── of people here ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_page_that_links_back_verifies_the_line_that_links_to_it(here: Here, alice: Person) -> None:
    async with Peer() as site:
        with_link = serves(site, links_to(alice.account.url))
        without = serves(site, links_to("https://b.test/@bob"), "/other")
        before = clock.now_ms()

        save(alice, with_link, without, "no link", f"see {with_link}")

        [job] = waiting(JobKind.VERIFY_LINKS)
        assert before < job.due_at <= clock.now_ms() + 5 * clock.SECOND
        assert site.received == []
        await look(here)
        assert is_verified(alice.account) == [True, False, False, False]
        assert [request.path for request in site.received] == ["/", "/other"]
        assert not {"Signature", "Cookie", "Referer"} & set(site.received[0].headers)


async def test_the_address_of_the_actor_in_the_head_of_a_page_counts_too(here: Here, alice: Person) -> None:
    async with Peer() as site:
        save(alice, serves(site, f'<head><link href="{alice.account.uri}/" rel="ME"></head>'))

        await look(here)

        assert is_verified(alice.account) == [True]


async def test_what_is_not_linked_to_any_more_is_verified_no_longer_once_the_profile_is_saved(
    here: Here, alice: Person
) -> None:
    async with Peer() as site:
        url = serves(site, links_to(alice.account.url))
        save(alice, url)
        await look(here)
        first = lines(alice.account)[0]["verified_at"]
        save(alice, url)
        await look(here)
        assert lines(alice.account)[0]["verified_at"] == first

        serves(site, links_to())
        save(alice, url)
        await look(here)

        assert is_verified(alice.account) == [False]


@pytest.mark.parametrize(("status", "stays"), [(503, True), (404, False), (410, False)])
async def test_a_page_that_does_not_answer_changes_nothing_and_one_that_is_gone_does(
    here: Here, alice: Person, status: int, stays: bool
) -> None:
    async with Peer() as site:
        url = serves(site, links_to(alice.account.url))
        save(alice, url)
        await look(here)
        serves(site, "", status=status)

        save(alice, url)
        with in_unit():
            Job.update(attempts=5).where(Job.kind == JobKind.VERIFY_LINKS).execute()
        await look(here)

        assert is_verified(alice.account) == [stays]
        assert waiting(JobKind.VERIFY_LINKS) == []


async def test_one_page_that_does_not_answer_keeps_no_other_waiting(here: Here, alice: Person) -> None:
    async with Peer() as site:
        down = serves(site, "", "/down", status=503)
        up = serves(site, links_to(alice.account.url), "/up")
        save(alice, down, up)

        with pytest.raises(Exception, match="not be looked at"):
            await look(here)

        assert is_verified(alice.account) == [False, True]
        serves(site, links_to(alice.account.url), "/down")
        site.received.clear()
        await look(here)
        assert is_verified(alice.account) == [True, True]
        assert [request.path for request in site.received] == ["/down"]


# ── of people elsewhere ────────────────────────────────────────────────────────────────────────────────────────────


async def test_links_of_others_are_looked_at_once_somebody_here_opens_their_profile_and_not_before(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Peer() as site:
        url = serves(site, links_to(carol.uri))
        row = await describe(here, carol, there, anchor(url))
        await look(here)
        assert site.received == []

        open_profile(row)
        open_profile(row)
        await look(here)
        open_profile(row)
        await look(here)

        assert is_verified(row) == [True]
        assert len(site.received) == 1


async def test_what_is_known_outlives_a_renewal_of_the_actor_and_not_a_change_of_the_line(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Peer() as site:
        url = serves(site, links_to(carol.uri))
        row = await describe(here, carol, there, anchor(url))
        open_profile(row)
        await look(here)

        await describe(here, carol, there, anchor(url), name="Carol the Second")
        assert is_verified(row) == [True]

        await describe(here, carol, there, anchor(site.url("/other")))
        assert is_verified(row) == [False]


async def test_links_are_looked_at_again_after_a_month(here: Here, there: Elsewhere, carol: Somebody) -> None:
    async with Peer() as site:
        row = await describe(here, carol, there, anchor(serves(site, links_to(carol.uri))))
        open_profile(row)
        await look(here)
        old = [line | {"checked_at": clock.now_ms() - 31 * clock.DAY} for line in lines(row)]
        with in_unit():
            Account.update(fields=msgspec.json.encode(old).decode()).where(Account.id == row.id).execute()
        serves(site, links_to())

        open_profile(row)
        await look(here)

        assert is_verified(row) == [False]


async def test_a_profile_on_another_server_is_nobodys_own(here: Here, there: Elsewhere, carol: Somebody) -> None:
    """Who names a stranger's profile as their own does not take over the pages of that stranger."""
    async with Peer() as site:
        stranger = "https://innocent.test/@carol"
        url = serves(site, links_to(stranger))
        row = await describe(here, carol, there, anchor(url), url=stranger)
        open_profile(row)
        await look(here)
        assert is_verified(row) == [False]

        own = there.url("/@carol")
        other = serves(site, links_to(own), "/own")
        await describe(here, carol, there, anchor(other), url=own)
        open_profile(row)
        await look(here)
        assert is_verified(row) == [True]


async def test_a_link_that_is_shown_as_another_is_not_looked_at(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Peer() as site:
        url = serves(site, links_to(carol.uri))

        found = await look_at(here, carol, there, anchor(url, "https://bank.test"), f"Mine: {anchor(url)}")
        assert (site.received, found) == ([], [False, False])

        assert await look_at(here, carol, there, anchor(url)) == [True]


async def test_a_page_that_sends_visitors_on_to_another_site_verifies_nothing(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Peer() as site, Peer() as trusted:
        elsewhere = serves(site, links_to(carol.uri))
        within = serves(trusted, links_to(carol.uri), "/me")
        trusted.on("/out", status=302, headers={"Location": elsewhere})
        trusted.on("/in", status=302, headers={"Location": within})

        found = await look_at(here, carol, there, anchor(trusted.url("/out")), anchor(trusted.url("/in")))

        assert found == [False, True]


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "image/svg+xml"])
async def test_what_is_no_page_verifies_nothing(here: Here, there: Elsewhere, carol: Somebody, kind: str) -> None:
    async with Peer() as site:
        wrong = serves(site, links_to(carol.uri), "/wrong", headers={"Content-Type": kind})
        right = serves(site, links_to(carol.uri), "/right")

        assert await look_at(here, carol, there, anchor(wrong), anchor(right)) == [False, True]


async def test_so_many_pages_of_an_account_are_looked_at_and_no_more(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Peer() as site:

        async def page(_request: web.Request) -> web.Response:
            return web.Response(text=links_to(carol.uri), content_type="text/html")

        urls = [site.url(f"/{number}") for number in range(12)]
        for number in range(12):
            site.on(f"/{number}", page)

        found = await look_at(here, carol, there, *(anchor(url) for url in urls))

        assert len(site.received) == sum(found) == verified.MOST


async def test_our_own_pages_are_not_fetched(here: Here, alice: Person) -> None:
    save(alice, f"{here.base}/@alice")

    await look(here)

    assert is_verified(alice.account) == [False]
    assert lines(alice.account)[0]["checked_at"] is not None
