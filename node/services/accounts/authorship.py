"""Which sites may name an account as the author of their pages: those that the account names (`attributionDomains`)."""

import msgspec

from node.errors import Invalid
from node.models import Account
from node.speech import said
from node.text.domains import normal_domain

MAX_DOMAINS = 100


def is_author_at(account: Account, host: str) -> bool:
    """A name stands for all below it, too."""
    if account.attribution_domains == "[]":
        return False
    names = msgspec.json.decode(account.attribution_domains, type=list[str])
    return any(host == name or host.endswith(f".{name}") for name in names)


def checked(texts: tuple[str, ...]) -> str:
    """As the column keeps them; Invalid for what is no domain. People paste addresses, of which the domain counts."""
    names: dict[str, None] = {}
    for text in texts:
        bare = text.strip().partition("://")[2] or text.strip()
        bare = bare.partition("/")[0]
        if not bare:
            continue
        name = normal_domain(bare)
        if name is None:
            raise _invalid(f"{text.strip()[:100]} is not a domain")
        names[name] = None
    if len(names) > MAX_DOMAINS:
        raise _invalid(said("are too many (maximum is %(most)s)", most=MAX_DOMAINS))
    return msgspec.json.encode(list(names)).decode()


def _invalid(message: str) -> Invalid:
    return Invalid(f"Validation failed: Attribution domains {message}", {"attribution_domains": message})
