"""Sentences that are kept for later are said in the language of whoever reads them then."""

import pytest

from node import store
from node.models import ScheduledStatus
from node.speech import kept, of_kept, said, said_in
from tests.factories import Person

_WHY = said(
    "Post %(number)s: %(problem)s",
    number=2,
    problem=said("The archive has too many posts: %(most)s were read.", most=9),
)


def test_a_sentence_is_kept_with_its_values() -> None:
    again = of_kept(kept(_WHY))

    assert again == _WHY == "Post 2: The archive has too many posts: 9 were read."
    assert said_in("de", again) == said_in("de", _WHY) != _WHY


@pytest.mark.parametrize(
    "text",
    [
        *("", "Plain words.", "100 % sure", "{", "{}", '{"said": 1, "values": {}}'),
        *('{"said": "a", "values": {}, "b": 1}', '{"said": "%(a)s", "values": {"b": 1}}'),
        *('{"said": "%(a)d", "values": {"a": "x"}}', '{"said": "%", "values": {"a": 1}}'),
    ],
)
def test_any_other_text_is_itself(text: str) -> None:
    assert of_kept(kept(text)) == text


def test_a_row_holds_it(unit: None, alice: Person) -> None:
    row = ScheduledStatus.create(account=alice.account.id, scheduled_at=1, problem=_WHY, draft="{}", created_at=1)

    assert said_in("de", ScheduledStatus.get_by_id(row.id).problem) == said_in("de", _WHY)
    assert ScheduledStatus.update(problem="").where(ScheduledStatus.id == row.id).execute() == 1
    assert ScheduledStatus.select().where(ScheduledStatus.problem == "").count() == 1
    assert store.database.execute_sql("SELECT problem FROM scheduled_status").fetchall()[0][0] == ""
