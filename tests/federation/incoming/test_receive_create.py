"""Posts arrive (PROTOCOL 1.2 to 1.4)."""

from node.models import Feed, Status
from tests.factories import Person
from tests.federation.incoming.fediverse import Here, Somebody


async def test_a_post_of_somebody_who_is_followed_here_is_in_the_followers_feed(
    here: Here, carol: Somebody, alice: Person
) -> None:
    note = carol.note("Good morning.")

    await here.receive(carol, carol.creates(note))

    status = Status.get(Status.uri == note["id"])
    assert status.content == "<p>Good morning.</p>"
    assert [row.account_id for row in Feed.select().where(Feed.status == status.id)] == [alice.account.id]
