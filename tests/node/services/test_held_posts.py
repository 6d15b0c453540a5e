"""Posts that wait: each goes out once, or not at all, whoever is first."""

import pytest

from node.errors import NotFound
from node.models import ScheduledStatus, Status
from node.services.statuses import scheduled
from node.services.statuses.drafts import Draft
from tests.factories import Person


def test_of_two_workers_that_read_it_at_once_one_posts_it(unit: None, alice: Person) -> None:
    row = scheduled.hold(alice.account.id, Draft(text="Once."))

    posted = [scheduled._post(row), scheduled._post(row)]

    assert [status is not None for status in posted] == [True, False]
    assert Status.select().count() == 1


def test_what_was_taken_back_is_not_posted_and_what_is_posted_is_not_taken_back(unit: None, alice: Person) -> None:
    row = scheduled.hold(alice.account.id, Draft(text="Not after all."))
    scheduled.cancel(alice.account.id, row.id)
    assert scheduled._post(row) is None

    row = scheduled.hold(alice.account.id, Draft(text="Gone."))
    scheduled._post(row)
    with pytest.raises(NotFound):
        scheduled.cancel(alice.account.id, row.id)
    assert not ScheduledStatus.select().exists()
    assert [status.source for status in Status.select()] == ["Gone."]
