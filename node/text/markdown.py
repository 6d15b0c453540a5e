"""Markdown in posts: CommonMark without HTML, images and tables, with mentions, hashtags and bare links."""

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as Piece
from markdown_it.utils import OptionsDict

from node.text.tokens import Token, token_at

_URL_SCHEMES = ("http://", "https://", "mailto:", "gemini://", "gopher://", "xmpp:")
_WRITER = "linnet_writer"


def render(text: str, write: Callable[[Token, str], str]) -> str:
    """HTML of `text`; `write` turns a token and its spelling into HTML."""
    return _parser.render(text, {_WRITER: write}).strip()


def _social(state: StateInline, silent: bool) -> bool:
    """Inline rule: `@`, `#` and `:` may begin one of our tokens, except within a link."""
    if state.src[state.pos] not in "@#:\uff03" or state.linkLevel:
        return False
    # A link begins before its colon, in what is already taken as text; emphasis cannot have begun inside of that.
    token = token_at(state.src, state.pos, not_before=state.pos - len(state.pending))
    if token is None or token.end > state.posMax:
        return False
    before = state.src[token.start : state.pos]
    if not state.pending.endswith(before):
        return False
    if not silent:
        state.pending = state.pending.removesuffix(before)
        piece = state.push("social", "", 0)
        piece.content = state.src[token.start : token.end]
        piece.meta = {"token": token}
    state.pos = token.end
    return True


class _Renderer(RendererHTML):
    """Headings become strong paragraphs and links get their rel: what other servers keep of Markdown anyway."""

    def social(self, pieces: Sequence[Piece], at: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        html: str = env[_WRITER](pieces[at].meta["token"], pieces[at].content)
        return html

    def heading_open(self, *_: object) -> str:
        return "<p><strong>"

    def heading_close(self, *_: object) -> str:
        return "</strong></p>\n"

    def link_open(self, pieces: Sequence[Piece], at: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        piece = pieces[at]
        piece.attrs = {"href": piece.attrs["href"], "target": "_blank", "rel": "nofollow noopener"}
        return self.renderToken(pieces, at, options, env)

    def fence(self, pieces: Sequence[Piece], at: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return self.code_block(pieces, at, options, env)

    def hr(self, *_: object) -> str:
        return "<p>* * *</p>\n"


def _allowed_url(url: str) -> bool:
    return url.strip().lower().startswith(_URL_SCHEMES)


def _build() -> MarkdownIt:
    options = {"html": False, "breaks": True, "xhtmlOut": True, "maxNesting": 20}
    parser = MarkdownIt("commonmark", options, renderer_cls=_Renderer)
    # A post is read among others: pictures belong to its attachments, and references only hide where a link goes.
    parser.enable("strikethrough").disable(["image", "html_inline", "html_block", "reference", "lheading"])
    parser.inline.ruler.before("emphasis", "social", _social)
    parser.validateLink = _allowed_url  # type: ignore[method-assign]
    return parser


_parser = _build()
