"""Where few are spoken with: which ones."""

import pytest

from node.errors import Forbidden, Invalid, NotFound
from node.models import AllowedDomain, AuditEntry, Severity
from node.services.caching import control
from node.services.community import settings
from node.services.servers import allowed_domains, domain_blocks, domains
from node.services.servers.domain_blocks import Terms
from node.streams import Event
from tests.factories import make_person


def limit() -> None:
    settings.change({"limited_federation": True}, None)


@pytest.mark.parametrize(
    ("host", "is_spoken_with"),
    [
        ("friends.test", True),
        ("FRIENDS.test", True),
        ("sub.friends.test:8443", True),
        ("notfriends.test", False),
        ("test", False),
        ("loud.test", False),
    ],
)
def test_only_what_is_on_the_list_is_spoken_with(unit: None, host: str, is_spoken_with: bool) -> None:
    allowed_domains.allow("Friends.test", None)
    assert not domains.is_suspended("loud.test")

    limit()

    assert domains.is_suspended(host) is not is_spoken_with


def test_a_rule_holds_for_what_is_on_the_list_too(unit: None) -> None:
    limit()
    allowed_domains.allow("friends.test", None)
    domain_blocks.block("sub.friends.test", Severity.SUSPEND, Terms(), None)

    assert domains.is_suspended("sub.friends.test")
    assert not domains.is_suspended("friends.test")


def test_twice_changes_nothing_and_who_did_it_is_written_down(unit: None) -> None:
    limit()
    allowed_domains.allow("friends.test", None)
    allowed_domains.allow("friends.test", None)
    assert AllowedDomain.select().count() == 1

    allowed_domains.disallow("FRIENDS.test", None)

    assert domains.is_suspended("friends.test")
    actions = [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)]
    assert actions == ["change.setting", "allow.domain", "disallow.domain"]
    with pytest.raises(NotFound):
        allowed_domains.disallow("friends.test", None)


@pytest.mark.parametrize("domain", ["", "not a domain", "a.test", "[::1]"])
def test_what_is_no_domain_or_our_own_is_refused(unit: None, domain: str) -> None:
    with pytest.raises(Invalid):
        allowed_domains.allow(domain, None)


def test_people_without_a_role_decide_nothing(unit: None) -> None:
    with pytest.raises(Forbidden):
        allowed_domains.allow("friends.test", make_person().account)


def test_what_another_process_decided_holds_here(unit: None) -> None:
    limit()
    assert domains.is_suspended("friends.test")
    AllowedDomain.create(domain="friends.test", created_at=1)

    control.act_on(Event((control.TOPIC,), "domains_changed", 0))

    assert not domains.is_suspended("friends.test")
