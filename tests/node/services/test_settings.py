"""Settings: what a community decides."""

import pytest

from node import store, streams
from node.errors import Forbidden, Invalid
from node.models import AuditEntry, Setting
from node.services.community import settings
from node.services.community.settings import Registrations
from tests.factories import Person, make_person


def test_registration_is_by_approval_until_somebody_decides(unit: None) -> None:
    assert settings.current().registrations is Registrations.APPROVAL


def test_a_change_holds_at_once_and_is_recorded(unit: None) -> None:
    admin = make_person(role="admin").account

    settings.change({"registrations": "open", "max_characters": 140}, admin)

    assert settings.current().registrations is Registrations.OPEN
    assert settings.current().max_characters == 140
    assert [entry.target for entry in AuditEntry.select().order_by(AuditEntry.id)] == [
        "registrations",
        "max_characters",
    ]


def test_only_administrators_change_settings(unit: None) -> None:
    with pytest.raises(Forbidden):
        settings.change({"title": "Mine"}, make_person(role="moderator").account)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("registrations", "anybody"),
        ("max_characters", 0),
        ("max_characters", "500"),
        ("max_characters", True),
        ("title", ["a"]),
        ("title", "x" * 101),
        ("hue", 360),
        ("languages", [1]),
        ("nothing", 1),
        ("public_timelines", None),
    ],
)
def test_impossible_values_are_refused_and_change_nothing(unit: None, name: str, value: object) -> None:
    with pytest.raises(Invalid, match=name):
        settings.change({"title": "Changed", name: value}, None)

    assert settings.current() == settings.Settings()
    assert not Setting.select().exists()


def test_the_default_leaves_no_row(unit: None) -> None:
    settings.change({"hue": 200}, None)
    settings.change({"hue": 14}, None)

    assert not Setting.select().exists()


def test_words_of_the_command_line_become_values() -> None:
    assert settings.from_text("public_timelines", "off") is False
    assert settings.from_text("max_characters", "140") == 140
    assert settings.from_text("languages", "en, de") == ["en", "de"]
    assert settings.from_text("title", "140") == "140"
    assert settings.from_text("max_characters", "many") == "many"


def test_what_another_version_wrote_does_not_stop_this_one(unit: None) -> None:
    Setting.create(key="from_the_future", value="1")
    Setting.create(key="hue", value='"red"')
    Setting.create(key="title", value="{")

    assert settings.current() == settings.Settings()


def test_every_key_says_what_it_is_for() -> None:
    for key in settings.all_keys():
        assert key.description.endswith(".")
        assert key.type


async def test_other_processes_are_told(alice: Person) -> None:
    with streams.subscribe(("control",)) as events:
        await store.write(settings.change, {"hue": 1}, None)

        event = await anext(aiter(events))

    assert event.kind == "settings_changed"


async def test_a_change_that_was_rolled_back_does_not_hold_for_others(alice: Person) -> None:
    def fail() -> None:
        settings.change({"hue": 1}, None)
        raise Invalid("no")

    with pytest.raises(Invalid):
        await store.write(fail)
    settings.kept.forget()

    assert (await store.point(settings.current)).hue == 14


def test_a_secret_is_told_to_nobody(unit: None) -> None:
    settings.change({"translation_key": "hush"}, None)
    settings.change({"translation_key": ""}, None)
    settings.change({"translation_key": "hush"}, None)

    details = [entry.detail for entry in AuditEntry.select().order_by(AuditEntry.id)]
    assert settings.current().translation_key == "hush"
    assert settings.shown("translation_key", "hush") == "set"
    assert settings.shown("translation_key", "") == ""
    assert "hush" not in "".join(details)
    with pytest.raises(Invalid) as refusal:
        settings.change({"translation_key": "hüsh"}, None)
    assert "hüsh" not in str(refusal.value)
