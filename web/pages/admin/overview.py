"""`/admin`: what waits, how the node fares, and what the staff did last."""

from pathlib import Path
from typing import Any

from aiohttp import web

from node import clock, store
from node.paging import Page
from node.services.access import registration
from node.services.community import health, pulse, settings, statistics
from node.services.community.pulse import Figure
from node.services.moderation import audit, reports
from node.services.servers import destinations, traffic
from node.services.servers.traffic import Result
from node.speech import said, say_number
from web.keys import CONFIG
from web.pages import answers
from web.pages.admin import desk, entities
from web.rendering import numbers

_REPORTS, _ENTRIES, _SERVERS, _WEEK = 4, 6, 6, 7
# By days: how many hours are one point of the picture, how many of these one line of the table, and one mark below it.
_PARTS = {1: (1, 1, 6), 7: (3, 8, 8), 30: (12, 2, 10), 365: (168, 1, 8)}


async def show(request: web.Request) -> web.StreamResponse:
    """`?days=`: of how long a time the figures are."""
    answers.require_staff(request)
    days = next((one for one in pulse.SPANS if str(one) == request.query.get("days")), _WEEK)
    context = await store.read(_load, request.app[CONFIG].data_dir, days)
    return await desk.show(request, "admin/overview.html", **context)


def _load(data_dir: Path, days: int) -> dict[str, Any]:
    backlog = destinations.backlog()
    fared = _fared(days)
    return {
        "days": days,
        "periods": tuple(pulse.SPANS),
        "today": clock.iso(clock.now_ms()),
        "numbers": _numbers(days, fared),
        "room": health.room(data_dir),
        "copies": {"most_bytes": settings.current().remote_media_gib << 30, "days": settings.current().media_days},
        "known_servers": statistics.current().domains,
        "checks": [check._asdict() for check in health.checks(data_dir)],
        "reports": entities.admin_reports(reports.page(Page(limit=_REPORTS))),
        "fared": fared,
        "log": entities.log_entries(audit.entries(Page(limit=_ENTRIES))),
        "servers": entities.servers(destinations.busiest(_SERVERS)),
        "deliveries": {
            "waiting": backlog.waiting,
            "more": backlog.more,
            "oldest_at": None if backlog.oldest_at is None else clock.iso(backlog.oldest_at),
            "dead": backlog.dead,
        },
    }


def _fared(days: int) -> dict[str, Any]:
    """How deliveries fared: in points for the eye, in fewer lines of figures."""
    part, parts_of_line, parts_of_mark = _PARTS[days]
    hours = traffic.lately(days * 24 // part * part)
    names = tuple(result.value for result in Result)
    points = [hours[start : start + part] for start in range(0, len(hours), part)]
    lines = [hours[start : start + part * parts_of_line] for start in range(0, len(hours), part * parts_of_line)]
    return {
        "series": [[sum(getattr(one, name) for one in point) for point in points] for name in names],
        "marks": [
            {"at": clock.iso(points[number][0].hour * clock.HOUR), "share": number / max(len(points) - 1, 1)}
            for number in range(parts_of_mark // 2, len(points), parts_of_mark)
        ],
        "lines": [
            {"at": clock.iso(line[-1].hour * clock.HOUR)}
            | {name: sum(getattr(one, name) for one in line) for name in names}
            for line in lines
        ],
        "sums": {name: sum(getattr(one, name) for one in hours) for name in names},
        "received": [sum(one.received for one in point) for point in points],
    }


def _numbers(days: int, fared: dict[str, Any]) -> list[dict[str, Any]]:
    lately, sums, waiting = pulse.of(days), fared["sums"], registration.pending_count()
    members = say_number("of %(num)s member", "of %(num)s members", statistics.current().users)
    newcomers = _change(said("New members"), lately.newcomers)
    if waiting:
        newcomers |= {
            "note": say_number("%(num)s waiting for approval", "%(num)s waiting for approval", waiting),
            "good": False,
        }
    received = sum(fared["received"])
    both = said("%(out)s out, %(into)s in", out=numbers.compact(sums["delivered"]), into=numbers.compact(received))
    series = [out + into for out, into in zip(fared["series"][0], fared["received"], strict=True)]
    return [
        _number(said("Active members"), lately.active.total, members, lately.active.series),
        _change(said("Posts written"), lately.posts),
        _number(said("Activities in / out"), sums["delivered"] + received, both, series),
        newcomers,
    ]


def _number(name: str, value: int, note: str, series: list[int], *, good: bool = True) -> dict[str, Any]:
    return {"name": name, "value": value, "note": note, "good": good, "series": series}


def _change(name: str, figure: Figure) -> dict[str, Any]:
    """Beside the same time before, which was a little longer so far."""
    if not figure.before:
        return _number(name, figure.total, said("none in the time before"), figure.series)
    share = round(100 * (figure.total - figure.before) / figure.before)
    note = said("%(change)s %% on the time before", change=f"{share:+d}".replace("-", "−"))
    return _number(name, figure.total, note, figure.series, good=share >= 0)


ROUTES = [web.get("/admin", show)]
