"""Every page of a real node, by its route: no barriers, nothing that moves sideways, no errors, nothing from elsewhere.

Each template in each of its states is looked at in `test_every_template.py`; here stands what only a node can show: that
it holds with a node's headers, files and events, for visitors and for an administrator, who sees every page.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Window
from tests.live.node import Api, Node, Person
from web import pages

# No pages, or pages that lead on at once.
NO_PAGES = {
    "/",
    "/@{acct}/{id:\\d+}/embed",
    "/@{name:[^/@]+}.rss",
    "/admin/domains/export",
    "/authorize_interaction",
    "/compose/suggest",
    "/custom.css",
    "/events/posts",
    "/favicon.ico",
    "/invite/{code}",
    "/manifest.webmanifest",
    "/settings/portability/archive/{id}",
    "/settings/portability/export/{name}",
    "/settings/portability/import/{id}/failures",
    "/severed_relationships/{id}/{name}",
    "/share",
    "/static/{name:[A-Za-z0-9._/-]+}",
    "/sw.js",
    "/tags/{tag:[^/]+}.rss",
}
# What comes before or after a moment that others bring about: their templates are in the gallery.
OF_A_MOMENT = {
    "/admin/deliveries/{id}/drop",
    "/admin/domains/allowed/{id}/delete",
    "/admin/emoji/{id}",
    "/admin/emoji/{id}/delete",
    "/admin/servers/{domain}",
    "/admin/sign-ups/{id}/reject",
    "/auth/confirm-email/{token}",
    "/auth/first-admin/{token}",
    "/auth/second-factor",
    "/collections/{id}/leave",
    "/decisions",
    "/decisions/{id}",
    "/drafts/{key}/delete",
    "/scheduled/{id}/held",
    "/settings/organisations/{id}",
    "/settings/organisations/{id}/leave",
    "/settings/organisations/{id}/log",
    "/settings/organisations/{id}/members/{member}/remove",
    "/settings/passkeys/{id}/remove",
    "/settings/portability/import/{id}",
    "/statuses/{id}/quotes/{quoting}/revoke",
}


def _each(route: str) -> list[str]:
    """With each alternative of a place that has some: `/explore/tags` and `/explore/links`."""
    found = re.search(r"\{\w+:([\w-]+(?:\|[\w-]+)+)\}", route)
    return [route.replace(found[0], word) for word in found[1].split("|")] if found else [route]


_GETS = {route.path for route in pages.ROUTES if route.method == "GET"}
ROUTES = sorted(each for route in _GETS - NO_PAGES - OF_A_MOMENT for each in _each(route))
_OPEN = (
    "/@",
    "/about",
    "/explore",
    "/interact",
    "/offline",
    "/people",
    "/privacy",
    "/public",
    "/status",
    "/tags",
    "/terms",
)
# For visitors; who is signed in is led on from the door.
OPEN = [route for route in ROUTES if route.startswith((*_OPEN, "/auth/", "/search")) and "/statuses" not in route]
OWN = [route for route in ROUTES if not route.startswith("/auth/")]


@pytest.fixture(scope="module")
def places(node: Node) -> dict[str, str]:
    """Paths by their routes; those without a place are not among them."""
    people = {person.name: person for person in node.people("alice", "bob")}
    node.command("account", "role", "alice", "admin")
    for setting in ("privacy_policy", "terms"):
        node.command("settings", "set", setting, "We keep little, and give nothing away.")
    token = node.command("token", "create", "alice", "--scopes", "read write admin:read admin:write")["access_token"]
    link = node.command("account", "reset-password", "bob")["link"]
    node.start()
    found = _filled(people["alice"], people["bob"], Api(node.base_url, token))
    return found | {"/auth/reset-password/{token}": link.removeprefix(node.base_url)}


def _filled(alice: Person, bob: Person, staff: Api) -> dict[str, str]:
    post = alice.say("Do #linnets sing in winter?", language="en")
    answer = bob.say("@alice They do, softly.", in_reply_to_id=post["id"], language="en")
    alice.follow(bob)
    bob.follow(alice)
    bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    bob.say("Hear, hear.", quoted_status_id=post["id"], language="en")
    alice.say("Which?", poll={"options": ["Linnet", "Siskin"], "expires_in": 3600}, language="en")
    alice.put(f"/api/v1/statuses/{post['id']}", status="Do #linnets sing in winter, too?")
    later = alice.say("Later.", scheduled_at="2040-01-01T00:00:00Z")
    report = bob.post("/api/v1/reports", account_id=alice.id, status_ids=[post["id"]], comment="Too many birds.")
    own = {
        "lists": alice.post("/api/v1/lists", title="Friends")["id"],
        "collections": alice.post("/api/v1/collections", name="Birds", discoverable=True)["collection"]["id"],
        "scheduled": later["id"],
        "statuses": post["id"],
        "filters": alice.post(
            "/api/v2/filters", title="Sweets", context=["home"], keywords_attributes=[{"keyword": "marzipan"}]
        )["id"],
        "reports": report["id"],
        "domains": staff.post("/api/v1/admin/domain_blocks", domain="loud.example", severity="silence")["id"],
    }
    filled = {}
    for route in ROUTES:
        kind = re.search(r"([\w-]+)/\{id\}", route)
        an_id = own.get(kind[1], bob.id) if kind else ""
        places = {"{acct}": "alice", "{tag}": "linnets", "{id:\\d+}": post["id"], "{id}": an_id}
        path = route
        for place, value in places.items():
            path = path.replace(place, value)
        filled[route] = path
    return filled | {
        "/search": "/search?q=linnets",
        "/compose": f"/compose?in_reply_to_id={answer['id']}",
        "/report": f"/report?account_id={bob.id}",
        "/interact": f"/interact?uri={post['uri']}&kind=reply",
        "/domain-blocks": "/domain-blocks?domain=noisy.test",
    }


@pytest.fixture(scope="module")
def visitor(browser: Browser, node: Node, places: dict[str, str]) -> Iterator[Window]:
    context = browser.new_context(reduced_motion="reduce")
    yield Window(context, node.base_url)
    context.close()


@pytest.fixture(scope="module")
def alice(browser: Browser, node: Node, places: dict[str, str]) -> Iterator[Window]:
    """An administrator, who sees every page."""
    context = browser.new_context(reduced_motion="reduce")
    window = Window(context, node.base_url)
    window.sign_in("alice", "alice likes linnets")
    yield window
    context.close()


def test_what_is_left_out_is_a_route() -> None:
    assert not (NO_PAGES | OF_A_MOMENT) - _GETS


@pytest.mark.parametrize("route", OPEN)
def test_a_visitor_is_barred_from_nothing(visitor: Window, places: dict[str, str], route: str) -> None:
    assert visitor.unpleasant(places[route]) == []


@pytest.mark.parametrize("route", OWN)
def test_a_reader_is_barred_from_nothing(alice: Window, places: dict[str, str], route: str) -> None:
    assert alice.unpleasant(places[route]) == []


@pytest.mark.parametrize(("route", "most"), [("/@{acct}", 6), ("/@{acct}/{id:\\d+}", 6), ("/home", 7), ("/admin", 6)])
def test_a_page_asks_for_few_things(
    browser: Browser, alice: Window, node: Node, places: dict[str, str], route: str, most: int
) -> None:
    """By somebody who was never here before, besides pictures of people and posts, and what is kept for later."""
    state = None if route.startswith("/@") else alice.context.storage_state()
    context = browser.new_context(reduced_motion="reduce", storage_state=state, service_workers="block")
    page = Window(context, node.base_url).page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(node.base_url)))

    page.goto(f"{node.base_url}{places[route]}", wait_until="load")

    pictures = re.compile(r"/media/|/proxy/|data:|/static/(avatar|header)\.")
    counted = [path for path in asked if not pictures.match(path)]
    context.close()
    assert 1 < len(counted) <= most, counted
