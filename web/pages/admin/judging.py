"""`/admin/accounts/{id}/…`: deciding about somebody, who reads before it is sent what they will be told (ADR 44)."""

from typing import Any, NamedTuple

import msgspec
from aiohttp import web

from node import clock, site, store
from node.errors import Invalid, NodeError, NotFound
from node.models import Account, Report, WarningAction
from node.paging import Page
from node.services import timelines
from node.services.accounts import lookup as account_lookup
from node.services.moderation import account_warnings, evidence, judging, members, reports, warning_presets
from node.services.moderation.account_warnings import Notice
from node.services.moderation.evidence import Seen
from node.speech import said, say
from web import params
from web.pages import answers, decisions, forms, posts
from web.pages.admin import desk, entities
from web.pages.forms import Form

_PAGE = "/admin/accounts"
_TEMPLATE = "admin/judge.html"
_CHOICES = 20
_NO_WORDS = "Please write what the person is to know."


class Deed(NamedTuple):
    action: WarningAction | None  # None: the account goes for good
    title: str
    text: str
    button: str
    done: str
    of_statuses: bool = False


_DEEDS = {
    "warn": Deed(
        WarningAction.NONE,
        said("Write to this person"),
        said("Nothing happens but that they are told."),
        said("Send"),
        said("The person is told."),
    ),
    "silence": Deed(
        WarningAction.SILENCE,
        said("Limit this account?"),
        said("Only its followers see its posts. You can take that back."),
        said("Limit"),
        said("Only followers see its posts from now on."),
    ),
    "sensitize": Deed(
        WarningAction.SENSITIVE,
        said("Hide its pictures?"),
        said("All of them are behind a warning. You can take that back."),
        said("Hide its pictures"),
        said("Its pictures are behind a warning from now on."),
    ),
    "hide-pictures": Deed(
        WarningAction.MARK_STATUSES_AS_SENSITIVE,
        said("Hide the pictures of single posts?"),
        said("They are behind a warning, here and where the posts were sent."),
        said("Hide the pictures"),
        said("These pictures are behind a warning from now on."),
        of_statuses=True,
    ),
    "delete-posts": Deed(
        WarningAction.DELETE_STATUSES,
        said("Delete single posts?"),
        said("They go for good, here and where they were sent."),
        said("Delete the posts"),
        said("The posts are deleted."),
        of_statuses=True,
    ),
    "suspend": Deed(
        WarningAction.SUSPEND,
        said("Suspend this account?"),
        said("Nothing of it is shown any more, its sessions end, and nobody speaks for it. You can take that back."),
        said("Suspend"),
        said("Suspended."),
    ),
    "disable": Deed(
        WarningAction.DISABLE,
        said("Stop this sign-in?"),
        said("All sessions and apps end, and nobody can sign in. The account and its posts stay visible."),
        said("Stop sign-in"),
        said("Nobody can sign in with it any more."),
    ),
    "delete": Deed(
        None,
        said("Delete this account?"),
        said("Its posts and files go, and all servers that know it are told. The name is never given again."),
        said("Delete for good"),
        said("Deleted."),
    ),
}


async def ask(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    return await _show(request, Form(params.query_items(request)))


async def act(request: web.Request) -> web.StreamResponse:
    person, deed = answers.require_staff(request), _deed(request)
    account_id, form = params.an_id(request), await forms.read(request)
    if form.text("do") == "preview":
        return await _show(request, form, is_filled=True)
    report_id = form.number("report")
    try:
        await desk.write(person, _act, account_id, deed, form)
    except NotFound:
        raise
    except NodeError as refusal:
        if "do" not in form:  # a button by itself: there is no page to go back to
            return answers.done(request, f"{_PAGE}/{account_id}", refusal.sentence)
        context = await store.read(_load, account_id, deed, form, person.account_id)
        return await desk.again(request, _TEMPLATE, refusal, form, **context)
    back = _PAGE if deed.action is None else f"{_PAGE}/{account_id}"
    return answers.done(request, back if report_id is None else f"/admin/reports/{report_id}", deed.done)


async def _show(request: web.Request, form: Form, *, is_filled: bool = False) -> web.StreamResponse:
    person = answers.require_staff(request)
    context = await store.read(_load, params.an_id(request), _deed(request), form, person.account_id)
    return await desk.show(request, _TEMPLATE, form=form.typed if is_filled else {}, **context)


def _act(account_id: int, deed: Deed, form: Form, by: Account) -> None:
    notice, is_told = _notice(form), form.flag("tell")
    if deed.action is None:
        judging.delete(account_id, notice, by)
        return
    if deed.action is WarningAction.NONE and not notice.text.strip():
        raise Invalid(_NO_WORDS, {"text": _NO_WORDS})
    judging.judge(account_id, deed.action, notice, by, told=is_told or deed.action is WarningAction.NONE)


def _notice(form: Form) -> Notice:
    return Notice(
        text=_text(form),
        report_id=form.number("report") if form.flag("resolve") else None,
        status_ids=tuple(form.ids("status_ids")),
        by_mail=form.flag("mail"),
    )


def _text(form: Form) -> str:
    return warning_presets.with_preset(form.number("preset"), form.text("text"))


def _load(account_id: int, deed: Deed, form: Form, reader_id: int) -> dict[str, Any]:
    account = account_lookup.by_id(account_id)
    if account is None or account.deleted_at is not None:
        raise NotFound("Record not found")
    if not account.is_local and deed.action in (None, WarningAction.NONE, WarningAction.DISABLE):
        raise NotFound("Record not found")
    (member,) = members.of([account])
    report = _report(form, account_id)
    statuses = _statuses(account_id, report, reader_id) if deed.of_statuses else None
    has_mail = member.user is not None and member.user.email_key is not None and site.sends_mail
    return {
        "person": entities.admin_accounts([member])[0],
        "deed": {
            "verb": next(verb for verb, one in _DEEDS.items() if one is deed),
            "is_end": deed.action is None,
            "is_words": deed.action is WarningAction.NONE,
            **{name: say(getattr(deed, name)) for name in ("title", "text", "button")},
        },
        "report_id": None if report is None else str(report.id),
        "statuses": statuses,
        "chosen": _chosen(form, report),
        "has_mail": has_mail,
        "presets": [(row.id, row.title) for row in warning_presets.all_presets()] if account.is_local else [],
        "preview": None if deed.action is None or not account.is_local else _preview(deed.action, form),
    }


def _preview(action: WarningAction, form: Form) -> dict[str, Any]:
    """What the person is going to read."""
    seen = msgspec.json.decode(evidence.of(form.ids("status_ids")), type=list[Seen])
    return {
        "action": str(action),
        "sentence": account_warnings.SENTENCES[action],
        "text": _text(form).strip(),
        "posts": [decisions.seen(one) for one in seen],
        "posts_count": len(seen),
        "created_at": clock.iso(clock.now_ms()),
    }


def _statuses(account_id: int, report: Report | None, reader_id: int) -> list[dict[str, Any]]:
    """Those that were reported, or the newest that the staff may read."""
    if report is not None:
        return posts.of_ids(msgspec.json.decode(report.status_ids, type=list[int]), reader_id)
    ids = timelines.account(reader_id, account_id, Page(limit=_CHOICES), exclude_reblogs=True)
    return posts.of_ids(ids, reader_id)


def _chosen(form: Form, report: Report | None) -> list[str]:
    """All that were reported, until somebody chooses."""
    if "do" in form or report is None:
        return form.all("status_ids")
    return [str(status_id) for status_id in msgspec.json.decode(report.status_ids, type=list[int])]


def _report(form: Form, account_id: int) -> Report | None:
    report_id = form.number("report")
    report = None if report_id is None else reports.get(report_id)
    if report is not None and report.target_id != account_id:
        raise NotFound("Record not found")
    return report


def _deed(request: web.Request) -> Deed:
    return _DEEDS[request.match_info["verb"]]


_PATH = f"{_PAGE}/{{id}}/{{verb:{'|'.join(_DEEDS)}}}"

ROUTES = [web.get(_PATH, ask), web.post(_PATH, act)]
