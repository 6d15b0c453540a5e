"""`/admin/domains/export` and `/import`: rules for domains as a file, and what one would change, before it does."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid, NodeError
from node.services.servers import domain_blocks, domain_lists
from node.services.servers.domain_lists import Problem, Wanted
from node.speech import say, say_number
from web.pages import answers, forms
from web.pages.admin import desk
from web.pages.forms import Form
from web.pages.settings.portability import headers_of_file

_DOMAINS = "/admin/domains"
_PAGE = f"{_DOMAINS}/import"
_TEMPLATE = "admin/domain_list.html"
_AT_ONCE = 20  # rules in one transaction: each may end many follows
_MOST_SHOWN = 200
_NOTHING_YET: dict[str, Any] = {"difference": None, "problems": []}


async def export(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    text = domain_lists.written(await store.read(domain_blocks.all_blocks))
    return web.Response(body=text.encode(), headers=headers_of_file(domain_lists.FILE_NAME))


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    return await desk.show(request, _TEMPLATE, **_NOTHING_YET)


async def compare(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    form = await forms.read(request)
    try:
        wanted, problems = _read(form)
    except NodeError as refusal:
        return await desk.again(request, _TEMPLATE, refusal, form, **_NOTHING_YET)
    return await desk.show(request, _TEMPLATE, **await store.read(_difference, wanted, problems))


async def apply(request: web.Request) -> web.StreamResponse:
    """What the page before showed; rules that the staff changed meanwhile are compared anew."""
    person = answers.require_staff(request)
    form = await forms.read(request)
    try:
        wanted, _ = domain_lists.read(form.text("list").encode())
    except NodeError as refusal:
        return await desk.again(request, _TEMPLATE, refusal, form, **_NOTHING_YET)
    found = await store.read(domain_lists.difference, wanted)
    chosen = [*found.new, *(found.changed if form.flag("changed") else ())]
    for start in range(0, len(chosen), _AT_ONCE):
        await desk.write(person, domain_lists.apply, chosen[start : start + _AT_ONCE])
    return answers.done(request, _DOMAINS, say_number("%(num)s rule is set.", "%(num)s rules are set.", len(chosen)))


def _read(form: Form) -> tuple[list[Wanted], list[Problem]]:
    file = next(iter(form.files("file")), None)
    if file is None:
        raise Invalid("Please choose a file.", {"file": "Please choose a file."})
    try:
        return domain_lists.read(file.data)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, {"file": refusal.sentence}) from refusal


def _difference(wanted: list[Wanted], problems: list[Problem]) -> dict[str, Any]:
    found = domain_lists.difference(wanted)
    return {
        "difference": {
            "new": [_entity(rule) for rule in found.new[:_MOST_SHOWN]],
            "new_count": len(found.new),
            "changed": [_entity(rule) for rule in found.changed[:_MOST_SHOWN]],
            "changed_count": len(found.changed),
            "same": found.same,
            "not_in_it": len(found.not_in_it),
        },
        "problems": [{"line": one.line, "sentence": say(one.sentence)} for one in problems[:_MOST_SHOWN]],
        # What is wanted of it comes back with the answer, so that nothing of it is kept meanwhile.
        "list": domain_lists.written([*found.new, *found.changed]),
    }


def _entity(rule: Wanted) -> dict[str, str]:
    return {"domain": rule.domain, "severity": str(rule.severity), "comment": rule.public_comment}


ROUTES = [
    web.get(f"{_DOMAINS}/export", export),
    web.get(_PAGE, show),
    web.post(_PAGE, compare),
    web.post(f"{_PAGE}/set", apply),
]
