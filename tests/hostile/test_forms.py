"""Every form of every page: not without its token, and never more than a refusal for what is no sensible answer."""

from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlencode

import peewee
import pytest
from aiohttp import FormData

from node import store
from node.models import TABLES, Account, Report, Role, Status
from node.services.access import invites
from node.services.community import rules, settings
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.relationships import lists
from node.store import Prepared
from tests.factories import Person, make_person
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.privacy.answers import ask
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor

# These have no pages, or tests of their own.
_NO_FORMS = ("/api/", "/ap/", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo")
_NAMES = (
    "text spoiler_text visibility language content_type in_reply_to_id media_ids poll_option poll_expires_in sensitive"
    " next title display_name note field_name field_value username email password old_password code reason agreement"
    " login remember account_id status_ids rule_ids comment category forward domain severity public_comment role"
    " duration notifications choices max_uses expires_in uri acct kind decision client_id redirect_uri scope state"
    " description hint position hue max_characters registrations theme locale avatar_description last_read_id tag q"
)
_FIELDS = _NAMES.split()


class Things(NamedTuple):
    """What the admin's forms can be about."""

    status: int
    bob: int
    list: int
    report: int
    rule: int
    invite: int


@pytest.fixture
def admin(db: None) -> Person:
    return make_person("ada", role=Role.ADMIN)


@pytest.fixture
def things(admin: Person, bob: Person) -> Things:
    status = make_status(admin, "Mine.")
    with store.transaction():
        settings.change({"invites_from": "user"}, None)
        own = lists.create(admin.account.id, "Birds")
        report = reports.file(bob.account.id, Complaint(target_id=admin.account.id, comment="Bad."))
        rule = rules.add("Be kind.", "", None)
        invite = invites.create(admin.account)
    return Things(status.id, bob.account.id, own.id, report.id, rule.id, invite.id)


def forms(client: Client, things: Things) -> list[str]:
    """The address of each form."""
    found = set()
    for route in client.app.router.routes():
        assert route.resource is not None
        template = route.resource.canonical
        if route.method == "POST" and not template.startswith(_NO_FORMS):
            found.update(_filled(template, things))
    return sorted(found)


def _filled(template: str, things: Things) -> list[str]:
    an_id = {
        "/accounts": things.bob,
        "/admin/accounts": things.bob,
        "/admin/reports": things.report,
        "/admin/rules": things.rule,
        "/lists": things.list,
        "/settings/invites": things.invite,
    }.get(template.partition("/{")[0], things.status)
    verbs = {
        "/statuses/{id}/{verb}": ["favourite", "reblog", "pin"],
        "/accounts/{id}/{verb}": ["mute", "follow"],
        "/admin/accounts/{id}/{verb}": ["silence"],
        "/admin/reports/{id}/{verb}": ["resolve"],
        "/admin/deliveries/{id}/{verb}": ["retry"],
        "/conversations/{id}/{verb}": ["read"],
        "/follow-requests/{id}/{verb}": ["accept"],
        "/tags/{tag}/{verb}": ["follow"],
    }.get(template, ["nonsense"])
    path = template.replace("{id}", str(an_id)).replace("{token}", "nonsense").replace("{tag}", "birds")
    return [path.replace("{verb}", verb).replace("{key}", "ungrouped-1") for verb in verbs]


# Asked before and after each of thousands of answers.
_TEXTS = [
    Prepared(lambda model=model, columns=columns: model.select(*columns).order_by(*columns), lambda *row: row)
    for model, columns in (
        (Account, (Account.id, Account.display_name, Account.note, Account.silenced_at)),
        (Status, (Status.id, Status.source, Status.favourites_count)),
        (Report, (Report.id, Report.resolved_at)),
    )
]
_COUNTS = Prepared(
    lambda: peewee.Select(columns=[model.select(peewee.fn.count(peewee.SQL("*"))) for model in TABLES]),
    lambda *counts: {model.__name__: count for model, count in zip(TABLES, counts, strict=True)},
)


def state() -> Any:
    """How much there is of everything, and what people have said about themselves and in public."""
    return [texts.all() for texts in _TEXTS], _COUNTS.first(), settings.current()


async def test_no_form_is_taken_without_its_token(client: Client, admin: Person, things: Things) -> None:
    signed_in, visitor = people.signed_in(client, admin), people.browsing(client)
    before = state()
    wrong = {}

    for path in forms(client, things):
        for reader, allowed in ((signed_in, {403}), (visitor, {303, 403})):
            without = {name: value for name, value in reader.headers.items() if name != "X-CSRF-Token"}
            for headers in (
                without,
                without | {"X-CSRF-Token": "0" * 64},
                {**reader.headers, "Origin": "https://e.test"},
            ):
                data = {"csrf": "nonsense", "text": "Hello."}
                async with client.post(path, data=data, headers=headers) as answer:
                    # A form that is not there, or not for this person, is nobody's either.
                    if answer.status not in allowed | {404}:
                        wrong[path] = answer.status

    assert wrong == {}
    assert state() == before


_HUGE = "x" * 200_000
JUNK: dict[str, list[tuple[str, str]]] = {
    "nothing": [],
    "empty": [(name, "") for name in _FIELDS],
    "huge": [(name, _HUGE) for name in ("text", "title", "display_name", "note", "comment", "username", "next")],
    "numbers": [(name, "9" * 40) for name in _FIELDS],
    "negative": [(name, "-1") for name in _FIELDS],
    "controls": [(name, "a\x01\x08\x1b\x7f\u202e\u2028\ufeffb") for name in _FIELDS],
    "astral": [(name, "𝔘\U0010ffff" * 20) for name in _FIELDS],
    "digits of others": [(name, "١٢٣") for name in _FIELDS],
    "many": [
        (name, str(number)) for name in ("media_ids", "status_ids", "poll_option", "choices") for number in range(150)
    ],
    "brackets": [(f"{name}[]", "1") for name in _FIELDS] + [(f"{name}[0][a]", "1") for name in _FIELDS],
    "paths": [(name, "//evil.example/%0d%0aSet-Cookie:x=y") for name in _FIELDS],
    "lines": [(name, "a\r\nSet-Cookie: x=y\r\n\r\n<script>") for name in _FIELDS],
}
NO_TEXT: dict[str, bytes] = {
    "NUL": b"&".join(f"{name}=a%00b".encode() for name in _FIELDS),
    "half a pair": b"&".join(f"{name}=%ED%A0%80".encode() for name in _FIELDS),
    "no UTF-8": b"&".join(name.encode() + b"=\xff\xfe%ff" for name in _FIELDS),
    "too many": b"&".join(b"a=1" for _ in range(3000)),
    "too nested": b"a" + b"[b]" * 30 + b"=1",
    "conflict": b"a=1&a[b]=2&a[]=3",
    "too large": b"text=" + b"x" * (3 << 20),
}


@pytest.mark.parametrize("kind", JUNK)
async def test_senseless_answers_are_refused_or_do_no_harm(
    client: Client, admin: Person, things: Things, kind: str
) -> None:
    wrong: dict[str, object] = {}
    for path in forms(client, things):
        reader = people.signed_in(client, admin)  # one form is for signing out
        before = state()
        body = BytesIO(urlencode(JUNK[kind]).encode())

        answer = await ask(
            client, reader, "POST", path, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )

        if answer.status >= 500 or (answer.status >= 400 and state() != before):
            wrong[path] = answer.status
        headers = dict(answer.headers)
        if not headers.get("Location", "/").startswith("/") or headers.get("Location", "").startswith("//"):
            wrong[path] = headers["Location"]
        if "x=y" in headers.get("Set-Cookie", ""):
            wrong[path] = headers["Set-Cookie"]

    assert wrong == {}


@pytest.mark.parametrize("kind", NO_TEXT)
async def test_bodies_that_are_no_text_change_nothing(
    client: Client, admin: Person, things: Things, kind: str
) -> None:
    reader, before, wrong = people.signed_in(client, admin), state(), {}

    for path in forms(client, things):
        if kind in ("half a pair", "no UTF-8") or path == "/auth/sign-out":
            continue
        answer = await ask(
            client,
            reader,
            "POST",
            path,
            data=BytesIO(NO_TEXT[kind]),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        if not 400 <= answer.status < 500:
            wrong[path] = answer.status

    assert wrong == {}
    assert state() == before


@pytest.mark.parametrize("kind", ["half a pair", "no UTF-8"])
async def test_bytes_that_are_no_text_are_never_kept_as_such(
    client: Client, admin: Person, things: Things, kind: str
) -> None:
    for path in forms(client, things):
        answer = await ask(
            client,
            people.signed_in(client, admin),
            "POST",
            path,
            data=BytesIO(NO_TEXT[kind]),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status < 500, path

    for page in ("/home", "/@ada", "/settings/profile", "/lists"):
        assert (await ask(client, people.signed_in(client, admin), "GET", page)).status == 200


async def test_files_where_texts_belong_and_texts_where_files_belong(
    client: Client, admin: Person, things: Things
) -> None:
    wrong = {}
    for path in forms(client, things):
        for as_file in (True, False):
            form = FormData(default_to_multipart=True)
            for name in [*_FIELDS[:60], "media", "file", "avatar", "header"]:
                value: Any = BytesIO(b"not a picture") if as_file and name in ("media", "avatar", "text") else "x"
                form.add_field(name, value, **({"filename": "../../x.svg"} if not isinstance(value, str) else {}))
            answer = await ask(client, people.signed_in(client, admin), "POST", path, data=form)
            if answer.status >= 500:
                wrong[path] = answer.status

    assert wrong == {}


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", '{"text": {"a": [1]}}', '"x"', '{"text": "\\ud800"}', "[" * 10_000]
)
async def test_json_where_a_form_belongs(client: Client, admin: Person, things: Things, body: str) -> None:
    for path in forms(client, things):
        answer = await ask(
            client,
            people.signed_in(client, admin),
            "POST",
            path,
            data=body,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status < 500, path


async def test_the_same_forms_are_taken_when_they_make_sense(client: Client, admin: Person, things: Things) -> None:
    reader = Visitor(client).sign_in(admin)
    page = await reader.get("/compose")

    posted = await reader.send(page, "/compose", text="Hello.")
    liked = await reader.post(f"/statuses/{things.status}/favourite", {"csrf": page.value("csrf")})

    assert (posted.status, liked.status) == (303, 303)
    assert Status.select().where(Status.source == "Hello.").count() == 1
    assert Status.get_by_id(things.status).favourites_count == 1
