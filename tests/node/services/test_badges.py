from node.models import Role, Visibility
from node.services import follows
from node.services.community import badges
from node.services.community.badges import Badges
from tests.factories import Person, make_person
from tests.factories_posts import make_status


def test_somebody_for_whom_nothing_waits_has_no_badges(alice: Person, unit: None) -> None:
    assert badges.of(alice.account.id, Role.USER) == Badges()


def test_badges_count_mentions_conversations_and_follow_requests(alice: Person, bob: Person, unit: None) -> None:
    alice.account.update(locked=True).where(type(alice.account).id == alice.account.id).execute()
    follows.follow(bob.account.id, alice.account.id)

    make_status(bob, "@alice Between us.", visibility=Visibility.DIRECT)

    assert badges.of(alice.account.id, Role.USER) == Badges(notifications=2, conversations=1, follow_requests=1)
    assert badges.of(bob.account.id, Role.USER) == Badges()


def test_moderators_see_how_many_wait_for_them(alice: Person, unit: None) -> None:
    newcomer = make_person("newcomer")
    type(newcomer.user).update(approved_at=None).where(type(newcomer.user).id == newcomer.user.id).execute()

    assert badges.of(alice.account.id, Role.MODERATOR).waiting == 1
    assert badges.of(alice.account.id, Role.USER).waiting == 0
