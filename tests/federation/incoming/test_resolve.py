"""Finding people and posts of other servers (RFC 7033; docs/threat-model.md, Identity)."""

import asyncio
import time
from types import SimpleNamespace

import pytest
from aiohttp import web

from federation import publish
from federation.errors import BadDocument, FetchError, Refused
from federation.finding import lookup, mentions, resolve
from federation.http import kept
from federation.http.budget import Budget, OverBudget
from federation.parse.handle import Handle, parse_handle
from node.errors import Forbidden, NodeError, NotFound
from node.models import Account, Mention, Pin, Severity, Status
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import ACTIVITY_JSON, Elsewhere, Here, Somebody, account
from tests.loop_clock import outlasting


async def by_uri(here: Here, uri: str, fetches: int = 10) -> Account:
    return await resolve.account(here.fed, uri, budget=Budget(fetches))


async def by_handle(here: Here, text: str) -> Account:
    handle = parse_handle(text, "http")
    assert handle is not None
    return await resolve.by_handle(here.fed, handle, budget=Budget(10))


# ── actors and their handles ───────────────────────────────────────────────────────────────────────────────────────


async def test_an_actor_is_fetched_once_and_signed_for_by_the_instance_actor(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")

    first = await by_uri(here, dave.uri)
    second = await by_uri(here, dave.uri)

    assert first.id == second.id
    assert (first.username, first.domain) == ("dave", there.authority)
    assert there.asked_for("/users/dave") == 1
    *confirming, asking = sorted(there.received, key=lambda one: one.path == "/users/dave")
    assert f'keyId="{here.base}/ap/actor#main-key"' in asking.headers["Signature"]
    # Everybody may ask for WebFinger, so nobody is made to check who does, and we do not pay for it.
    assert [(one.path, "Signature" in one.headers) for one in confirming] == [("/.well-known/webfinger", False)]


async def test_a_handle_leads_to_its_actor(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")

    found = await by_handle(here, f"@Dave@{there.authority}".lower())

    assert found.uri == dave.uri


async def test_a_handle_that_belongs_to_another_actor_is_not_shown(here: Here, there: Elsewhere) -> None:
    honest = there.somebody("dave")
    liar = Somebody(there.url("/users/liar"), "dave")
    there.serve(liar.document())

    with pytest.raises(BadDocument):
        await by_uri(here, liar.uri)

    assert Account.get_or_none(Account.uri == liar.uri) is None
    assert (await by_uri(here, honest.uri)).username == "dave"


async def test_a_hint_is_believed_only_if_webfinger_agrees(here: Here, there: Elsewhere) -> None:
    async with Elsewhere() as famous:
        famous.somebody("gargron")
        liar = there.somebody("liar", webfinger=f"gargron@{famous.authority}")
        moved = there.somebody("dave", webfinger=f"david@{famous.authority}")
        famous.handle(f"david@{famous.authority}", moved.uri)

        assert str(Handle(*handle_of(await by_uri(here, liar.uri)))) == f"liar@{there.authority}"
        assert str(Handle(*handle_of(await by_uri(here, moved.uri)))) == f"david@{famous.authority}"


def handle_of(row: Account) -> tuple[str, str]:
    return row.username, row.domain


async def test_handles_may_live_on_another_domain_than_actors(here: Here, there: Elsewhere) -> None:
    async with Elsewhere() as short:
        dave = there.somebody("dave")
        there.handle(f"dave@{there.authority}", dave.uri, subject=f"dave@{short.authority}")
        short.handle(f"dave@{short.authority}", dave.uri)

        row = await by_uri(here, dave.uri)

        assert handle_of(row) == ("dave", short.authority)


async def test_the_domain_of_handles_may_redirect_who_asks_for_them(here: Here, there: Elsewhere) -> None:
    async with Elsewhere() as short:
        dave = there.somebody("dave", webfinger=f"dave@{short.authority}")
        there.handle(f"dave@{short.authority}", dave.uri)

        async def sent_on(request: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": there.url(request.path_qs)})

        short.on("/.well-known/webfinger", sent_on)

        assert handle_of(await by_uri(here, dave.uri)) == ("dave", short.authority)


async def test_webfinger_leads_to_one_other_domain_and_no_further(here: Here, there: Elsewhere) -> None:
    async with Elsewhere() as second, Elsewhere() as third:
        dave = there.somebody("dave")
        there.handle(f"dave@{there.authority}", dave.uri, subject=f"dave@{second.authority}")
        second.handle(f"dave@{second.authority}", dave.uri, subject=f"dave@{third.authority}")
        third.handle(f"dave@{third.authority}", dave.uri)

        with pytest.raises(BadDocument):
            await by_uri(here, dave.uri)


async def test_host_meta_says_where_webfinger_is(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    found = there.handles[f"acct:dave@{there.authority}"]
    there.on("/.well-known/webfinger", status=404)
    there.on(
        "/.well-known/host-meta",
        text=f'<XRD><Link rel="lrdd" template="{there.url("/wf")}?resource={{uri}}"/></XRD>',
        content_type="application/xrd+xml",
    )

    async def webfinger_elsewhere(request: web.Request) -> web.Response:
        assert request.query["resource"] == f"acct:dave@{there.authority}"
        return web.json_response(found)

    there.on("/wf", webfinger_elsewhere)

    assert (await by_uri(here, dave.uri)).username == "dave"


async def test_an_actor_without_a_handle_is_not_known(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    there.handles.clear()

    with pytest.raises(FetchError):
        await by_uri(here, dave.uri)

    assert Account.get_or_none(Account.uri == dave.uri) is None


async def test_an_actor_whose_inbox_is_elsewhere_is_refused(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave", inbox="http://victim.test/inbox")

    with pytest.raises(BadDocument):
        await by_uri(here, dave.uri)


async def test_ten_at_once_are_one_fetch(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")

    rows = await asyncio.gather(*(by_uri(here, dave.uri) for _ in range(10)))

    assert len({row.id for row in rows}) == 1
    assert there.asked_for("/users/dave") == 1


async def test_what_is_not_there_is_not_asked_for_again_at_once(here: Here, there: Elsewhere) -> None:
    for _ in range(5):
        with pytest.raises(FetchError):
            await by_uri(here, there.url("/users/nobody"))

    assert there.asked_for("/users/nobody") == 1


async def test_a_budget_bounds_the_requests(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")

    with pytest.raises(OverBudget):
        await by_uri(here, dave.uri, fetches=1)
    assert len(there.received) == 1

    # That is no reason to refuse whoever asks for it with more.
    assert (await by_uri(here, dave.uri, fetches=5)).uri == dave.uri


async def test_suspended_domains_are_not_asked(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    with in_unit():
        domain_blocks.block("127.0.0.1", Severity.SUSPEND, Terms(), None)

    with pytest.raises(Forbidden):
        await by_uri(here, dave.uri)
    with pytest.raises(Forbidden):
        await by_handle(here, f"dave@{there.authority}")

    assert there.received == []


async def test_new_servers_of_one_domain_are_let_in_slowly(here: Here) -> None:
    refused = 0
    for number in range(30):
        try:
            await by_uri(here, f"http://s{number}.farm.invalid/users/x")
        except Refused as error:
            refused += "Too many" in str(error)
        except NodeError:
            pass

    assert refused == 20


async def test_our_own_addresses_are_never_fetched(here: Here, alice: Person) -> None:
    assert (await by_uri(here, alice.account.uri)).id == alice.account.id
    with pytest.raises(NotFound):
        await by_uri(here, f"{here.base}/ap/users/1")


async def test_a_refreshed_actor_keeps_its_handle_without_asking_webfinger_again(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    there.serve(carol.document(name="New name"))

    row = await resolve.account(here.fed, carol.uri, budget=Budget(5), refresh=True)

    assert row.display_name == "New name"
    assert there.asked_for("/.well-known/webfinger") == 0


async def test_what_webfinger_said_holds_for_three_days(
    here: Here, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    dave = there.somebody("dave")
    await by_uri(here, dave.uri)
    days = 0
    # The clock of what is remembered alone: connections are not to grow old.
    monkeypatch.setattr(kept, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + days * 24 * 3600))

    async def asked_after(number: int) -> int:
        nonlocal days
        days = number
        there.received.clear()
        await resolve.account(here.fed, dave.uri, budget=Budget(5), refresh=True)
        return there.asked_for("/.well-known/webfinger")

    assert [await asked_after(number) for number in (1, 2, 4, 5)] == [0, 0, 1, 0]


async def test_profiles_are_sanitised(here: Here, there: Elsewhere) -> None:
    field = {"type": "PropertyValue", "name": "Web\u202e", "value": '<a href="javascript:x()">me</a><img src=x>'}
    dave = there.somebody("dave", name="D\u202eave", summary="<p>Hi<script>x</script></p>", attachment=[field])

    row = await by_uri(here, dave.uri)

    assert (row.display_name, row.note) == ("Dave", "<p>Hi</p>")
    assert "javascript" not in row.fields
    assert "<img" not in row.fields


# ── what people paste ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_pasted_address_of_a_post_finds_it(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    note = dave.note("Found.")
    there.serve(note)

    found = await lookup.find(here.fed, f" {note['id']} ")

    assert isinstance(found, Status)
    assert found.content == "<p>Found.</p>"


async def test_a_pasted_page_leads_to_its_document(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    note = dave.note("Behind a page.")
    there.serve(note)
    link = f'<link rel="alternate" type="{ACTIVITY_JSON}" href="{note["id"]}">'
    there.on("/@dave/1", text=f"<html><head>{link}</head></html>", content_type="text/html")
    there.on("/@dave", text=f"<html>{link.replace(note['id'], dave.uri)}</html>", content_type="text/html")

    post = await lookup.find(here.fed, there.url("/@dave/1"))
    person = await lookup.find(here.fed, there.url("/@dave"))

    assert isinstance(post, Status)
    assert isinstance(person, Account)
    assert (post.uri, person.uri) == (note["id"], dave.uri)


async def test_addresses_of_our_own_need_no_network(here: Here, alice: Person) -> None:
    status = make_status(alice)

    assert await lookup.find(here.fed, status.uri) == status
    assert await lookup.find(here.fed, status.url) == status
    assert await lookup.find(here.fed, alice.account.uri) == alice.account
    assert await lookup.find(here.fed, f"{here.base}/@alice") == alice.account
    assert await lookup.find(here.fed, "@alice") is None
    assert await lookup.find(here.fed, "@alice@a.test") == alice.account


@pytest.mark.parametrize("text", ["", "words", "http://", "http://127.0.0.1:1/x", "@nobody@127.0.0.1:1", "file:///x"])
async def test_what_names_nothing_finds_nothing(here: Here, text: str) -> None:
    assert await lookup.find(here.fed, text) is None


async def test_the_pinned_posts_of_somebody_looked_up_follow(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    pinned, foreign = dave.note("On top."), there.somebody("erin").note("Not his.")
    there.serve(pinned)
    there.serve(foreign)
    items = [pinned["id"], foreign["id"]]
    there.serve({"id": f"{dave.uri}/featured", "type": "OrderedCollection", "orderedItems": items})

    await lookup.find(here.fed, f"@dave@{there.authority}")
    await here.work()

    assert [Status.get_by_id(pin.status_id).uri for pin in Pin.select()] == [pinned["id"]]


@pytest.mark.parametrize("ends", [True, False])
async def test_pinned_posts_are_found_on_pages_of_which_a_few_are_read(
    here: Here, there: Elsewhere, ends: bool
) -> None:
    dave = there.somebody("dave")
    featured, pinned = f"{dave.uri}/featured", dave.note("On top.")
    there.serve(pinned)
    page = {"type": "OrderedCollectionPage", "partOf": featured}
    there.serve({"id": featured, "type": "OrderedCollection", "first": f"{featured}/1"})
    for number in range(1, 12):
        items = {"orderedItems": [pinned["id"]] if number == 2 else []}
        following = {"next": f"{featured}/{2 if ends and number == 3 else number + 1}"}
        there.serve(page | {"id": f"{featured}/{number}"} | items | following)

    await lookup.find(here.fed, f"@dave@{there.authority}")
    await here.work()

    assert [Status.get_by_id(pin.status_id).uri for pin in Pin.select()] == [pinned["id"]]
    assert [there.asked_for(f"/users/dave/featured{part}") for part in ("", "/1", "/2", "/3", "/4")] == [
        1,
        1,
        1,
        1,
        0,
    ]


async def test_the_numbers_of_somebody_looked_up_follow(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    there.serve({"id": f"{dave.uri}/outbox", "type": "OrderedCollection", "totalItems": 17})
    there.serve({"id": f"{dave.uri}/followers", "type": "OrderedCollection", "totalItems": -4})

    await lookup.find(here.fed, f"@dave@{there.authority}")
    await here.work()

    row = account(dave)
    assert (row.statuses_count, row.followers_count, row.following_count) == (17, 0, 0)


@pytest.mark.parametrize("form", ["id", "object", "activity"])
async def test_answers_to_a_post_looked_up_follow(here: Here, there: Elsewhere, form: str) -> None:
    dave = there.somebody("dave")
    note = dave.note("Question?")
    answer = dave.note("Answer.", inReplyTo=note["id"])
    item = {"id": answer["id"], "object": answer, "activity": dave.creates(answer)}[form]
    page = {"id": f"{note['id']}/replies?page=1", "type": "CollectionPage", "items": [item]}
    note["replies"] = f"{note['id']}/replies"
    there.serve({"id": note["replies"], "type": "Collection", "first": page})
    there.serve(note)
    there.serve(answer)

    found = await lookup.find(here.fed, note["id"])
    await here.work()

    assert isinstance(found, Status)
    assert Status.get(Status.uri == answer["id"]).in_reply_to_id == found.id


# ── posting ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_whoever_is_named_in_a_post_is_looked_up_first(here: Here, there: Elsewhere, alice: Person) -> None:
    dave = there.somebody("dave")
    text = f"Hello @dave@{there.authority} and @nobody@{there.authority}"

    status = await publish.post(here.fed, alice.account.id, Draft(text=text))

    assert [row.account_id for row in Mention.select().where(Mention.status == status.id)] == [account(dave).id]


async def test_whom_a_message_would_reach_is_found_as_by_posting(
    here: Here, there: Elsewhere, alice: Person, bob: Person
) -> None:
    dave = there.somebody("dave")
    text = f"@dave@{there.authority} and @nobody@{there.authority}, not @alice"
    parent = make_status(bob, "Hello")

    found = await publish.who_gets(here.fed, alice.account.id, [text, "@bob, too", "and I"], parent.id)

    assert found.account_ids == (account(dave).id, bob.account.id)
    assert found.unknown == (f"@nobody@{there.authority}",)
    assert (found.lonely, found.unnamed) == ((3,), bob.account.id)
    assert Status.select().count() == 1


async def test_a_server_that_does_not_answer_keeps_nobody_from_posting(
    here: Here, there: Elsewhere, alice: Person
) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def tarpit(_: web.Request) -> web.Response:
        begun.set()
        await never.wait()
        return web.Response(status=404)

    there.on("/.well-known/webfinger", tarpit)
    posting = publish.post(here.fed, alice.account.id, Draft(text=f"Hello @dave@{there.authority}"))

    status = await outlasting(posting, begun, mentions.SECONDS + 1)

    assert Mention.select().where(Mention.status == status.id).count() == 0
    never.set()
