"""Addresses of logins."""

import pytest

from node import site
from node.errors import Invalid
from node.jobs import JobKind
from node.models import User
from node.services.access import emails, registration
from node.services.community import settings
from tests.factories import Person, payload_of, waiting_jobs


def fresh(person: Person) -> User:
    return User.get_by_id(person.user.id)


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(site, "sends_mail", True)


def test_a_new_address_waits_for_the_answer_to_a_letter(mail: None, alice: Person, unit: None) -> None:
    asked = emails.change(alice.user, "new@mail.test")

    (letter,) = waiting_jobs(JobKind.SEND_MAIL)
    assert asked
    assert emails.waiting(alice.user.id) == "new@mail.test"
    assert fresh(alice).email == "alice@mail.test"

    registration.confirm_email(payload_of(letter)["text"].partition("confirm-email/")[2].split()[0])

    assert fresh(alice).email_key == "new@mail.test"
    assert emails.waiting(alice.user.id) == ""


def test_who_asks_for_a_known_address_sees_what_others_see(
    mail: None, alice: Person, bob: Person, unit: None
) -> None:
    emails.change(alice.user, "bob@mail.test")

    (letter,) = waiting_jobs(JobKind.SEND_MAIL)
    assert emails.waiting(alice.user.id) == "bob@mail.test"
    assert payload_of(letter)["to"] == "bob@mail.test"
    assert "confirm-email" not in payload_of(letter)["text"]


def test_without_letters_a_free_address_is_believed(alice: Person, unit: None) -> None:
    assert not emails.change(alice.user, "New@mail.test")

    assert (fresh(alice).email, fresh(alice).email_key) == ("New@mail.test", "new@mail.test")


def test_without_letters_a_known_address_opens_no_door(alice: Person, bob: Person, unit: None) -> None:
    emails.change(alice.user, "bob@mail.test")

    assert fresh(alice).email_key is None
    assert fresh(bob).email_key == "bob@mail.test"


def test_an_address_can_be_taken_out_unless_the_community_wants_one(alice: Person, unit: None) -> None:
    emails.change(alice.user, "")
    assert (fresh(alice).email, fresh(alice).email_key) == (None, None)

    settings.change({"email_required": True}, None)
    with pytest.raises(Invalid):
        emails.change(alice.user, "")


@pytest.mark.parametrize("address", ["nobody", "a@b", "a b@mail.test", "@mail.test"])
def test_what_is_no_address_is_refused(alice: Person, unit: None, address: str) -> None:
    with pytest.raises(Invalid):
        emails.change(alice.user, address)

    assert fresh(alice).email == "alice@mail.test"
