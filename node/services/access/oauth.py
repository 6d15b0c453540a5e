"""Apps and what people allow them (RFC 6749 with PKCE, RFC 7636), as the client API uses them.

Tokens, codes and secrets are stored as hashes. Refusals carry the `code` that RFC 6749, section 5.2 gives them.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

from node import clock, passwords
from node.errors import BadInput, Forbidden, Invalid, Unauthorized
from node.models import Account, Application, AuthorizationCode, Membership, Token, User
from node.services.access import scopes, sessions, signed_in
from node.services.access.signed_in import Identity
from node.speech import said

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
CODE_MS = 10 * clock.MINUTE
UNUSED_APP_MS = 30 * clock.DAY
LEFT_APP_MS = 365 * clock.DAY
MOST_TOKENS = 100  # of a login, before it may make another one by itself
MAX_NAME_CHARS = 200
MAX_URI_CHARS = 2_000
MAX_REDIRECTS = 20

# RFC 3986, section 3.1, then anything without blanks and fragments; these schemes would run code in a browser.
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):[^\s#\\<>\"\x00-\x1f\x7f]+")
_SCRIPTING = frozenset({"javascript", "data", "vbscript", "blob", "file", "about"})
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class InvalidGrant(BadInput):
    code = "invalid_grant"


class InvalidScope(BadInput):
    code = "invalid_scope"


class InvalidRequest(BadInput):
    code = "invalid_request"


class UnauthorizedClient(BadInput):
    code = "unauthorized_client"


class InvalidClient(Unauthorized):
    code = "invalid_client"


_WRONG_GRANT = (
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the"
    " authorization request, or was issued to another client."
)
_WRONG_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included, or unsupported"
    " authentication method."
)
_WRONG_SCOPE = "The requested scope is invalid, unknown, or malformed."
_WRONG_REDIRECT = "The redirect uri included is not valid."


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an app asks somebody for, on the page where that person says yes or no."""

    client_id: str
    redirect_uri: str
    scopes: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""


# ── apps ──


def register_app(
    name: str, redirect_uris: list[str], scope_text: str = "", website: str = ""
) -> tuple[Application, str]:
    """The app, and its secret, which is told this once. Invalid says what is wrong."""
    wrong = {}
    if not name.strip() or len(name) > MAX_NAME_CHARS:
        wrong["name"] = f"Name must have 1 to {MAX_NAME_CHARS} characters"
    uris = list(dict.fromkeys(uri.strip() for uri in redirect_uris if uri.strip()))
    if not uris or len(uris) > MAX_REDIRECTS or not all(map(_may_redirect_to, uris)):
        wrong["redirect_uris"] = "Redirect URI must be an absolute URI."
    if website and (len(website) > MAX_URI_CHARS or not website.startswith(("https://", "http://"))):
        wrong["website"] = "Website must be a web address"
    if wrong:
        raise Invalid(f"Validation failed: {', '.join(wrong.values())}", wrong)
    secret = passwords.token()
    app = Application.create(
        name=name.strip(),
        website=website,
        redirect_uris="\n".join(uris),
        scopes=" ".join(_parse(scope_text)),
        client_id=secrets.token_urlsafe(32),
        secret_hash=passwords.token_hash(secret),
        created_at=clock.now_ms(),
    )
    return app, secret


def app_by_client_id(client_id: str) -> Application | None:
    return Application.get_or_none(Application.client_id == client_id)


def authenticate_app(client_id: str, client_secret: str) -> Application:
    """InvalidClient unless the app exists and the secret is its."""
    app = app_by_client_id(client_id)
    known = app.secret_hash if app else passwords.token_hash("")
    if not passwords.same(known, passwords.token_hash(client_secret)) or app is None:
        raise InvalidClient(_WRONG_CLIENT)
    return app


# ── asking a person ──


def check_wish(wish: Wish) -> tuple[Application, tuple[str, ...]]:
    """The app and the scopes to ask for. What is refused here must not be told to the redirect URI."""
    app = app_by_client_id(wish.client_id)
    if app is None:
        raise InvalidClient(_WRONG_CLIENT)
    if wish.redirect_uri not in app.redirect_uris.split("\n"):
        raise InvalidRequest(_WRONG_REDIRECT)
    asked = _parse(wish.scopes)
    if not scopes.within(asked, app.scopes.split()):
        raise InvalidScope(_WRONG_SCOPE)
    if (wish.code_challenge or wish.code_challenge_method) and (
        wish.code_challenge_method != "S256" or not _CHALLENGE.fullmatch(wish.code_challenge)
    ):
        raise InvalidRequest("The code challenge method must be S256.")
    return app, asked


def grant_code(wish: Wish, user_id: int, account_id: int) -> str:
    """The person said yes: a code that the app exchanges for a token, once, within ten minutes.

    Forbidden for an account that the login does not speak for.
    """
    app, asked = check_wish(wish)
    sessions.check(user_id, account_id)
    code = passwords.token()
    AuthorizationCode.create(
        code_hash=passwords.token_hash(code),
        application=app.id,
        user=user_id,
        account=account_id,
        redirect_uri=wish.redirect_uri,
        scopes=" ".join(asked),
        code_challenge=wish.code_challenge,
        expires_at=clock.now_ms() + CODE_MS,
    )
    return code


def exchange(app: Application, code: str, redirect_uri: str, code_verifier: str = "") -> tuple[Token, str]:
    """The token for a code, and its text. InvalidGrant unless app, redirect and verifier are those of the code."""
    row = AuthorizationCode.get_or_none(AuthorizationCode.code_hash == passwords.token_hash(code))
    if (
        row is None
        or row.application != app.id
        or row.redirect_uri != redirect_uri
        or row.expires_at <= clock.now_ms()
        or not _verifies(row.code_challenge, code_verifier)
        # Of two who bring one code at one moment, one deletes it.
        or not AuthorizationCode.delete().where(AuthorizationCode.id == row.id).execute()
    ):
        raise InvalidGrant(_WRONG_GRANT)
    return create_token(app, row.scopes, user_id=row.user, account_id=row.account)


# ── tokens ──


def create_token(
    app: Application, scope_text: str, *, user_id: int | None = None, account_id: int | None = None
) -> tuple[Token, str]:
    """A token and its text, which is told this once."""
    text = passwords.token()
    token = Token.create(
        token_hash=passwords.token_hash(text),
        application=app.id,
        user=user_id,
        account=account_id,
        scopes=scope_text,
        created_at=clock.now_ms(),
    )
    if user_id is not None:
        Application.update(used_at=token.created_at).where(Application.id == app.id).execute()
    return token, text


def client_token(app: Application, scope_text: str = "") -> tuple[Token, str]:
    """A token for the app alone (RFC 6749, section 4.4)."""
    asked = _parse(scope_text)
    if not scopes.within(asked, app.scopes.split()):
        raise InvalidScope(_WRONG_SCOPE)
    return create_token(app, " ".join(asked))


def identify(token: str) -> Identity | None:
    """Whom `token` speaks for; None if it is worth nothing. Forbidden for people who may not act just now.

    From memory: takes microseconds.
    """
    return signed_in.by_token(token)


def note_use(identity: Identity) -> None:
    """The token is in use; called when `Identity.should_be_noted`."""
    now = clock.now_ms()
    Token.update(used_at=now).where(Token.id == identity.token_id).execute()
    Application.update(used_at=now).where(Application.id == identity.app_id).execute()
    if identity.user_id is not None:
        User.update(last_active_at=now).where(User.id == identity.user_id).execute()
    signed_in.forget("token_revoked", identity.token_id)


def revoke(token: str, app: Application) -> None:
    """RFC 7009: only the app that has the token may; a token that does not exist is revoked already."""
    row = Token.get_or_none(Token.token_hash == passwords.token_hash(token))
    if row is None:
        return
    if row.application != app.id:
        raise UnauthorizedClient("You are not authorized to revoke this token")
    _delete(row)


def active_token(token: str, app: Application) -> Token | None:
    """None unless it is the app's, and whoever it speaks for may act (RFC 7662)."""
    row = Token.get_or_none(Token.token_hash == passwords.token_hash(token), Token.application == app.id)
    try:
        return row if row is not None and identify(token) is not None else None
    except Forbidden:
        return None


def revoke_by_id(user_id: int, token_id: int) -> None:
    """A person takes back what they allowed; others' tokens are left alone."""
    row = Token.get_or_none((Token.id == token_id) & (Token.user == user_id))
    if row is not None:
        _delete(row)


def tokens_of(user_id: int) -> list[tuple[Token, Application]]:
    """What somebody allowed, the latest first."""
    rows = list(Token.select().where(Token.user == user_id).order_by(Token.id.desc()))
    apps = {app.id: app for app in Application.select().where(Application.id.in_({row.application for row in rows}))}
    return [(row, apps[row.application]) for row in rows]


def token_for(user: User, account: Account, app_name: str, scope_text: str) -> tuple[Token, str]:
    """A token without an app's page of consent: for the command line, and for people's own scripts."""
    if not Membership.select().where(Membership.user == user.id, Membership.account == account.id).exists():
        raise Invalid("This login does not speak for that account.")
    app, _ = register_app(app_name, [OUT_OF_BAND], scope_text)
    return create_token(app, app.scopes, user_id=user.id, account_id=account.id)


def personal_token(user: User, account: Account, name: str, scope_text: str) -> str:
    """The text of a token that somebody makes for a script of theirs; ask for the password before."""
    if Token.select().where(Token.user == user.id).count() >= MOST_TOKENS:
        raise Invalid(said("There are %(most)s apps and tokens already. Take some back first.", most=MOST_TOKENS))
    return token_for(user, account, name, scope_text)[1]


def delete_unused_apps() -> int:
    """Anybody may register apps; one that nobody has used for a month was registered in vain.

    One that was used is kept for a year after everybody has signed out: apps remember how they are called here, and some
    of them do so for all their people at once.
    """
    in_use = Token.select(Token.application).union(AuthorizationCode.select(AuthorizationCode.application))
    now = clock.now_ms()
    in_vain = Application.used_at.is_null() & (Application.created_at < now - UNUSED_APP_MS)
    left = Application.used_at < now - LEFT_APP_MS
    return int(Application.delete().where(in_vain | left, Application.id.not_in(in_use)).execute())


def delete_expired() -> int:
    return int(AuthorizationCode.delete().where(AuthorizationCode.expires_at <= clock.now_ms()).execute())


def _delete(row: Token) -> None:
    Token.delete().where(Token.id == row.id).execute()
    signed_in.token_ended(row.id)


def _parse(text: str) -> tuple[str, ...]:
    try:
        return scopes.parse(text)
    except BadInput as error:
        raise InvalidScope(_WRONG_SCOPE) from error


def _may_redirect_to(uri: str) -> bool:
    match = _URI.fullmatch(uri)
    return match is not None and len(uri) <= MAX_URI_CHARS and match[1].lower() not in _SCRIPTING


def _verifies(challenge: str, verifier: str) -> bool:
    if not challenge:
        return True
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return passwords.same(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)
