"""What the staff tells everybody here."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Announcement, AuditEntry, CustomEmoji
from node.services import accounts
from node.services.community import announcements
from tests.factories import Person
from tests.web.conftest import Client, Headers
from tests.web.streaming.listening import events

AsPerson = Callable[..., Headers]
PATH = "/api/v1/announcements"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


async def announce(text: str = "A **pause** on Sunday.", ends_at: int | None = None) -> Announcement:
    return await store.write(announcements.publish, text, ends_at, None)


async def shown(client: Client, headers: Headers, query: str = "") -> list[dict[str, Any]]:
    response = await client.get(f"{PATH}{query}", headers=headers)
    assert response.status == 200
    return list(await response.json())


async def test_everybody_here_is_told_until_they_have_read_it(
    client: Client, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    row = await announce("A **pause** on Sunday, says @bob #pause")

    (one,) = await shown(client, me)
    dismissed = await client.post(f"{PATH}/{row.id}/dismiss", headers=me)
    again = await client.post(f"{PATH}/{row.id}/dismiss", headers=me)

    assert "<strong>pause</strong>" in one["content"]
    assert (one["read"], one["reactions"], one["ends_at"]) == (False, [], None)
    assert [mention["acct"] for mention in one["mentions"]] == ["bob"]
    assert [tag["name"] for tag in one["tags"]] == ["pause"]
    assert (dismissed.status, again.status) == (200, 200)
    assert [one["read"] for one in await shown(client, me)] == [True]
    assert await shown(client, me, "?with_dismissed=false") == []
    assert [one["read"] for one in await shown(client, as_person(bob))] == [False]


async def test_what_is_over_is_not_told_any_more(client: Client, me: Headers) -> None:
    row = await announce(ends_at=clock.now_ms() + clock.HOUR)
    assert len(await shown(client, me)) == 1

    with clock.frozen(clock.now_ms() + 2 * clock.HOUR):
        assert await shown(client, me, "?with_dismissed=true") == []
        assert (await client.post(f"{PATH}/{row.id}/dismiss", headers=me)).status == 404


async def test_people_react_once_each_and_take_it_back(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    reaction = f"{PATH}/{(await announce()).id}/reactions/👍"
    for headers in (me, me, as_person(bob)):
        assert (await client.put(reaction, headers=headers)).status == 200

    ((mine,), (theirs,)) = [(await shown(client, headers))[0]["reactions"] for headers in (me, as_person(bob))]
    await client.delete(reaction, headers=me)
    (left,) = (await shown(client, me))[0]["reactions"]
    await store.write(accounts.delete_local, bob.account.id)

    assert mine == theirs == {"name": "👍", "count": 2, "me": True}
    assert left == {"name": "👍", "count": 1, "me": False}
    assert (await shown(client, me))[0]["reactions"] == []


async def test_an_emoji_of_this_server_comes_with_its_picture(client: Client, me: Headers) -> None:
    with store.transaction():
        CustomEmoji.create(shortcode="linnet", image_key="aa/linnet.png", updated_at=1)
    row = await announce()

    assert (await client.put(f"{PATH}/{row.id}/reactions/linnet", headers=me)).status == 200

    ((reaction,),) = [one["reactions"] for one in await shown(client, me)]
    assert (reaction["name"], reaction["count"], reaction["me"]) == ("linnet", 1, True)
    assert reaction["url"].startswith("https://a.test/")
    assert reaction["static_url"].startswith("https://a.test/")


@pytest.mark.parametrize("name", ["nonsense", "hello world", ":none:", "👍👍"])
async def test_what_is_no_emoji_is_refused(client: Client, me: Headers, name: str) -> None:
    row = await announce()

    response = await client.put(f"{PATH}/{row.id}/reactions/{name}", headers=me)

    assert response.status == 422
    assert (await response.json())["error"] == "Validation failed: Name is not a recognized emoji"
    assert (await shown(client, me))[0]["reactions"] == []


async def test_there_is_an_end_to_different_reactions(
    client: Client, me: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "MAX_REACTIONS", 1)
    row = await announce()

    answers = [await client.put(f"{PATH}/{row.id}/reactions/{name}", headers=me) for name in ("👍", "👍", "🎉")]

    assert [answer.status for answer in answers] == [200, 200, 422]
    assert (await answers[-1].json())["error"] == "Validation failed: Limit of different reactions reached"


async def test_what_is_not_announced_is_not_there(client: Client, me: Headers) -> None:
    answers = [
        await client.post(f"{PATH}/7/dismiss", headers=me),
        await client.put(f"{PATH}/7/reactions/👍", headers=me),
        await client.delete(f"{PATH}/7/reactions/👍", headers=me),
        await client.get(PATH),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404, 401]


async def test_scopes_are_asked_for(client: Client, alice: Person, as_person: AsPerson) -> None:
    row, reading = await announce(), as_person(alice, "read")

    answers = [
        await client.post(f"{PATH}/{row.id}/dismiss", headers=reading),
        await client.put(f"{PATH}/{row.id}/reactions/👍", headers=reading),
    ]

    assert [answer.status for answer in answers] == [403, 403]
    assert len(await shown(client, reading)) == 1


async def test_streams_tell_of_them(client: Client, me: Headers) -> None:
    async with events(client, "/api/v1/streaming/user", me) as heard:
        row = await announce()
        kind, data = await heard.next()
        assert (kind, json.loads(data)["id"]) == ("announcement", str(row.id))

        await client.put(f"{PATH}/{row.id}/reactions/👍", headers=me)
        kind, data = await heard.next()
        assert kind == "announcement.reaction"
        assert json.loads(data) == {"name": "👍", "count": 1, "me": True, "announcement_id": str(row.id)}

        await client.delete(f"{PATH}/{row.id}/reactions/👍", headers=me)
        assert json.loads((await heard.next())[1])["count"] == 0

        await store.write(announcements.remove, row.id, None)
        assert await heard.next() == ("announcement.delete", str(row.id))


async def test_each_change_is_on_record(db: None) -> None:
    row = await announce("Soon.")
    await store.write(announcements.change, row.id, "Later.", None, None)
    await store.write(announcements.remove, row.id, None)

    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)] == [
        "add.announcement",
        "change.announcement",
        "remove.announcement",
    ]
