"""Edits and deletions, of posts and of accounts, only by whose they are (docs/threat-model.md)."""

from federation.context import Budget
from federation.finding import resolve
from node import clock
from node.models import Account, Status, StatusEdit, Tombstone
from tests.factories import Person
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, account, stranger_keys


def updated(later_ms: int = clock.SECOND) -> str:
    return clock.iso(clock.now_ms() + later_ms)


def earlier() -> str:
    return clock.iso(clock.now_ms() - clock.HOUR)


async def test_an_edit_changes_the_post_and_keeps_what_it_was(here: Here, carol: Somebody) -> None:
    note = carol.note("Before.", published=earlier())
    await here.receive(carol, carol.creates(note))

    await here.receive(carol, carol.does("Update", note | {"content": "<p>After.</p>", "updated": updated(0)}))

    status = Status.get(Status.uri == note["id"])
    assert status.content == "<p>After.</p>"
    assert [edit.content for edit in StatusEdit.select()] == ["<p>Before.</p>"]


async def test_an_edit_never_widens_who_sees_it(here: Here, carol: Somebody) -> None:
    note = carol.note(to=[f"{carol.uri}/followers"], cc=[], published=earlier())
    await here.receive(carol, carol.creates(note))

    await here.receive(
        carol, carol.does("Update", note | {"content": "<p>All!</p>", "to": [PUBLIC], "updated": updated(0)})
    )

    status = Status.get(Status.uri == note["id"])
    assert (status.content, status.visibility) == ("<p>All!</p>", "private")


async def test_an_older_edit_is_ignored(here: Here, carol: Somebody) -> None:
    note = carol.note("First.", published=clock.iso(clock.now_ms() - 3 * clock.HOUR))
    await here.receive(carol, carol.creates(note))
    newer = carol.does("Update", note | {"content": "<p>Third.</p>", "updated": clock.iso(clock.now_ms())})
    older = carol.does("Update", note | {"content": "<p>Second.</p>", "updated": earlier()})

    await here.receive(carol, newer, older)

    assert Status.get(Status.uri == note["id"]).content == "<p>Third.</p>"


async def test_nobody_edits_or_deletes_what_is_anothers(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note("Mine.", published=earlier())
    await here.receive(carol, carol.creates(note))
    changed = note | {"content": "<p>Changed.</p>", "updated": updated(0)}

    await here.receive(mallory, mallory.does("Update", changed), mallory.does("Delete", note["id"]))
    assert Status.get(Status.uri == note["id"]).content == "<p>Mine.</p>"

    await here.receive(carol, carol.does("Update", changed))
    assert Status.get(Status.uri == note["id"]).content == "<p>Changed.</p>"
    await here.receive(carol, carol.does("Delete", note["id"]))
    assert Status.get_or_none(Status.uri == note["id"]) is None


async def test_what_another_says_is_deleted_can_still_arrive(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note()

    await here.receive(mallory, mallory.does("Delete", note["id"]))
    await here.receive(carol, carol.creates(note))

    assert Status.get_or_none(Status.uri == note["id"]) is not None


async def test_a_changed_profile_is_read_from_its_own_server(here: Here, there: Elsewhere, carol: Somebody) -> None:
    there.serve(carol.document(name="Carol the Second", summary="<p>Hi</p><script>x</script>"))

    await here.receive(carol, carol.does("Update", carol.document(name="Not what her server says")))

    row = account(carol)
    assert (row.display_name, row.note) == ("Carol the Second", "<p>Hi</p>")


async def test_what_an_actor_keeps_from_visitors_is_stored(here: Here, there: Elsewhere, carol: Somebody) -> None:
    wishes = {
        (True, False): (True, False),
        (False, True): (False, True),
        (False, "yes"): (False, True),  # what is said of the one says that the other is GoToSocial's default
        (False, False): (False, False),
        (None, True): (False, True),
        ("no", None): (False, False),
    }
    for (of_public, of_unlisted), stored in wishes.items():
        said = {"hidesToPublicFromUnauthedWeb": of_public, "hidesCcPublicFromUnauthedWeb": of_unlisted}
        there.serve(carol.document(**said))
        await here.receive(carol, carol.does("Update", carol.uri))
        assert (account(carol).hides_public, account(carol).hides_unlisted) == stored

    there.serve(carol.document())
    await here.receive(carol, carol.does("Update", carol.uri))
    assert (account(carol).hides_public, account(carol).hides_unlisted) == (False, False)


async def test_an_account_deletes_itself_with_all_its_posts(here: Here, carol: Somebody) -> None:
    note = carol.note()
    await here.receive(carol, carol.creates(note))

    await here.receive(carol, carol.does("Delete", carol.uri))

    assert account(carol).deleted_at is not None
    assert Status.select().count() == 0
    assert await here.deliver(carol, carol.creates(carol.note())) in (202, 401)
    await here.work()
    assert Status.select().count() == 0


async def test_nobody_deletes_the_account_of_another(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    await here.receive(mallory, mallory.does("Follow", "https://a.test/nothing"))

    await here.receive(mallory, mallory.does("Delete", carol.uri))

    assert account(carol).deleted_at is None


async def test_an_account_that_its_server_suspends_is_hidden_until_it_is_not(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    there.serve(carol.document(suspended=True))
    await here.receive(carol, carol.does("Update", carol.uri))
    assert account(carol).suspended_at is not None

    there.serve(carol.document())
    await here.receive(carol, carol.does("Update", carol.uri))
    assert account(carol).suspended_at is None


async def test_an_actor_that_answers_gone_is_deleted(here: Here, there: Elsewhere, carol: Somebody) -> None:
    there.on("/users/carol", status=410)

    await here.receive(carol, carol.does("Update", carol.uri))

    assert Account.get(Account.uri == carol.uri).deleted_at is not None


async def test_an_actor_that_is_not_found_stays(here: Here, there: Elsewhere, carol: Somebody) -> None:
    there.on("/users/carol", status=404)

    await here.receive(carol, carol.does("Update", carol.uri))

    assert account(carol).deleted_at is None
    assert Tombstone.select().count() == 0


async def test_a_post_from_here_cannot_be_deleted_from_elsewhere(here: Here, carol: Somebody, alice: Person) -> None:
    status = make_status(alice)

    await here.receive(carol, carol.does("Delete", status.uri), carol.does("Update", carol.note(id=status.uri)))

    assert Status.get_by_id(status.id).content == status.content


async def test_several_own_things_are_deleted_at_once_and_nobody_elses(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    dave = there.somebody("dave", keys=stranger_keys())
    await resolve.account(here.fed, dave.uri, budget=Budget(5))
    hers, also_hers, his = carol.note(), carol.note(), dave.note()
    make_status(account(dave), uri=his["id"])
    await here.receive(carol, carol.creates(hers), carol.creates(also_hers))

    await here.receive(carol, carol.does("Delete", {"type": "Note", "id": [hers["id"], his["id"], also_hers["id"]]}))

    assert [status.uri for status in Status.select()] == [his["id"]]
