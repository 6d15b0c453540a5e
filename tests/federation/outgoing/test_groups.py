"""Posting to groups: by naming them, and by answering in their threads (FEP-1b12)."""

from node.models import Account, ActorKind
from node.services.interactions import reblogs
from node.services.statuses import deletion
from tests.factories import Person, in_unit, make_remote
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.speaking import speak

GROUP = "https://lemmy.test/inbox"


def community() -> Account:
    return make_remote("maps", "lemmy.test", kind=ActorKind.GROUP)


def pass_on(group: Account, status_id: int, befriended: Person) -> None:
    make_follow(befriended, group)
    with in_unit():
        assert reblogs.receive(group, status_id, uri=f"{group.uri}/announce/{status_id}") is not None


async def test_a_post_that_names_a_group_is_for_it(config: object, alice: Person) -> None:
    group = community()
    make_status(alice, "Where are old maps? @maps@lemmy.test")

    (told,) = await speak()

    note = told.document["object"]
    assert told.inboxes == {GROUP}
    assert note["audience"] == group.uri
    assert group.uri in note["cc"]


async def test_an_answer_in_a_thread_of_a_group_goes_to_the_group_too(
    config: object, alice: Person, bob: Person, erin: Account
) -> None:
    group = community()
    begun = make_status(erin, "Old maps.")
    pass_on(group, begun.id, bob)
    make_status(alice, "Mine are older.", in_reply_to_id=begun.id)

    (told,) = await speak()

    note = told.document["object"]
    assert told.inboxes == {GROUP, "https://small.test/users/erin/inbox"}
    assert note["audience"] == group.uri
    assert group.uri in note["cc"]


async def test_an_answer_to_a_post_from_here_and_its_deletion_reach_the_group(
    config: object, alice: Person, bob: Person
) -> None:
    group = community()
    begun = make_status(bob, "Old maps.")
    pass_on(group, begun.id, bob)
    answer = make_status(alice, "Mine are older.", in_reply_to_id=begun.id)
    (told,) = await speak()

    with in_unit():
        deletion.delete(alice.account.id, answer.id)
    *_, gone = await speak()

    assert (told.document["type"], told.inboxes) == ("Create", {GROUP})
    assert (gone.document["type"], gone.inboxes) == ("Delete", {GROUP})


async def test_what_is_not_for_everybody_is_not_for_a_group_that_is_not_named(
    config: object, alice: Person, bob: Person, erin: Account
) -> None:
    group = community()
    begun = make_status(erin, "Old maps.")
    pass_on(group, begun.id, bob)
    make_status(alice, "@erin@small.test psst", in_reply_to_id=begun.id, visibility="direct")

    (told,) = await speak()

    assert told.inboxes == {"https://small.test/users/erin/inbox"}
    assert "audience" not in told.document["object"]
