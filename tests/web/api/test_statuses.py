"""Writing and looking at statuses through the client API."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.jobs import JobKind
from node.models import Account, Job, MediaAttachment, Status, Visibility
from node.services.interactions import reblogs
from node.services.statuses import posting
from node.services.statuses.drafts import Draft
from tests.factories import Person
from tests.factories_posts import make_follow, make_media, make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture
def other(bob: Person, as_person: AsPerson) -> Headers:
    return as_person(bob)


async def post(client: Client, headers: Headers, **fields: Any) -> dict[str, Any]:
    response = await client.post("/api/v1/statuses", json=fields, headers=headers)
    body: dict[str, Any] = await response.json()
    assert response.status == 200, body
    return body


async def test_a_post_is_answered_with_all_that_it_became(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    made = await post(
        client, me, status="Hello @bob, #Cats", spoiler_text="greeting", visibility="unlisted", language="en"
    )

    assert made["content"].startswith("<p>Hello ")
    assert (made["visibility"], made["language"], made["spoiler_text"]) == ("unlisted", "en", "greeting")
    assert made["sensitive"] is True
    assert [one["acct"] for one in made["mentions"]] == ["bob"]
    assert made["tags"] == [{"name": "cats", "url": "https://a.test/tags/cats"}]
    assert made["application"] == {"name": "Tester", "website": "https://tester.test"}
    assert made["account"]["statuses_count"] == 1
    assert (made["favourited"], made["pinned"], made["filtered"]) == (False, False, [])
    assert (made["quote"], made["card"], made["poll"], made["reblog"], made["quotes_count"]) == (None,) * 4 + (0,)


async def test_forms_work_as_well_as_json(client: Client, me: Headers) -> None:
    fields = {
        "status": "a poll",
        "poll[options][]": ["yes", "no"],
        "poll[expires_in]": "3600",
        "poll[multiple]": "true",
    }

    response = await client.post(
        "/api/v1/statuses",
        data=[(k, v) for k, many in fields.items() for v in ([many] if isinstance(many, str) else many)],
        headers=me,
    )

    poll = (await response.json())["poll"]
    assert [option["title"] for option in poll["options"]] == ["yes", "no"]
    assert (poll["multiple"], poll["voted"], poll["own_votes"], poll["expired"]) == (True, True, [], False)


async def test_the_same_idempotency_key_posts_once(client: Client, me: Headers, other: Headers) -> None:
    headers = me | {"Idempotency-Key": "one"}

    first, again = await post(client, headers, status="once"), await post(client, headers, status="once")
    elsewhere = await post(client, other | {"Idempotency-Key": "one"}, status="once")

    assert first["id"] == again["id"] != elsewhere["id"]
    assert Status.select().count() == 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"status": "x" * 501}, 422),
        ({"status": "hello", "visibility": "everybody"}, 400),
        ({"status": "hello", "in_reply_to_id": "12345"}, 404),
        ({"status": "hello", "in_reply_to_id": "x"}, 400),
        ({"status": "hello", "media_ids": ["12345"]}, 422),
        ({"status": "hello", "media_ids": [{"a": 1}]}, 400),
        ({"status": "hello", "poll": {"options": ["one"], "expires_in": 3600}}, 422),
        ({"status": "hello", "poll": {"options": ["one", "two"], "expires_in": 1}}, 422),
        ({"status": "hello", "poll": "yes"}, 400),
        ({"status": "hello", "quoted_status_id": "1"}, 404),
        ({"status": ["hello"]}, 400),
    ],
)
async def test_what_cannot_be_posted_is_refused_and_nothing_is_stored(
    client: Client, me: Headers, fields: dict[str, Any], status: int
) -> None:
    response = await client.post("/api/v1/statuses", json=fields, headers=me)

    assert response.status == status
    assert Status.select().count() == 0


async def test_posting_needs_a_person_and_the_scope(client: Client, alice: Person, as_person: AsPerson) -> None:
    without = await client.post("/api/v1/statuses", json={"status": "hello"})
    reading = await client.post("/api/v1/statuses", json={"status": "hello"}, headers=as_person(alice, "read"))

    assert (without.status, reading.status) == (401, 403)
    assert Status.select().count() == 0


async def test_defaults_come_from_the_persons_preferences(client: Client, me: Headers) -> None:
    source = {"source": {"privacy": "private", "sensitive": True, "language": "de"}}
    await client.patch("/api/v1/accounts/update_credentials", json=source, headers=me)

    made = await post(client, me, status="Guten Tag")

    assert (made["visibility"], made["sensitive"], made["language"]) == ("private", True, "de")


@pytest.mark.parametrize(
    ("said", "shown"), [("pt_BR", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW"), ("not a language", "de"), ("x" * 900, "de")]
)
async def test_a_post_does_not_fail_because_of_how_an_app_writes_its_language(
    client: Client, me: Headers, said: str, shown: str
) -> None:
    source = {"source": {"language": "de"}}
    await client.patch("/api/v1/accounts/update_credentials", json=source, headers=me)

    made = await post(client, me, status="Guten Tag", language=said)
    change = {"status": "Guten Abend", "language": "not a language"}
    edited = await (await client.put(f"/api/v1/statuses/{made['id']}", json=change, headers=me)).json()

    assert (made["language"], edited["language"]) == (shown, shown)


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DIRECT])
async def test_what_is_not_for_the_reader_is_answered_like_what_does_not_exist(
    client: Client, alice: Person, other: Headers, visibility: Visibility
) -> None:
    hidden, nothing = make_status(alice, "secret", visibility=visibility).id, 12345

    for headers in ({}, other):
        for path in ("", "/context", "/history", "/source", "/favourited_by", "/reblogged_by", "/quotes"):
            answers = [await client.get(f"/api/v1/statuses/{i}{path}", headers=headers) for i in (hidden, nothing)]
            assert answers[0].status == answers[1].status
            assert await answers[0].read() == await answers[1].read()
            assert answers[0].status in (401, 404)
    for verb in ("favourite", "reblog", "bookmark", "mute", "pin", "translate"):
        answers = [await client.post(f"/api/v1/statuses/{i}/{verb}", headers=other) for i in (hidden, nothing)]
        assert {answer.status for answer in answers} == {404}
        assert await answers[0].read() == await answers[1].read() == b'{"error":"Record not found"}'


async def test_followers_read_what_is_for_followers(
    client: Client, alice: Person, bob: Person, other: Headers
) -> None:
    make_follow(bob, alice)
    status = make_status(alice, "for friends", visibility=Visibility.PRIVATE)

    response = await client.get(f"/api/v1/statuses/{status.id}", headers=other)

    assert (await response.json())["visibility"] == "private"


async def test_a_visitor_sees_a_status_without_flags(client: Client, alice: Person) -> None:
    status = make_status(alice)

    body = await (await client.get(f"/api/v1/statuses/{status.id}")).json()

    assert not {"favourited", "reblogged", "bookmarked", "muted", "pinned", "filtered"} & set(body)


async def test_some_are_asked_for_by_id(client: Client, alice: Person, other: Headers) -> None:
    open_, hidden = make_status(alice, "open"), make_status(alice, "hidden", visibility=Visibility.DIRECT)

    response = await client.get(
        f"/api/v1/statuses?id[]={open_.id}&id[]={hidden.id}&id[]=99&id[]={open_.id}", headers=other
    )

    assert [one["id"] for one in await response.json()] == [str(open_.id)]


@pytest.mark.parametrize(
    ("verb", "back", "flag", "count"),
    [
        ("favourite", "unfavourite", "favourited", "favourites_count"),
        ("bookmark", "unbookmark", "bookmarked", None),
        ("mute", "unmute", "muted", None),
    ],
)
async def test_what_a_reader_does_can_be_undone(
    client: Client, bob: Person, me: Headers, verb: str, back: str, flag: str, count: str | None
) -> None:
    status = make_status(bob)

    done = await (await client.post(f"/api/v1/statuses/{status.id}/{verb}", headers=me)).json()
    twice = await (await client.post(f"/api/v1/statuses/{status.id}/{verb}", headers=me)).json()
    undone = await (await client.post(f"/api/v1/statuses/{status.id}/{back}", headers=me)).json()

    assert (done[flag], twice[flag], undone[flag]) == (True, True, False)
    if count is not None:
        assert (done[count], twice[count], undone[count]) == (1, 1, 0)


async def test_a_boost_is_answered_with_the_boost_and_taken_back_with_the_original(
    client: Client, bob: Person, me: Headers
) -> None:
    status = make_status(bob)

    boost = await (await client.post(f"/api/v1/statuses/{status.id}/reblog", headers=me)).json()
    undone = await (await client.post(f"/api/v1/statuses/{boost['id']}/unreblog", headers=me)).json()

    assert boost["id"] != boost["reblog"]["id"] == str(status.id)
    assert boost["reblog"]["reblogged"] is True
    assert (undone["id"], undone["reblogged"], undone["reblogs_count"]) == (str(status.id), False, 0)


async def test_one_pins_own_statuses_alone(client: Client, alice: Person, me: Headers, other: Headers) -> None:
    status = make_status(alice)

    pinned = await client.post(f"/api/v1/statuses/{status.id}/pin", headers=me)
    by_another = await client.post(f"/api/v1/statuses/{status.id}/pin", headers=other)
    shown = await client.get(f"/api/v1/accounts/{alice.account.id}/statuses?pinned=true")
    unpinned = await client.post(f"/api/v1/statuses/{status.id}/unpin", headers=me)

    assert (await pinned.json())["pinned"] is True
    assert by_another.status == 404
    assert [one["id"] for one in await shown.json()] == [str(status.id)]
    assert (await unpinned.json())["pinned"] is False


async def test_an_edit_changes_words_and_alt_texts_and_keeps_what_was(
    client: Client, alice: Person, me: Headers
) -> None:
    media = make_media(alice, description="a dog")
    status = make_status(alice, "before", media_ids=(media.id,))

    edited = await client.put(
        f"/api/v1/statuses/{status.id}",
        json={
            "status": "after",
            "media_ids": [str(media.id)],
            "media_attributes": [{"id": str(media.id), "description": "a cat"}],
        },
        headers=me,
    )
    history = await (await client.get(f"/api/v1/statuses/{status.id}/history")).json()
    source = await (await client.get(f"/api/v1/statuses/{status.id}/source", headers=me)).json()

    body = await edited.json()
    assert body["content"] == "<p>after</p>"
    assert body["edited_at"] is not None
    assert body["media_attachments"][0]["description"] == "a cat"
    assert [one["content"] for one in history] == ["<p>before</p>", "<p>after</p>"]
    assert [one["media_attachments"][0]["description"] for one in history] == ["a dog", "a cat"]
    assert (source["text"], source["spoiler_text"]) == ("after", "")


async def test_new_alt_text_alone_is_an_edit(client: Client, alice: Person, me: Headers) -> None:
    media = make_media(alice)
    status = make_status(alice, "words", media_ids=(media.id,))
    change = {
        "status": "words",
        "media_ids": [str(media.id)],
        "media_attributes": [{"id": str(media.id), "description": "a cat"}],
    }

    body = await (await client.put(f"/api/v1/statuses/{status.id}", json=change, headers=me)).json()

    assert body["media_attachments"][0]["description"] == "a cat"
    assert body["edited_at"] is not None


@pytest.mark.parametrize(("focus", "shown"), [("0.1,-0.2", (0.1, -0.2)), ("", (0.5, 0.5)), ("0.5,0.5", (0.5, 0.5))])
async def test_an_edit_moves_the_focal_point_of_a_picture(
    client: Client, alice: Person, me: Headers, focus: str, shown: tuple[float, float]
) -> None:
    media = make_media(alice, focus=(0.5, 0.5))
    status = make_status(alice, "words", media_ids=(media.id,))
    change = {
        "status": "words",
        "media_ids": [str(media.id)],
        "media_attributes": [{"id": str(media.id), "focus": focus}],
    }

    body = await (await client.put(f"/api/v1/statuses/{status.id}", json=change, headers=me)).json()

    assert body["media_attachments"][0]["meta"]["focus"] == dict(zip("xy", shown, strict=True))
    assert (body["edited_at"] is not None) == (shown != (0.5, 0.5))


async def test_an_edit_with_what_is_no_focal_point_changes_nothing(
    client: Client, alice: Person, me: Headers
) -> None:
    media = make_media(alice)
    status = make_status(alice, "before", media_ids=(media.id,))
    wrong = [{"id": str(media.id), "focus": "left"}]

    answer = await client.put(
        f"/api/v1/statuses/{status.id}",
        json={"status": "after", "media_ids": [str(media.id)], "media_attributes": wrong},
        headers=me,
    )

    assert answer.status == 422
    assert Status.get_by_id(status.id).source == "before"


async def test_nobody_edits_deletes_or_reads_the_source_of_anothers(
    client: Client, alice: Person, other: Headers
) -> None:
    status = make_status(alice, "mine")
    path = f"/api/v1/statuses/{status.id}"

    answers = [
        await client.put(path, json={"status": "yours"}, headers=other),
        await client.delete(path, headers=other),
        await client.get(f"{path}/source", headers=other),
    ]

    assert [answer.status for answer in answers] == [404] * 3
    assert Status.get_by_id(status.id).source == "mine"


async def test_a_deleted_status_can_be_written_again_with_its_pictures(
    client: Client, alice: Person, me: Headers
) -> None:
    media = make_media(alice)
    status = make_status(alice, "with *stars*", media_ids=(media.id,))

    deleted = await (await client.delete(f"/api/v1/statuses/{status.id}", headers=me)).json()
    gone = await client.get(f"/api/v1/statuses/{status.id}")
    again = await post(client, me, status=deleted["text"], media_ids=[deleted["media_attachments"][0]["id"]])

    assert deleted["text"] == "with *stars*"
    assert gone.status == 404
    assert again["media_attachments"][0]["id"] == str(media.id)


async def test_a_thread_is_shown_above_and_below_a_status(client: Client, alice: Person, bob: Person) -> None:
    root = make_status(alice, "root")
    middle = make_status(bob, "middle", in_reply_to_id=root.id)
    leaf = make_status(alice, "leaf", in_reply_to_id=middle.id)
    make_status(alice, "hidden", in_reply_to_id=middle.id, visibility=Visibility.DIRECT)

    context = await (await client.get(f"/api/v1/statuses/{middle.id}/context")).json()

    assert [one["id"] for one in context["ancestors"]] == [str(root.id)]
    assert [one["id"] for one in context["descendants"]] == [str(leaf.id)]
    assert context["descendants"][0]["in_reply_to_id"] == str(middle.id)
    assert context["descendants"][0]["in_reply_to_account_id"] == str(bob.account.id)


async def test_who_favourited_and_boosted_is_listed(
    client: Client, alice: Person, bob: Person, other: Headers
) -> None:
    status = make_status(alice)
    await client.post(f"/api/v1/statuses/{status.id}/favourite", headers=other)
    await client.post(f"/api/v1/statuses/{status.id}/reblog", headers=other)

    for path in ("favourited_by", "reblogged_by"):
        response = await client.get(f"/api/v1/statuses/{status.id}/{path}")
        assert [one["acct"] for one in await response.json()] == ["bob"]


async def test_a_remote_status_names_no_application_and_shows_its_files_under_our_address(
    client: Client, remote: Callable[..., Account]
) -> None:
    status = make_status(remote("carol"), "far away")
    with store.transaction():
        MediaAttachment.create(
            account=status.account_id,
            status=status.id,
            kind="image",
            remote_url="https://remote.test/cat.png",
            created_at=clock.now_ms(),
        )

    body = await (await client.get(f"/api/v1/statuses/{status.id}")).json()

    assert "application" not in body
    (media,) = body["media_attachments"]
    assert media["url"].startswith("https://a.test/proxy/")
    assert media["remote_url"] == "https://remote.test/cat.png"


async def test_a_poll_is_voted_in_once_and_hides_nothing_afterwards(
    client: Client, alice: Person, me: Headers, other: Headers
) -> None:
    made = await post(
        client, me, status="well?", poll={"options": ["yes", "no"], "expires_in": 3600, "hide_totals": True}
    )
    poll_id = made["poll"]["id"]

    seen = await (await client.get(f"/api/v1/polls/{poll_id}")).json()
    voted = await (await client.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": ["1"]}, headers=other)).json()
    again = await client.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": [0]}, headers=other)
    own = await client.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": [0]}, headers=me)

    assert "voted" not in seen
    assert [option["votes_count"] for option in seen["options"]] == [None, None]
    assert (voted["voted"], voted["own_votes"], voted["votes_count"]) == (True, [1], 1)
    assert (again.status, own.status) == (422, 422)


async def test_what_is_kept_can_be_listed_page_by_page(client: Client, bob: Person, me: Headers) -> None:
    ids = [str(make_status(bob, f"number {i}").id) for i in range(3)]
    for verb, listing in (("favourite", "favourites"), ("bookmark", "bookmarks")):
        for status_id in ids:
            await client.post(f"/api/v1/statuses/{status_id}/{verb}", headers=me)

        first = await client.get(f"/api/v1/{listing}?limit=2", headers=me)
        rest = await client.get(str(first.links["next"]["url"].relative()), headers=me)

        assert [one["id"] for one in await first.json()] == ids[:0:-1]
        assert [one["id"] for one in await rest.json()] == ids[:1]
        assert all(one[f"{verb.rstrip('e')}ed"] for one in await first.json())


async def test_a_mention_that_cannot_be_looked_up_does_not_keep_a_post_from_being_made(
    client: Client, me: Headers
) -> None:
    made = await post(client, me, status="Hello @nobody@127.0.0.1")

    assert made["mentions"] == []


async def test_many_readers_at_once_get_the_same(client: Client, alice: Person, me: Headers) -> None:
    boost = None
    with store.transaction():
        status = posting.post(alice.account.id, Draft(text="popular"))
        boost = reblogs.add(alice.account.id, status.id)

    answers = await asyncio.gather(*(client.get(f"/api/v1/statuses/{boost.id}") for _ in range(10)))

    assert len({await answer.read() for answer in answers}) == 1
    assert Job.select().count() == 0


async def test_a_poll_may_have_pictures(client: Client, alice: Person, me: Headers) -> None:
    picture = make_media(alice)

    made = await post(
        client,
        me,
        status="Which?",
        media_ids=[str(picture.id)],
        poll={"options": ["this", "that"], "expires_in": 3_600},
    )

    assert [one["id"] for one in made["media_attachments"]] == [str(picture.id)]
    assert [one["title"] for one in made["poll"]["options"]] == ["this", "that"]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [("text/markdown", "<strong>bold</strong>"), ("text/plain", "**bold**"), ("", "**bold**")],
)
async def test_an_app_says_what_it_writes_in(client: Client, me: Headers, content_type: str, content: str) -> None:
    made = await post(client, me, status="**bold**", content_type=content_type)

    assert content in made["content"]


async def test_a_local_post_is_for_people_here(client: Client, alice: Person, me: Headers, other: Headers) -> None:
    made = await post(client, me, status="For us", local_only=True)
    plain = await post(client, me, status="For all")

    shown = [(await client.get(f"/api/v1/statuses/{made['id']}", headers=who)).status for who in (me, other, {})]

    assert (made["local_only"], plain["local_only"], shown) == (True, False, [200, 200, 404])
    assert [job.subject for job in Job.select().where(Job.kind == JobKind.SEND_STATUS)] in ([], [int(plain["id"])])
