"""Accounts of this node that move away, and those that get another name."""

import msgspec
import pytest

from node import clock
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, Follow, FollowRequest, FormerName
from node.services import accounts, follows
from node.services.accounts import ProfileChange
from node.services.accounts import lookup as account_lookup
from node.services.community import settings
from tests.factories import Person, make_account, make_person, make_remote, payload_of, rsa_keys, waiting_jobs
from tests.factories_posts import fresh, make_follow, make_status

pytestmark = pytest.mark.usefixtures("unit")


def agreeing(*old: Person | Account, **columns: object) -> Account:
    uris = [(one.account if isinstance(one, Person) else one).uri for one in old]
    return make_remote(also_known_as=msgspec.json.encode(uris).decode(), **columns)


def test_who_moves_away_is_marked_and_followers_follow_along(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    make_follow(make_remote(), alice)
    new = agreeing(alice)

    followed = accounts.move_out(alice.account.id, new)

    assert followed == 1
    assert fresh(alice.account).moved_to == new.id
    assert FollowRequest.get().target_id == new.id
    assert Follow.select().where(Follow.account == bob.account.id).count() == 0
    (told,) = waiting_jobs(JobKind.SEND_MOVE)
    assert (told.subject, payload_of(told)) == (alice.account.id, {"target_id": new.id})
    assert len(waiting_jobs(JobKind.SEND_PROFILE)) == 1
    with pytest.raises(Forbidden):
        follows.follow(bob.account.id, alice.account.id)


def test_a_locked_account_is_asked_and_an_open_one_is_followed(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    new = make_person("new", locked=True)
    accounts.update_profile(new.account.id, ProfileChange(also_known_as=(alice.account.uri,)))

    accounts.move_out(alice.account.id, fresh(new.account))

    assert (Follow.select().count(), FollowRequest.get().target_id) == (0, new.account.id)


def test_one_moves_only_to_an_account_that_agrees_and_is_there(alice: Person) -> None:
    silent, gone = make_remote(), agreeing(alice, suspended_at=1)
    moved_on = agreeing(alice, moved_to=silent.id)

    for target in (silent, gone, moved_on, fresh(alice.account)):
        with pytest.raises(Invalid):
            accounts.move_out(alice.account.id, target)
    with pytest.raises(NotFound):
        accounts.move_out(silent.id, agreeing(silent))
    assert fresh(alice.account).moved_to is None
    assert waiting_jobs(JobKind.SEND_MOVE) == []


def test_a_week_lies_between_two_moves(alice: Person) -> None:
    first, second = agreeing(alice), agreeing(alice)
    accounts.move_out(alice.account.id, first)

    assert accounts.stay(alice.account.id)
    assert not accounts.stay(alice.account.id)
    assert fresh(alice.account).moved_to is None
    with pytest.raises(Invalid, match="short while ago"):
        accounts.move_out(alice.account.id, second)
    with clock.frozen(clock.now_ms() + 8 * clock.DAY):
        accounts.move_out(alice.account.id, second)
    assert fresh(alice.account).moved_to == second.id


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_name_changes_addresses_and_nothing_else(alice: Person) -> None:
    status = make_status(alice)

    renamed = accounts.rename(alice.account.id, "alicia")

    assert (renamed.id, renamed.uri) == (alice.account.id, alice.account.uri)
    assert (renamed.username, renamed.url) == ("alicia", "https://a.test/@alicia")
    assert fresh(status).url == f"https://a.test/@alicia/{status.id}"
    assert fresh(status).version == status.version + 1
    assert account_lookup.find("alicia") is not None
    assert account_lookup.find("alice") is None
    assert len(waiting_jobs(JobKind.SEND_PROFILE)) == 1


def test_an_old_name_leads_to_its_owner_for_a_year_and_is_nobody_elses_for_ever(alice: Person, bob: Person) -> None:
    accounts.rename(alice.account.id, "alicia")
    former = account_lookup.former("ALICE")

    assert former is not None
    assert former.id == alice.account.id
    with clock.frozen(clock.now_ms() + 400 * clock.DAY):
        assert account_lookup.former("alice") is None
        for attempt in (
            lambda: accounts.create_local("Alice", keys=rsa_keys()),
            lambda: accounts.rename(bob.account.id, "alice"),
        ):
            with pytest.raises(Invalid, match="taken"):
                attempt()
    assert make_account("alicia2").username == "alicia2"


def test_its_owner_may_have_it_back_a_month_later(alice: Person) -> None:
    accounts.rename(alice.account.id, "alicia")
    with pytest.raises(Invalid, match="30 days"):
        accounts.rename(alice.account.id, "alice")

    with clock.frozen(clock.now_ms() + 31 * clock.DAY):
        accounts.rename(alice.account.id, "alice")

    assert [row.username for row in FormerName.select()] == ["alicia"]
    assert account_lookup.find("alice") is not None


def test_another_spelling_needs_no_other_name(alice: Person) -> None:
    accounts.rename(alice.account.id, "Alice")

    assert FormerName.select().count() == 0
    assert fresh(alice.account).username == "Alice"


@pytest.mark.parametrize("name", ["", "bob", "BOB", "a b", "admin", "kept", "ä", "x" * 31])
def test_a_name_that_cannot_be_had_is_refused(alice: Person, bob: Person, name: str) -> None:
    settings.change({"reserved_names": ["kept"]}, None)

    with pytest.raises(Invalid):
        accounts.rename(alice.account.id, name)

    assert fresh(alice.account).username == "alice"
    assert waiting_jobs(JobKind.SEND_PROFILE) == []
