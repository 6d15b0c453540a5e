"""Poll."""

from typing import Any

from node import clock
from node.services.statuses.view import StatusView
from web.entities.emoji import emoji_entities


def poll_entity(view: StatusView) -> dict[str, Any]:
    """The poll of a status that has one, as the reader of `view` sees it."""
    poll = view.body.poll
    assert poll is not None  # noqa: S101 - callers look first
    expired = poll.closed_at is not None or (poll.expires_at is not None and poll.expires_at <= clock.now_ms())
    hidden = poll.hide_totals and not expired
    titles = " ".join(option.title for option in poll.options)
    entity: dict[str, Any] = {
        "id": str(poll.id),
        "expires_at": None if poll.expires_at is None else clock.iso(poll.expires_at),
        "expired": expired,
        "multiple": poll.multiple,
        "votes_count": poll.votes_count,
        "voters_count": poll.voters_count,
        "options": [
            {"title": option.title, "votes_count": None if hidden else option.votes} for option in poll.options
        ],
        "emojis": emoji_entities(one for one in view.body.emoji if f":{one.shortcode}:" in titles),
    }
    if view.viewer_id is not None:
        # Nobody votes in an own poll, so apps show its author the result.
        entity |= {"voted": view.is_own or bool(view.own_votes), "own_votes": view.own_votes}
    return entity
