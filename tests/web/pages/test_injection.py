"""Whatever people write, on whatever page it is shown, and in feeds: it stays text."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from functools import cache

import msgspec
import pytest

from node import clock, store
from node.models import Account, MediaAttachment, Poll, Role, Status, User
from node.services import follows
from node.services.collections import own as collections
from node.services.collections.own import CollectionChange
from node.services.community import announcements, rules, settings
from node.services.interactions import bookmarks, favourites, reblogs
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.relationships import lists
from node.services.statuses import edits
from node.services.statuses.drafts import Draft, PollDraft
from node.text.sanitize import sanitize
from tests.factories import Person, in_unit, make_person
from tests.factories_posts import make_media, make_status
from tests.node.text.payloads import PAYLOADS
from tests.web.pages.visitor import Page, Visitor

ALL = " ".join(PAYLOADS)
# What our own templates hold of each of these, and nobody else may add to.
_NEVER = ("iframe", "object", "embed", "base", "style", "frame", "applet", "math", "xmp", "plaintext", "template")
_OURS = ("base", {"target": "_blank"})  # links of a framed post lead out of the frame
_LEADING = ("href", "src", "action", "formaction", "poster")
_SCHEMES = ("http:", "https:", "mailto:", "gemini:", "gopher:", "xmpp:", "magnet:")


def dangers_in(page: Page) -> list[str]:
    """Elements and attributes that only an injection could have brought."""
    return [danger for element in page.elements for danger in _dangers_of(*element)]


@cache
def _dangers_of(name: str, attributes: tuple[tuple[str, str | None], ...]) -> list[str]:
    """Pages have most of their elements in common."""
    found = []
    named = dict(attributes)
    if (name in _NEVER and (name, named) != _OURS) or (
        name == "script" and not str(named.get("src")).startswith("/static/")
    ):
        found.append(f"<{name}>")
    if name == "meta" and named.get("http-equiv"):
        found.append("<meta http-equiv>")
    for attribute, value in attributes:
        text = (value or "").strip().lower()
        if attribute.startswith("on") or attribute in ("style", "srcdoc"):
            found.append(f"{name} {attribute}={value}")
        leads = attribute in _LEADING and ":" in text.split("/")[0]
        if leads and not text.startswith(_SCHEMES):
            found.append(f"{name} {attribute}={value}")
    return found


@pytest.fixture
def hostile(db: None, alice: Person, bob: Person) -> Status:
    """Bob has put payloads into everything that he can write, and some of it even past the services."""
    fields = [{"name": ALL, "value": sanitize(ALL), "source": ALL, "verified_at": None}]
    with store.transaction():
        settings.change({"max_characters": 100_000, "max_poll_option_characters": 500}, None)
        Account.update(
            display_name=ALL,
            note=sanitize(ALL),
            fields=msgspec.json.encode(fields).decode(),
            avatar_description=ALL,
            header_description=ALL,
            discoverable=True,
            version=Account.version + 1,
        ).where(Account.id == bob.account.id).execute()
        follows.follow(alice.account.id, bob.account.id)
    picture = make_media(bob)
    poll = PollDraft(options=(PAYLOADS[0], PAYLOADS[5]), expires_in_ms=clock.DAY)
    status = make_status(
        bob, f"@alice {ALL} #birds", spoiler_text=ALL, media_ids=(picture.id,), poll=poll, language="en"
    )
    markdown = make_status(bob, f"@alice {ALL}", content_type="text/markdown", in_reply_to_id=status.id)
    with store.transaction():
        MediaAttachment.update(description=ALL).where(MediaAttachment.id == picture.id).execute()
        Poll.update(options=msgspec.json.encode([{"title": ALL, "votes": 1}] * 2).decode()).execute()
        edits.edit(bob.account.id, markdown.id, Draft(text=f"@alice changed {ALL}"))
        rules.add(ALL[:1000], ALL[:1000], None)
        lists.create(alice.account.id, ALL[:250])
        favourites.add(alice.account.id, status.id)
        bookmarks.add(alice.account.id, status.id)
        reblogs.add(bob.account.id, make_status(alice, ALL).id)
        named = CollectionChange(name=PAYLOADS[0][:40], description=ALL[:100], discoverable=True)
        collections.create(bob.account.id, named, [bob.account.id])
    make_status(bob, ALL, quoted_status_id=status.id)
    return status


PATHS = [
    "/about",
    "/public/local",
    "/public",
    "/tags/birds",
    "/people",
    "/explore",
    "/explore/tags",
    "/collections",
    "/@bob",
    "/@bob/replies",
    "/@bob/media",
    "/@bob/about",
    "/@bob/collections",
    "/@bob/followers",
    "/@alice/following",
    "/@bob/{id}",
    "/@bob/{id}/history",
    "/@bob/{id}/favourites",
    "/@bob/{id}/reblogs",
    "/@bob/{id}/quotes",
    "/@bob/{id}/embed",
    "/search?q=bob",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E&type=%22%3E%3Cscript%3E",
    "/interact?uri={uri}&kind=%3Cscript%3E&acct=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/compose?text=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E&visibility=%22%3E%3Cscript%3E&next=javascript:1",
    "/nothing/%3Cscript%3Ealert(1)%3C/script%3E",
]
MEMBERS = [
    "/home",
    "/notifications",
    "/conversations",
    "/bookmarks",
    "/favourites",
    "/lists",
    "/compose?in_reply_to_id={id}",
    "/report?account_id={account}&status_id={id}",
    "/accounts/{account}/block",
    "/accounts/{account}/mute",
    "/accounts/{account}/lists",
    "/statuses/{id}/filter",
    "/drafts",
    "/settings/hidden",
    "/domain-blocks?domain=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
]
STAFF = [
    "/admin",
    "/admin/reports",
    "/admin/reports/{report}",
    "/admin/accounts",
    "/admin/accounts/{account}",
    "/admin/accounts/{account}/suspend",
    "/admin/sign-ups",
    "/admin/audit",
    "/admin/announcements",
    "/admin/rules",
]


async def unsafe_among(browser: Visitor, paths: list[str], status: Status, report: int = 0) -> dict[str, object]:
    """What is dangerous, or went wrong, on which page."""
    found: dict[str, object] = {}
    for path in paths:
        page = await browser.get(path.format(id=status.id, account=status.account_id, uri=status.uri, report=report))
        if page.status not in (200, 303, 404):
            found[path] = page.status
        elif dangers := dangers_in(page):
            found[path] = dangers
    return found


async def test_visitors_are_shown_text_alone(visitor: Visitor, hostile: Status) -> None:
    assert await unsafe_among(visitor, PATHS, hostile) == {}


async def test_readers_are_shown_text_alone(reader: Visitor, hostile: Status) -> None:
    assert await unsafe_among(reader, PATHS + MEMBERS, hostile) == {}


async def test_the_staff_is_shown_text_alone(reader: Visitor, alice: Person, bob: Person, hostile: Status) -> None:
    asking = make_person()
    with in_unit():
        User.update(role=Role.ADMIN).where(User.id == alice.user.id).execute()
        User.update(approved_at=None, sign_up_reason=ALL).where(User.id == asking.user.id).execute()
        report = reports.file(
            asking.account.id, Complaint(target_id=bob.account.id, status_ids=(hostile.id,), comment=ALL[:1000])
        )
        announcements.publish(ALL, None, Account.get_by_id(alice.account.id))

    assert await unsafe_among(reader, [*STAFF, "/announcements"], hostile, report.id) == {}


async def test_forms_that_come_back_hold_what_was_typed_as_text(
    reader: Visitor, bob: Person, hostile: Status
) -> None:
    with store.transaction():
        settings.change({"max_characters": 10}, None)
    page = await reader.get("/compose")

    again = await reader.send(page, "/compose", text=ALL, spoiler_text=ALL, poll_option=[ALL, ALL], language=ALL)
    lists_again = await reader.send(await reader.get("/lists"), "/lists", title=ALL)

    assert (again.status, lists_again.status) == (422, 422)
    assert again.value("text") == ALL
    assert dangers_in(again) == dangers_in(lists_again) == []


@pytest.mark.parametrize("path", ["/@bob.rss", "/tags/birds.rss"])
async def test_feeds_are_well_formed_and_hold_clean_html(visitor: Visitor, hostile: Status, path: str) -> None:
    answer = await visitor.get(path)

    root = ElementTree.fromstring(answer.text)
    texts = [node.text or "" for node in root.iter("description")]
    assert answer.status == 200
    assert texts
    for text in texts:
        assert dangers_in(Page(path, 200, {}, text)) == []


async def test_a_remote_name_turns_no_text_around(visitor: Visitor, remote: Callable[..., Account]) -> None:
    carol = remote("carol", display_name="Carol\u202e<b>")
    make_status(carol, "Hello.")

    page = await visitor.get("/@carol@remote.test")

    assert page.words("h1 bdi") == "Carol\u202e<b>"
    assert page.words(".post .n bdi") == "Carol\u202e<b>"
    assert page.words('.post bdi[dir="ltr"]') == "@carol@remote.test"
    assert page.tree.css_first("bdi b") is None
