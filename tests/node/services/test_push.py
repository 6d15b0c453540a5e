"""Who is to be told by Web Push, of what, and until when."""

import pytest

from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import NotificationKind, PushKey, PushPolicy, PushSubscription, Token
from node.services.access import oauth, password
from node.services.accounts import delete_local
from node.services.interactions import favourites
from node.services.moderation import decisions as moderation
from node.services.notifications import push
from node.services.notifications import telling as notifications
from node.services.notifications.push import Wish
from tests.factories import Person, make_person, payload_of, waiting_jobs
from tests.factories_posts import make_follow, make_status
from tests.pushed import Phone
from tests.queries import counted_queries

pytestmark = pytest.mark.usefixtures("unit")

ALL = frozenset(NotificationKind)


def token_of(person: Person) -> Token:
    app, _ = oauth.register_app("Phone", [oauth.OUT_OF_BAND], "read push")
    return oauth.create_token(app, "read push", user_id=person.user.id, account_id=person.account.id)[0]


def subscribe(
    person: Person,
    token: Token | None = None,
    *,
    alerts: frozenset[NotificationKind] = ALL,
    policy: PushPolicy = PushPolicy.ALL,
) -> PushSubscription:
    phone = Phone()
    wish = Wish(
        endpoint="https://push.test/1",
        p256dh=phone.p256dh,
        auth=phone.auth,
        alerts=alerts,
        policy=policy,
        sealed_token="sealed",
    )
    return push.subscribe((token or token_of(person)).id, person.account.id, wish)


def told() -> list[int]:
    """The subscriptions that have a job."""
    return [job.subject for job in waiting_jobs(JobKind.PUSH)]


def test_a_notification_is_told_to_each_subscription_of_its_account(alice: Person, bob: Person) -> None:
    subscriptions = [subscribe(alice), subscribe(alice)]
    subscribe(bob)

    made = notifications.notify(alice.account.id, NotificationKind.FOLLOW, bob.account.id)

    assert sorted(told()) == sorted(row.id for row in subscriptions)
    assert {payload_of(job)["notification_id"] for job in waiting_jobs(JobKind.PUSH)} == {made}


def test_without_subscriptions_nothing_is_asked(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    with counted_queries() as statements:
        notifications.notify(alice.account.id, NotificationKind.FAVOURITE, bob.account.id, status_id=status.id)

    assert len(statements) == 1
    assert told() == []


def test_a_notification_that_was_not_made_is_not_told(alice: Person, bob: Person) -> None:
    subscribe(alice)
    for _ in range(2):
        notifications.notify(alice.account.id, NotificationKind.FOLLOW, bob.account.id)

    assert len(told()) == 1


@pytest.mark.parametrize("kind", NotificationKind)
def test_only_what_was_asked_for_is_told(alice: Person, bob: Person, kind: NotificationKind) -> None:
    subscribe(alice, alerts=ALL - {kind})
    wanting = subscribe(alice, alerts=frozenset({kind}))

    notifications.notify(alice.account.id, kind, bob.account.id)

    assert told() == [wanting.id]


@pytest.mark.parametrize(
    ("policy", "heard"),
    [
        (PushPolicy.ALL, {"carol", "friend", "fan"}),
        (PushPolicy.FOLLOWED, {"friend"}),
        (PushPolicy.FOLLOWER, {"fan"}),
        (PushPolicy.NONE, set()),
    ],
)
def test_the_policy_says_whose_doings_count(alice: Person, policy: PushPolicy, heard: set[str]) -> None:
    friend, fan, carol = make_person("friend"), make_person("fan"), make_person("carol")
    make_follow(alice, friend)
    make_follow(fan, alice)
    subscribe(alice, policy=policy)
    status = make_status(alice)

    names = set()
    for person in (friend, fan, carol):
        before = len(told())
        favourites.add(person.account.id, status.id)
        if len(told()) > before:
            names.add(person.account.username)

    assert names == heard


def test_a_token_has_one_subscription(alice: Person) -> None:
    token = token_of(alice)
    first, second = subscribe(alice, token), subscribe(alice, token)

    assert push.of_token(token.id).id == second.id != first.id
    assert PushSubscription.select().count() == 1


def test_an_account_has_so_many_and_the_oldest_make_room(alice: Person, bob: Person) -> None:
    others = subscribe(bob)
    oldest = subscribe(alice)
    for _ in range(push.MOST_PER_ACCOUNT):
        newest = subscribe(alice)

    left = {row.id for row in PushSubscription.select()}
    assert oldest.id not in left
    assert {newest.id, others.id} <= left
    assert len(left) == push.MOST_PER_ACCOUNT + 1


def test_what_is_not_said_in_a_change_stays(alice: Person) -> None:
    token = token_of(alice)
    subscribe(alice, token, policy=PushPolicy.FOLLOWED)

    assert push.kinds_of(push.change(token.id, alerts=frozenset({NotificationKind.POLL}))) == {"poll"}
    row = push.change(token.id, policy=PushPolicy.NONE)

    assert (row.policy, row.alerts) == ("none", "poll")
    kept = push.of_token(token.id)
    assert (kept.policy, kept.alerts) == ("none", "poll")


def test_what_is_not_there_can_be_ended_and_not_changed(alice: Person) -> None:
    token = token_of(alice)
    push.end(token.id)

    with pytest.raises(NotFound):
        push.change(token.id, policy=PushPolicy.NONE)
    with pytest.raises(NotFound):
        push.of_token(token.id)


def test_keys_that_are_none_change_nothing(alice: Person) -> None:
    token = token_of(alice)
    before = subscribe(alice, token)

    with pytest.raises(Invalid, match="keys"):
        push.subscribe(token.id, alice.account.id, Wish(endpoint="https://push.test", p256dh="x", auth="y"))

    assert push.of_token(token.id).id == before.id


# ── ends ──


@pytest.mark.parametrize("end", ["revoke", "password", "reset", "suspend", "disable", "delete"])
def test_a_subscription_ends_with_its_token(alice: Person, bob: Person, end: str) -> None:
    token, others = token_of(alice), subscribe(bob)
    subscribe(alice, token)
    match end:
        case "revoke":
            oauth.revoke_by_id(alice.user.id, token.id)
        case "password":
            password.change(alice.user.id, "a hash")
        case "reset":
            password.reset(password.reset_link(alice.user.id).rpartition("/")[2], "a hash")
        case "suspend":
            moderation.suspend(alice.account.id, None)
        case "disable":
            moderation.disable(alice.user.id, None)
        case "delete":
            delete_local(alice.account.id)

    assert [row.id for row in PushSubscription.select()] == [others.id]


# ── the key ──


def test_the_key_is_made_once() -> None:
    push.ensure_key()
    first = push.key().public_key
    push.ensure_key()

    assert push.key().public_key == first
    assert PushKey.select().count() == 1
