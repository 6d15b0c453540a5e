"""Tag."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from node import site
from node.models import Tag
from node.services.discovery.tag_usage import Day


def tag_entity(
    tag: Tag, history: Iterable[Day], *, following: bool | None = None, featuring: bool = False
) -> dict[str, Any]:
    """`following` is None for visitors."""
    entity: dict[str, Any] = {
        "id": number_of(tag.key),
        "name": tag.name,
        "url": site.tag_url(tag.key),
        "history": history_entity(history),
    }
    if following is not None:
        entity |= {"following": following, "featuring": featuring}
    return entity


def history_entity(history: Iterable[Day]) -> list[dict[str, str]]:
    """The API writes all the numbers of a history as texts."""
    return [
        {"day": str(day.starts_at // 1000), "uses": str(day.uses), "accounts": str(day.accounts)} for day in history
    ]


def number_of(key: str) -> str:
    """An id that every node would give: that of the row tells when somebody first wrote it, perhaps in private."""
    return str(int.from_bytes(blake2b(key.encode(), digest_size=7).digest()))
