"""`/notifications`: what concerns somebody, the alike taken together."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.models import FilterContext, NotificationKind
from node.paging import Page
from node.services import follows
from node.services.approvals import requests as interaction_requests
from node.services.notifications import groups as notification_groups
from node.services.notifications import requests as notification_requests
from node.services.notifications import telling as notifications
from node.services.notifications import view as notification_view
from node.services.notifications.view import GroupView
from node.services.timelines import markers
from web import errors, params, responses
from web.entities.account import account_entity
from web.entities.collection import collection_entity
from web.entities.reaction import named_entity
from web.entities.report import report_entity
from web.entities.severance import severance_entity
from web.pages import answers, confirming, decisions, paging, posts
from web.pages.actions import who_acts

_PATH = "/notifications"
_TYPES = {"": (), "mention": (NotificationKind.MENTION,)}

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)
    wish = request.query.get("type", "")
    kind = wish if wish in _TYPES else ""
    ids, newest_id, read_id, context = await store.read(_load, person.account_id, kind, page)
    response = await answers.show(
        request, "notifications.html", type=kind, **context, **paging.links(request, ids, page)
    )
    # Who has seen the newest has read them all, unless the browser only fetched the page in case it is wanted.
    # What a filter hides is read with the rest, because nobody will see it.
    is_first = not kind and page == Page(limit=page.limit) and not _is_prefetch(request)
    if is_first and newest_id > read_id:
        await store.write(markers.set_read, person.account_id, "notifications", newest_id)
    return response


def _load(account_id: int, kind: str, page: Page) -> tuple[list[int], int, int, Entity]:
    groups = notification_groups.page(account_id, page, _TYPES[kind])
    loaded = notification_view.load_groups(account_id, groups)
    people = {one.account.id: account_entity(one.view) for one in loaded.accounts}
    statuses = {view.id: posts.filtered(view, FilterContext.NOTIFICATIONS) for view in loaded.statuses}
    hidden = {status_id for status_id, status in statuses.items() if status is None}
    read_id = markers.last_read(account_id, "notifications")
    shown = [
        _group(view, people, statuses, read_id) for view in loaded.groups if view.group.newest.status_id not in hidden
    ]
    return (
        [group.page_min_id for group in groups],
        groups[0].newest.id if groups else 0,
        read_id,
        {
            "groups": [group for group in shown if group["accounts"]],
            "requests": follows.requests_count(account_id),
            "held_back": notification_requests.summary(account_id).requests_count,
            "approvals": interaction_requests.count(account_id),
            "read_id": str(read_id) if read_id else None,
        },
    )


def _group(view: GroupView, people: dict[int, Entity], statuses: dict[int, Entity | None], read_id: int) -> Entity:
    group, newest = view.group, view.group.newest
    return {
        "key": group.key,
        "type": newest.kind,
        "count": group.count,
        "created_at": clock.iso(newest.created_at),
        "accounts": [people[one] for one in group.sender_ids if one in people],
        "status": None if newest.status_id is None else statuses.get(newest.status_id),
        "report": None if view.report is None else report_entity(*view.report),
        "collection": None if view.collection is None else collection_entity(view.collection),
        "warning": None if view.warning is None else decisions.shown(view.warning),
        "event": None if view.severance is None else severance_entity(view.severance),
        "reaction": named_entity(view.emoji) if view.emoji else None,
        "newest_id": str(newest.id),
        "unread": newest.id > read_id,
    }


def _is_prefetch(request: web.Request) -> bool:
    """https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header"""
    purpose = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return "prefetch" in purpose


async def ask_to_clear(request: web.Request) -> web.Response:
    answers.require(request)
    return await confirming.ask(
        request,
        title="Clear all notifications?",
        text="Posts and people stay; only what is listed here goes.",
        button="Clear them",
        back=_PATH,
    )


async def clear(request: web.Request) -> web.Response:
    person, _ = await who_acts(request)
    await store.write(notifications.clear, person.account_id)
    return answers.done(request, _PATH, "All notifications are cleared.")


async def dismiss(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    await store.write(notification_groups.dismiss, person.account_id, params.text(request, "key", most=200))
    if errors.is_for_program(request):
        return responses.empty()
    return answers.done(request, answers.safe_path(form.text("next"), _PATH))


ROUTES = [
    web.get(_PATH, show),
    web.get(_PATH + "/clear", ask_to_clear),
    web.post(_PATH + "/clear", clear),
    web.post(_PATH + "/{key}/dismiss", dismiss),
]
