"""Nobody is sent anywhere but where they want: to an app's registered address, or to a page of ours."""

import asyncio
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from node import store
from node.models import Application, AuthorizationCode
from node.services.access import oauth
from tests.factories import PASSWORD, Person
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import Elsewhere
from tests.privacy import cast as people
from tests.privacy.answers import Answer, ask
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor

REGISTERED = "https://client.test/callback"

TRICKS = [
    f"{REGISTERED}/",
    f"{REGISTERED}?",
    f"{REGISTERED}#",
    f"{REGISTERED}?a=b",
    f"{REGISTERED}/../evil",
    f"{REGISTERED}%2f..",
    f"{REGISTERED}\n",
    f" {REGISTERED}",
    f"{REGISTERED} ",
    f"{REGISTERED}\x00",
    f"{REGISTERED}\t",
    f"{REGISTERED}@evil.example",
    REGISTERED.upper(),
    REGISTERED.replace("https", "http"),
    REGISTERED.replace("https", "HTTPS"),
    REGISTERED.replace("client.test", "CLIENT.test"),
    REGISTERED.replace("client.test", "client.test:443"),
    REGISTERED.replace("client.test", "client.test."),
    REGISTERED.replace("client.test", "user@client.test"),
    REGISTERED.replace("client.test", "client.test@evil.example"),
    REGISTERED.replace("client.test", "client.test%40evil.example"),
    REGISTERED.replace("client.test", "evil.example/client.test"),
    REGISTERED.replace("//", "\\\\"),
    REGISTERED.replace("https:", ""),
    f"{REGISTERED}\n{oauth.OUT_OF_BAND}",
    "https://evil.example/callback",
    "//client.test/callback",
    "/callback",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "urn:ietf:wg:oauth:2.0:oob:auto",
    "",
]


@pytest.fixture
def app(db: None) -> Application:
    with store.transaction():
        app, _ = oauth.register_app("App", [REGISTERED, oauth.OUT_OF_BAND], "read write")
    return app


@pytest.mark.parametrize("decision", ["allow", "deny"])
@pytest.mark.parametrize("trick", TRICKS)
async def test_an_address_that_is_almost_the_apps_gets_nothing(
    client: Client, alice: Person, app: Application, trick: str, decision: str
) -> None:
    reader = people.signed_in(client, alice)
    question = {"client_id": app.client_id, "redirect_uri": trick, "response_type": "code", "scope": "read"}

    asked = await ask(client, reader, "GET", f"/oauth/authorize?{urlencode(question)}")
    decided = await ask(client, reader, "POST", "/oauth/authorize", data={**question, "decision": decision})

    for answer in (asked, decided):
        assert 400 <= answer.status < 500
        assert "Location" not in dict(answer.headers)
    assert AuthorizationCode.select().count() == 0


async def test_the_same_question_with_the_registered_address_is_answered(
    client: Client, alice: Person, app: Application
) -> None:
    reader = people.signed_in(client, alice)
    question = {"client_id": app.client_id, "redirect_uri": REGISTERED, "response_type": "code", "scope": "read"}

    asked = await ask(client, reader, "GET", f"/oauth/authorize?{urlencode(question)}")
    decided = await ask(client, reader, "POST", "/oauth/authorize", data={**question, "decision": "allow"})

    location = dict(decided.headers)["Location"]
    assert (asked.status, decided.status) == (200, 303)
    assert location.startswith(f"{REGISTERED}?code=")


@pytest.mark.parametrize(
    "state", ["a&code=forged", "a#fragment", "\r\nSet-Cookie: x=y", "é😀", "%0d%0a", "<script>", "a" * 2000]
)
async def test_the_state_comes_back_as_it_went_and_adds_nothing(
    client: Client, alice: Person, app: Application, state: str
) -> None:
    question = {"client_id": app.client_id, "redirect_uri": REGISTERED, "response_type": "code", "scope": "read"}

    decided = await ask(
        client,
        people.signed_in(client, alice),
        "POST",
        "/oauth/authorize",
        data={**question, "state": state, "decision": "deny"},
    )

    headers = dict(decided.headers)
    parts = urlsplit(headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == REGISTERED
    assert parse_qs(parts.query)["state"] == [state]
    assert "code" not in parse_qs(parts.query)
    assert "x=y" not in headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//e.test",
        "https://e.test/#x",
        "https://e.test/ x",
        "e.test/callback",
        "https:",
        "a" * 5000,
        'https://e.test/"><script>',
    ],
)
async def test_addresses_that_run_code_or_are_none_cannot_be_registered(client: Client, db: None, uri: str) -> None:
    answer = await client.post("/api/v1/apps", json={"client_name": "App", "redirect_uris": uri})

    assert answer.status == 422
    assert Application.select().count() == 0


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/%09/evil.example/..//evil.example\n",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://evil.example",
    "evil.example",
    "https:evil.example",
    "/home\r\nLocation: https://evil.example",
    "/\u2028/evil.example",
    "/\x00/evil.example",
]


def is_ours(location: str) -> bool:
    """However a browser reads it: it drops tabs and line ends, and takes a backslash for a slash (URL Standard)."""
    read = location.translate({9: None, 10: None, 13: None}).strip().replace("\\", "/")
    return read.startswith("/") and not read.startswith("//")


@pytest.mark.parametrize("wish", ELSEWHERE)
async def test_signing_in_leads_to_our_own_pages_alone(client: Client, alice: Person, wish: str) -> None:
    visitor = Visitor(client)
    page = await visitor.get(f"/auth/sign-in?next={quote(wish, safe='')}")
    if page.status == 200:
        assert is_ours(page.value("next") or "/")

        done = await visitor.send(page, "/auth/sign-in", login="alice", password=PASSWORD, next=wish)

        assert done.status in (303, 400)
        assert is_ours(done.location or "/")
    else:
        assert 400 <= page.status < 500


@pytest.mark.parametrize("wish", ELSEWHERE)
async def test_buttons_lead_back_to_our_own_pages_alone(
    client: Client, alice: Person, bob: Person, wish: str
) -> None:
    status, reader = make_status(bob), people.signed_in(client, alice)
    forms = {
        f"/statuses/{status.id}/favourite": {},
        f"/accounts/{bob.account.id}/follow": {},
        f"/accounts/{bob.account.id}/note": {"comment": "Kind."},
        "/compose": {"text": "Hello."},
        "/tags/birds/follow": {},
        "/domain-blocks": {"domain": "e.example", "do": "block"},
        "/notifications/ungrouped-1/dismiss": {},
        "/home/read": {"last_read_id": "1"},
    }

    for path, data in forms.items():
        answer = await ask(client, reader, "POST", path, data={**data, "next": wish})

        assert answer.status < 500, path
        assert is_ours(dict(answer.headers).get("Location", "/")), path


@pytest.mark.parametrize(
    "target",
    [
        *(
            "//evil.example",
            "///evil.example/..",
            "/\\evil.example",
            "/%5cevil.example",
            "http://evil.example/@ALICE",
        ),
        *(
            "/@ALICE//evil.example",
            "/@alice%2f%2fevil.example",
            "/@alice/%2e%2e//evil.example",
            "*",
            "evil.example:443",
        ),
    ],
)
async def test_no_address_of_ours_leads_elsewhere(client: Client, alice: Person, target: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(60):
        answer = (await reader.read()).decode("utf-8", "replace")
    writer.close()

    head = answer.partition("\r\n\r\n")[0]
    locations = [line.partition(":")[2].strip() for line in head.splitlines() if line.lower().startswith("location:")]
    assert int(head.split()[1]) < 500
    assert all(is_ours(one) or one.startswith("http://a.test/") for one in locations)


async def test_asked_where_to_sign_in_we_name_our_own_page(client: Client, alice: Person) -> None:
    referer = "https://evil.example/settings"

    answer = await ask(
        client, people.browsing(client), "POST", "/compose", data={"text": "x"}, headers={"Referer": referer}
    )

    assert answer.status in (303, 403)
    assert "evil" not in dict(answer.headers).get("Location", "")


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert('{uri}')",
        "data:text/html,{uri}",
        "//evil.example/{uri}",
        "https://{uri}",
        "{uri}",
        "",
        5,
        None,
    ],
)
async def test_a_server_that_names_no_web_page_is_not_gone_on_to(
    client: Client, there: Elsewhere, alice: Person, template: object
) -> None:
    answer = await go_on(client, there, alice, template)

    assert not dict(answer.headers).get("Location", "").startswith(("javascript:", "data:", "//", "https://http"))
    assert answer.status in (303, 422)


async def test_a_server_that_names_its_page_is_gone_on_to(client: Client, there: Elsewhere, alice: Person) -> None:
    template = there.url("/authorize_interaction?uri={uri}")

    answer = await go_on(client, there, alice, template)

    assert answer.status == 303
    assert dict(answer.headers)["Location"] == template.replace("{uri}", quote(alice.account.uri, safe=""))


async def go_on(client: Client, there: Elsewhere, alice: Person, template: object) -> Answer:
    """What somebody of another server is answered, who wants to follow Alice from there."""
    handle = f"carol@{there.authority}"
    there.handle(handle, there.url("/users/carol"))
    links = there.handles[f"acct:{handle}"]["links"]
    links.append({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template})
    return await ask(
        client, people.browsing(client), "POST", "/interact", data={"uri": alice.account.uri, "acct": handle}
    )
