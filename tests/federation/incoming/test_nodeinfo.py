"""What other servers run is asked of them: who, how often, and what is believed (FEP-f1d5)."""

import json
from typing import Any

import pytest

from node import clock
from node.jobs import JobKind
from node.models import Destination, Job, Severity
from node.services.servers import destinations, domain_blocks, software
from node.services.servers.domain_blocks import Terms
from tests.factories import in_unit
from tests.federation.incoming.fediverse import Elsewhere, Here, waiting
from tests.federation.loopback import Peer
from tests.federation.wire_files import wire

Document = dict[str, Any]


def knows(there: Elsewhere, **columns: Any) -> Destination:
    """We have delivered to this server."""
    with in_unit():
        return Destination.create(**{"host": there.authority, "last_success_at": clock.now_ms()} | columns)


def tells(there: Peer, info: Document | None = None, at: str = "", **answer: Any) -> None:
    """The server describes itself as Mastodon does."""
    links: Document = wire("mastodon/nodeinfo_links")
    links["links"][0]["href"] = at or there.url("/nodeinfo/2.0")
    serve: Document = {"content_type": "application/json"}
    there.on("/.well-known/nodeinfo", body=json.dumps(links).encode(), **serve)
    body = json.dumps(wire("mastodon/nodeinfo") if info is None else info).encode()
    there.on("/nodeinfo/2.0", **{"body": body} | serve | answer)


async def hour(here: Here) -> None:
    """An hour passes, with all that is due in it."""
    with in_unit():
        software.ask()
        Job.update(due_at=0).where(Job.kind == JobKind.FETCH_NODEINFO).execute()
    await here.work()


def shown() -> list[str]:
    return [server.software for server in destinations.page(10)]


async def test_a_server_that_takes_what_it_is_sent_is_asked_what_it_runs(here: Here, there: Elsewhere) -> None:
    knows(there)
    tells(there)

    await hour(here)

    assert shown() == ["mastodon 4.7.1"]
    assert [request.path for request in there.received] == ["/.well-known/nodeinfo", "/nodeinfo/2.0"]


async def test_it_is_asked_at_some_moment_of_the_hour_and_once(here: Here, there: Elsewhere) -> None:
    knows(there)
    with in_unit():
        assert (software.ask(), software.ask()) == (1, 1)

    [job] = waiting(JobKind.FETCH_NODEINFO)
    assert job.due_at <= clock.now_ms() + clock.HOUR


async def test_it_is_asked_once_a_week_and_what_changed_is_shown(here: Here, there: Elsewhere) -> None:
    knows(there)
    tells(there)
    await hour(here)
    there.received.clear()

    await hour(here)
    assert there.received == []

    tells(there, wire("mastodon/nodeinfo") | {"software": {"name": "Mastodon", "version": "4.8.0"}})
    with clock.frozen(clock.now_ms() + 8 * clock.DAY):
        await hour(here)
    assert shown() == ["mastodon 4.8.0"]


async def test_one_that_does_not_answer_well_keeps_what_was_known_and_is_asked_next_week(
    here: Here, there: Elsewhere
) -> None:
    knows(there, software="mastodon", software_version="4.6.0")
    tells(there, status=503)

    await hour(here)
    await hour(here)

    assert (shown(), there.asked_for("/nodeinfo/2.0")) == (["mastodon 4.6.0"], 1)
    assert waiting(JobKind.FETCH_NODEINFO) == []


@pytest.mark.parametrize(
    "info",
    [{}, {"software": []}, {"software": {"name": 7}}, {"software": {"name": ""}}, {"software": {"version": "1"}}],
)
async def test_what_names_no_software_is_nothing(here: Here, there: Elsewhere, info: Document) -> None:
    knows(there)
    tells(there, info)

    await hour(here)

    assert shown() == [""]


async def test_long_and_odd_names_are_cut_and_cleaned(here: Here, there: Elsewhere) -> None:
    knows(there)
    tells(there, {"software": {"name": "Snac\u202e\n" + "x" * 500, "version": "2" * 500}})

    await hour(here)

    row = Destination.get()
    assert row.software.startswith("snac")
    assert (len(row.software), len(row.software_version)) == (64, 128)
    assert "\u202e" not in row.software


async def test_a_description_on_another_server_is_not_asked_for(here: Here, there: Elsewhere) -> None:
    async with Peer() as other:
        tells(other)
        knows(there)
        tells(there, at=other.url("/nodeinfo/2.0"))

        await hour(here)

        assert (shown(), other.received) == ([""], [])


@pytest.mark.parametrize("columns", [{"last_success_at": None}, {"state": "dead"}, {"state": "paused"}])
async def test_those_that_take_nothing_are_not_asked(here: Here, there: Elsewhere, columns: Document) -> None:
    knows(there, **columns)
    tells(there)

    await hour(here)

    assert there.received == []


async def test_those_that_are_suspended_meanwhile_are_not_asked(here: Here, there: Elsewhere) -> None:
    knows(there)
    tells(there)
    with in_unit():
        domain_blocks.block(there.authority.partition(":")[0], Severity.SUSPEND, Terms(), None)

    await hour(here)

    assert there.received == []
