"""What an address answers depends on `Accept` as it says, and private answers are in nobody's cache."""

from collections.abc import Callable

import pytest

from node.models import Visibility
from tests.factories import Person, befriend
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.privacy.answers import Reader, ask
from tests.web.conftest import Client

DOCUMENT, PAGE = "application/activity+json", "text/html"

ACCEPTS = {
    "application/activity+json": DOCUMENT,
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"': DOCUMENT,
    'application/ld+json;profile="https://www.w3.org/ns/activitystreams", application/activity+json': DOCUMENT,
    "APPLICATION/ACTIVITY+JSON": DOCUMENT,
    "application/activity+json, text/html;q=0.1": DOCUMENT,
    "application/activity+json;q=0.9, text/html;q=0.8": DOCUMENT,
    "text/html, application/activity+json;q=0.5": PAGE,
    "text/html": PAGE,
    "*/*": PAGE,
    "": PAGE,
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8": PAGE,
    "application/activity+json;q=0": PAGE,
    "application/activity+json;q=nonsense": PAGE,
    ",,,;;;": PAGE,
    "application/activity+jsonx": PAGE,
    "text/plain, application/activity+json-evil": PAGE,
}


@pytest.mark.parametrize("accept", ACCEPTS)
async def test_the_address_of_a_page_is_a_document_for_those_who_ask_for_one(
    client: Client, alice: Person, accept: str
) -> None:
    status = make_status(alice, "Hello.")

    answers = [
        await ask(client, Reader("somebody", {"Accept": accept}), "GET", path)
        for path in ("/@alice", f"/@alice/{status.id}")
    ]

    for answer in answers:
        headers = dict(answer.headers)
        assert (answer.status, headers["Content-Type"].partition(";")[0]) == (200, ACCEPTS[accept])
        assert "Accept" in headers["Vary"]


@pytest.mark.parametrize("accept", ACCEPTS)
async def test_the_id_of_a_document_leads_those_with_a_browser_to_its_page(
    client: Client, alice: Person, accept: str
) -> None:
    status = make_status(alice, "Hello.")

    answers = [
        await ask(client, Reader("somebody", {"Accept": accept}), "GET", path)
        for path in (f"/ap/users/{alice.account.id}", f"/ap/users/{alice.account.id}/statuses/{status.id}")
    ]

    for answer in answers:
        headers = dict(answer.headers)
        assert answer.status == (200 if ACCEPTS[accept] == DOCUMENT else 302)
        assert {"Accept", "Signature"} <= set(headers["Vary"].replace(",", " ").split())


async def test_only_what_is_the_same_for_all_visitors_may_be_kept_by_others(
    client: Client, alice: Person, bob: Person, token: Callable[..., str]
) -> None:
    befriend(bob.account, alice.account)
    public, private = make_status(alice, "Hello."), make_status(alice, "Psst.", visibility=Visibility.PRIVATE)
    app, browser = people.with_token(bob, token), people.signed_in(client, bob)
    asked = [
        (app, f"/api/v1/statuses/{public.id}"),
        (people.visitor(), f"/api/v1/statuses/{private.id}"),
        (app, "/api/v1/timelines/home"),
        (app, "/api/v1/nowhere"),
        (browser, f"/@alice/{public.id}"),
        (browser, f"/@alice/{private.id}"),
        (browser, "/@alice"),
        (browser, "/home"),
        (browser, "/settings/profile"),
        (browser, "/@alice/1"),
        (people.browsing(client), "/auth/sign-in"),
        (people.browsing(client), f"/@alice/{private.id}"),
        (people.visitor(DOCUMENT), f"/ap/users/{alice.account.id}/statuses/{private.id}"),
    ]

    answers = {path: await ask(client, reader, "GET", path) for reader, path in asked}

    kept = {path: dict(one.headers).get("Cache-Control") for path, one in answers.items()}
    assert {path: how for path, how in kept.items() if how != "private, no-store"} == {}


async def test_what_is_for_everybody_may_be_kept(client: Client, alice: Person) -> None:
    status = make_status(alice, "Hello.")
    asked = [("/@alice", PAGE), (f"/@alice/{status.id}", PAGE), (f"/ap/users/{alice.account.id}", DOCUMENT)]

    answers = [await ask(client, Reader("somebody", {"Accept": accept}), "GET", path) for path, accept in asked]

    assert all(dict(one.headers)["Cache-Control"].startswith("public, max-age=") for one in answers)
    assert all("Set-Cookie" not in dict(one.headers) for one in answers)


async def test_what_apps_ask_for_as_nobody_may_be_kept_and_is_asked_for_again(client: Client, alice: Person) -> None:
    status = make_status(alice, "Hello.")

    answer = await ask(client, people.visitor(), "GET", f"/api/v1/statuses/{status.id}")

    headers = dict(answer.headers)
    assert headers["Cache-Control"] == "public, no-cache"
    assert "Authorization" in headers["Vary"]
