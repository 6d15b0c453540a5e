"""The line that names a quoted post for software that knows no quotes: ours going out, others' coming in."""

import re
from html import escape

# Mastodon's, which others have taken over. Sanitised HTML has its classes in exactly this form.
_LINE = re.compile(r'^\s*<p class="quote-inline">(?:(?!</p>).){0,4000}</p>', re.DOTALL)


def with_line(content: str, url: str) -> str:
    address = escape(url)
    return f'<p class="quote-inline">RE: <a href="{address}">{address}</a></p>{content}'


def without_line(content: str) -> str:
    """`content`, sanitised, of a post whose quote is shown."""
    return _LINE.sub("", content, count=1)
