"""The domains that this node speaks with, where it speaks with few: the setting `limited_federation`."""

from node import clock, config, site, streams
from node.errors import Invalid, NotFound
from node.models import Account, AllowedDomain, Role
from node.paging import Page
from node.services.caching.cache import Kept
from node.services.community import settings
from node.services.moderation import audit, roles
from node.speech import said
from node.text.domains import normal_domain


def admits(host: str) -> bool:
    """Whether `host` may be spoken with: always, unless only few may. From memory: takes a microsecond."""
    if not settings.current().limited_federation:
        return True
    allowed = kept.get()
    return any(name in allowed for name in names_above(host))


def names_above(host: str) -> list[str]:
    """The host's name without its port, and then each domain that it is under."""
    name = config.host_without_port(host.lower())
    found = []
    while name:
        found.append(name)
        name = name.partition(".")[2]
    return found


def allow(domain: str, by: Account | None) -> AllowedDomain:
    """Speak with a domain, and with everything under it. Twice changes nothing."""
    roles.require(by, Role.MODERATOR)
    name = checked_name(domain)
    row, is_new = AllowedDomain.get_or_create(domain=name, defaults={"created_at": clock.now_ms()})
    if is_new:
        audit.record(by, "allow.domain", name)
        _changed()
    return row


def disallow(domain: str, by: Account | None) -> None:
    """Do not speak with it any more, as far as only few are spoken with. What is here of it stays."""
    roles.require(by, Role.MODERATOR)
    row = AllowedDomain.get_or_none(AllowedDomain.domain == (normal_domain(domain.strip()) or ""))
    if row is None:
        raise NotFound("This domain is not on the list.")
    AllowedDomain.delete().where(AllowedDomain.id == row.id).execute()
    audit.record(by, "disallow.domain", row.domain)
    _changed()


def by_id(row_id: int) -> AllowedDomain:
    row = AllowedDomain.get_or_none(AllowedDomain.id == row_id)
    if row is None:
        raise NotFound("Record not found")
    return row


def page(page: Page) -> list[AllowedDomain]:
    """Newest first."""
    return page.of(AllowedDomain.select(), AllowedDomain.id)


def all_allowed() -> list[AllowedDomain]:
    """By name."""
    return list(AllowedDomain.select().order_by(AllowedDomain.domain))


def checked_name(domain: str) -> str:
    """The domain, normalised and without a port; Invalid for what is none, and for our own."""
    name = normal_domain(domain.strip())
    if name is None or name.startswith("["):
        raise Invalid(said("%(name)s is not a domain.", name=repr(domain[:300])), {"domain": "is not a domain"})
    name = config.host_without_port(name)
    own = {config.host_without_port(host) for host in (site.domain, site.web_domain)}
    if any(host == name or host.endswith(f".{name}") for host in own):
        raise Invalid("There is no rule for this node itself.", {"domain": "is this node's own"})
    return name


def _load() -> frozenset[str]:
    return frozenset(row.domain for row in AllowedDomain.select())


def _changed() -> None:
    kept.forget_with_unit()
    streams.publish(("control",), "domains_changed")


kept = Kept(_load)
