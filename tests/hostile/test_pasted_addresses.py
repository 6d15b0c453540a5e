"""Pasting the address of what is hidden makes the node do what it does for what it has never heard of."""

from collections.abc import Callable

from node.models import Status, Visibility
from tests.factories import Person
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account
from tests.privacy import cast as people
from tests.privacy.answers import ask
from tests.web.conftest import Client

Token = Callable[..., str]


async def test_a_post_for_followers_elsewhere_is_asked_for_there_as_if_it_were_unknown(
    client: Client, here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person, token: Token
) -> None:
    known = make_status(account(carol), "hushhush", uri=f"{carol.uri}/notes/known", visibility=Visibility.PRIVATE)
    stranger, asked = people.with_token(bob, token), {}

    for name, uri in (("known", known.uri), ("unknown", f"{carol.uri}/notes/other")):
        there.received.clear()
        answer = await ask(client, stranger, "GET", f"/api/v2/search?q={uri}&resolve=true")
        asked[name] = (answer.status, answer.body, len(there.received))

    assert asked["known"] == asked["unknown"]
    assert asked["known"][2] > 0
    assert "hushhush" not in asked["known"][1]


async def test_who_follows_finds_it_without_asking_anybody(
    client: Client, here: Here, there: Elsewhere, carol: Somebody, alice: Person, token: Token
) -> None:
    known = make_status(account(carol), "hushhush", visibility=Visibility.PRIVATE)

    answer = await ask(client, people.with_token(alice, token), "GET", f"/api/v2/search?q={known.uri}&resolve=true")

    assert "hushhush" in answer.body
    assert there.received == []


async def test_not_even_a_server_that_hands_it_out_makes_it_visible(
    client: Client, here: Here, there: Elsewhere, carol: Somebody, bob: Person, alice: Person, token: Token
) -> None:
    """Its server may take our node for a reader: that does not make a reader of everybody here."""
    note = carol.note("hushhush") | {"to": [f"{carol.uri}/followers"], "cc": []}
    there.serve(note)

    answer = await ask(client, people.with_token(bob, token), "GET", f"/api/v2/search?q={note['id']}&resolve=true")

    assert answer.status == 200
    assert "hushhush" not in answer.body
    assert [row.visibility for row in Status.select()] in ([], ["private"])
