"""https://docs.joinmastodon.org/methods/instance/"""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from node import clock, store
from node.errors import NotFound
from node.models import DomainBlock, Severity
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.community import pictures, rules, settings, statistics
from node.services.moderation import audit
from node.services.notifications import push
from node.services.servers.domain_blocks import all_blocks
from web import params, responses, route
from web.entities import instance as entities
from web.entities.instance import InstanceView
from web.entities.rule import rule_entity
from web.errors import NOT_FOUND
from web.languages import name_of

_MAX_TERMS = 200


async def show(_: web.Request) -> web.Response:
    return responses.json(entities.instance_entity(await store.read(_load)))


async def show_v1(_: web.Request) -> web.Response:
    return responses.json(entities.v1_instance_entity(await store.read(_load)))


async def peers(_: web.Request) -> web.Response:
    return responses.json(await store.read(statistics.peers))


async def activity(_: web.Request) -> web.Response:
    return responses.json([entities.week_entity(week) for week in await store.read(statistics.weeks)])


async def show_rules(_: web.Request) -> web.Response:
    return responses.json([rule_entity(rule) for rule in await store.read(rules.all_rules)])


async def domain_blocks(_: web.Request) -> web.Response:
    """Empty unless the community publishes them."""
    return responses.json([entities.domain_block_entity(block) for block in await store.read(_published_blocks)])


async def extended_description(_: web.Request) -> web.Response:
    return await _text("description", entities.text_entity)


async def privacy_policy(_: web.Request) -> web.Response:
    return await _text("privacy_policy", entities.text_entity)


async def terms_of_service(_: web.Request) -> web.Response:
    return responses.json(_written(entities.terms_entity(*await store.read(_changed, "terms"))))


async def terms_of_service_of(request: web.Request) -> web.Response:
    """As they were made on a day."""
    return responses.json(await store.read(_terms_of, params.text(request, "date")))


async def languages(_: web.Request) -> web.Response:
    codes = (await store.point(settings.current)).languages
    return responses.json([{"code": code, "name": name_of(code)} for code in codes])


async def _text(setting: str, entity: Callable[[str, int], dict[str, Any]]) -> web.Response:
    return responses.json(entity(*await store.read(_changed, setting)))


def _changed(setting: str) -> tuple[str, int]:
    """A text of the community, and since when it says so."""
    entry = audit.latest("change.setting", setting)
    since = statistics.founded_at() if entry is None else entry.created_at
    return getattr(settings.current(), setting), since


def _terms_of(day: str) -> dict[str, Any]:
    text, changed_at = _changed("terms")
    if day == clock.day(changed_at):
        return _written(entities.terms_entity(text, changed_at))
    former = [entry for entry in audit.about("terms", _MAX_TERMS) if entry.action == "change.setting"]
    later = changed_at
    for entry in former:
        if clock.day(entry.created_at) == day:
            text = str(msgspec.json.decode(entry.detail).get("to", ""))
            return _written(entities.terms_entity(text, entry.created_at, succeeded_by=later))
        later = entry.created_at
    raise NotFound(NOT_FOUND)


def _written(terms: dict[str, Any]) -> dict[str, Any]:
    """Without a word in them, they are no terms."""
    if not terms["content"]:
        raise NotFound(NOT_FOUND)
    return terms


def _load() -> InstanceView:
    current = settings.current()
    contact = account_lookup.find(current.contact_account) if current.contact_account else None
    return InstanceView(
        current,
        statistics.current(),
        rules.all_rules(),
        None if contact is None or contact.is_gone else account_view.view(contact),
        push.key().public_key,
        pictures.current(),
    )


def _published_blocks() -> list[DomainBlock]:
    if not settings.current().publish_blocks:
        return []
    return [block for block in all_blocks() if block.severity != Severity.NOOP]


ROUTES = [
    route.get("/api/v2/instance", show),
    route.get("/api/v1/instance", show_v1, since="2022-11-14"),
    route.get("/api/v1/instance/peers", peers),
    route.get("/api/v1/instance/activity", activity),
    route.get("/api/v1/instance/rules", show_rules),
    route.get("/api/v1/instance/domain_blocks", domain_blocks),
    route.get("/api/v1/instance/extended_description", extended_description),
    route.get("/api/v1/instance/privacy_policy", privacy_policy),
    route.get("/api/v1/instance/terms_of_service", terms_of_service),
    route.get("/api/v1/instance/terms_of_service/{date}", terms_of_service_of),
    route.get("/api/v1/instance/languages", languages),
]
