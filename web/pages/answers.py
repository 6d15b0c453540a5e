"""How handlers of pages answer: a template with what every page needs, the same form again, or the way onwards."""

from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from node import site, store
from node.errors import BadInput, Forbidden, Invalid, NodeError
from node.models import Role
from node.services.access import preferences
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.community import badges, pictures, settings
from node.services.organisations import members
from node.speech import said, say
from web import csrf, encodings, errors, responses
from web.entities.account import account_entity
from web.pages import notices
from web.pages.forms import Form
from web.rendering.environment import render
from web.rendering.page import Page, Place, Reader, pause_told, site_of
from web.viewer import Viewer, viewer

SIGN_IN = "/auth/sign-in"
HOME = "/home"

_PRIVATE = {"Cache-Control": "private, no-store"}
# Whatever is seen here is one person's business, whether they are signed in yet or not.
_PERSONAL = ("/auth/", "/oauth/", "/settings", "/admin", "/invite/", "/decisions")


async def show(
    request: web.Request,
    template: str,
    /,
    *,
    code: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> web.Response:
    """The page that `template` makes (web/templates/README.md says of what)."""
    page = await page_of(request)
    body = render(template, page, **context).encode("utf-8", "replace")
    response = web.Response(status=code, headers=headers, content_type="text/html", charset="utf-8")
    if code == 200 and _asked_for_by_themselves(request) and encodings.takes_gzip(request):
        body = encodings.packed(body)
        response.headers["Content-Encoding"] = "gzip"
    response.body = body
    if page.viewer is not None or request.path.startswith(_PERSONAL):
        response.headers.update(_PRIVATE)
    if page.notice:
        notices.forget(response)
    return response


async def again(request: web.Request, template: str, refusal: NodeError, form: Form, **context: Any) -> web.Response:
    """The form once more, with what was typed and what is wrong with it."""
    code = 422 if isinstance(refusal, BadInput) else errors.status_of(refusal)
    return await show(request, template, code=code, form=form.typed, errors=sentences(refusal), **context)


def done(request: web.Request, location: str, notice: str = "") -> web.Response:
    """Success: go on there (303), where `notice` is said once."""
    response = responses.see_other(location)
    if notice:
        notices.tell(request, response, say(notice))
    return response


def reader(request: web.Request) -> Viewer | None:
    """Who is signed in with this browser. Pages know no scopes, so a token of an app opens none of them."""
    person = viewer(request)
    return person if person is not None and person.session_id is not None else None


def reader_id(request: web.Request) -> int | None:
    person = reader(request)
    return None if person is None else person.account_id


def require(request: web.Request) -> Viewer:
    """Somebody who is signed in; others sign in first and come back."""
    person = reader(request)
    if person is None:
        raise web.HTTPSeeOther(f"{SIGN_IN}?next={quote(_wanted(request), safe='')}")
    return person


def require_staff(request: web.Request, role: Role = Role.MODERATOR) -> Viewer:
    """A moderator, or somebody above; Forbidden for other people."""
    person = require(request)
    if person.role.rank < role.rank:
        is_wide = role is Role.MODERATOR
        raise Forbidden(said("This page is for moderators.") if is_wide else said("This page is for administrators."))
    return person


def safe_path(text: str, default: str = HOME) -> str:
    """`text`, if it is a path of this node and leads nowhere else however a browser reads it."""
    if not text.startswith("/") or text.startswith(("//", "/\\")) or len(text) > 4_000:
        return default
    if not text.isprintable() or any(char in text for char in '\\ "<>'):
        return default
    return quote(text, safe="/?&=#%:@+,;!$'()*~[]-._")


async def page_of(request: web.Request, person: Viewer | None = None) -> Page:
    """What is true for the page whatever it shows; for who is signed in, or another account of theirs."""
    person = person or reader(request)
    return Page(
        site=site_of(settings.current(), pictures.current()),
        path=request.rel_url.raw_path_qs,
        csrf=csrf.token(request),
        viewer=None if person is None else await store.point(_reader, person),
        notice=notices.told(request),
        pause=pause_told(),
    )


async def page(request: web.Request, template: str, context: dict[str, Any]) -> web.StreamResponse:
    """For handlers that know no templates: `app[PAGE]`."""
    return await show(request, template, **context)


async def error_page(request: web.Request, status: int, message: str) -> web.StreamResponse:
    """`app[ERROR_PAGE]`"""
    return await show(request, "error.html", code=status, headers=dict(_PRIVATE), status=status, message=message)


def sentences(refusal: NodeError) -> dict[str, str]:
    """By field; `""` is the form as a whole."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    if not fields:
        return {"": say(refusal.sentence)}
    return {field: _sentence(text) for field, text in fields.items()}


def _asked_for_by_themselves(request: web.Request) -> bool:
    """Not by a page of somebody else's, which could try words until the length of a packed page tells which is in it
    (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header; docs/adr/0051).
    """
    return request.headers.get("Sec-Fetch-Site") != "cross-site"


def _sentence(text: str) -> str:
    """The client API's `is too long (maximum is 30 characters)` as people read it; catalogs have it as a sentence."""
    translated = say(text)
    if text[:1].isupper() or translated != text:
        return translated
    return f"{'These' if text.startswith('are ') else 'This'} {text}."


def _wanted(request: web.Request) -> str:
    """Where somebody wanted to go; who sent a form, wanted to go on from the page with the form."""
    if request.method in ("GET", "HEAD"):
        return request.rel_url.raw_path_qs
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc not in (request.host, site.web_domain):
        return HOME
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _reader(person: Viewer) -> Reader:
    """`person` as they are now, and what waits for them."""
    account = account_lookup.by_id(person.account_id) or person.account
    waiting = badges.of(person.account_id, person.role)
    return Reader(
        account=account_entity(account_view.view(account)),
        role=str(person.role),
        language=preferences.reading_language(person.user),
        preferences=preferences.of(person.user),
        unread_notifications=waiting.notifications,
        unread_conversations=waiting.conversations,
        follow_requests=waiting.follow_requests,
        waiting=waiting.waiting,
        places=places(person) if person.capacity.accounts > 1 else (),
        invitations=person.capacity.invitations,
    )


def places(person: Viewer) -> tuple[Place, ...]:
    """What the login may act as: itself, then its organisations."""
    found = [place for place in members.places_of(person.user_id) if not place.account.is_gone]
    views = account_view.views(place.account for place in found)
    return tuple(
        Place(account=account_entity(view), role=str(place.role), here=view.account.id == person.account_id)
        for view, place in zip(views, found, strict=True)
    )
