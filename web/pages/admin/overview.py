"""`/admin`: what waits, how the node fares, and what the staff did last."""

from pathlib import Path
from typing import Any

from aiohttp import web

from node import clock, store
from node.paging import Page
from node.services.community import health, statistics
from node.services.community.statistics import Week
from node.services.moderation import audit, reports
from node.services.servers import delivery_counts, destinations
from node.speech import said
from web.keys import CONFIG
from web.pages import answers
from web.pages.admin import desk, entities

_REPORTS, _ENTRIES, _SERVERS, _DAYS = 4, 6, 6, 7


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    context = await store.read(_load, request.app[CONFIG].data_dir)
    return await desk.show(request, "admin/overview.html", **context)


def _load(data_dir: Path) -> dict[str, Any]:
    backlog = destinations.backlog()
    return {
        "numbers": _numbers(),
        "checks": [check._asdict() for check in health.checks(data_dir)],
        "reports": entities.admin_reports(reports.page(Page(limit=_REPORTS))),
        "fared": _fared(),
        "log": entities.log_entries(audit.entries(Page(limit=_ENTRIES))),
        "servers": entities.servers(destinations.latest(_SERVERS)),
        "deliveries": {
            "waiting": backlog.waiting,
            "more": backlog.more,
            "oldest_at": None if backlog.oldest_at is None else clock.iso(backlog.oldest_at),
            "dead": backlog.dead,
        },
    }


def _fared() -> dict[str, Any]:
    """How deliveries fared in a week: every three hours for the eye, by day in figures."""
    hours = delivery_counts.lately(_DAYS * 24)
    names = ("delivered", "retried", "given_up")
    by_day = [hours[start : start + 24] for start in range(0, len(hours), 24)]
    return {
        "series": [
            [sum(getattr(one, name) for one in hours[at : at + 3]) for at in range(0, len(hours), 3)]
            for name in names
        ],
        "days": [
            {"at": clock.iso(day[-1].hour * clock.HOUR)}
            | {name: sum(getattr(one, name) for one in day) for name in names}
            for day in by_day
        ],
        "sums": {name: sum(getattr(one, name) for one in hours) for name in names},
    }


def _numbers() -> list[dict[str, Any]]:
    now, weeks = statistics.current(), statistics.weeks()[::-1]
    return [
        _number(
            said("Active members"),
            now.active_month,
            said("of %(users)s, in 30 days", users=now.users),
            _series(weeks, "logins"),
        ),
        _change(said("Posts this week"), _series(weeks, "statuses")),
        _change(said("New members this week"), _series(weeks, "registrations")),
        _number(said("Known servers"), now.domains, said("somebody here knows somebody there"), []),
    ]


def _series(weeks: list[Week], name: str) -> list[int]:
    return [getattr(week, name) for week in weeks]


def _number(name: str, value: int, note: str, series: list[int]) -> dict[str, Any]:
    return {"name": name, "value": value, "note": note, "good": True, "series": series}


def _change(name: str, series: list[int]) -> dict[str, Any]:
    """This week beside the one before, which was longer so far."""
    this, last = (series[-1], series[-2]) if len(series) > 1 else (sum(series), 0)
    note = said("%(number)s last week", number=last)
    return {"name": name, "value": this, "note": note, "good": this >= last, "series": series}


ROUTES = [web.get("/admin", show)]
