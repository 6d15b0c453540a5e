"""What a text speaks of: whom it mentions, its hashtags, its emoji; the same tokens that `render` writes."""

from node.text import markdown
from node.text.render import Format, clean_source
from node.text.tokens import Emoji, Hashtag, Mention, Token, hashtag_key, tokens


def tokens_of(text: str, text_format: Format = Format.PLAIN) -> list[Token]:
    """All tokens that `render` would write; in Markdown none within code."""
    text = clean_source(text)
    if text_format is Format.PLAIN:
        return tokens(text)
    found: list[Token] = []

    def collect(token: Token, _written: str) -> str:
        found.append(token)
        return ""

    markdown.render(text, collect)
    return found


def mentions_in(text: str, text_format: Format = Format.PLAIN) -> list[Mention]:
    """Each account that is mentioned, once, in order."""
    first: dict[str, Mention] = {}
    for token in tokens_of(text, text_format) if "@" in text else []:
        if isinstance(token, Mention):
            first.setdefault(token.key, token)
    return list(first.values())


def hashtags_in(text: str, text_format: Format = Format.PLAIN) -> list[str]:
    """Each hashtag once, by its key, as first written and without #."""
    first: dict[str, str] = {}
    for token in tokens_of(text, text_format):
        if isinstance(token, Hashtag):
            first.setdefault(hashtag_key(token.name), token.name)
    return list(first.values())


def shortcodes_in(text: str) -> set[str]:
    """The shortcodes that stand in `text`, whether such an emoji exists or not."""
    return {token.shortcode for token in tokens(text) if isinstance(token, Emoji)} if ":" in text else set()
