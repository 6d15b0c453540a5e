"""OEmbedResponse: a post to be shown inside of another page (https://oembed.com, version 1.0)."""

from typing import Any

from markupsafe import escape

from node import clock, site

_CACHE_SECONDS = clock.DAY // clock.SECOND


def oembed_entity(status: dict[str, Any], width: int, height: int | None) -> dict[str, Any]:
    """Of a Status entity. Without `height` the frame becomes as high as what is in it."""
    author = status["account"]
    name = author["display_name"] or author["username"]
    return {
        "type": "rich",
        "version": "1.0",
        "title": f"Post by {name}",
        "author_name": name,
        "author_url": author["url"],
        "provider_name": site.domain,
        "provider_url": f"{site.base_url}/",
        "cache_age": _CACHE_SECONDS,
        "html": embed_code(status, width, height),
        "width": width,
        "height": height,
    }


def embed_code(status: dict[str, Any], width: int | None = None, height: int | None = None) -> str:
    """The post's own text as a quotation, in whose place our script puts the frame that shows all of it.

    The frame is at most `width` wide and `height` high: what is longer is scrolled.
    """
    sizes = (("width", width), ("height", height))
    limits = "".join(f' data-{name}="{pixels}"' for name, pixels in sizes if pixels is not None)
    author = status["account"]
    name, acct = escape(author["display_name"] or author["username"]), escape(author["acct"])
    warning, url, day = status["spoiler_text"], escape(status["url"]), escape(status["created_at"][:10])
    text = f"<p>{escape(warning)}</p>" if warning else status["content"]
    footer = f'— {name} (@{acct}@{escape(site.domain)}), <a href="{url}">{day}</a>'
    return (
        f'<blockquote class="linnet-embed" cite="{url}" data-embed-url="{url}/embed"{limits}>{text}'
        f"<footer>{footer}</footer></blockquote>"
        f'<script async src="{site.base_url}/static/embed.js"></script>'
    )
