"""StatusSource: what its author typed."""

from typing import Any

from node.models import Status


def source_entity(status: Status) -> dict[str, Any]:
    """`content_type` is ours, as other servers with Markdown have it."""
    return {
        "id": str(status.id),
        "text": status.source,
        "spoiler_text": status.spoiler_text,
        "content_type": status.content_type,
    }
