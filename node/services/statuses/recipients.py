"""Who gets a message that goes to those alone whom it names: looked at before it is posted."""

from collections.abc import Sequence
from typing import NamedTuple

from node.services.statuses.drafts import named_in
from node.services.statuses.loading import get_original
from node.text.render import clean_source
from node.text.tokens import mentions_in


class Recipients(NamedTuple):
    """Of a message, or of several that are one thread."""

    account_ids: tuple[int, ...]  # as first named, without who writes
    unknown: tuple[str, ...]  # names by which nobody is known here, as handles
    lonely: tuple[int, ...]  # which posts name nobody: 1 is the first
    unnamed: int | None  # who wrote what is answered, and does not get the answer


def of(account_id: int, texts: Sequence[str], parent_id: int | None = None) -> Recipients:
    """As posting finds them. NotFound for a parent that may not be read."""
    found: dict[int, None] = {}
    unknown: dict[str, None] = {}
    lonely, first = [], set[int]()
    for number, text in enumerate(texts, 1):
        source = clean_source(text)
        named = named_in(source)
        others = [one for one in dict.fromkeys(named.account_ids) if one != account_id]
        found |= dict.fromkeys(others)
        unknown |= {_handle(one.name, one.domain): None for one in mentions_in(source) if one.key not in named}
        if not others:
            lonely.append(number)
        if number == 1:
            first = set(others)
    author_id = None if parent_id is None else get_original(account_id, parent_id).account_id
    is_left_out = author_id not in (None, account_id, *first)
    return Recipients(tuple(found), tuple(unknown), tuple(lonely), author_id if is_left_out else None)


def _handle(name: str, domain: str | None) -> str:
    return f"@{name}@{domain}" if domain else f"@{name}"
