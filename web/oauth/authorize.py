"""`/oauth/authorize`: an app asks a person, on a page of ours, who says yes or no (RFC 6749, section 4.1)."""

from enum import StrEnum
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from aiohttp import web

from node import speech, store
from node.errors import BadInput
from node.models import Application
from node.services.access import oauth
from node.services.access.oauth import OUT_OF_BAND, Wish
from node.speech import say
from web import csrf, params, responses
from web.keys import PAGE
from web.pages import answers

SIGN_IN = "/auth/sign-in"


class UnsupportedResponseType(BadInput):
    code = "unsupported_response_type"


class _Question(msgspec.Struct):
    response_type: str = "code"
    client_id: str = ""
    redirect_uri: str = ""
    scope: str = ""
    state: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    force_login: bool = False
    lang: str = ""  # of the app, which knows its person's better than a browser may


class Decision(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


class _Answer(_Question):
    decision: Decision = Decision.DENY
    account: params.Id | None = None  # as which the app is to act; None: the one that acts now


class _Result(msgspec.Struct):
    client_id: str = ""
    code: str = ""


async def ask(request: web.Request) -> web.StreamResponse:
    """The page of consent; first the page of sign-in for who is not signed in, or shall do so again."""
    question = params.query(request, _Question)
    wish = _wish(question)
    app, scopes = await store.point(oauth.check_wish, wish)
    person = answers.reader(request)
    if person is None or question.force_login:
        return responses.see_other(_sign_in_for(question))
    if language := speech.nearest(question.lang):
        speech.speak(language)
    context = {
        "app": _shown(app),
        "scopes": list(scopes),
        "redirect_host": _shown_target(wish.redirect_uri),
        "hidden": _fields(question),
    }
    return await request.app[PAGE](request, "consent.html", context)


async def decide(request: web.Request) -> web.StreamResponse:
    person = answers.reader(request)
    answer = await params.read(request, _Answer)
    if person is None:
        return responses.see_other(_sign_in_for(answer))
    await csrf.check(request)
    if answer.decision is Decision.ALLOW:
        account_id = person.account_id if answer.account is None else answer.account
        reply = {"code": await store.write(oauth.grant_code, _wish(answer), person.user_id, account_id)}
    else:
        await store.point(oauth.check_wish, _wish(answer))  # never redirect to where nobody registered
        reply = {"error": "access_denied", "error_description": "The resource owner denied the request."}
    if answer.redirect_uri == OUT_OF_BAND:
        return responses.see_other(f"/oauth/authorize/native?{urlencode({'client_id': answer.client_id} | reply)}")
    if answer.state:
        reply["state"] = answer.state
    return responses.see_other(_with_query(answer.redirect_uri, reply))


async def native(request: web.Request) -> web.StreamResponse:
    """For apps that cannot be redirected to: the code, to be copied by hand."""
    result = params.query(request, _Result)
    app = await store.point(oauth.app_by_client_id, result.client_id)
    if app is None or not result.code:
        context = {
            "title": say("Not allowed"),
            "text": say("The app was not given access."),
            "link": None,
            "icon_name": "check",
        }
        return await request.app[PAGE](request, "message.html", context)
    return await request.app[PAGE](request, "oob.html", {"app": _shown(app), "authorization_code": result.code})


def _wish(question: _Question) -> Wish:
    if question.response_type != "code":
        raise UnsupportedResponseType("The authorization server does not support this response type.")
    return Wish(
        client_id=question.client_id,
        redirect_uri=question.redirect_uri,
        scopes=question.scope,
        code_challenge=question.code_challenge,
        code_challenge_method=question.code_challenge_method,
    )


def _shown(app: Application) -> dict[str, str]:
    return {"name": app.name, "website": app.website}


def _fields(question: _Question) -> dict[str, str]:
    """The question again, as hidden fields or as a query, without what has been done."""
    names = [name for name in _Question.__struct_fields__ if name != "force_login"]
    return {name: value for name in names if (value := getattr(question, name))}


def _sign_in_for(question: _Question) -> str:
    """The page of sign-in, which leads back here."""
    again = f"/oauth/authorize?{urlencode(_fields(question))}"
    return f"{SIGN_IN}?next={quote(again, safe='')}"


def _shown_target(redirect_uri: str) -> str:
    """Where the person will be sent: a host, or the scheme of an app."""
    if redirect_uri == OUT_OF_BAND:
        return ""
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        return redirect_uri
    return parts.netloc if parts.scheme in ("http", "https") else f"{parts.scheme}:"


def _with_query(uri: str, query: dict[str, str]) -> str:
    """`uri` with more of a query, whatever its scheme; it has no fragment (node/services/access/oauth.py)."""
    joint = "&" if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(query)}"


ROUTES = [
    web.get("/oauth/authorize", ask),
    web.post("/oauth/authorize", decide),
    web.get("/oauth/authorize/native", native),
]
