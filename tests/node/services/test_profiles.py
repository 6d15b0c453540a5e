"""What people say about themselves, and the end of their accounts."""

import msgspec
import pytest

from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, Session, SigningKey, Status, Token, Tombstone, User
from node.services import accounts
from node.services.access import oauth, sessions
from node.services.accounts import ProfileChange
from node.services.community import settings
from tests.factories import make_person, make_remote, rsa_keys, waiting_jobs
from tests.factories_posts import make_status


def test_a_profile_is_rendered_and_followers_are_told(unit: None) -> None:
    alice = make_person().account
    make_remote("carol")

    changed = accounts.update_profile(
        alice.id,
        ProfileChange(
            display_name=" Alice \u202e", note="Hi @carol@remote.test <b>", fields=(("Web", "https://a.example"),)
        ),
    )

    assert changed.display_name == "Alice"
    assert 'href="https://remote.test/@carol"' in changed.note
    assert "&lt;b&gt;" in changed.note
    (field,) = msgspec.json.decode(changed.fields)
    assert field["source"] == "https://a.example"
    assert 'rel="nofollow noopener me"' in field["value"]
    assert changed.version == alice.version + 1
    assert [job.subject for job in waiting_jobs(JobKind.SEND_PROFILE)] == [alice.id]


def test_no_change_tells_nobody(unit: None) -> None:
    alice = make_person().account

    accounts.update_profile(alice.id, ProfileChange(display_name="", locked=False))

    assert waiting_jobs(JobKind.SEND_PROFILE) == []


def test_what_is_not_mentioned_stays(unit: None) -> None:
    alice = make_person().account
    accounts.update_profile(alice.id, ProfileChange(display_name="Alice", bot=True))

    changed = accounts.update_profile(alice.id, ProfileChange(locked=True))

    assert (changed.display_name, changed.kind, changed.locked) == ("Alice", "Service", True)


@pytest.mark.parametrize(
    "change",
    [
        ProfileChange(display_name="x" * 51),
        ProfileChange(note="x" * 1_001),
        ProfileChange(fields=(("a", "b"),) * 7),
        ProfileChange(fields=(("a", "x" * 256),)),
        ProfileChange(also_known_as=("javascript:alert(1)",)),
        ProfileChange(avatar_description="x" * 1_501),
    ],
)
def test_what_is_too_much_changes_nothing(unit: None, change: ProfileChange) -> None:
    alice = make_person().account

    with pytest.raises(Invalid, match="Validation failed"):
        accounts.update_profile(alice.id, change)

    assert Account.get_by_id(alice.id).__data__ == alice.__data__


def test_limits_of_profiles_are_settings(unit: None) -> None:
    settings.change({"max_fields": 7}, None)

    assert accounts.update_profile(make_person().account.id, ProfileChange(fields=(("a", "b"),) * 7))


def test_a_verified_line_stays_verified_until_it_changes(unit: None) -> None:
    alice = make_person().account
    accounts.update_profile(alice.id, ProfileChange(fields=(("Web", "https://a.example"),)))
    fields = msgspec.json.decode(Account.get_by_id(alice.id).fields)
    fields[0]["verified_at"] = 5
    Account.update(fields=msgspec.json.encode(fields).decode()).where(Account.id == alice.id).execute()

    accounts.update_profile(alice.id, ProfileChange(fields=(("", ""), ("Web", "https://a.example"))))
    assert msgspec.json.decode(Account.get_by_id(alice.id).fields)[0]["verified_at"] == 5

    accounts.update_profile(alice.id, ProfileChange(fields=(("Web", "https://b.example"),)))
    assert msgspec.json.decode(Account.get_by_id(alice.id).fields)[0]["verified_at"] is None


def test_a_deleted_account_leaves_its_name_its_keys_and_nothing_else(unit: None) -> None:
    alice = make_person("alice", display_name="Alice")
    sessions.open(alice.user, alice.account, "", "")
    oauth.token_for(alice.user, alice.account, "App", "read")
    status = make_status(alice.account)

    accounts.delete_local(alice.account.id)
    accounts.delete_local(alice.account.id)

    left = Account.get_by_id(alice.account.id)
    assert (left.display_name, left.deleted_at is not None) == ("", True)
    assert [model.select().count() for model in (Status, User, Session, Token)] == [0, 0, 0, 0]
    assert Tombstone.get().uri == status.uri
    assert SigningKey.select().count() == 1
    assert [job.subject for job in waiting_jobs(JobKind.SEND_ACCOUNT_DELETE)] == [alice.account.id]
    with pytest.raises(Invalid, match="taken"):
        accounts.create_local("ALICE", keys=rsa_keys())


def test_only_local_people_are_deleted_here(unit: None) -> None:
    for account in (make_remote(), accounts.ensure_instance_actor(rsa_keys())):
        with pytest.raises(NotFound):
            accounts.delete_local(account.id)


def test_the_end_of_an_account_is_counted_where_it_was_active(unit: None) -> None:
    alice, bob = make_person().account, make_person().account
    parent = make_status(bob)
    for _ in range(2):
        make_status(alice, in_reply_to_id=parent.id)
    Status.update(replies_count=3).where(Status.id == parent.id).execute()

    accounts.delete_local(alice.id)

    assert Status.get_by_id(parent.id).replies_count == 1


def test_people_see_themselves_in_any_state_and_nobody_else_does(unit: None) -> None:
    alice = make_person(suspended_at=1).account

    assert accounts.visible(alice.id, alice.id).id == alice.id
    for viewer in (None, make_person().account.id):
        with pytest.raises(NotFound):
            accounts.visible(viewer, alice.id)
