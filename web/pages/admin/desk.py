"""What every page of the staff shows and every action of theirs needs."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError, NotFound
from node.models import Account, Role
from node.services.access import registration
from node.services.accounts import lookup as account_lookup
from node.services.moderation import appeals, reports
from node.services.servers import destinations
from web import errors
from web.pages import answers, confirming, forms
from web.pages.forms import Form
from web.viewer import Viewer

Counts = dict[str, int]


async def show(
    request: web.Request, template: str, *, code: int = 200, role: Role = Role.MODERATOR, **context: Any
) -> web.Response:
    """A page of administration, for staff with at least `role`."""
    answers.require_staff(request, role)
    return await answers.show(request, template, code=code, counts=await store.read(_counts), **context)


async def again(
    request: web.Request, template: str, refusal: NodeError, form: Form, /, **context: Any
) -> web.Response:
    """The form once more, with what is wrong."""
    context = {"form": form.typed, "errors": answers.sentences(refusal)} | context
    code = max(errors.status_of(refusal), 422)
    return await show(request, template, code=code, **context)


async def act(
    request: web.Request,
    back: str,
    said: str,
    verb: Callable[..., Any],
    *args: Any,
    role: Role = Role.MODERATOR,
    stay: bool = True,
) -> web.Response:
    """Do `verb(*args, by)` and go back, where it is said what was done, or why not.

    `stay` on the page with the button, if it says which; not, where that may have been the answer to another form.
    """
    person = answers.require_staff(request, role)
    form = await forms.read(request)
    # Whoever decides about somebody from a report goes on with the report.
    stays = stay or form.text("next").startswith("/admin/reports/")
    location = answers.safe_path(form.text("next"), back) if stays else back
    try:
        await write(person, verb, *args)
    except NotFound:
        raise
    except NodeError as refusal:
        return answers.done(request, location, refusal.sentence)
    return answers.done(request, location, said)


async def write(person: Viewer, verb: Callable[..., Any], *args: Any) -> Any:
    """`verb(*args, by)` in a transaction, by the account of the staff as it is now."""
    return await store.write(_do, verb, args, person.account_id)


async def confirm(request: web.Request, **parts: Any) -> web.Response:
    """The first of two steps; `parts` are those of a question (confirming.py)."""
    answers.require_staff(request)
    return await confirming.ask(request, **parts)


def _do(verb: Callable[..., Any], args: tuple[Any, ...], account_id: int) -> Any:
    by: Account = account_lookup.visible(account_id, account_id)
    return verb(*args, by)


def _counts() -> Counts:
    return {
        "reports": reports.open_count(),
        "appeals": appeals.waiting_count(),
        "sign_ups": registration.pending_count(),
        "deliveries": destinations.backlog().waiting,
    }
