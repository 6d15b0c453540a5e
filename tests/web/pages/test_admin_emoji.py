"""The node's own emoji: from an uploaded picture to posts."""

import pytest

from node import store
from node.models import AuditEntry, CustomEmoji
from node.services.community import emoji, own_emoji
from tests.factories import Person
from tests.factories_posts import make_status
from tests.node.media.pictures import picture
from tests.web.pages.visitor import Page, Visitor

PAGE = "/admin/emoji"


async def add(admin: Visitor, **typed: object) -> Page:
    fields = {"shortcode": ":linnet:", "category": "Birds", "picture": picture(".png", 64, 64)} | typed
    fields["csrf"] = (await admin.get(PAGE)).value("csrf") or ""
    return await admin.post(PAGE, {name: value for name, value in fields.items() if value is not None})


async def test_an_emoji_is_added_shown_changed_and_removed(admin: Visitor, alice: Person) -> None:
    added = await add(admin)
    row = CustomEmoji.get()
    make_status(alice, "Look :linnet:")

    assert added.location == PAGE
    assert (row.shortcode, row.domain, row.category) == ("linnet", "", "Birds")
    shown = await admin.get("/@alice")
    assert row.image_key in shown.text
    assert (await admin.client.get(f"/media/{row.image_key}")).status == 200

    path = f"{PAGE}/{row.id}"
    await admin.send(await admin.get(path), path, category="Songs", visible_in_picker=None)
    row = CustomEmoji.get()
    assert (row.category, row.visible_in_picker, row.disabled) == ("Songs", False, False)
    await admin.send(await admin.get(path), path, enabled=None)
    assert "Out of use" in (await admin.get(PAGE)).words("tbody")

    await admin.send(await admin.get(f"{path}/delete"), f"{path}/delete")
    assert not CustomEmoji.select().exists()
    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)] == [
        "add.emoji",
        "change.emoji",
        "change.emoji",
        "remove.emoji",
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"shortcode": "two words"}, "shortcode"),
        ({"shortcode": "<b>"}, "shortcode"),
        ({"shortcode": "m" * 129}, "shortcode"),
        ({"category": "m" * 51}, "category"),
        ({"picture": b"GIF89a no picture"}, "picture"),
        ({"picture": None}, "picture"),
    ],
)
async def test_what_is_no_emoji_is_refused_and_leaves_nothing(
    admin: Visitor, typed: dict[str, object], field: str
) -> None:
    page = await add(admin, **typed)

    assert page.status == 422
    assert page.error(field)
    assert not CustomEmoji.select().exists()


async def test_a_name_that_is_taken_is_refused(admin: Visitor) -> None:
    await add(admin)
    key = CustomEmoji.get().image_key

    page = await add(admin)

    assert "of this name already" in page.error("shortcode")
    assert CustomEmoji.get().image_key == key


async def test_emoji_are_found_by_name_and_category_those_of_others_are_not_there(admin: Visitor) -> None:
    with store.transaction():
        emoji.create("wren", "emoji/a.png", category="Birds")
        emoji.create("boat", "emoji/b.png")
        emoji.receive("far.test", [emoji.EmojiFacts(shortcode="far", image_url="https://far.test/e.png")])
        foreign = CustomEmoji.get(CustomEmoji.domain == "far.test")

    everything = (await admin.get(PAGE)).words("tbody")
    birds = (await admin.get(f"{PAGE}?q=bird")).words("tbody")
    none = await admin.get(f"{PAGE}?q=%25")

    assert ":wren:" in everything
    assert ":boat:" in everything
    assert ":far:" not in everything
    assert ":wren:" in birds
    assert ":boat:" not in birds
    assert "No emoji fits." in none.words("main")
    assert (await admin.get(f"{PAGE}/{foreign.id}")).status == 404
    assert (await admin.get(f"{PAGE}/1")).status == 404


def test_there_is_an_end_to_their_number(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_emoji, "MAX_EMOJI", 1)
    with store.transaction():
        own_emoji.add("wren", "", "emoji/a.png", None)

    with store.transaction(), pytest.raises(own_emoji.Invalid):
        own_emoji.add("boat", "", "emoji/b.png", None)
