"""The outbox of an archive, activity by activity, as a stranger wrote it."""

from dataclasses import dataclass, replace
from typing import Any, Final

from federation.facts.note import poll_facts
from federation.parse import as2
from federation.parse.as2 import BadActivity, Document
from federation.parse.note import parse_note
from node import clock, site
from node.models import Visibility
from node.services.portability.restorations import OldPost
from node.text.names import clean_line
from node.text.plain import plain_text
from node.text.render import Format, clean_source, render
from node.text.sanitize import sanitize
from node.text.tokens import hashtag_key

MAX_FILES: Final = 16
_MAX_SPOILER = 5_000
_MAX_SOURCE_CHARS = 100_000
_MAX_DESCRIPTION = 10_000
_MAX_FILE_NAME = 1_000


@dataclass(frozen=True)
class ArchivedFile:
    name: str  # in the archive
    description: str


@dataclass(frozen=True)
class ArchivedPost:
    post: OldPost
    files: tuple[ArchivedFile, ...]


def parse_archived(item: Any, actor: Document) -> ArchivedPost | None:
    """None for what is no post of the archive's owner that could be restored: boosts, messages, others' posts."""
    body = as2.obj(item.get("object")) if type(item) is dict and item.get("type") == "Create" else None
    owner = as2.uri(actor.get("id"))
    if body is None or not owner or as2.id_of(body.get("attributedTo")) != owner:
        return None
    try:
        note = parse_note(body)
    except BadActivity:
        return None
    visibility = note.visibility(as2.id_of(actor.get("followers")))
    if visibility is Visibility.DIRECT or note.type not in ("Note", "Question", "Article", "Page") or note.vote:
        return None
    content, source, form = _words(body, note.content)
    poll = None if note.poll is None else replace(poll_facts(note.poll), closed=True)
    if poll is not None:
        ended = min(poll.expires_at or note.published_at, clock.now_ms())
        poll = replace(poll, expires_at=ended)
    spoiler = clean_line(plain_text(sanitize(note.summary)), _MAX_SPOILER)
    post = OldPost(
        uri=note.uri,
        created_at=note.published_at,
        visibility=visibility,
        content=content,
        source=source,
        content_type=form,
        spoiler_text=spoiler,
        sensitive=note.sensitive or bool(spoiler),
        language=note.language,
        in_reply_to_uri=note.in_reply_to,
        hashtags=note.tags.hashtags,
        poll=poll,
        local_only=as2.flag(body.get("localOnly")),
    )
    return ArchivedPost(post, _files(body))


def _words(body: Document, html: str) -> tuple[str, str, str]:
    """HTML, what was typed, and in which form: rendered anew if it is known, so that hashtags lead to this node."""
    source = as2.obj(body.get("source")) or {}
    typed, form = source.get("content"), source.get("mediaType")
    if type(typed) is str and form in list(Format) and len(typed) <= _MAX_SOURCE_CHARS:
        text = clean_source(typed)
        return render(text, {}, lambda name: site.tag_url(hashtag_key(name)), Format(form)), text, str(form)
    content = sanitize(html)
    return content, plain_text(content), str(Format.PLAIN)


def _files(body: Document) -> tuple[ArchivedFile, ...]:
    found = []
    for one in as2.many(body.get("attachment"), MAX_FILES):
        name = one.get("url") if type(one) is dict else None
        if type(name) is str and len(name) <= _MAX_FILE_NAME:
            text = as2.natural(one, "name", _MAX_DESCRIPTION) or as2.natural(one, "summary", _MAX_DESCRIPTION)
            found.append(ArchivedFile(name.lstrip("/"), text[:_MAX_DESCRIPTION]))
    return tuple(found)
