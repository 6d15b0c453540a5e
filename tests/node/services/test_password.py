"""Changing and resetting a password."""

import pytest

from node import clock, passwords, site
from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import OneTimeLink, Session, Token, User
from node.services.access import oauth, password, sessions
from tests.factories import PASSWORD, make_person, password_hash, payload_of, waiting_jobs


def test_a_change_ends_every_other_session_and_every_token(unit: None) -> None:
    alice = make_person()
    kept = sessions.open(alice.user, alice.account, "", "")
    sessions.open(alice.user, alice.account, "", "")
    oauth.token_for(alice.user, alice.account, "app", "read")
    found = sessions.by_token(kept)
    assert found is not None

    password.change(alice.user.id, "new hash", keep_session_id=found.session.id)

    assert [session.id for session in Session.select()] == [found.session.id]
    assert not Token.select().exists()
    assert User.get_by_id(alice.user.id).password_hash == "new hash"


def test_a_link_sets_a_password_once(unit: None) -> None:
    alice = make_person()
    token = password.reset_link(alice.user.id).rpartition("/")[2]

    password.reset(token, "new hash")

    assert User.get_by_id(alice.user.id).password_hash == "new hash"
    with pytest.raises(NotFound):
        password.reset(token, "newer hash")


def test_a_link_is_good_for_some_hours(unit: None) -> None:
    token = password.reset_link(make_person().user.id).rpartition("/")[2]

    with clock.frozen(clock.now_ms() + password.RESET_MS + 1), pytest.raises(NotFound):
        password.reset(token, "new hash")


def test_only_somebody_who_is_here_gets_a_letter(unit: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "sends_mail", True)
    make_person("alice")

    password.request_reset("ALICE@mail.test")
    password.request_reset("nobody@mail.test")

    letters = [payload_of(job) for job in waiting_jobs(JobKind.SEND_MAIL)]
    assert [letter["to"] for letter in letters] == ["alice@mail.test"]
    assert "https://a.test/auth/reset-password/" in letters[0]["text"]


def test_a_link_of_another_purpose_sets_no_password(unit: None) -> None:
    token = password.reset_link(make_person().user.id).rpartition("/")[2]
    OneTimeLink.update(purpose="confirm-email").execute()

    with pytest.raises(NotFound):
        password.reset(token, "new hash")


@pytest.mark.parametrize("text", ["", "short", "x" * 1001])
def test_passwords_have_limits(text: str) -> None:
    with pytest.raises(Invalid):
        password.check(text)


def test_a_hash_is_salted_and_not_the_password() -> None:
    assert password_hash().startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in password_hash()
    assert passwords.hash_password(PASSWORD) != password_hash()
