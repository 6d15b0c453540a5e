"""Becoming a member."""

from dataclasses import replace

import pytest

from node import clock, site
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, AuditEntry, Notification, NotificationKind, User
from node.paging import Page
from node.services import accounts
from node.services.access import invites, registration
from node.services.access.registration import SignUp
from node.services.community import settings
from tests.factories import make_person, password_hash, payload_of, rsa_keys, waiting_jobs

WISH = SignUp(username="newcomer", password_hash="x", reason="I like birds", agreement=True, ip="192.0.2.1")


def sign_up(**changes: object) -> User:
    return registration.sign_up(replace(WISH, **changes), rsa_keys())  # type: ignore[arg-type]


def account_of(user: User) -> Account:
    account = accounts.account_of(user.id)
    assert account is not None
    return account


def test_by_approval_a_newcomer_waits_and_is_seen_by_nobody(unit: None) -> None:
    user = sign_up()

    assert registration.is_waiting(user)
    assert [waiting.id for waiting, _ in registration.pending(Page())] == [user.id]
    with pytest.raises(NotFound):
        accounts.visible(None, account_of(user).id)


def test_an_approved_newcomer_is_visible_and_moderators_hear_of_it(unit: None) -> None:
    moderator = make_person(role="moderator").account
    user = sign_up()

    registration.approve(user.id, moderator)
    registration.approve(user.id, moderator)

    assert accounts.visible(None, account_of(user).id).username == "newcomer"
    told = Notification.select().where(Notification.kind == NotificationKind.SIGN_UP)
    assert [row.account for row in told] == [moderator.id]
    assert [entry.action for entry in AuditEntry.select()] == ["approve.account"]


def test_a_rejected_newcomer_vanishes_and_the_name_is_free_again(unit: None) -> None:
    user = sign_up()

    registration.reject(user.id, None)

    assert not User.select().exists()
    assert not Account.select().exists()
    sign_up()


def test_members_cannot_be_rejected(unit: None) -> None:
    user = sign_up()
    registration.approve(user.id, None)

    with pytest.raises(Invalid):
        registration.reject(user.id, None)


def test_people_without_a_role_approve_nobody(unit: None) -> None:
    user = sign_up()

    with pytest.raises(Forbidden):
        registration.approve(user.id, make_person().account)


def test_by_approval_a_reason_is_needed(unit: None) -> None:
    with pytest.raises(Invalid) as refused:
        sign_up(reason="  ")

    assert set(refused.value.fields) == {"reason"}


def test_everything_wrong_is_said_at_once(unit: None) -> None:
    settings.change({"email_required": True, "reserved_names": ["Newcomer"]}, None)

    with pytest.raises(Invalid) as refused:
        sign_up(reason="", agreement=False)

    assert set(refused.value.fields) == {"agreement", "reason", "email", "username"}


def test_nobody_joins_a_closed_node_even_invited(unit: None) -> None:
    settings.change({"registrations": "closed"}, None)
    code = invites.create(make_person(role="admin").account).code

    with pytest.raises(Forbidden):
        sign_up()
    with pytest.raises(Forbidden):
        sign_up(invite_code=code)


def test_by_invitation_only_the_invited_join_and_wait_for_nothing(unit: None) -> None:
    settings.change({"registrations": "invite"}, None)
    code = invites.create(make_person(role="admin").account).code

    with pytest.raises(Forbidden):
        sign_up()
    user = sign_up(invite_code=code, reason="")

    assert not registration.is_waiting(user)
    assert not account_of(user).is_gone
    with pytest.raises(Invalid):
        sign_up(username="second", invite_code=code)


def test_on_an_open_node_nobody_waits(unit: None) -> None:
    settings.change({"registrations": "open"}, None)

    user = sign_up(reason="")

    assert not account_of(user).is_gone


def test_a_taken_name_makes_no_login(unit: None) -> None:
    make_person("newcomer")

    with pytest.raises(Invalid) as refused:
        sign_up()

    assert set(refused.value.fields) == {"username"}


def test_one_network_signs_up_a_few_times_a_day(unit: None) -> None:
    for number in range(5):
        sign_up(username=f"person_{number}x", ip=f"2001:db8::{number}")

    with pytest.raises(Forbidden, match="network"):
        sign_up(ip="2001:db8::ffff")
    sign_up(ip="2001:db8:0:1::1")


@pytest.mark.parametrize("ip", ["127.0.0.1", "::1"])
def test_this_machine_itself_is_no_network_that_can_be_full(unit: None, ip: str) -> None:
    for number in range(6):
        sign_up(username=f"person_{number}x", ip=ip)

    assert User.select().count() == 6


def test_a_node_takes_so_many_people_a_day(unit: None) -> None:
    settings.change({"sign_ups_per_day": 1}, None)
    sign_up()

    with pytest.raises(Forbidden, match="tomorrow"):
        sign_up(username="second", ip="192.0.2.2")
    with clock.frozen(clock.now_ms() + 25 * clock.HOUR):
        sign_up(username="second", ip="192.0.2.2")


def test_without_a_mail_server_an_address_is_optional_and_good_for_signing_in(unit: None) -> None:
    user = sign_up(email="New@Mail.test")

    assert user.confirmed_at is not None
    assert user.email_key == "new@mail.test"
    assert waiting_jobs(JobKind.SEND_MAIL) == []


def test_an_address_that_is_known_is_not_told_apart(unit: None) -> None:
    make_person("alice")

    user = sign_up(email="alice@mail.test")

    assert user.email == "alice@mail.test"
    assert user.email_key is None


@pytest.mark.parametrize(
    "email", ["nobody", "a@b", "a b@c.test", "a@c.test\nBcc: d@e.test", "@c.test", "a" * 65 + "@c.test"]
)
def test_what_is_no_address_is_refused(unit: None, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        sign_up(email=email)

    assert "email" in refused.value.fields


class TestWithMail:
    @pytest.fixture(autouse=True)
    def mail(self, unit: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(site, "sends_mail", True)
        settings.change({"registrations": "open"}, None)

    def link_in_last_letter(self) -> str:
        text = payload_of(waiting_jobs(JobKind.SEND_MAIL)[-1])["text"]
        return next(word for word in text.split() if "/auth/confirm-email/" in word).rpartition("/")[2]

    def test_a_newcomer_is_hidden_until_the_address_is_confirmed(self) -> None:
        user = sign_up(email="new@mail.test")
        assert account_of(user).is_gone

        confirmed = registration.confirm_email(self.link_in_last_letter())

        assert confirmed.email_key == "new@mail.test"
        assert not account_of(user).is_gone

    def test_a_link_confirms_once(self) -> None:
        sign_up(email="new@mail.test")
        token = self.link_in_last_letter()
        registration.confirm_email(token)

        with pytest.raises(NotFound):
            registration.confirm_email(token)

    def test_the_owner_of_a_known_address_is_told_and_nobody_else(self) -> None:
        make_person("alice")

        user = sign_up(email="Alice@mail.test")

        letter = payload_of(waiting_jobs(JobKind.SEND_MAIL)[-1])
        assert letter["to"] == "Alice@mail.test"
        assert "belongs to a login" in letter["text"]
        assert registration.is_waiting(user)

    def test_of_two_who_claim_an_address_the_first_to_confirm_has_it(self) -> None:
        sign_up(email="new@mail.test")
        first = self.link_in_last_letter()
        sign_up(username="second", email="new@mail.test")
        second = self.link_in_last_letter()

        registration.confirm_email(second)

        with pytest.raises(Invalid):
            registration.confirm_email(first)

    def test_moderators_get_a_letter_when_somebody_waits(self) -> None:
        make_person("boss1", role="admin")
        settings.change({"registrations": "approval"}, None)

        sign_up()

        letter = payload_of(waiting_jobs(JobKind.SEND_MAIL)[-1])
        assert letter["to"] == "boss1@mail.test"
        assert "I like birds" in letter["text"]


def test_the_operator_makes_approved_and_confirmed_people(unit: None) -> None:
    user = registration.create("zoe", password_hash(), rsa_keys(), email="zoe@mail.test", role="admin")

    assert not registration.is_waiting(user)
    assert not account_of(user).is_gone
    assert user.email_key == "zoe@mail.test"


def test_the_operator_is_told_when_an_address_is_taken(unit: None) -> None:
    make_person("alice")

    with pytest.raises(Invalid):
        registration.create("zoe", password_hash(), rsa_keys(), email="ALICE@mail.test")


def test_everything_that_is_wrong_is_said_at_once_and_before_anything_costly(unit: None) -> None:
    make_person("taken")

    with pytest.raises(Invalid) as refusal:
        registration.check(replace(WISH, username="Taken", email="nothing", agreement=False, reason=" "))

    assert set(refusal.value.fields) == {"username", "email", "agreement", "reason"}
