"""What stands in an archive: the documents of an account and its posts, with addresses inside of the archive."""

from typing import Any

import msgspec

from federation.render import activity, note
from federation.render.actor_document import actor_document
from federation.render.loading import all_note_parts
from federation.serving import rendered
from node import site
from node.media.storage import mime_of
from node.models import Account, MediaAttachment
from node.services.portability import archives

Document = dict[str, Any]

# Where Mastodon's archives have them.
ACTOR, OUTBOX, LIKES, BOOKMARKS = "actor.json", "outbox.json", "likes.json", "bookmarks.json"
_CONTEXT = "https://www.w3.org/ns/activitystreams"

encode = msgspec.json.encode


def media_name(media: MediaAttachment) -> str:
    return f"media_attachments/files/{media.id}/original/{media.file_key.rpartition('/')[2]}"


def picture_name(which: str, key: str) -> str:
    """`avatar` or `header`, with the ending of its file."""
    return f"{which}.{key.rpartition('.')[2]}"


def actor(account: Account) -> bytes:
    """As the network sees it, except that its pictures and lists are files beside it."""
    document = dict(actor_document(account) or {"id": account.uri, "preferredUsername": account.username})
    for name, which, key in (("icon", "avatar", account.avatar_key), ("image", "header", account.header_key)):
        document.pop(name, None)
        if key:
            document[name] = {"type": "Image", "mediaType": mime_of(key), "url": picture_name(which, key)}
    return encode(document | {"outbox": OUTBOX, "likes": LIKES, "bookmarks": BOOKMARKS})


def opening(name: str) -> bytes:
    """A collection up to its items."""
    head = encode({"@context": _CONTEXT, "id": name, "type": "OrderedCollection"})
    return head[:-1] + b',"orderedItems":['


def closing(count: int) -> bytes:
    return b'],"totalItems":%d}' % count


def outbox_page(account_id: int, after: int) -> tuple[int, list[bytes]]:
    """(id of the last post, activities); the id is 0 at the end. Reads."""
    statuses = archives.statuses_page(account_id, after)
    if not statuses:
        return 0, []
    boosts = [status for status in statuses if status.reblog_of_id is not None]
    posts = [status.id for status in statuses if status.reblog_of_id is None]
    documents = rendered.activities_of(boosts)
    typed = archives.texts_of(posts)
    for status_id, parts in all_note_parts(posts, with_local_only=True).items():
        body = note.note(parts)
        inside = {site.media_url(one.file_key): media_name(one) for one in parts.media}
        for one in body["attachment"]:
            one["url"] = inside.get(one["url"], one["url"])
        source, form, stays = typed[status_id]
        documents[status_id] = activity.create(body | {"source": {"content": source, "mediaType": form}})
        if stays:
            documents[status_id]["object"]["localOnly"] = True
    return statuses[-1].id, [encode(documents[one.id]) for one in statuses if one.id in documents]
