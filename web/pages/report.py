"""`/report`: telling the staff about somebody."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import BadInput, Invalid, NotFound
from node.paging import Page
from node.services import timelines
from node.services.accounts import lookup as account_lookup
from node.services.collections import view as collection_view
from node.services.community import rules
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.statuses import loading
from web import params
from web.entities.collection import collection_entity
from web.entities.rule import rule_entity
from web.errors import NOT_FOUND
from web.pages import answers, forms, paging, posts
from web.pages.forms import Form

_CHOICES = 20


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    asked = Form(params.query_items(request))
    status_id = asked.number("status_id")
    collection_id = asked.number("collection_id")
    context = await store.read(_load, person.account_id, asked.number("account_id"), status_id, collection_id)
    form = {"status_ids": [str(status_id)]} if status_id is not None else {}
    return await answers.show(request, "report.html", form=form, **context)


async def send(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    target_id, collection_id = form.number("account_id"), form.number("collection_id")
    complaint = Complaint(
        target_id=0 if target_id is None else target_id,
        status_ids=tuple(form.ids("status_ids", most=reports.MAX_STATUSES)),
        comment=form.text("comment").strip(),
        category=form.text("category") or "other",
        rule_ids=tuple(form.ids("rule_ids")),
        collection_ids=() if collection_id is None else (collection_id,),
        forward=form.flag("forward"),
    )
    try:
        await store.write(reports.file, person.account_id, complaint)
    except (Invalid, BadInput) as refusal:
        context = await store.read(_load, person.account_id, target_id, None, collection_id)
        return await answers.again(request, "report.html", refusal, form, **context)
    path = await store.point(_path, person.account_id, complaint.target_id)
    return answers.done(request, path, "Thank you. The staff will look at it.")


def _load(reader_id: int, account_id: int | None, status_id: int | None, collection_id: int | None) -> dict[str, Any]:
    """The account, and its latest posts to choose from; the one that is complained about is among them."""
    if account_id is None:
        raise NotFound(NOT_FOUND)
    account = account_lookup.visible(reader_id, account_id)
    ids = timelines.account(reader_id, account.id, Page(limit=_CHOICES), exclude_reblogs=True)
    if status_id is not None and status_id not in ids:
        status = loading.get(reader_id, status_id)
        if status.account_id == account.id:
            ids = [status.id, *ids]
    return {
        "account": posts.people([account.id])[0],
        "statuses": posts.of_ids(ids, reader_id),
        "collection": _collection(reader_id, collection_id),
        "rules": [rule_entity(rule) for rule in rules.all_rules()],
    }


def _collection(reader_id: int, collection_id: int | None) -> dict[str, Any] | None:
    return None if collection_id is None else collection_entity(collection_view.show(reader_id, collection_id))


def _path(reader_id: int, account_id: int) -> str:
    account = account_lookup.visible(reader_id, account_id)
    return f"/@{account.username}" if account.is_local else f"/@{account.username}@{account.domain}"


async def show_own(request: web.Request) -> web.Response:
    """`/reports`: what somebody reported, and what came of it."""
    person, page = answers.require(request), paging.asked(request)
    ids, shown = await store.read(_own, person.account_id, page)
    return await answers.show(request, "reports.html", reports=shown, **paging.links(request, ids, page))


def _own(account_id: int, page: Page) -> tuple[list[int], list[dict[str, Any]]]:
    """What the staff did to somebody is theirs to tell; what everybody can see is said."""
    rows = reports.of_reporter(account_id, page)
    people = {one["id"]: one for one in posts.people({row.target_id for row in rows})}
    left = reports.remaining(rows)
    return [row.id for row in rows], [
        {
            "id": str(row.id),
            "account": people.get(str(row.target_id)),
            "category": row.category,
            "comment": row.comment,
            "forwarded": row.forwarded,
            "created_at": clock.iso(row.created_at),
            "resolved_at": None if row.resolved_at is None else clock.iso(row.resolved_at),
            "is_in_hand": row.assigned_id is not None,
            "posts": left[row.id][0],
            "posts_left": left[row.id][1],
        }
        for row in rows
    ]


ROUTES = [web.get("/reports", show_own), web.get("/report", show), web.post("/report", send)]
