"""The node's own pictures: one of each, remembered, and known to the record."""

import pytest

from node import store, streams
from node.errors import Forbidden
from node.models import AuditEntry, SitePicture
from node.services.community import pictures
from node.services.community.pictures import Picture, Pictures, Stored
from tests.factories import Person


def test_a_picture_takes_the_place_of_the_one_before(db: None) -> None:
    with store.transaction():
        first = pictures.put(Picture.ICON, Stored("site/large", "site/small"), None)
        seen = pictures.current()
        second = pictures.put(Picture.ICON, Stored("site/other", "site/tiny"), None)
        pictures.put(Picture.BANNER, Stored("site/wide", blurhash="LhL#"), None)

    assert (first, second) == ([], ["site/large", "site/small"])
    assert seen == Pictures("site/large", "site/small", "")
    assert pictures.current() == Pictures("site/other", "site/tiny", "site/wide", "LhL#")
    assert pictures.keys() == ["site/other", "site/tiny", "site/wide"]
    assert SitePicture.select().count() == 2


def test_taking_one_away_twice_changes_nothing(db: None) -> None:
    with store.transaction():
        pictures.put(Picture.BANNER, Stored("site/wide", blurhash="LhL#"), None)
        gone = [pictures.remove(Picture.BANNER, None), pictures.remove(Picture.BANNER, None)]

    assert gone == [["site/wide"], []]
    assert pictures.current() == Pictures()
    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)] == [
        "change.banner",
        "remove.banner",
    ]


async def test_other_processes_are_told(db: None) -> None:
    with streams.subscribe(("control",)) as events:
        await store.write(pictures.put, Picture.ICON, Stored("site/large", "site/small"), None)

        event = await anext(aiter(events))

    assert event.kind == pictures.CHANGED


def test_only_administrators_choose(alice: Person) -> None:
    for verb in (
        lambda: pictures.put(Picture.ICON, Stored("a", "b"), alice.account),
        lambda: pictures.remove(Picture.ICON, alice.account),
    ):
        with pytest.raises(Forbidden), store.transaction():
            verb()

    assert not SitePicture.select().exists()
