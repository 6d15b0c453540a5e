"""Which old posts go: chosen on a page, and counted there before."""

from node import clock
from node.models import AutoDeletion, Status
from node.services.statuses import auto_deletion
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Visitor

PAGE = "/settings/deletion"


async def test_it_is_off_until_it_is_switched_on(reader: Visitor, alice: Person) -> None:
    page = await reader.get(PAGE)
    assert not auto_deletion.of(alice.account.id).enabled

    done = await reader.send(
        page, PAGE, enabled="on", min_age_days=30, min_favourites="5", keep_polls="on", do="save"
    )

    assert "Old posts go from now on" in (await reader.follow(done)).text
    assert auto_deletion.of(alice.account.id) == (
        True,
        auto_deletion.Rule(min_age_days=30, min_favourites=5, keep_polls=True),
    )
    page = await reader.get(PAGE)
    assert page.tree.css_first("[name=min_age_days] option[selected]").attributes["value"] == "30"  # type: ignore[union-attr]

    await reader.send(page, PAGE, enabled=None, keep_direct=None)
    enabled, rule = auto_deletion.of(alice.account.id)
    assert (enabled, rule.keep_direct, rule.min_favourites) == (False, False, 5)
    assert AutoDeletion.select().count() == 1


async def test_a_count_saves_nothing(reader: Visitor, alice: Person) -> None:
    make_status(alice)
    make_status(alice)
    page = await reader.get(PAGE)

    with clock.frozen(clock.now_ms() + 8 * clock.DAY):
        counted = await reader.send(page, PAGE, enabled="on", min_age_days=7, do="preview")

    assert counted.status == 200
    assert "These would go now: 2 posts, 0 boosts. Nothing is saved yet." in counted.words(".notice")
    assert counted.tree.css_first("[name=enabled][checked]") is not None
    assert not AutoDeletion.select().exists()
    assert Status.select().count() == 2


async def test_what_is_no_number_is_refused_and_kept(reader: Visitor, alice: Person) -> None:
    page = await reader.send(await reader.get(PAGE), PAGE, enabled="on", min_reblogs="many", do="save")

    assert page.status == 422
    assert page.error("min_reblogs") == "This must be a number from 1 on."
    assert page.value("min_reblogs") == "many"
    assert not AutoDeletion.select().exists()
