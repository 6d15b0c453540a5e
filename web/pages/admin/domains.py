"""`/admin/domains`: what is decided about whole domains, and which are spoken with where only few are."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid, NodeError
from node.models import Account, AllowedDomain, DomainBlock, Severity
from node.services.community import settings
from node.services.servers import allowed_domains, domain_blocks, relays
from node.services.servers.domain_blocks import Terms
from node.speech import said
from web import params
from web.pages import answers, forms, paging
from web.pages.admin import desk, entities
from web.pages.forms import Form

_PAGE = "/admin/domains"


async def show_all(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    return await desk.show(request, "admin/domains.html", **await _list(request))


async def create(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request)
    form = await forms.read(request)
    try:
        block = await desk.write(person, _block, form.text("domain"), form)
    except NodeError as refusal:
        return await desk.again(request, "admin/domains.html", refusal, form, **await _list(request))
    return answers.done(request, _PAGE, said("The rule for %(domain)s holds.", domain=block.domain))


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    row = await store.read(domain_blocks.by_id, params.an_id(request))
    return await desk.show(request, "admin/domain.html", block=entities.block(row))


async def change(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request)
    form = await forms.read(request)
    row = await store.read(domain_blocks.by_id, params.an_id(request))
    try:
        await desk.write(person, _block, row.domain, form)
    except NodeError as refusal:
        return await desk.again(request, "admin/domain.html", refusal, form, block=entities.block(row))
    return answers.done(request, _PAGE, said("The rule for %(domain)s is changed.", domain=row.domain))


async def ask_to_lift(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    row = await store.read(domain_blocks.by_id, params.an_id(request))
    return await desk.confirm(
        request,
        title=said("Lift the rule for %(domain)s?", domain=row.domain),
        text="What it hid is shown again. Follows that it ended do not come back by themselves.",
        button="Lift the rule",
        back=f"{_PAGE}/{row.id}",
    )


async def lift(request: web.Request) -> web.StreamResponse:
    return await desk.act(request, _PAGE, "The rule is lifted.", _lift, params.an_id(request))


def _block(domain: str, form: Form, by: Account) -> DomainBlock:
    severity = form.text("severity")
    if severity not in list(Severity):
        raise Invalid("Please choose what happens.", {"severity": "Please choose what happens."})
    terms = Terms(
        reject_media=form.flag("reject_media"),
        reject_reports=form.flag("reject_reports"),
        private_comment=form.text("private_comment").strip(),
        public_comment=form.text("public_comment").strip(),
        obfuscate=form.flag("obfuscate"),
        expires_at=forms.moment(form, "expires_at"),
    )
    return domain_blocks.block(domain, Severity(severity), terms, by)


def _lift(block_id: int, by: Account) -> None:
    domain_blocks.unblock(domain_blocks.by_id(block_id).domain, by)


async def allow(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request)
    form = await forms.read(request)
    try:
        row = await desk.write(person, _allow, form.text("allowed"))
    except NodeError as refusal:
        return await desk.again(request, "admin/domains.html", refusal, form, **await _list(request))
    return answers.done(request, _PAGE, said("%(domain)s is allowed.", domain=row.domain))


async def ask_to_disallow(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    row = await store.read(allowed_domains.by_id, params.an_id(request))
    return await desk.confirm(
        request,
        title=said("Take %(domain)s off the list?", domain=row.domain),
        text="While this server speaks only with few, nothing will come from there any more, and nothing go there.",
        button="Take it off",
        back=_PAGE,
    )


async def disallow(request: web.Request) -> web.StreamResponse:
    return await desk.act(request, _PAGE, "It is off the list.", _disallow, params.an_id(request))


def _allow(domain: str, by: Account) -> AllowedDomain:
    try:
        return allowed_domains.allow(domain, by)
    except Invalid as error:  # the page has two fields for a domain
        raise Invalid(error.sentence, {"allowed": error.fields["domain"]}) from error


def _disallow(row_id: int, by: Account) -> None:
    allowed_domains.disallow(allowed_domains.by_id(row_id).domain, by)


async def _list(request: web.Request) -> dict[str, Any]:
    page = paging.asked(request, size=100)
    rows = await store.read(domain_blocks.page, page)
    allowed = await store.read(allowed_domains.all_allowed)
    return {
        "blocks": [entities.block(row) for row in rows],
        "allowed": [entities.allowed(row) for row in allowed],
        "relays": [entities.relay(row) for row in await store.read(relays.all_relays)],
        "is_limited": settings.current().limited_federation,
        "named": Form(params.query_items(request)).text("domain")[:253],
    } | paging.links(request, [row.id for row in rows], page)


ROUTES = [
    web.get(_PAGE, show_all),
    web.post(_PAGE, create),
    web.post(f"{_PAGE}/allowed", allow),
    web.get(f"{_PAGE}/allowed/{{id}}/delete", ask_to_disallow),
    web.post(f"{_PAGE}/allowed/{{id}}/delete", disallow),
    web.get(f"{_PAGE}/{{id}}", show),
    web.post(f"{_PAGE}/{{id}}", change),
    web.get(f"{_PAGE}/{{id}}/delete", ask_to_lift),
    web.post(f"{_PAGE}/{{id}}/delete", lift),
]
