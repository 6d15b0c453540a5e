"""Admin::Measure, Admin::Dimension and Admin::Cohort. Figures are texts, as Mastodon has them."""

from typing import Any

from node import clock
from node.services.community.cohorts import Cohort
from node.services.community.dimensions import OF_LANGUAGES, Share
from node.services.community.measures import IN_BYTES, Measure
from web.languages import name_of

Entity = dict[str, Any]


def measure_entity(key: str, measure: Measure) -> Entity:
    entity: Entity = {
        "key": key,
        "unit": "bytes" if key in IN_BYTES else None,
        "total": str(measure.total),
        "previous_total": str(measure.previous_total),
        "data": [{"date": clock.iso(day), "value": str(figure)} for day, figure in measure.by_day],
    }
    return entity | {"human_value": _size(measure.total)} if key in IN_BYTES else entity


def dimension_entity(key: str, shares: list[Share]) -> Entity:
    if key in OF_LANGUAGES:
        shares = [share._replace(name=name_of(share.key)) for share in shares]
    return {"key": key, "data": [_share_entity(share) for share in shares]}


def cohort_entity(cohort: Cohort, frequency: str) -> Entity:
    return {
        "period": clock.iso(cohort.starts_at),
        "frequency": frequency,
        "data": [
            {"date": clock.iso(date), "rate": here / cohort.size if cohort.size else 0.0, "value": str(here)}
            for date, here in cohort.still_here
        ],
    }


def _share_entity(share: Share) -> Entity:
    entity: Entity = {"key": share.key, "human_key": share.name or share.key, "value": share.value}
    return entity | {"unit": "bytes", "human_value": _size(int(share.value))} if share.is_bytes else entity


def _size(number: int) -> str:
    amount, units = float(number), iter(("bytes", "kB", "MB", "GB", "TB"))
    unit = next(units)
    for larger in units:
        if amount < 1_000:
            break
        amount, unit = amount / 1_000, larger
    return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
