"""`/` and `/about`: what this node is, in the words of those who run it."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.models import FilterContext, Role
from node.paging import Page
from node.services import timelines
from node.services.accounts import lookup as account_lookup
from node.services.community import rules, settings, statistics
from node.services.community.settings import Settings
from node.services.moderation import roles
from node.services.servers import domain_blocks
from web import responses
from web.entities.instance import domain_block_entity, text_entity
from web.entities.rule import rule_entity
from web.pages import answers, posts

_RECENT = 3


async def landing(request: web.Request) -> web.Response:
    """Who is signed in has a home here."""
    if answers.reader(request) is not None:
        return responses.see_other(answers.HOME)
    return await about(request)


async def about(request: web.Request) -> web.Response:
    context = await store.read(_load, answers.reader_id(request))
    return await answers.show(request, "about.html", **context)


async def document(request: web.Request) -> web.Response:
    """GET /privacy, GET /terms: as they stand on /about, alone, for who is sent to read them."""
    chosen = await store.point(settings.current)
    text = _html({"/privacy": chosen.privacy_policy, "/terms": chosen.terms}[request.path])
    if not text:
        raise NotFound("Nothing has been written about this yet.")
    return await answers.show(request, "document.html", path=request.path, text=text)


def _load(reader_id: int | None) -> dict[str, Any]:
    chosen = settings.current()
    recent = timelines.public(reader_id, Page(limit=_RECENT), local=True) if chosen.public_timelines else []
    return {
        "description": _html(chosen.description),
        "rules": [rule_entity(rule) for rule in rules.all_rules()],
        "statistics": statistics.current()._asdict(),
        "contact": _contact(chosen),
        "contact_email": chosen.contact_email,
        "staff": posts.people(roles.accounts_with(Role.MODERATOR)),
        "blocks": [domain_block_entity(one) for one in domain_blocks.all_blocks()] if chosen.publish_blocks else None,
        "privacy": _html(chosen.privacy_policy),
        "terms": _html(chosen.terms),
        "recent": posts.of_ids(recent, reader_id, FilterContext.PUBLIC),
    }


def _contact(chosen: Settings) -> dict[str, Any] | None:
    account = account_lookup.find(chosen.contact_account) if chosen.contact_account else None
    people = [] if account is None else posts.people([account.id])
    return people[0] if people else None


def _html(markdown: str) -> str:
    return str(text_entity(markdown, 0)["content"])


ROUTES = [
    web.get("/", landing),
    web.get("/about", about),
    web.get("/privacy", document),
    web.get("/terms", document),
]
