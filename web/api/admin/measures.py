"""https://docs.joinmastodon.org/methods/admin/measures/, dimensions/ and retention/: figures for the staff."""

from collections.abc import Iterable
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.errors import Invalid
from node.models import Tag
from node.services.community import cohorts, dimensions, measures
from node.services.community.measures import Period, Subject
from node.text.domains import normal_domain
from node.text.tokens import hashtag_key
from web import params, responses, route
from web.api.admin import tags
from web.entities.measure import Entity, cohort_entity, dimension_entity, measure_entity
from web.inputs import moderator, takes
from web.viewer import Viewer


class _Subject(msgspec.Struct, frozen=True):
    id: str = ""  # of a hashtag: its name, or its number in `/api/v1/admin/tags`
    domain: str = ""


class _Time(msgspec.Struct):
    start_at: str = ""
    end_at: str = ""

    @property
    def period(self) -> Period:
        return measures.period(self.start_at, self.end_at)


class _Asked(_Time):
    keys: list[str] = []
    limit: params.Limit = 10


class _Cohorts(_Time):
    frequency: str = "day"


def _with_subjects(keys: Iterable[str]) -> Any:
    """`tag_uses[id]`, `instance_statuses[domain]`: a field for each key that is about one of them."""
    about = [(key, _Subject, _Subject()) for key in keys if key.startswith(("tag_", "instance_"))]
    return msgspec.defstruct("_Asked", about, bases=(_Asked,))


_Measures = _with_subjects(measures.MEASURES)
_Dimensions = _with_subjects(dimensions.DIMENSIONS)


async def show_measures(_: web.Request, __: Viewer, wish: _Asked) -> web.Response:
    return responses.json(await store.read(_measures, wish))


async def show_dimensions(_: web.Request, __: Viewer, wish: _Asked) -> web.Response:
    return responses.json(await store.read(_dimensions, wish))


async def show_retention(_: web.Request, __: Viewer, wish: _Cohorts) -> web.Response:
    if wish.frequency not in ("day", "month"):
        raise Invalid("Retention is told by day or by month.", {"frequency": "is not day or month"})
    found = await store.read(lambda: cohorts.cohorts(wish.period, by_month=wish.frequency == "month"))
    return responses.json([cohort_entity(one, wish.frequency) for one in found])


def _measures(wish: _Asked) -> list[Entity]:
    during = wish.period
    return [
        measure_entity(key, measures.measure(key, during, _subject(wish, key)))
        for key in measures.known(wish.keys, measures.MEASURES)
    ]


def _dimensions(wish: _Asked) -> list[Entity]:
    during = wish.period
    return [
        dimension_entity(key, dimensions.dimension(key, during, wish.limit, _subject(wish, key)))
        for key in measures.known(wish.keys, dimensions.DIMENSIONS)
    ]


def _subject(wish: _Asked, key: str) -> Subject:
    asked = getattr(wish, key, None)
    if asked is None:
        return Subject()
    # What is no domain is nobody's, and must not count people here, whose domain is empty.
    return Subject(_tag_id(asked.id), normal_domain(asked.domain) or "-")


def _tag_id(text: str) -> int:
    """0, which no tag has, where there is none."""
    if not text:
        return 0
    numbered = tags.known() if text.isascii() and text.isdigit() and len(text) < 20 else {}
    key = numbered.get(int(text), "") if numbered else ""
    tag = Tag.get_or_none(Tag.key == (key or hashtag_key(text)))
    return 0 if tag is None else tag.id


ROUTES = [
    route.post("/api/v1/admin/measures", show_measures, moderator("admin:read"), takes(_Measures)),
    route.post("/api/v1/admin/dimensions", show_dimensions, moderator("admin:read"), takes(_Dimensions)),
    route.post("/api/v1/admin/retention", show_retention, moderator("admin:read"), takes(_Cohorts)),
]
