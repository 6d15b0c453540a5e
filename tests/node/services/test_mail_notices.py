"""Letters about what somebody has not seen."""

import pytest

from node import clock, site
from node.jobs import JobKind
from node.models import MailNotice, MemberRole, NotificationKind, User
from node.services.access import preferences
from node.services.accounts import delete_local
from node.services.notifications import mail_notices
from node.services.notifications import telling as notifications
from node.services.timelines import markers
from tests.factories import Person, make_person, payload_of, waiting_jobs
from tests.factories_organisations import join, make_organisation
from tests.factories_posts import make_status

KINDS = frozenset({NotificationKind.FOLLOW, NotificationKind.MENTION})


@pytest.fixture
def alice(unit: None, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Who wants letters, on a node that can write them."""
    monkeypatch.setattr(site, "sends_mail", True)
    person = make_person("alice")
    mail_notices.choose(person.user.id, person.account.id, KINDS)
    return person


def follow(reader: Person) -> int:
    """Somebody new follows; the notification's id."""
    told = notifications.notify(
        reader.account.id, NotificationKind.FOLLOW, make_person(display_name="Bob").account.id
    )
    assert told is not None
    return told


def letters() -> list[dict[str, str]]:
    return [payload_of(job) for job in waiting_jobs(JobKind.SEND_MAIL)]


def later(half_hours: int = 1) -> int:
    with clock.frozen(clock.now_ms() + half_hours * mail_notices.EVERY_MS + clock.MINUTE):
        return mail_notices.work()


def test_a_letter_says_who_did_what_and_not_what_was_written(alice: Person) -> None:
    follow(alice)
    bob = make_person("bob", display_name="Bob\n\nBcc: x")
    make_status(bob, "@alice A secret.")

    assert mail_notices.work() == 1

    (letter,) = letters()
    assert letter["to"] == alice.user.email
    assert "Bob (@" in letter["text"]
    assert "follows you" in letter["text"]
    assert f"(@bob@{site.domain}) wrote to you" in letter["text"]
    assert "secret" not in letter["text"]
    assert "\nBcc" not in letter["text"]
    assert "/settings/notifications#mail" in letter["text"]


def test_a_letter_is_in_the_language_of_whom_it_is_to(alice: Person) -> None:
    preferences.change(alice.user.id, {"language": "de"})
    follow(alice)

    assert mail_notices.work() == 1

    (letter,) = letters()
    assert letter["subject"].endswith(": Neues für dich")
    assert "folgt dir" in letter["text"]
    assert "Ansehen: http" in letter["text"]
    assert "follows you" not in letter["text"]


def test_nothing_is_told_twice_and_letters_have_time_between(alice: Person) -> None:
    follow(alice)
    assert mail_notices.work() == 1

    follow(alice)
    assert mail_notices.work() == 0
    assert later() == 1
    assert later(2) == 0
    assert [letter["text"].count("follows you") for letter in letters()] == [1, 1]


def test_what_was_read_or_not_chosen_or_there_before_is_not_told(alice: Person) -> None:
    markers.set_read(alice.account.id, "notifications", follow(alice))
    notifications.notify(alice.account.id, NotificationKind.FOLLOW_REQUEST, make_person().account.id)
    bob = make_person()
    follow(bob)
    mail_notices.choose(bob.user.id, bob.account.id, KINDS)

    assert mail_notices.work() == 0
    assert letters() == []


def test_a_letter_has_an_end(alice: Person) -> None:
    for _ in range(mail_notices.MOST_LINES + 3):
        follow(alice)

    mail_notices.work()

    (letter,) = letters()
    assert letter["text"].count("follows you") == mail_notices.MOST_LINES
    assert "There may be more." in letter["text"]


@pytest.mark.parametrize("why", ["no mail", "unproven", "disabled", "nothing chosen", "deleted"])
def test_who_is_not_to_be_written_to_is_not(alice: Person, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    follow(alice)
    if why == "no mail":
        monkeypatch.setattr(site, "sends_mail", False)
    elif why == "unproven":
        User.update(email_key=None).where(User.id == alice.user.id).execute()
    elif why == "disabled":
        User.update(disabled_at=clock.now_ms()).where(User.id == alice.user.id).execute()
    elif why == "nothing chosen":
        mail_notices.choose(alice.user.id, alice.account.id, frozenset())
    else:
        delete_local(alice.account.id)
        assert not MailNotice.select().exists()

    assert mail_notices.work() == 0
    assert letters() == []


def test_each_member_of_an_organisation_has_letters_of_their_own(alice: Person) -> None:
    bob, carol = make_person("bob"), make_person("carol")
    society = make_organisation(alice).account
    for person in (bob, carol):
        join(person, society.id, MemberRole.WRITER)
    for person, kinds in ((alice, KINDS), (bob, {NotificationKind.MENTION}), (carol, KINDS)):
        mail_notices.choose(person.user.id, society.id, kinds)
    mail_notices.choose(carol.user.id, society.id, frozenset())
    notifications.notify(society.id, NotificationKind.FOLLOW, make_person().account.id)
    make_status(make_person(), "@society Hello.")

    assert mail_notices.work() == 2

    told = {letter["to"]: letter["text"] for letter in letters()}
    assert told.keys() == {alice.user.email, bob.user.email}
    assert "follows you" in told[str(alice.user.email)]
    assert "follows you" not in told[str(bob.user.email)]
    assert all(letter["subject"].endswith("news for @society") for letter in letters())
    assert mail_notices.of(bob.user.id, society.id) == {"mention"}
