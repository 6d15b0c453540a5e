"""`/settings/notifications`: what this browser tells while the site is closed, and what letters are about."""

from typing import Any

import msgspec
from aiohttp import web

from federation.delivery import push as federation_push
from node import store
from node.errors import Invalid, NodeError
from node.models import NotificationKind, PushPolicy, PushSubscription
from node.services.notifications import browser_push, mail_notices, push
from node.services.notifications.browser_push import Choice, Quiet
from node.services.notifications.push import Wish
from node.speech import say
from web.keys import CONFIG
from web.pages import answers, forms
from web.pages.forms import Form
from web.rendering import words
from web.viewer import Viewer

_PAGE = "/settings/notifications"
_TEMPLATE = "settings/notifications.html"
_AT_FIRST = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "quote", "poll")
_OF_STAFF = (NotificationKind.SIGN_UP, NotificationKind.REPORT)
_MAX_SUBSCRIPTION_CHARS = 4_000


class _Keys(msgspec.Struct, frozen=True):
    p256dh: str
    auth: str


class _Subscription(msgspec.Struct, frozen=True):
    """`PushSubscription.toJSON()` (Push API, section 8)."""

    endpoint: str
    keys: _Keys


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await store.point(_context, person))


async def save(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    session_id = person.session_id
    assert session_id is not None  # noqa: S101 - pages are for sessions alone
    if form.text("do") == "end":
        await store.write(browser_push.end, session_id)
        return answers.done(request, _PAGE, "This browser tells you nothing any more.")
    try:
        choice = _choice(form, person)
        if text := form.text("subscription"):
            wish = _wish(request, text)
            await store.write(browser_push.subscribe, session_id, person.account_id, wish, choice)
        else:
            await store.write(browser_push.change, session_id, choice)
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await store.point(_context, person))
    return answers.done(request, _PAGE, "Saved.")


async def save_letters(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    await store.write(mail_notices.choose, person.user_id, person.account_id, _kinds(form, person))
    return answers.done(request, f"{_PAGE}#mail", "Saved.")


def _wish(request: web.Request, text: str) -> Wish:
    try:
        if len(text) > _MAX_SUBSCRIPTION_CHARS:
            raise msgspec.ValidationError("too long")
        given = msgspec.json.decode(text, type=_Subscription)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Invalid("What your browser sent is no subscription. Please try again.") from error
    federation_push.check_endpoint(request.app[CONFIG], given.endpoint)
    return Wish(endpoint=given.endpoint, p256dh=given.keys.p256dh, auth=given.keys.auth, standard=True)


def _choice(form: Form, person: Viewer) -> Choice:
    try:
        policy = PushPolicy(form.text("policy", PushPolicy.ALL))
    except ValueError as error:
        raise Invalid("This cannot be chosen.", {"policy": "This cannot be chosen."}) from error
    return Choice(alerts=_kinds(form, person), policy=policy, quiet=_quiet(form))


def _kinds(form: Form, person: Viewer) -> frozenset[NotificationKind]:
    return frozenset(NotificationKind(kind) for kind in form.all("kinds") if kind in _offered(person))


def _quiet(form: Form) -> Quiet | None:
    """None where neither was given."""
    since, until = form.text("quiet_from"), form.text("quiet_until")
    if not since and not until:
        return None
    return Quiet(
        since=_minutes(since, "quiet_from"), until=_minutes(until, "quiet_until"), time_zone=form.text("zone")
    )


def _minutes(text: str, name: str) -> int:
    """`22:30`, as time fields send it."""
    hours, colon, minutes = text.partition(":")
    if not (colon and all(part.isascii() and part.isdecimal() and len(part) == 2 for part in (hours, minutes))):
        raise Invalid("Please give both times, like 22:30.", {name: "Please give both times, like 22:30."})
    if int(hours) > 23 or int(minutes) > 59:
        raise Invalid("This is no time of the day.", {name: "This is no time of the day."})
    return int(hours) * 60 + int(minutes)


def _time(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def _offered(person: Viewer) -> dict[str, str]:
    is_staff = person.role.is_staff
    return {kind: say(label) for kind, label in words.NOTIFICATIONS.items() if is_staff or kind not in _OF_STAFF}


def _context(person: Viewer) -> dict[str, Any]:
    row: PushSubscription | None = browser_push.of_session(person.session_id)
    return {
        "is_told": row is not None,
        "kinds": list(_offered(person).items()),
        "chosen": list(_AT_FIRST) if row is None else sorted(push.kinds_of(row)),
        "policy": str(PushPolicy.ALL if row is None else row.policy),
        "quiet_from": "" if row is None else _time(row.quiet_from),
        "quiet_until": "" if row is None else _time(row.quiet_until),
        "zone": "" if row is None else row.time_zone,
        "server_key": push.key().public_key,
        "letters": sorted(mail_notices.of(person.user_id, person.account_id)),
        "has_address": person.user.email_key is not None,
        "others": browser_push.others(person.user_id, person.session_id),
    }


ROUTES = [web.get(_PAGE, show), web.post(_PAGE, save), web.post(f"{_PAGE}/mail", save_letters)]
