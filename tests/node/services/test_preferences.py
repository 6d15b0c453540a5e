"""How somebody wants to post and read."""

import pytest

from node.errors import Invalid
from node.models import User, Visibility
from node.services.access import preferences
from node.services.access.preferences import Preferences, Theme
from node.services.community import settings
from tests.factories import make_person


def test_until_somebody_chooses_the_community_has_chosen(unit: None) -> None:
    settings.change({"default_visibility": "unlisted"}, None)

    assert preferences.of(make_person().user).visibility is Visibility.UNLISTED
    assert preferences.of(None) == Preferences()


def test_what_was_chosen_stays_chosen_when_more_is(unit: None) -> None:
    user = make_person().user

    preferences.change(user.id, {"theme": "dark"})
    preferences.change(user.id, {"text_size": 120, "posting_visibility": "private"})

    chosen = preferences.of(User.get_by_id(user.id))
    assert (chosen.theme, chosen.text_size, chosen.visibility) == (Theme.DARK, 120, Visibility.PRIVATE)


@pytest.mark.parametrize(
    "values",
    [{"theme": "pink"}, {"text_size": 1000}, {"text_size": "big"}, {"x": 1}, {"posting_language": "<script>"}],
)
def test_what_cannot_be_chosen_changes_nothing(unit: None, values: dict[str, object]) -> None:
    user = make_person().user

    with pytest.raises(Invalid):
        preferences.change(user.id, {"more_contrast": True} | values)

    assert preferences.of(User.get_by_id(user.id)) == Preferences()


def test_what_cannot_be_read_counts_as_not_chosen(unit: None) -> None:
    user = make_person().user
    user.preferences = '{"theme": 7}'

    assert preferences.of(user) == Preferences()
