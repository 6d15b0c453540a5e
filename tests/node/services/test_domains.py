"""What is decided about whole domains."""

import pytest

from node.errors import Forbidden, Invalid, NotFound
from node.models import Account, AuditEntry, DomainBlock, Follow, NotificationKind, Severity
from node.paging import Page
from node.services import follows
from node.services.moderation import decisions as moderation
from node.services.notifications import telling as notifications
from node.services.relationships import lists
from node.services.servers import domain_blocks, domains
from node.services.servers.domain_blocks import Terms
from tests.factories import befriend, make_person, make_remote


def block(domain: str, severity: Severity = Severity.SUSPEND, **terms: object) -> DomainBlock:
    return domain_blocks.block(domain, severity, Terms(**terms), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("bad.test", Severity.SUSPEND),
        ("BAD.test", Severity.SUSPEND),
        ("a.b.bad.test", Severity.SUSPEND),
        ("bad.test:8443", Severity.SUSPEND),
        ("notbad.test", None),
        ("bad.test.other.test", None),
        ("test", None),
        ("", None),
    ],
)
def test_a_rule_holds_for_everything_under_its_domain_on_every_port(
    unit: None, host: str, expected: Severity | None
) -> None:
    block("Bad.test")

    assert domains.severity_of(host) is expected
    assert domains.is_suspended(host) is (expected is not None)


def test_the_nearest_rule_counts(unit: None) -> None:
    block("bad.test", Severity.SILENCE)
    block("worse.bad.test", Severity.SUSPEND)

    assert domains.severity_of("x.worse.bad.test") is Severity.SUSPEND
    assert domains.severity_of("x.bad.test") is Severity.SILENCE


def test_suspending_hides_accounts_and_ends_follows_both_ways(unit: None) -> None:
    alice, frank, grace = (make_person().account for _ in range(3))
    carol, dave = make_remote(domain="bad.test"), make_remote(domain="sub.bad.test")
    erin = make_remote(domain="notbad.test")
    for other in (carol, dave, erin):
        befriend(alice, other)
        befriend(other, alice)
        befriend(frank, other)
    befriend(carol, grace)
    befriend(frank, grace)

    block("bad.test")

    assert {follow.target for follow in Follow.select().where(Follow.account == alice.id)} == {erin.id}
    assert [Account.get_by_id(a.id).is_gone for a in (carol, dave, erin)] == [True, True, False]
    counted = [Account.get_by_id(each.id) for each in (alice, frank, grace, carol, dave, erin)]
    assert [(each.followers_count, each.following_count) for each in counted] == [
        *((1, 1), (0, 2), (1, 0)),
        *((0, 0), (0, 0), (2, 1)),
    ]


def test_an_actor_on_a_blocked_host_is_hidden_whatever_its_handle_says(unit: None) -> None:
    sly = make_remote(domain="nice.test", uri="https://bad.test/users/sly")

    block("bad.test")

    assert Account.get_by_id(sly.id).is_gone


def test_lifting_undoes_what_the_block_did_and_nothing_else(unit: None) -> None:
    carol, dave = make_remote(domain="bad.test"), make_remote(domain="bad.test")
    moderation.suspend(dave.id, None)
    block("bad.test")

    domain_blocks.unblock("bad.test", None)

    assert not Account.get_by_id(carol.id).is_gone
    assert Account.get_by_id(dave.id).is_gone
    assert domains.severity_of("bad.test") is None


def test_what_ended_with_a_domain_is_not_told_of_once_it_is_lifted(unit: None) -> None:
    alice = make_person(locked=True).account
    carol, dave, erin = (make_remote(domain=domain) for domain in ("bad.test", "bad.test", "notbad.test"))
    list_id = lists.create(alice.id, "Friends").id
    for other in (carol, erin):
        befriend(alice, other)
        befriend(other, alice)
        notifications.notify(alice.id, NotificationKind.FOLLOW, other.id)
    lists.add_members(alice.id, list_id, [carol.id, erin.id])
    for other in (carol, dave):
        notifications.notify(alice.id, NotificationKind.MENTION, other.id)
    follows.receive_follow(dave, alice, "https://bad.test/follows/1")
    assert heard(alice) == {
        ("follow", carol.id),
        ("follow", erin.id),
        ("mention", carol.id),
        ("mention", dave.id),
        ("follow_request", dave.id),
    }

    block("bad.test")
    domain_blocks.unblock("bad.test", None)

    assert heard(alice) == {("follow", erin.id), ("mention", carol.id), ("mention", dave.id)}
    assert lists.members(alice.id, list_id, Page()) == [erin.id]


def heard(account: Account) -> set[tuple[str, int]]:
    told = notifications.page(account.id, Page())
    return {(one.kind, one.sender_id) for one in told if one.kind != NotificationKind.SEVERED_RELATIONSHIPS}


def test_deciding_anew_replaces_the_rule(unit: None) -> None:
    carol = make_remote(domain="bad.test")
    block("bad.test")

    block("bad.test", Severity.SILENCE, reject_media=True)

    fresh = Account.get_by_id(carol.id)
    assert (fresh.suspended_at, fresh.silenced_at is not None) == (None, True)
    rule = domains.rule_of("bad.test")
    assert rule is not None
    assert (rule.severity, rule.reject_media) == (Severity.SILENCE, True)
    assert len(domain_blocks.all_blocks()) == len(domain_blocks.page(Page())) == 1


@pytest.mark.parametrize("domain", ["a.test", "A.TEST:80", "test", "", "no domain", "[::1]", "https://bad.test"])
def test_what_cannot_be_blocked_is_refused(unit: None, domain: str) -> None:
    with pytest.raises(Invalid):
        block(domain)


def test_moderators_decide_and_it_is_recorded(unit: None) -> None:
    moderator = make_person(role="moderator").account

    with pytest.raises(Forbidden):
        domain_blocks.block("bad.test", Severity.SUSPEND, Terms(), make_person().account)
    domain_blocks.block("bad.test", Severity.SUSPEND, Terms(), moderator)
    domain_blocks.unblock("bad.test", moderator)

    assert [e.action for e in AuditEntry.select().order_by(AuditEntry.id)] == ["block.domain", "unblock.domain"]
    with pytest.raises(NotFound):
        domain_blocks.unblock("bad.test", moderator)
