"""What moderators do, and what they may not."""

from collections.abc import Callable

import pytest

from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, AuditEntry, Role, Session, Token, User
from node.services import accounts
from node.services.access import oauth, registration, sessions
from node.services.access.registration import SignUp
from node.services.moderation import decisions as moderation
from tests.factories import make_person, make_remote, rsa_keys, waiting_jobs

Verb = Callable[[int, Account | None], None]
VERBS: list[Verb] = [
    moderation.silence,
    moderation.sensitize,
    moderation.suspend,
    moderation.delete,
]


def actions() -> list[str]:
    return [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)]


def test_each_decision_is_recorded_once_with_who_made_it(unit: None) -> None:
    moderator, alice = make_person(role="moderator").account, make_person("alice").account

    moderation.silence(alice.id, moderator)
    moderation.silence(alice.id, moderator)
    moderation.unsilence(alice.id, moderator)

    assert actions() == ["silence.account", "unsilence.account"]
    entry = AuditEntry.select().first()
    assert (entry.account, entry.target) == (moderator.id, "@alice")
    assert Account.get_by_id(alice.id).silenced_at is None


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("by", "on"), [("user", "user"), ("moderator", "moderator"), ("moderator", "admin"), ("admin", "admin")]
)
def test_nobody_acts_on_a_role_at_or_above_their_own(unit: None, verb: Verb, by: str, on: str) -> None:
    acting, target = make_person(role=by).account, make_person(role=on).account

    with pytest.raises(Forbidden):
        verb(target.id, acting)

    assert actions() == []
    assert Account.get_by_id(target.id) == target


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("by", "on"), [("moderator", "user"), ("admin", "moderator")])
def test_who_stands_above_may(unit: None, verb: Verb, by: str, on: str) -> None:
    acting, target = make_person(role=by).account, make_person(role=on).account

    verb(target.id, acting)

    assert len(actions()) == 1


@pytest.mark.parametrize("verb", VERBS)
def test_a_suspended_moderator_may_nothing(unit: None, verb: Verb) -> None:
    acting = make_person(role="moderator", suspended_at=1).account

    with pytest.raises(Forbidden):
        verb(make_person().account.id, acting)


def test_a_suspension_ends_access_and_can_be_taken_back(unit: None) -> None:
    alice = make_person()
    sessions.open(alice.user, alice.account, "", "")
    oauth.token_for(alice.user, alice.account, "App", "read")

    moderation.suspend(alice.account.id, None)

    assert not Session.select().exists()
    assert not Token.select().exists()
    with pytest.raises(NotFound):
        accounts.visible(None, alice.account.id)
    assert waiting_jobs(JobKind.SEND_ACCOUNT_DELETE) == []
    moderation.unsuspend(alice.account.id, None)
    assert accounts.visible(None, alice.account.id).id == alice.account.id


def test_remote_accounts_are_moderated_without_telling_anybody(unit: None) -> None:
    carol = make_remote()

    moderation.suspend(carol.id, None)

    assert Account.get_by_id(carol.id).suspended_at is not None
    assert waiting_jobs(JobKind.SEND_PROFILE) == []


def test_a_disabled_login_is_out_and_its_account_stays(unit: None) -> None:
    alice = make_person()
    sessions.open(alice.user, alice.account, "", "")

    moderation.disable(alice.user.id, None)

    assert not Session.select().exists()
    assert accounts.visible(None, alice.account.id)
    moderation.enable(alice.user.id, None)
    assert sessions.open(User.get_by_id(alice.user.id), alice.account, "", "")


def test_roles_are_given_by_administrators_alone(unit: None) -> None:
    admin, moderator, alice = make_person(role="admin"), make_person(role="moderator"), make_person()

    with pytest.raises(Forbidden):
        moderation.set_role(alice.user.id, Role.MODERATOR, moderator.account)
    with pytest.raises(Forbidden):
        moderation.set_role(admin.user.id, Role.USER, admin.account)
    moderation.set_role(alice.user.id, Role.MODERATOR, admin.account)

    assert User.get_by_id(alice.user.id).role == Role.MODERATOR


def test_the_last_administrator_stays_one(unit: None) -> None:
    admin = make_person(role="admin")

    with pytest.raises(Invalid):
        moderation.set_role(admin.user.id, Role.USER, None)

    make_person(role="admin")
    moderation.set_role(admin.user.id, Role.USER, None)


def test_nobody_moderates_what_does_not_exist(unit: None) -> None:
    for verb in VERBS:
        with pytest.raises(NotFound):
            verb(1, None)
    with pytest.raises(NotFound):
        moderation.disable(1, None)


def test_newcomers_who_wait_are_approved_or_rejected_and_not_suspended_or_restored(unit: None) -> None:
    wish = SignUp(username="newcomer", password_hash="x", reason="birds", agreement=True)
    account = accounts.account_of(registration.sign_up(wish, rsa_keys()).id)
    assert account is not None

    for verb in (moderation.suspend, moderation.unsuspend):
        with pytest.raises(Invalid):
            verb(account.id, None)

    assert Account.get_by_id(account.id).is_gone
