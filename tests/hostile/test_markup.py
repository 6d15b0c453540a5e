"""Whatever people, apps and other servers write: on no page, of no reader, does it become anything but text."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from yarl import URL

from node import clock, store
from node.models import (
    Account,
    Destination,
    DomainBlock,
    Job,
    Notification,
    Report,
    Role,
    Severity,
    Status,
    User,
    Visibility,
)
from node.services import follows
from node.services.access import oauth, registration, sessions
from node.services.access.registration import SignUp
from node.services.community import rules, settings
from node.services.interactions import favourites, reblogs
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.relationships import lists, mutes, notes
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from tests.factories import Person, make_person, password_hash, rsa_keys
from tests.factories_posts import make_follow, make_status
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account
from tests.hostile.addresses import Kind, every_get
from tests.hostile.markup import ALL, wrong_with
from tests.node.text.payloads import PAYLOADS
from tests.node.text.payloads import dangers_in as dangers_in_text
from tests.web.conftest import Client, Headers
from tests.web.pages.test_injection import dangers_in
from tests.web.pages.visitor import Page, Visitor

SCRIPT = '<script>alert(1)</script>"onfocus="alert(1)\'><img src=x onerror=alert(1)>'
# Here cookies count for nothing (web/viewer.py): what the visitor is answered, everybody with a browser is.
_WITHOUT_COOKIES = ("/api/", "/ap/", "/.well-known/", "/nodeinfo")
_REFUSED = (401, 403, 404)
PICTURE = {"type": "Image", "mediaType": "image/png", "url": "javascript:alert(1)"}


@pytest.fixture
def mallory(there: Elsewhere) -> Somebody:
    """Somebody elsewhere who writes payloads into everything."""
    fields = [{"type": "PropertyValue", "name": payload, "value": payload} for payload in PAYLOADS[:40]]
    emoji = {"type": "Emoji", "name": SCRIPT, "icon": {"url": "https://evil.example/x.svg"}}
    return there.somebody(
        "mallory",
        name=ALL,
        summary=ALL,
        attachment=fields,
        icon={**PICTURE, "name": ALL},
        image={**PICTURE, "name": ALL},
        url="javascript:alert(1)",
        tag=[emoji, {"type": "Emoji", "name": ":x:", "icon": {"url": 'https://e.example/"onerror=alert(1)'}}],
        discoverable=True,
        indexable=True,
    )


def poisoned(somebody: Somebody, alice: Person, payload: str, number: int) -> dict[str, Any]:
    """A note with `payload` in every place that has room for it."""
    attachments = [
        {"type": "Image", "mediaType": "image/png", "url": f"https://evil.example/{number}.png", "name": payload},
        {"type": "Image", "mediaType": "text/html", "url": "javascript:alert(1)", "name": payload},
        {"type": "Document", "mediaType": "image/svg+xml", "url": "https://evil.example/x.svg", "summary": payload},
    ]
    tags = [
        {"type": "Mention", "href": alice.account.uri, "name": payload},
        {"type": "Hashtag", "name": payload, "href": "javascript:alert(1)"},
        {"type": "Hashtag", "name": "#birds", "href": "javascript:alert(1)"},
        {"type": "Emoji", "name": payload, "icon": {"url": "javascript:alert(1)"}},
    ]
    kinds: list[dict[str, Any]] = [
        {},
        {"type": "Article", "name": payload},
        {
            "type": "Question",
            "oneOf": [{"type": "Note", "name": f"{payload} {i}"} for i in range(2)],
            "endTime": clock.iso(clock.now_ms() + clock.DAY),
        },
        {"type": "Video", "name": payload, "url": [{"type": "Link", "href": "javascript:alert(1)"}]},
    ]
    return somebody.note(payload) | {
        "content": payload,
        "contentMap": {payload[:20]: payload},
        "summary": payload,
        "url": "javascript:alert(1)",
        "attachment": attachments,
        "tag": tags,
        "cc": [f"{somebody.uri}/followers", alice.account.uri],
        **kinds[number % len(kinds)],
    }


async def write_everywhere(here: Here, mallory: Somebody, alice: Person, bob: Person, admin: Person) -> None:
    """Mallory from elsewhere, Bob here, an app, somebody who wants to join, and even the staff."""
    await here.receive(mallory, mallory.creates(poisoned(mallory, alice, "hello", 0)))
    remote = account(mallory)
    make_follow(alice, remote)
    notes_sent = [poisoned(mallory, alice, payload, number) for number, payload in enumerate(PAYLOADS)]
    await here.receive(mallory, *(mallory.creates(note) for note in notes_sent))
    own = make_status(alice, f"Look. {SCRIPT}")
    await here.receive(
        mallory,
        mallory.does("Like", own.uri, content=SCRIPT),
        mallory.does("Announce", own.uri, to=["https://www.w3.org/ns/activitystreams#Public"]),
        mallory.does("Follow", alice.account.uri),
        mallory.does("Flag", [alice.account.uri, own.uri], content=ALL),
        mallory.does("Update", {**notes_sent[0], "content": ALL, "updated": clock.iso(clock.now_ms() + 1)}),
    )
    with store.transaction():
        settings.change(
            {
                "title": SCRIPT,
                "short_description": ALL[:500],
                "description": "\n\n".join(PAYLOADS),
                "privacy_policy": "\n\n".join(PAYLOADS),
                "terms": "\n\n".join(PAYLOADS),
                "closed_message": ALL[:5_000],
                "contact_account": alice.account.username,
                "invites_from": "user",
                "publish_blocks": True,
                "max_characters": 100_000,
            },
            None,
        )
        rules.add(ALL[:1000], ALL[:1000], None)
        domain_blocks.block(
            "evil.example", Severity.SILENCE, Terms(public_comment=ALL[:1000], private_comment=ALL[:1000]), None
        )
        reports.file(bob.account.id, Complaint(target_id=remote.id, comment=ALL[:1000]))
        notes.write(alice.account.id, remote.id, ALL[:2000])
        mutes.mute(bob.account.id, remote.id)
        lists.create(alice.account.id, ALL[:250])
        sessions.open(alice.user, alice.account, SCRIPT, SCRIPT)
        app, _ = oauth.register_app(SCRIPT, [oauth.OUT_OF_BAND], "read", "https://evil.example/\"onclick='alert(1)'")
        oauth.create_token(app, "read", user_id=alice.user.id, account_id=alice.account.id)
        registration.sign_up(
            SignUp(username="newcomer", password_hash=password_hash(), reason=ALL[:500], agreement=True),
            rsa_keys(),
        )
        Destination.update(last_error=ALL, software=ALL, failures=3, last_error_at=clock.now_ms()).execute()
        Destination.insert(host="evil.example", last_error=ALL, software=ALL).on_conflict_ignore().execute()
        Job.update(error=ALL).execute()
        follows.follow(bob.account.id, alice.account.id)
        for status in Status.select().where(Status.account == remote.id).limit(5):
            favourites.add(alice.account.id, status.id)
            reblogs.add(bob.account.id, status.id)
    make_status(bob, f"@alice {ALL}", visibility=Visibility.DIRECT)
    make_status(bob, f"@alice {ALL} #birds", spoiler_text=ALL, content_type="text/markdown")


def places() -> dict[str, list[Kind]]:
    remote = Account.get(Account.username == "mallory")
    return {
        "acct": [["alice"], ["bob"], [f"mallory@{remote.domain}"]],
        "name": [["alice"], ["birds"]],
        "tag": [["birds"], ["%3Cscript%3E"]],
        "hashtag": [["birds"]],
        "id": [
            [remote.id],
            _ids(Status.select().where(Status.account == remote.id).order_by(Status.id)),
            *([row.id] for row in (*Report.select(), *DomainBlock.select())),
            _ids(User.select().where(User.sign_up_reason != "")),
        ],
        "account": [[Account.get(Account.username == "alice").id]],
        "verb": [["block"], ["mute"], ["suspend"], ["silence"], ["sensitize"]],
        "tab": [["replies"], ["media"]],
        "kind": [["robots.txt"]],
        "list_id": [[1]],
    }


def _ids(rows: Iterable[Any]) -> list[int]:
    return [row.id for row in rows]


QUESTIONS = [
    f"/search?q={SCRIPT}",
    "/search?q=alert",
    "/search?q=mallory&type=accounts",
    f"/auth/sign-in?next={SCRIPT}",
    "/auth/sign-in?next=javascript:alert(1)",
    f"/compose?text={SCRIPT}&visibility={SCRIPT}&next={SCRIPT}",
    f"/oauth/authorize?client_id={SCRIPT}&redirect_uri=javascript:alert(1)&response_type=code&scope={SCRIPT}",
    f"/oauth/authorize/native?code={SCRIPT}",
    f"/admin/accounts?q={SCRIPT}&state={SCRIPT}",
    "/admin/accounts?q=mallory",
    f"/admin/audit?max_id={SCRIPT}",
    f"/domain-blocks?domain={SCRIPT}",
    f"/nothing/{SCRIPT}",
    f"/@{SCRIPT}",
    "/auth/sign-up",
    "/about",
]


@pytest.fixture
def admin(db: None) -> Person:
    return make_person("ada", role=Role.ADMIN)


@pytest.fixture(params=["visitor", "member", "admin"])
def browser(request: pytest.FixtureRequest, client: Client, alice: Person, admin: Person) -> Iterator[Visitor]:
    visitor = Visitor(client)
    if request.param != "visitor":
        visitor.sign_in(alice if request.param == "member" else admin)
    return visitor  # type: ignore[return-value]


async def test_every_page_holds_it_as_text(
    browser: Visitor, client: Client, here: Here, mallory: Somebody, alice: Person, bob: Person, admin: Person
) -> None:
    await write_everywhere(here, mallory, alice, bob, admin)
    groups = [*every_get(client, places()), *([str(URL(question))] for question in QUESTIONS)]
    if browser.cookies:
        groups = [paths for paths in groups if not paths[0].startswith(_WITHOUT_COOKIES)]
    wrong: dict[str, Any] = {}
    seen = 0

    for paths in groups:
        for path in paths:
            page = await browser.get(path)
            if page.status >= 500:
                wrong[path] = page.status
            if page.headers.get("Content-Type", "").startswith("text/html"):
                seen += SCRIPT[:20].replace("<", "&lt;").replace(">", "&gt;") in page.text
                if found := wrong_with(page, here.base):
                    wrong[path] = found[:5]
            if page.status in _REFUSED:
                break  # the same page, for everything else of this kind

    assert wrong == {}
    assert seen > 20  # it is there, and it is text


async def test_the_api_hands_out_clean_html_and_plain_text(
    client: Client, here: Here, mallory: Somebody, alice: Person, bob: Person, admin: Person, as_person: Any
) -> None:
    await write_everywhere(here, mallory, alice, bob, admin)
    me: Headers = as_person(alice)
    remote = account(mallory)

    responses = [
        await client.get(path, headers=me)
        for path in (
            "/api/v1/timelines/home?limit=40",
            f"/api/v1/accounts/{remote.id}/statuses?limit=40",
            f"/api/v1/accounts/{remote.id}",
            "/api/v1/notifications?limit=80",
            "/api/v2/instance",
            "/api/v1/instance/extended_description",
            "/api/v1/instance/privacy_policy",
            "/api/v1/instance/terms_of_service",
        )
    ]

    # What was written is there: with its tags taken out, or as plain text.
    assert ["alert(1)" in await response.text() for response in responses] == [True] * len(responses)
    wrong = [problem for response in responses for problem in problems_in(await response.json())]
    assert wrong == []
    assert Notification.select().count() > 3


def problems_in(value: Any, name: str = "") -> list[str]:
    """HTML with more than posts need, and addresses that are none."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in problems_in(item, key)]
    if isinstance(value, list):
        return [found for item in value for found in problems_in(item, name)]
    if not isinstance(value, str) or not value:
        return []
    if name in ("content", "note", "value"):
        return dangers_in_text(value)
    is_address = name in ("url", "uri", "avatar", "header", "preview_url", "remote_url", "static_url", "website")
    return [f"{name}: {value}"] if is_address and not value.startswith(("http://", "https://", "wss://")) else []


async def test_feeds_are_well_formed_and_clean(
    client: Client, here: Here, mallory: Somebody, alice: Person, bob: Person, admin: Person
) -> None:
    await write_everywhere(here, mallory, alice, bob, admin)
    visitor = Visitor(client)

    for path in ("/@alice.rss", "/@bob.rss", "/tags/birds.rss"):
        feed = await visitor.get(path)
        root = ElementTree.fromstring(feed.text)

        assert feed.status == 200
        assert "alert(1)" in feed.text
        assert "xml" in feed.headers["Content-Type"]
        assert feed.headers["X-Content-Type-Options"] == "nosniff"
        assert [one.text for one in root.iter("link") if not (one.text or "").startswith(("http:", "https:"))] == []
        for text in root.iter("description"):
            assert dangers_in(Page(path, 200, {}, text.text or "")) == []


async def test_what_stands_in_the_head_for_other_sites_is_text(client: Client, bob: Person) -> None:
    """Open Graph: attributes, which end with a quotation mark."""
    with store.transaction():
        Account.update(display_name=SCRIPT, version=2).where(Account.id == bob.account.id).execute()
    status = make_status(bob, f"Look. {SCRIPT} \"quoted\" 'twice'")
    visitor = Visitor(client)

    pages = [await visitor.get(path) for path in (f"/@bob/{status.id}", "/@bob")]

    for page in pages:
        head = page.tree.css("head meta, head title, head link, head script")
        assert {node.parent.tag for node in head if node.parent is not None} == {"head"}
        described = [node.attributes.get("content") or "" for node in page.tree.css('meta[property^="og:"]')]
        assert any("<script>" in text for text in described)
        assert wrong_with(page, "http://a.test") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/@nobody"),
        ("GET", "/admin"),
        ("POST", "/compose"),
        ("POST", "/about"),
        ("PUT", "/home"),
        ("GET", "/@alice/1"),
        ("GET", "/oauth/authorize"),
        ("GET", "/auth/reset-password/nonsense"),
        ("GET", "/invite/nonsense"),
    ],
)
async def test_pages_about_errors_have_the_same_policy(client: Client, alice: Person, method: str, path: str) -> None:
    visitor = Visitor(client).sign_in(alice)

    async with client.request(method, path, headers={"Accept": "text/html", "Cookie": "x=y"}) as response:
        page = Page(path, response.status, response.headers, await response.text())
    signed_in = await visitor.get(path)

    assert 300 <= page.status < 500
    shown = [one for one in (page, signed_in) if one.headers.get("Content-Type", "").startswith("text/html")]
    assert shown or (page.status, signed_in.status) == (303, 303)
    for one in shown:
        assert wrong_with(one, "http://a.test") == []
