"""Live events over server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from unittest.mock import AsyncMock

import pytest
from aiohttp import ClientConnectionResetError, ClientSession, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.test_utils import make_mocked_request

from node import store, streams
from node.config import Config
from node.models import Account, Application, Decision, MemberRole, Session, Visibility
from node.paging import Page
from node.services import follows
from node.services.access import oauth, sessions
from node.services.approvals.policies import Choice, Choices
from node.services.community import settings
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.interactions import favourites, reactions
from node.services.moderation import decisions as moderation
from node.services.notifications import policy as notification_policy
from node.services.notifications import requests as notification_requests
from node.services.organisations import members
from node.services.relationships import blocks, lists, mutes
from node.services.statuses import deletion, edits, posting
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit, make_person
from tests.factories_organisations import join, make_organisation
from tests.factories_posts import make_follow, make_media, make_status
from tests.loop_clock import forward
from tests.web.conftest import Client, Headers, complete_app
from tests.web.streaming.listening import SECONDS, events
from web.streaming import listener, messages, sse
from web.streaming.listener import LISTENERS
from web.streaming.topics import Stream

AsPerson = Callable[..., Headers]
BASE = "/api/v1/streaming"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


async def test_the_home_stream_tells_of_new_changed_and_deleted_statuses(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    make_follow(alice, bob)
    async with events(client, f"{BASE}/user", me) as heard:
        status = await store.write(posting.post, bob.account.id, Draft(text="hello"))
        new = await heard.next()
        await store.write(edits.edit, bob.account.id, status.id, Draft(text="goodbye"))
        changed = await heard.next()
        await store.write(deletion.delete, bob.account.id, status.id)
        gone = await heard.next()

    assert (new[0], json.loads(new[1])["content"]) == ("update", "<p>hello</p>")
    assert (changed[0], json.loads(changed[1])["content"]) == ("status.update", "<p>goodbye</p>")
    assert gone == ("delete", str(status.id))


async def test_an_update_carries_the_status_as_its_reader_sees_it(client: Client, bob: Person, me: Headers) -> None:
    async with events(client, f"{BASE}/public", me) as heard:
        status = await store.write(posting.post, bob.account.id, Draft(text="hello"))

        kind, data = await heard.next()

    entity = json.loads(data)
    assert (kind, entity["id"], entity["favourited"]) == ("update", str(status.id), False)


async def test_that_held_back_notifications_were_let_through_is_told(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    async with events(client, f"{BASE}/user/notification", me) as heard:
        await store.write(notification_policy.change, alice.account.id, {"not_following": Decision.FILTER})
        await store.write(follows.follow, bob.account.id, alice.account.id)
        (request,) = notification_requests.page(alice.account.id, Page(limit=2))
        await store.write(notification_requests.accept, alice.account.id, [request.id])

        assert await heard.next() == ("notifications_merged", "1")


async def test_filters_are_told_of_and_applied(client: Client, alice: Person, bob: Person, me: Headers) -> None:
    make_follow(alice, bob)
    terms = Terms(title="Enough", contexts=["home"])
    async with events(client, f"{BASE}/user", me) as heard:
        made = await store.write(filters.create, alice.account.id, terms, [KeywordChange(keyword="marmite")])
        changed = await heard.next()
        await store.write(posting.post, bob.account.id, Draft(text="Marmite, @alice"))
        told = dict([await heard.next(), await heard.next()])

    assert changed == ("filters_changed", "1")
    status, notification = json.loads(told["update"]), json.loads(told["notification"])
    assert status["filtered"] == notification["status"]["filtered"]
    assert [one["filter"]["id"] for one in status["filtered"]] == [str(made.filter.id)]


async def test_notifications_come_with_the_home_stream_and_alone(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    status = make_status(alice)
    async with events(client, f"{BASE}/user", me) as home, events(client, f"{BASE}/user/notification", me) as alone:
        await store.write(favourites.add, bob.account.id, status.id)

        for heard in (home, alone):
            kind, data = await heard.next()
            assert (kind, json.loads(data)["type"]) == ("notification", "favourite")


async def test_what_mastodon_does_not_have_is_not_told_to_apps(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    status = make_status(alice, policy=Choices(quote=Choice.MANUAL))
    async with events(client, f"{BASE}/user/notification", me) as heard:
        await store.write(posting.post, bob.account.id, Draft(text="May I?", quoted_status_id=status.id))
        await store.write(reactions.add, bob.account.id, status.id, "🐦")
        await store.write(favourites.add, bob.account.id, status.id)

        _, data = await heard.next()

    assert json.loads(data)["type"] == "favourite"


async def test_without_their_scope_notifications_stay_away(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    status = make_status(alice)
    async with events(client, f"{BASE}/user", as_person(alice, "read:statuses")) as heard:
        await store.write(favourites.add, bob.account.id, status.id)
        own = await store.write(posting.post, alice.account.id, Draft(text="mine"))

        kind, data = await heard.next()

    assert (kind, json.loads(data)["id"]) == ("update", str(own.id))


@pytest.mark.parametrize(
    ("path", "hears_local", "hears_remote"),
    [("public", True, True), ("public/local", True, False), ("public/remote", False, True)],
)
async def test_public_streams_are_for_visitors_too(
    client: Client,
    bob: Person,
    remote: Callable[..., Account],
    path: str,
    hears_local: bool,
    hears_remote: bool,
) -> None:
    carol = remote("carol")
    async with events(client, f"{BASE}/{path}") as heard:
        here, there = make_status(bob, "here"), make_status(carol, "there")

        expected = [status.id for status, wanted in ((here, hears_local), (there, hears_remote)) if wanted]
        ids = [int(json.loads((await heard.next())[1])["id"]) for _ in expected]

    assert ids == expected


async def test_a_media_stream_has_only_what_has_media(client: Client, bob: Person) -> None:
    async with events(client, f"{BASE}/public?only_media=true") as heard:
        make_status(bob, "words")
        picture = make_status(bob, "a picture", media_ids=(make_media(bob).id,))

        assert json.loads((await heard.next())[1])["id"] == str(picture.id)


async def test_hashtags_are_heard_in_any_spelling(client: Client, bob: Person) -> None:
    async with (
        events(client, f"{BASE}/hashtag?tag=CATS") as heard,
        events(client, f"{BASE}/hashtag/local?tag=cats") as local,
    ):
        make_status(bob, "#dogs")
        status = make_status(bob, "#Cats")

        assert json.loads((await heard.next())[1])["id"] == str(status.id)
        assert json.loads((await local.next())[1])["id"] == str(status.id)


async def test_lists_and_direct_messages_have_streams(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    make_follow(alice, bob)
    row = await store.write(lists.create, alice.account.id, "friends")
    await store.write(lists.add_members, alice.account.id, row.id, [bob.account.id])
    async with (
        events(client, f"{BASE}/list?list={row.id}", me) as listed,
        events(client, f"{BASE}/direct", me) as direct,
    ):
        status = make_status(bob, "for all")
        make_status(bob, "psst @alice", visibility=Visibility.DIRECT)

        assert json.loads((await listed.next())[1])["id"] == str(status.id)
        kind, data = await direct.next()
        assert (kind, json.loads(data)["unread"]) == ("conversation", True)


@pytest.mark.parametrize(
    ("policy", "heard_texts"),
    [
        ("none", ["first", "last"]),
        ("list", ["first", "to a member", "last"]),
        ("followed", ["first", "to a member", "to somebody followed", "last"]),
    ],
)
async def test_a_list_stream_has_the_answers_that_its_owner_wants(
    client: Client, alice: Person, bob: Person, me: Headers, policy: str, heard_texts: list[str]
) -> None:
    dora, eve, frank = make_person("dora"), make_person("eve"), make_person("frank")
    for followed in (bob, dora, eve):
        make_follow(alice, followed)
    row = await store.write(partial(lists.create, replies_policy=policy), alice.account.id, "friends")
    await store.write(lists.add_members, alice.account.id, row.id, [bob.account.id, dora.account.id])
    asked = {person.account.username: make_status(person, "a question") for person in (dora, eve, frank)}
    async with events(client, f"{BASE}/list?list={row.id}", me) as listed:
        make_status(bob, "first")
        make_status(bob, "to a member", in_reply_to_id=asked["dora"].id)
        make_status(bob, "to somebody followed", in_reply_to_id=asked["eve"].id)
        make_status(bob, "to a stranger", in_reply_to_id=asked["frank"].id)
        make_status(bob, "last")

        texts = [json.loads((await listed.next())[1])["content"] for _ in heard_texts]

    assert texts == [f"<p>{text}</p>" for text in heard_texts]


@pytest.mark.parametrize("hide", [blocks.block, mutes.mute])
async def test_who_is_blocked_or_muted_is_not_heard(
    client: Client, alice: Person, bob: Person, me: Headers, hide: Callable[[int, int], object]
) -> None:
    await store.write(hide, alice.account.id, bob.account.id)
    async with events(client, f"{BASE}/public", me) as heard:
        make_status(bob, "not for alice")
        own = make_status(alice, "mine")

        assert json.loads((await heard.next())[1])["id"] == str(own.id)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("user", 401),
        ("user/notification", 401),
        ("direct", 401),
        ("list?list=1", 401),
        ("hashtag", 400),
        ("hashtag?tag=", 400),
        ("nothing", 404),
        ("public?access_token=wrong", 401),
    ],
)
async def test_a_refused_stream_is_an_answer_and_not_a_silence(client: Client, path: str, status: int) -> None:
    async with asyncio.timeout(SECONDS):
        response = await client.get(f"{BASE}/{path}")

    assert response.status == status


async def test_refusals_of_those_who_are_signed_in(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    of_bob = await store.write(lists.create, bob.account.id, "friends")

    answers = [
        await client.get(f"{BASE}/list?list={of_bob.id}", headers=me),
        await client.get(f"{BASE}/list?list=x", headers=me),
        await client.get(f"{BASE}/user", headers=as_person(alice, "write")),
        await client.get(f"{BASE}/public", headers=as_person(alice, "write")),
    ]

    assert [answer.status for answer in answers] == [404, 400, 403, 403]


async def test_a_community_may_close_its_public_streams(client: Client, me: Headers) -> None:
    await store.write(settings.change, {"public_timelines": False}, None)

    refused = await client.get(f"{BASE}/public")

    assert refused.status == 401
    async with events(client, f"{BASE}/public", me):
        pass


async def test_a_revoked_token_ends_its_streams(
    client: Client, alice: Person, token: Callable[..., str], app_row: Application
) -> None:
    text = token(alice)
    async with events(client, f"{BASE}/user", {"Authorization": f"Bearer {text}"}) as heard:
        await store.write(oauth.revoke, text, app_row)

        assert await heard.next() == ("", "")


async def test_a_suspended_account_hears_nothing_more(client: Client, alice: Person, me: Headers) -> None:
    async with events(client, f"{BASE}/user", me) as heard:
        await store.write(moderation.suspend, alice.account.id, None)

        assert await heard.next() == ("", "")


@pytest.mark.parametrize("end", ["removed", "suspended", "kept"])
async def test_who_is_no_member_any_more_hears_nothing_more(
    client: Client, alice: Person, bob: Person, as_person: AsPerson, end: str
) -> None:
    society = make_organisation(alice)
    member = as_person(join(bob, society.account.id, MemberRole.EDITOR))

    async with events(client, f"{BASE}/user", member) as heard:
        if end == "removed":
            await store.write(members.remove, alice.user.id, society.account.id, bob.account.id)
        elif end == "suspended":
            await store.write(moderation.suspend, bob.account.id, None)
        else:
            await store.write(
                members.change_role, alice.user.id, society.account.id, bob.account.id, MemberRole.WRITER
            )
        own = None if end != "kept" else make_status(society, "still here")

        kind, body = await heard.next()

    assert kind == ("" if own is None else "update")
    assert own is None or json.loads(body)["id"] == str(own.id)


async def test_a_change_of_the_account_ends_nothing(client: Client, alice: Person, me: Headers) -> None:
    async with events(client, f"{BASE}/user", me) as heard:
        await store.write(moderation.silence, alice.account.id, None)
        own = make_status(alice, "still here")

        assert json.loads((await heard.next())[1])["id"] == str(own.id)


async def test_who_falls_too_far_behind_is_cut_off(client: Client, bob: Person) -> None:
    async with events(client, f"{BASE}/public/local") as heard:
        with store.transaction():
            for number in range(300):
                streams.publish(("public:local",), "delete", number)

        while (await heard.next())[0]:
            pass


async def test_a_stopping_process_ends_its_streams(client: Client) -> None:
    async with events(client, f"{BASE}/public") as heard:
        await client.app.shutdown()

        assert await heard.next() == ("", "")


async def test_one_client_takes_a_limited_number_of_seats(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MAX_LISTENERS", 1)
    async with events(client, f"{BASE}/public"):
        refused = await client.get(f"{BASE}/public")

        assert refused.status == 429
        assert len(client.app[LISTENERS]) == 1


async def test_pages_hear_nothing_of_what_a_filter_hides(
    client: Client, alice: Person, bob: Person, browser: Callable[[Person], Headers]
) -> None:
    make_follow(alice, bob)
    terms = Terms(title="Enough", contexts=["home"], action="hide")
    await store.write(filters.create, alice.account.id, terms, [KeywordChange(keyword="marmite")])
    async with events(client, "/events?stream=user", browser(alice)) as heard:
        await heard.next()  # how much waits
        await store.write(posting.post, bob.account.id, Draft(text="Marmite"))
        status = await store.write(posting.post, bob.account.id, Draft(text="Jam"))

        kind, data = await heard.next()

    assert (kind, json.loads(data)) == ("update", {"id": str(status.id)})


async def test_pages_hear_ids_over_their_session(
    client: Client, alice: Person, browser: Callable[[Person], Headers]
) -> None:
    async with events(client, "/events?stream=user", browser(alice)) as heard:
        assert await heard.next() == ("counts", '{"counts":{"/notifications":0,"/conversations":0},"newest":"0"}')
        own = make_status(alice, "mine")

        assert await heard.next() == ("update", f'{{"id":"{own.id}"}}')
    async with events(client, "/events?stream=user", browser(alice)) as later:
        assert json.loads((await later.next())[1])["newest"] == str(own.id)


async def test_pages_hear_how_much_waits_for_their_reader(
    client: Client, alice: Person, bob: Person, browser: Callable[[Person], Headers]
) -> None:
    status = make_status(alice)
    async with events(client, "/events?stream=user", browser(alice)) as heard:
        await heard.next()
        await store.write(favourites.add, bob.account.id, status.id)
        favourite = json.loads((await heard.next())[1])["counts"]
        await store.write(posting.post, bob.account.id, Draft(text="@alice Psst.", visibility=Visibility.DIRECT))
        message = json.loads((await heard.next())[1])["counts"]

    async with events(client, "/events?stream=user", browser(alice)) as heard:
        _, afterwards = await heard.next()

    assert favourite == {"/notifications": 1, "/conversations": 0}
    assert message == json.loads(afterwards)["counts"] == {"/notifications": 2, "/conversations": 1}


async def test_a_window_hears_what_concerns_its_account_after_its_browser_was_switched(
    client: Client, alice: Person, bob: Person, browser: Callable[[Person], Headers]
) -> None:
    society = make_organisation(alice)
    cookie = browser(alice)
    window = f"/events?stream=user&as={alice.account.id}"
    async with events(client, window, cookie) as before:
        await before.next()
        with in_unit():
            sessions.switch(alice.user.id, Session.get().id, society.account.id)
        assert await before.next() == ("", "")

    async with events(client, window, cookie) as heard:  # as the browser does by itself
        await heard.next()
        make_status(society, "Not for this window.")
        own = make_status(alice, "Mine.")

        assert await heard.next() == ("update", f'{{"id":"{own.id}"}}')

    assert (await client.get(f"/events?stream=user&as={alice.account.id}", headers=browser(bob))).status == 403
    assert (await client.get(f"/events?stream=user&as={bob.account.id}", headers=cookie)).status == 403


async def test_who_has_gone_before_the_stream_began_is_no_error(client: Client) -> None:
    gone = AsyncMock(spec=AbstractStreamWriter)
    gone.write_headers.side_effect = ClientConnectionResetError("Cannot write to closing transport")
    request = make_mocked_request("GET", "/events", app=client.app, writer=gone)

    response = await sse.respond(request, None, Stream(("public",), "public"), messages.only_id)

    assert (response.status, client.app[LISTENERS]) == (200, set())
    assert gone.write_headers.await_count == 1


@pytest.fixture
async def served(db: None, config: Config) -> AsyncIterator[web.AppRunner]:
    """As a node serves: its handlers go on when a client has gone. Those of a test server are cancelled."""
    async with complete_app(config) as app:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner
        await runner.cleanup()


async def test_who_leaves_a_silent_stream_takes_no_seat(served: web.AppRunner) -> None:
    listeners = served.app[LISTENERS]
    host, port = served.addresses[0]
    async with ClientSession() as visitor, visitor.get(f"http://{host}:{port}{BASE}/public") as response:
        assert await response.content.readline() == b":)\n"
        assert len(listeners) == 1
        response.close()

    for _ in range(500):
        if not listeners:
            break
        forward(sse.BEAT_SECONDS)
        await asyncio.sleep(0.01)
    assert listeners == set()


async def test_cookies_open_no_stream_of_the_api(
    client: Client, alice: Person, browser: Callable[[Person], Headers]
) -> None:
    refused = await client.get(f"{BASE}/user", headers=browser(alice))
    visitor = await client.get("/events?stream=user")

    assert (refused.status, visitor.status) == (401, 401)


async def test_the_health_of_streaming_is_plain_text(client: Client) -> None:
    assert await (await client.get(f"{BASE}/health")).text() == "OK"
