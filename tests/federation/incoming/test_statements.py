"""What an ordinary post asks of the database when it arrives: each statement more costs every activity."""

from federation.http.kept import Kept
from node import clock
from node.models import Status
from tests.federation.incoming.fediverse import Here, Somebody
from tests.queries import counted_queries

# The key and its owner; whether the host sleeps; the activity.
ACCEPTING = 3
# What is known of the post; its thread; the post; its author's count; answers that came before it; home feeds; bells;
# lists.
ACTING = 8
# The job is written and done; the activity and its actor are read again; the body is emptied.
QUEUEING = 4


def _of_one_activity(statements: list[str]) -> list[str]:
    """Without what many activities share: transactions, the look for jobs, and the cut of a feed, after one post of 64."""
    words = ("SELECT", "INSERT", "UPDATE", "DELETE")
    shared = ("FROM job AS", "lease", "DELETE FROM feed")
    plain = [sql.replace('"', "") for sql in statements]
    return [sql for sql in plain if sql.startswith(words) and not any(one in sql for one in shared)]


async def test_a_post_of_a_known_author_costs_few_statements(here: Here, carol: Somebody) -> None:
    await here.receive(carol, carol.creates(carol.note()))

    with clock.frozen(clock.now_ms() + clock.MINUTE), counted_queries() as statements:
        assert await here.deliver(carol, carol.creates(carol.note())) == 202

    assert Status.select().count() == 2
    assert len(_of_one_activity(statements)) == ACCEPTING + ACTING, "\n".join(statements)


async def test_one_that_is_queued_costs_few_more(here: Here, carol: Somebody) -> None:
    await here.receive(carol, carol.creates(carol.note()))
    here.crowd(carol)

    with counted_queries() as statements:
        await here.receive(carol, carol.creates(carol.note()))

    assert Status.select().count() == 2
    assert len(_of_one_activity(statements)) == ACCEPTING + ACTING + QUEUEING, "\n".join(statements)


async def test_what_another_process_accepted_is_read_from_its_row(here: Here, carol: Somebody) -> None:
    note = carol.note()
    here.crowd(carol)
    assert await here.deliver(carol, carol.creates(note)) == 202
    object.__setattr__(here.fed, "readings", Kept(seconds=60))

    await here.work()

    assert Status.get().uri == note["id"]
