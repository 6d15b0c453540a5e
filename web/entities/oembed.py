"""OEmbedResponse: a post to be shown inside of another page (https://oembed.com, version 1.0)."""

from typing import Any

from markupsafe import escape

from node import clock, site

_CACHE_SECONDS = clock.DAY // clock.SECOND


def oembed_entity(status: dict[str, Any], width: int) -> dict[str, Any]:
    """Of a Status entity. Nothing is framed and no script is run: it is the post's own text as a quotation."""
    author = status["account"]
    name = author["display_name"] or author["username"]
    warning, url, day = status["spoiler_text"], escape(status["url"]), escape(status["created_at"][:10])
    text = f"<p>{escape(warning)}</p>" if warning else status["content"]
    footer = f'— {escape(name)} (@{escape(author["acct"])}@{escape(site.domain)}), <a href="{url}">{day}</a>'
    return {
        "type": "rich",
        "version": "1.0",
        "title": f"Post by {name}",
        "author_name": name,
        "author_url": author["url"],
        "provider_name": site.domain,
        "provider_url": f"{site.base_url}/",
        "cache_age": _CACHE_SECONDS,
        "html": f'<blockquote cite="{url}">{text}<footer>{footer}</footer></blockquote>',
        "width": width,
        "height": None,
    }
