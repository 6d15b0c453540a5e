"""MediaAttachment."""

from typing import Any

from node.models import MediaAttachment
from web.files import remote_media

# Of other servers' pictures: they say so. A picture of ours has a thumbnail that never moves.
_MAY_MOVE = ("image/gif", "image/webp", "image/apng")


def media_entity(media: MediaAttachment) -> dict[str, Any]:
    url = remote_media.shown(media.file_key, media.remote_url) if media.kind != "unknown" else ""
    thumb = remote_media.shown(media.thumb_key, media.thumb_remote_url)
    if not thumb and media.kind == "image":
        thumb = url if media.file_key else _light(media)
    # Apps offer a link to the origin for what has no kind that they know, and show its blurhash.
    is_elsewhere = not url and bool(media.remote_url)
    return {
        "id": str(media.id),
        "type": "unknown" if is_elsewhere else media.kind,
        "url": url or None,
        "preview_url": thumb or None,
        "remote_url": media.remote_url or None,
        "preview_remote_url": media.thumb_remote_url or None,
        "text_url": None,
        "meta": _meta(media),
        "description": media.description or None,
        "blurhash": media.blurhash or None,
    }


def _light(media: MediaAttachment) -> str:
    """Of a picture that another server keeps and gave no thumbnail of."""
    if media.mime in _MAY_MOVE:
        return remote_media.still("", media.remote_url)
    return remote_media.small(media.remote_url)


def _meta(media: MediaAttachment) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    if media.focus_x is not None and media.focus_y is not None:
        meta["focus"] = {"x": media.focus_x, "y": media.focus_y}
    if media.width and media.height:
        meta["original"] = _size(media.width, media.height)
        if media.kind in ("video", "gifv"):
            meta["original"] = {"width": media.width, "height": media.height, **_playing(media)}
    elif playing := _playing(media):
        meta["original"] = playing
    if media.thumb_width and media.thumb_height:
        meta["small"] = _size(media.thumb_width, media.thumb_height)
    return meta


def _playing(media: MediaAttachment) -> dict[str, Any]:
    """What is known of it, as Mastodon has it: `frame_rate` is a fraction, `bitrate` in bits a second."""
    facts = {"frame_rate": media.frame_rate or None, "duration": media.duration_seconds, "bitrate": media.bitrate}
    return {name: value for name, value in facts.items() if value is not None}


def _size(width: int, height: int) -> dict[str, Any]:
    return {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}
