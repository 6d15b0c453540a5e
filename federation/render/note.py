"""Statuses as Notes and Questions (docs/conformance.md, objects that are sent)."""

from typing import Any

from federation import uris
from federation.audience import Addressing, addressing
from federation.render.loading import NoteParts
from federation.render.policy import interaction_policy, object_links, quote_properties, quote_tags
from federation.render.tags import collection_tag, emoji_tag, hashtag_tag, mention_tag
from node import clock, site
from node.media.storage import mime_of
from node.models import MediaAttachment, Poll, Status
from node.services.interactions import polls
from node.services.statuses import ancestry
from node.text.quoting import with_line

_TYPES = {"image": "Image", "video": "Video", "gifv": "Video", "audio": "Audio"}


def addressing_of(parts: NoteParts) -> Addressing:
    """An answer that waits says already to whom it is, though only one gets it."""
    visibility = parts.status.visibility if parts.held is None else parts.held.visibility
    people = [*parts.addressed, *(parts.named if parts.held is not None else ()), *parts.groups]
    addressed = dict.fromkeys(account.uri for account in people)
    return addressing(visibility, parts.author.followers_uri, list(addressed))


def note(parts: NoteParts) -> dict[str, Any]:
    """Without `@context`: it is the document's, or that of the activity around it."""
    status, author = parts.status, parts.author
    to = addressing_of(parts)
    content = status.content if parts.quoted is None else with_line(status.content, parts.quoted.url)
    document: dict[str, Any] = {
        "id": status.uri,
        "type": "Question" if parts.poll else "Note",
        "attributedTo": author.uri,
        "to": to.to,
        "cc": to.cc,
        "published": clock.iso(status.created_at),
        "url": site.status_url(author.username, status.id),
        "content": content,
        "summary": status.spoiler_text or None,
        "sensitive": bool(status.sensitive),
        "inReplyTo": parts.in_reply_to,
        "tag": [
            *(mention_tag(one) for one in parts.named),
            *(hashtag_tag(one.name) for one in parts.tags),
            *(emoji_tag(one) for one in parts.emoji),
            *quote_tags(parts),
            *object_links(parts),
            *(collection_tag(one) for one in parts.collections),
        ],
        "attachment": [attachment(one) for one in parts.media],
        **_collections(status),
        "interactionPolicy": interaction_policy(parts),
        **quote_properties(parts),
    }
    if parts.thread is not None:
        # Copied from where it began: the thread's name, and the address that lists it (FEP-7888), if there is one.
        name, listed_at = parts.thread
        document["conversation"] = listed_at if name.endswith(ancestry.UNNAMED) else name
        if uris.is_http_uri(listed_at) and not listed_at.endswith(ancestry.UNNAMED):
            document["context"] = listed_at
    if status.language:
        document["contentMap"] = {status.language: content}
    if parts.groups:
        document["audience"] = parts.groups[0].uri  # FEP-1b12
    if status.edited_at:
        document["updated"] = clock.iso(status.edited_at)
    if parts.approved_by:
        # GoToSocial's words, before 0.21 and since.
        document |= {"approvedBy": parts.approved_by, "replyAuthorization": parts.approved_by}
    if status.visibility == "direct" and parts.held is None:
        document["directMessage"] = True
    if parts.poll:
        document |= _question(parts.poll)
    return document


def _collections(status: Status) -> dict[str, Any]:
    """Where the answers, likes and boosts are, for what anybody may see."""
    if status.visibility not in ("public", "unlisted"):
        return {}
    return {
        name: site.status_collection_uri(status.account_id, status.id, name)
        for name in ("replies", "likes", "shares")
    }


def attachment(media: MediaAttachment) -> dict[str, Any]:
    """Alt text stands in `name` for most and in `summary` for GoToSocial and Honk."""
    document: dict[str, Any] = {
        "type": _TYPES.get(media.kind, "Document"),
        "mediaType": media.mime,
        "url": site.media_url(media.file_key),
    }
    if media.description:
        document |= {"name": media.description, "summary": media.description}
    if media.blurhash:
        document["blurhash"] = media.blurhash
    if media.width and media.height:
        document |= {"width": media.width, "height": media.height}
    if media.duration_seconds is not None:
        document["duration"] = f"PT{round(media.duration_seconds, 3):.10g}S"  # ISO 8601
    if media.thumb_key and media.kind != "image":
        document["icon"] = {
            "type": "Image",
            "mediaType": mime_of(media.thumb_key),
            "url": site.media_url(media.thumb_key),
        }
    if media.focus_x is not None and media.focus_y is not None:
        document["focalPoint"] = [media.focus_x, media.focus_y]
    return document


def _question(poll: Poll) -> dict[str, Any]:
    is_over = polls.is_over(poll)
    options = [
        {
            "type": "Note",
            "name": option.title,
            "replies": {
                "type": "Collection",
                "totalItems": 0 if poll.hide_totals and not is_over else option.votes,
            },
        }
        for option in polls.options_of(poll)
    ]
    document: dict[str, Any] = {"anyOf" if poll.multiple else "oneOf": options}
    if poll.expires_at is not None:
        document["endTime"] = clock.iso(poll.expires_at)
        if is_over:
            document["closed"] = clock.iso(poll.closed_at or poll.expires_at)
    if poll.voters_count is not None:
        document["votersCount"] = poll.voters_count
    return document
