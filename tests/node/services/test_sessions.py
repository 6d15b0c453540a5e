"""Signing in, and the sessions that come of it."""

import time

import pytest

from node import clock, passwords, store, streams
from node.errors import Forbidden, NotFound
from node.models import Session, User
from node.services.access import sessions, signed_in
from node.services.caching import control
from node.services.moderation import decisions as moderation
from node.streams import Event
from tests.factories import PASSWORD, Person, make_person, password_hash


def sign_in(person: Person) -> str:
    with store.transaction():
        return sessions.open(person.user, person.account, "192.0.2.1", "Lynx")


def test_people_are_found_by_address_or_name_in_any_case(unit: None) -> None:
    alice = make_person("alice")

    for text in ("ALICE", "@alice", "Alice@mail.test", " alice "):
        found = sessions.authenticate(text)
        assert found is not None
        assert found.id == alice.user.id
    assert sessions.authenticate("nobody") is None
    assert sessions.authenticate("nobody@mail.test") is None


def test_a_password_is_right_or_wrong_and_nobody_has_none(unit: None) -> None:
    user = make_person("alice").user

    assert passwords.verify(user.password_hash, PASSWORD)
    assert not passwords.verify(user.password_hash, PASSWORD + "x")
    assert not passwords.verify(None, PASSWORD)
    assert not passwords.verify(user.password_hash, "x" * 10_000)


def test_nobodys_password_takes_as_long_as_somebodys() -> None:
    """Else whoever measures learns which names there are. What counts is this thread's own time on the processor."""
    passwords.verify(None, PASSWORD)
    took = []
    for known in (password_hash(), None):
        started = time.thread_time()
        assert not passwords.verify(known, "wrong")
        took.append(time.thread_time() - started)

    assert min(took) > max(took) / 3


def test_a_session_says_who_is_there(alice: Person) -> None:
    token = sign_in(alice)

    found = sessions.by_token(token)

    assert found is not None
    assert (found.user.id, found.account.id) == (alice.user.id, alice.account.id)
    assert sessions.by_token(token + "x") is None


def test_only_a_hash_of_the_token_is_kept(alice: Person) -> None:
    token = sign_in(alice)

    assert token not in str(Session.get().__data__)


def test_an_ended_session_is_over_at_once(alice: Person) -> None:
    token = sign_in(alice)
    found = sessions.by_token(token)
    assert found is not None

    with store.transaction():
        sessions.end(alice.user.id, found.session.id)

    assert sessions.by_token(token) is None


def test_nobody_ends_the_session_of_somebody_else(alice: Person, bob: Person) -> None:
    token = sign_in(alice)
    found = sessions.by_token(token)
    assert found is not None

    with pytest.raises(NotFound), store.transaction():
        sessions.end(bob.user.id, found.session.id)

    assert sessions.by_token(token) is not None


def test_all_other_sessions_can_be_ended(alice: Person) -> None:
    kept, other = sign_in(alice), sign_in(alice)
    found = sessions.by_token(kept)
    assert found is not None

    with store.transaction():
        sessions.end_all_but(alice.user.id, found.session.id)

    assert sessions.by_token(kept) is not None
    assert sessions.by_token(other) is None


def test_a_session_that_nobody_uses_ends(alice: Person) -> None:
    token = sign_in(alice)

    with clock.frozen(clock.now_ms() + signed_in.SESSION_MS + 1):
        assert sessions.by_token(token) is None
        with store.transaction():
            assert sessions.delete_expired() == 1


@pytest.mark.parametrize("column", ["disabled_at", "approved_at", "confirmed_at"])
def test_people_who_may_not_sign_in_are_told_why(unit: None, column: str) -> None:
    person = make_person()
    User.update({column: 1 if column == "disabled_at" else None}).where(User.id == person.user.id).execute()

    with pytest.raises(Forbidden, match="login"):
        sessions.open(User.get_by_id(person.user.id), person.account, "", "")


def test_nobody_signs_in_as_an_account_of_somebody_else(unit: None) -> None:
    alice, bob = make_person(), make_person()

    with pytest.raises(Forbidden):
        sessions.open(alice.user, bob.account, "", "")


def test_a_suspension_ends_sessions_at_once(alice: Person) -> None:
    token = sign_in(alice)
    assert sessions.by_token(token) is not None

    with store.transaction():
        moderation.suspend(alice.account.id, None)

    assert sessions.by_token(token) is None


def test_what_another_process_ended_is_forgotten_here(alice: Person) -> None:
    token = sign_in(alice)
    found = sessions.by_token(token)
    assert found is not None
    Session.delete().execute()
    assert sessions.by_token(token) is not None

    control.act_on(Event(("control",), "session_ended", found.session.id))

    assert sessions.by_token(token) is None


def test_use_is_noted_once_an_hour(alice: Person) -> None:
    token = sign_in(alice)

    with clock.frozen(clock.now_ms() + 2 * clock.HOUR):
        found = sessions.by_token(token)
        assert found is not None
        assert found.should_be_noted
        with store.transaction():
            sessions.note_use(found.session.id, "192.0.2.9")

        noted = sessions.by_token(token)

    assert noted is not None
    assert noted.session.ip == "192.0.2.9"
    assert User.get_by_id(alice.user.id).last_active_at == noted.session.seen_at


async def test_streams_hear_of_the_end(alice: Person) -> None:
    token = sign_in(alice)
    found = sessions.by_token(token)
    assert found is not None

    with streams.subscribe(("control",)) as events:
        await store.write(sessions.end, alice.user.id, found.session.id)
        event = await anext(aiter(events))

    assert (event.kind, event.id) == ("session_ended", found.session.id)


def test_a_browser_that_signs_in_again_has_one_session(alice: Person, bob: Person, unit: None) -> None:
    former = sessions.by_token(sessions.begin(alice.user.id, "192.0.2.1", "a browser"))
    assert former is not None

    token = sessions.begin(bob.user.id, "192.0.2.1", "a browser", instead_of=former.session.id)

    signed_in = sessions.by_token(token)
    assert signed_in is not None
    assert signed_in.account.id == bob.account.id
    assert sessions.of(alice.user.id) == []


def test_nobody_begins_a_session_of_nobody(unit: None) -> None:
    with pytest.raises(Forbidden):
        sessions.begin(1, "192.0.2.1", "a browser")
