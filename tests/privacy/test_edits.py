"""A change never makes anything visible to more people: not who reads it, nor where it goes, nor what else it shows."""

from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Mention, Status, Visibility
from node.services.interactions import reblogs
from node.services.statuses import edits
from node.services.statuses.facts import MediaFacts
from tests.factories_posts import make_note, make_status
from tests.privacy import cast as people
from tests.privacy.answers import ask
from tests.privacy.cast import HIDDEN, WORD, Cast
from tests.web.conftest import Client

Token = Callable[..., str]

WIDER: list[dict[str, Any]] = [
    {"visibility": "public"},
    {"visibility": "unlisted"},
    {"local_only": False},
    {"in_reply_to_id": None},
    {"visibility": "public", "local_only": False, "sensitive": False, "spoiler_text": ""},
]


@pytest.mark.parametrize("more", WIDER)
@pytest.mark.parametrize("kind", people.KINDS)
async def test_an_edit_through_the_api_leaves_the_audience_as_it_was(
    client: Client, cast: Cast, token: Token, kind: str, more: dict[str, Any]
) -> None:
    status = people.KINDS[kind](cast)
    alice = people.with_token(cast.alice, token)
    path = f"/api/v1/statuses/{status.id}"

    answer = await ask(client, alice, "PUT", path, json={"status": f"{HIDDEN}, changed", **more})

    after = Status.get_by_id(status.id)
    assert answer.status == 200
    assert "changed" in answer.body
    assert (after.visibility, after.local_only) == (status.visibility, status.local_only)
    assert after.in_reply_to_id == status.in_reply_to_id
    assert (await ask(client, people.visitor(), "GET", path)).status == 404


@pytest.mark.parametrize("kind", people.KINDS)
async def test_an_edit_through_the_page_leaves_the_audience_as_it_was(client: Client, cast: Cast, kind: str) -> None:
    status = people.KINDS[kind](cast)
    alice = people.signed_in(client, cast.alice)
    typed = {"text": f"{HIDDEN}, changed", "visibility": "public", "local_only": ""}

    answer = await ask(client, alice, "POST", f"/statuses/{status.id}/edit", data=typed)

    after = Status.get_by_id(status.id)
    assert answer.status == 303
    assert "changed" in after.source
    assert (after.visibility, after.local_only) == (status.visibility, status.local_only)


async def test_who_is_named_by_an_edit_reads_it_and_nobody_else(client: Client, cast: Cast, token: Token) -> None:
    status = people.direct(cast)
    path = f"/api/v1/statuses/{status.id}"
    bob, dora, blake = (people.with_token(person, token) for person in (cast.bob, cast.dora, cast.blake))
    before = [(await ask(client, reader, "GET", path)).status for reader in (bob, dora, blake)]

    await ask(
        client, people.with_token(cast.alice, token), "PUT", path, json={"status": f"@bob @blake {HIDDEN}, changed"}
    )

    after = [(await ask(client, reader, "GET", path)).status for reader in (bob, dora, blake)]
    assert (before, after) == ([404, 200, 404], [200, 200, 404])


@pytest.mark.parametrize("before", [Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT])
async def test_another_server_cannot_make_public_what_it_sent_to_some(
    client: Client, cast: Cast, token: Token, before: Visibility
) -> None:
    status = make_status(cast.rita, WORD, visibility=before, mentions=(cast.dora.account.id,))
    changed = make_note(
        cast.rita, f"{WORD}, changed", uri=status.uri, updated_at=status.created_at + 1, visibility=Visibility.PUBLIC
    )
    with store.transaction():
        edits.receive_edit(cast.rita, changed)

    timeline = await ask(client, people.visitor(), "GET", "/api/v1/timelines/public")

    after = Status.get_by_id(status.id)
    assert (after.visibility, "changed" in after.content) == (before, True)
    assert WORD not in timeline.body
    # Who is named no longer has read it already.
    assert Mention.select().where(Mention.status == status.id).count() == 1


async def test_an_edit_elsewhere_takes_pictures_away_with_their_words(
    client: Client, cast: Cast, token: Token
) -> None:
    facts = MediaFacts(kind="image", mime="image/png", remote_url="https://remote.test/a.png", description=WORD)
    status = make_status(cast.rita, "Look.", media=(facts,))
    path = f"/api/v1/statuses/{status.id}"
    before = await ask(client, people.visitor(), "GET", path)
    with store.transaction():
        edits.receive_edit(
            cast.rita, make_note(cast.rita, "Look away.", uri=status.uri, updated_at=status.created_at + 1)
        )

    after = await ask(client, people.visitor(), "GET", path)

    assert (WORD in before.body, WORD in after.body) == (True, False)


@pytest.mark.parametrize("wish", ["public", "unlisted", "private", "direct"])
async def test_a_boost_of_what_is_for_followers_is_for_followers(
    client: Client, cast: Cast, token: Token, wish: str
) -> None:
    status = make_status(cast.alice, HIDDEN, visibility=Visibility.PRIVATE)

    answer = await ask(
        client,
        people.with_token(cast.alice, token),
        "POST",
        f"/api/v1/statuses/{status.id}/reblog",
        json={"visibility": wish},
    )

    boost = Status.get(Status.reblog_of == status.id)
    assert (answer.status, boost.visibility) == (200, "private")
    path = f"/api/v1/statuses/{boost.id}"
    assert (await ask(client, people.visitor(), "GET", path)).status == 404


async def test_a_boost_of_what_stays_here_stays_here(client: Client, cast: Cast) -> None:
    status = people.local_only(cast)

    with store.transaction():
        boost = reblogs.add(cast.bob.account.id, status.id)

    assert boost.local_only
    assert (await ask(client, people.visitor(), "GET", f"/api/v1/statuses/{boost.id}")).status == 404


async def test_an_answer_to_what_stays_here_stays_here_whatever_is_asked_for(
    client: Client, cast: Cast, token: Token
) -> None:
    status = people.local_only(cast)

    answer = await ask(
        client,
        people.with_token(cast.bob, token),
        "POST",
        "/api/v1/statuses",
        json={"status": f"I answer {WORD}", "in_reply_to_id": str(status.id), "local_only": False},
    )

    assert answer.status == 200
    assert Status.get(Status.in_reply_to == status.id).local_only
