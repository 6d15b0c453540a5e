import pytest

from node.services.discovery import tag_usage, tags
from tests.factories import Person
from tests.factories_posts import make_status
from tests.queries import counted_queries

pytestmark = pytest.mark.usefixtures("unit")


def uses(tag_id: int) -> tuple[int, int]:
    """Of today, and how many queries it took to know."""
    with counted_queries() as asked:
        today = tag_usage.history([tag_id])[tag_id][0]
    return today.uses, len(asked)


def test_what_is_used_much_is_not_counted_for_each_page(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_usage, "_MANY", 2)
    make_status(alice, "A #linnet.")
    tag_id = tags.ensure("linnet").id

    assert [uses(tag_id), uses(tag_id)] == [(1, 1), (1, 1)]
    make_status(alice, "Another #linnet.")
    assert [uses(tag_id), uses(tag_id)] == [(2, 1), (2, 0)]
