"""Accounts of other nodes."""

from dataclasses import replace

import pytest

from node import clock
from node.errors import Forbidden, Invalid
from node.models import Account, ActorKind, Favourite, Follow, RemoteKey, Severity, Status
from node.paging import Page
from node.services import accounts, follows
from node.services.accounts import ActorFacts, ActorKey, ProfileField
from node.services.moderation import decisions as moderation
from node.services.relationships import blocks
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from tests.factories import befriend, make_person, make_remote
from tests.factories_posts import make_status

URI = "https://remote.test/users/carol"
KEY = ActorKey(key_id=f"{URI}#main-key", kind="rsa", pem="pem")
FACTS = ActorFacts(
    uri=URI,
    username="Carol",
    domain="remote.test",
    display_name="Carol",
    fields=(ProfileField(name="Web", value="<a>x</a>"),),
    also_known_as=("https://old.test/u/1",),
    inbox=f"{URI}/inbox",
    followers_count=7,
    keys=(KEY,),
)


def test_an_actor_becomes_an_account_with_its_key(unit: None) -> None:
    carol = accounts.receive(FACTS)

    assert accounts.by_uri(URI) == carol
    assert accounts.find("CAROL", "remote.test") == carol
    assert (carol.username, carol.followers_count, carol.kind) == ("Carol", 7, ActorKind.PERSON)
    found = accounts.remote_key(KEY.key_id)
    assert found is not None
    assert found[1] == carol


def test_a_change_grows_the_version_and_sameness_does_not(unit: None) -> None:
    first = accounts.receive(FACTS)

    with clock.frozen(clock.now_ms() + 5_000):
        same = accounts.receive(FACTS)
    changed = accounts.receive(replace(FACTS, display_name="Caro"))

    assert same.version == first.version
    assert same.fetched_at > first.fetched_at
    assert changed.version == first.version + 1
    assert changed.id == first.id


def test_sections_that_a_profile_is_not_to_have_are_kept(unit: None) -> None:
    carol = accounts.receive(replace(FACTS, show_media=False, show_featured=False))

    assert (carol.show_media, carol.show_media_replies, carol.show_featured) == (False, True, False)
    assert accounts.receive(FACTS).show_media is True


def test_a_new_picture_is_fetched_anew(unit: None) -> None:
    carol = accounts.receive(replace(FACTS, avatar_remote_url="https://remote.test/1.png"))
    Account.update(avatar_key="stored").where(Account.id == carol.id).execute()

    assert accounts.receive(replace(FACTS, avatar_remote_url="https://remote.test/1.png")).avatar_key == "stored"
    assert accounts.receive(replace(FACTS, avatar_remote_url="https://remote.test/2.png")).avatar_key == ""


def test_keys_that_the_actor_does_not_list_any_more_are_forgotten(unit: None) -> None:
    accounts.receive(FACTS)

    accounts.receive(replace(FACTS, keys=(ActorKey(key_id=f"{URI}#second", kind="rsa", pem="other"),)))

    assert [key.key_id for key in RemoteKey.select()] == [f"{URI}#second"]


def test_a_key_of_another_account_cannot_be_taken_over(unit: None) -> None:
    carol = accounts.receive(FACTS)

    mallory = replace(FACTS, uri="https://remote.test/users/mallory", username="mallory")
    accounts.receive(replace(mallory, keys=(replace(KEY, pem="evil"),)))

    found = accounts.remote_key(KEY.key_id)
    assert found is not None
    assert (found[0].public_pem, found[1].id) == ("pem", carol.id)


def test_a_handle_goes_with_who_has_it_now(unit: None) -> None:
    former = accounts.receive(FACTS)

    new = accounts.receive(replace(FACTS, uri="https://remote.test/users/2", keys=()))

    assert accounts.find("carol", "remote.test") == new
    assert accounts.by_uri(URI) is not None
    assert former.id != new.id


@pytest.mark.parametrize("changes", [{"domain": "a.test"}, {"domain": ""}, {"uri": "https://a.test/ap/users/1"}])
def test_nobody_from_elsewhere_lives_here(unit: None, changes: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        accounts.receive(replace(FACTS, **changes))  # type: ignore[arg-type]

    assert not Account.select().exists()


def test_rules_for_domains_hold_for_newcomers(unit: None) -> None:
    domain_blocks.block("remote.test", Severity.SILENCE, Terms(), None)
    domain_blocks.block("bad.test", Severity.SUSPEND, Terms(), None)

    carol = accounts.receive(FACTS)
    with pytest.raises(Forbidden):
        accounts.receive(replace(FACTS, uri="https://x.bad.test/1", domain="x.bad.test"))

    assert carol.silenced_at is not None
    domain_blocks.unblock("remote.test", None)
    assert Account.get_by_id(carol.id).silenced_at is None


def test_a_creation_in_the_future_is_not_believed(unit: None) -> None:
    assert accounts.receive(replace(FACTS, created_at=clock.LATEST_MS)).created_at <= clock.now_ms()


def test_what_its_node_suspended_its_node_restores_and_what_we_did_stays(unit: None) -> None:
    carol = accounts.receive(FACTS)

    accounts.suspend_received(URI)
    assert Account.get_by_id(carol.id).is_gone
    accounts.unsuspend_received(URI)
    assert not Account.get_by_id(carol.id).is_gone

    moderation.suspend(carol.id, None)
    accounts.suspend_received(URI)
    accounts.unsuspend_received(URI)
    assert Account.get_by_id(carol.id).is_gone


def test_a_deleted_actor_leaves_nothing_and_does_not_come_back(unit: None) -> None:
    alice, carol = make_person().account, accounts.receive(FACTS)
    befriend(alice, carol)
    befriend(carol, alice)
    make_status(carol)
    liked = make_status(alice)
    Favourite.create(account=carol.id, status=liked.id, created_at=1)
    Status.update(favourites_count=1).where(Status.id == liked.id).execute()

    accounts.delete_received(URI)
    accounts.delete_received(URI)
    again = accounts.receive(FACTS)

    assert again.deleted_at is not None
    assert again.display_name == ""
    assert [status.id for status in Status.select()] == [liked.id]
    assert Status.get().favourites_count == 0
    assert not Follow.select().exists()
    assert accounts.remote_key(KEY.key_id) is None
    fresh = Account.get_by_id(alice.id)
    assert (fresh.followers_count, fresh.following_count) == (0, 0)


def test_local_accounts_are_not_deleted_from_elsewhere(unit: None) -> None:
    alice = make_person().account

    accounts.delete_received(alice.uri)
    accounts.suspend_received(alice.uri)
    accounts.delete_received("https://remote.test/unknown")

    assert not Account.get_by_id(alice.id).is_gone


# ── moving ──


def test_followers_here_follow_along_and_keep_their_choices(unit: None) -> None:
    alice, old = make_person().account, make_remote("old")
    new = make_remote("new", also_known_as=f'["{old.uri}"]')
    befriend(alice, old)
    Follow.update(show_reblogs=False).execute()

    assert accounts.move_in(old, new) == 1
    assert accounts.move_in(Account.get_by_id(old.id), new) == 0

    ((request_id, _),) = follows.requests(new.id, Page())
    assert request_id
    assert not Follow.select().exists()
    assert Account.get_by_id(old.id).moved_to == new.id


def test_who_blocks_the_new_account_stays_behind(unit: None) -> None:
    alice, old = make_person().account, make_remote("old")
    new = make_remote("new", also_known_as=f'["{old.uri}"]')
    befriend(alice, old)
    blocks.block(alice.id, new.id)

    assert accounts.move_in(old, new) == 0

    assert Follow.select().count() == 1


def test_a_move_needs_the_consent_of_the_new_account(unit: None) -> None:
    old, target = make_remote("old"), make_remote("target")
    agreed = make_remote("agreed", also_known_as=f'["{old.uri}"]', moved_to=target.id)

    for new in (target, agreed, old):
        with pytest.raises(Invalid):
            accounts.move_in(old, new)


def test_nobody_moves_twice_in_a_week(unit: None) -> None:
    old = make_remote("old")
    one, two = (make_remote(name, also_known_as=f'["{old.uri}"]') for name in ("one", "two"))
    accounts.move_in(old, one)
    old = Account.get_by_id(old.id)

    with pytest.raises(Invalid):
        accounts.move_in(old, two)

    with clock.frozen(clock.now_ms() + 8 * clock.DAY):
        accounts.move_in(old, two)
