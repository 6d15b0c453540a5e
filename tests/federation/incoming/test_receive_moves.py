"""People elsewhere who move or change their names (FEDERATION.md, Accounts)."""

from federation.context import Budget
from federation.finding import resolve
from node.models import Follow, FollowRequest
from node.services import accounts
from node.services.accounts import ProfileChange
from tests.factories import Person, in_unit
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account, stranger_keys


async def test_a_move_that_the_profile_told_first_takes_followers_along_all_the_same(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    new = there.somebody("carol2", keys=stranger_keys(), alsoKnownAs=[carol.uri])
    await resolve.account(here.fed, new.uri, budget=Budget(5))
    told = carol.document(movedTo=new.uri)
    there.serve(told)

    await here.receive(carol, carol.does("Update", told))
    assert account(carol).moved_to == account(new).id
    move = carol.does("Move", carol.uri, target=new.uri)
    await here.receive(carol, move, move | {"id": f"{move['id']}-again"})

    assert [row.target_id for row in FollowRequest.select()] == [account(new).id]
    assert Follow.select().where(Follow.account == alice.account.id).count() == 0


async def test_a_profile_that_names_somebody_who_does_not_agree_has_not_moved(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    famous = there.somebody("famous", keys=stranger_keys())
    await resolve.account(here.fed, famous.uri, budget=Budget(5))
    there.serve(carol.document(movedTo=famous.uri))

    await here.receive(carol, carol.does("Update", carol.document()))

    assert account(carol).moved_to is None


async def test_nobody_moves_twice_in_a_week_or_to_where_nobody_is_any_more(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    last = there.somebody("last", keys=stranger_keys(), alsoKnownAs=[carol.uri, there.url("/users/gone")])
    gone = there.somebody("gone", keys=stranger_keys(), alsoKnownAs=[carol.uri], movedTo=last.uri)
    await resolve.account(here.fed, last.uri, budget=Budget(5))

    await here.receive(carol, carol.does("Move", carol.uri, target=gone.uri))
    assert account(gone).moved_to == account(last).id
    assert account(carol).moved_to is None

    await here.receive(carol, carol.does("Move", carol.uri, target=last.uri))
    assert account(carol).moved_to == account(last).id

    there.serve(gone.document(alsoKnownAs=[carol.uri]))
    await here.receive(carol, carol.does("Move", carol.uri, target=gone.uri))
    assert account(gone).moved_to is None
    assert account(carol).moved_to == account(last).id


async def test_somebody_moves_here(here: Here, carol: Somebody, alice: Person, bob: Person) -> None:
    with in_unit():
        accounts.update_profile(bob.account.id, ProfileChange(also_known_as=(carol.uri,)))

    await here.receive(carol, carol.does("Move", carol.uri, target=bob.account.uri))

    assert Follow.get(Follow.account == alice.account.id).target_id == bob.account.id
    assert account(carol).moved_to == bob.account.id


# ── other names ──


async def test_an_account_elsewhere_gets_another_name_if_webfinger_agrees(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    before = account(carol)
    renamed = carol.document(preferredUsername="caroline")
    there.serve(renamed)

    await here.receive(carol, carol.does("Update", renamed))
    assert account(carol).username == "carol"

    there.handle(f"caroline@{there.authority}", carol.uri)
    here.fed.actors.forget(carol.uri)
    await here.receive(carol, carol.does("Update", renamed))
    after = account(carol)
    assert (after.id, after.username, after.domain) == (before.id, "caroline", before.domain)


async def test_nobody_takes_a_name_that_leads_to_somebody_else(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    await resolve.account(here.fed, mallory.uri, budget=Budget(5))
    there.serve(mallory.document(preferredUsername="carol"))

    await here.receive(mallory, mallory.does("Update", mallory.document()))

    assert (account(mallory).username, account(carol).username) == ("mallory", "carol")
