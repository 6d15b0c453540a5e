from collections.abc import Callable

import pytest

from node.errors import NotFound
from node.models import Account, Conversation, Visibility
from node.paging import Page
from node.services.conversations import rows as conversations
from node.services.statuses import deletion
from tests.factories import Person, make_person
from tests.factories_posts import make_status

pytestmark = pytest.mark.usefixtures("unit")


def of(person: Person) -> list[Conversation]:
    return conversations.page(person.account.id, Page())


def test_a_direct_message_is_unread_to_its_recipient_alone(alice: Person, bob: Person) -> None:
    status = make_status(alice, "@bob", visibility=Visibility.DIRECT)

    (mine,), (theirs,) = of(alice), of(bob)
    assert (mine.unread, theirs.unread) == (False, True)
    assert mine.last_status_id == theirs.last_status_id == status.id
    assert conversations.participant_ids(mine) == [bob.account.id]


def test_answers_go_on_with_the_conversation(alice: Person, bob: Person) -> None:
    first = make_status(alice, "@bob", visibility=Visibility.DIRECT)
    second = make_status(bob, "@alice", visibility=Visibility.DIRECT, in_reply_to_id=first.id)

    assert [(row.last_status_id, row.unread) for row in of(alice)] == [(second.id, True)]
    assert [(row.last_status_id, row.unread) for row in of(bob)] == [(second.id, False)]


def test_other_people_make_another_conversation(alice: Person, bob: Person) -> None:
    dora = make_person("dora")
    first = make_status(alice, "@bob", visibility=Visibility.DIRECT)
    make_status(alice, "@bob @dora", visibility=Visibility.DIRECT, in_reply_to_id=first.id)

    assert len(of(alice)) == 2
    assert len(of(dora)) == 1


def test_messages_from_elsewhere_are_conversations_too(bob: Person, remote: Callable[..., Account]) -> None:
    carol = remote("carol")
    make_status(carol, visibility=Visibility.DIRECT, mentions=(bob.account.id,))

    assert [conversations.participant_ids(row) for row in of(bob)] == [[carol.id]]
    assert Conversation.select().count() == 1


def test_reading_and_removing_are_for_the_owner(alice: Person, bob: Person) -> None:
    make_status(alice, "@bob", visibility=Visibility.DIRECT)
    row = of(bob)[0]

    with pytest.raises(NotFound):
        conversations.read(alice.account.id, row.id)
    assert not conversations.read(bob.account.id, row.id).unread
    assert not of(bob)[0].unread
    conversations.remove(bob.account.id, row.id)
    assert of(bob) == []
    assert len(of(alice)) == 1


def test_a_conversation_ends_with_what_is_left_of_it(alice: Person, bob: Person) -> None:
    first = make_status(alice, "@bob", visibility=Visibility.DIRECT)
    second = make_status(bob, "@alice", visibility=Visibility.DIRECT, in_reply_to_id=first.id)

    deletion.delete(bob.account.id, second.id)
    assert [row.last_status_id for row in of(alice)] == [first.id]
    deletion.delete(alice.account.id, first.id)
    assert of(alice) == of(bob) == []
