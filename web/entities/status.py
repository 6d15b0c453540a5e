"""Status: as a dictionary for pages, and as JSON that is mostly remembered for the API. Both from one definition.

What a status says is rendered once for each version and kept with its body; so is its author. What remains for each
reader is a small dictionary of counters and flags.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from node import clock, site
from node.models import ApprovalState
from node.services.accounts.authors import Author
from node.services.community import settings
from node.services.statuses.bodies import StatusBody
from node.services.statuses.view import Quote, StatusView
from node.text.quoting import without_line
from web.entities import approval
from web.entities.account import account_entity
from web.entities.card import card_entity
from web.entities.collection import collection_entity
from web.entities.emoji import emoji_entities
from web.entities.filter import result_entity
from web.entities.media import media_entity
from web.entities.poll import poll_entity
from web.entities.reaction import reaction_entities
from web.files import remote_media

Entity = dict[str, Any]
_Key = tuple[Any, ...]

_PINNABLE = ("public", "unlisted", "private")

_encode = msgspec.json.Encoder().encode


def status_entity(view: StatusView) -> Entity:
    entity = _lasting(view.body)
    reblog = None if view.reblog is None else status_entity(view.reblog)
    entity.update(_changing(view, account_entity(view.author.view), reblog, _quoted(view)))
    return entity


def quote_of(view: StatusView) -> Entity | None:
    return None if view.quote is None else quote_entity(view.quote, _quoted(view))


def _quoted(view: StatusView) -> Entity | None:
    return None if view.quote is None or view.quote.status is None else status_entity(view.quote.status)


def status_json(view: StatusView) -> bytes:
    """The same, encoded."""
    return _json(view, _how())


def statuses_json(views: Iterable[StatusView]) -> bytes:
    how = _how()
    return b"[%b]" % b",".join([_json(view, how) for view in views])


def account_json(author: Author) -> bytes:
    return _author_json(author, _how())


def accounts_json(authors: Iterable[Author]) -> bytes:
    how = _how()
    return b"[%b]" % b",".join([_author_json(author, how) for author in authors])


class _How(NamedTuple):
    """The settings that show in a status, as names of what is remembered of it."""

    lasting: str
    whole: str


_NAMES = {
    (shown, reactions): _How(f"json, {shown}", f"json, {shown}, {reactions}")
    for shown in (False, True)
    for reactions in (False, True)
}


def _how() -> _How:
    return _NAMES[remote_media.are_shown(), settings.current().emoji_reactions]


def _author_json(author: Author, how: _How) -> bytes:
    known: bytes | None = author.memo.get(how.lasting)
    if known is None:
        known = author.memo[how.lasting] = _encode(account_entity(author.view))
    return known


def _json(view: StatusView, how: _How) -> bytes:
    """What was last told of a plain status is told again to whoever would read the same."""
    memo, key = view.body.memo, _key(view)
    if key is not None:
        last: tuple[_Key, bytes] | None = memo.get(how.whole)
        if last is not None and last[0] == key:
            return last[1]
    lasting = memo.get(how.lasting)
    if lasting is None:
        lasting = memo[how.lasting] = _encode(_lasting(view.body))
    reblog = None if view.reblog is None else msgspec.Raw(_json(view.reblog, how))
    quoted = None if view.quote is None or view.quote.status is None else msgspec.Raw(_json(view.quote.status, how))
    changing = _encode(_changing(view, msgspec.Raw(_author_json(view.author, how)), reblog, quoted))
    whole = b"%b,%b" % (changing[:-1], lasting[1:])
    if key is not None:
        memo[how.whole] = (key, whole)
    return whole


def _key(view: StatusView) -> _Key | None:
    """All that `_changing` reads, where that is little; None where there is more to it than flags and counts."""
    body = view.body
    if view.reblog is not None or view.quote is not None or view.reactions or view.filtered:
        return None
    if body.poll is not None or body.collection_ids or _asks_author(body):
        return None
    return (
        view.author,  # another object as soon as anything that is shown of the account changes
        view.viewer_id is None,
        view.is_own,
        view.is_named,
        view.follows_author,
        view.followed_by_author,
        view.replies_count,
        view.reblogs_count,
        view.favourites_count,
        view.quotes_count,
        view.favourited,
        view.reblogged,
        view.bookmarked,
        view.muted,
        view.pinned,
        view.in_reply_to_id,
        view.in_reply_to_account_id,
    )


def _changing(view: StatusView, account: Any, reblog: Any, quoted: Any) -> Entity:
    """What depends on the moment and on the reader."""
    body, author = view.body, view.author.account
    entity = {
        "replies_count": view.replies_count,
        "reblogs_count": view.reblogs_count,
        "favourites_count": view.favourites_count,
        "quotes_count": view.quotes_count,
        "quote": None if view.quote is None else quote_entity(view.quote, quoted),
        "in_reply_to_id": _id(view.in_reply_to_id),
        "in_reply_to_account_id": _id(view.in_reply_to_account_id),
        "sensitive": body.sensitive or (author.sensitized_at is not None and not view.is_own),
        "account": account,
        "reblog": reblog,
        "poll": None if body.poll is None else poll_entity(view),
    }
    if settings.current().emoji_reactions:
        # Fedibird's place for them, and that where apps made for Pleroma and Akkoma look.
        entity["emoji_reactions"] = reactions = reaction_entities(view)
        entity["pleroma"] = {"emoji_reactions": reactions}
    entity.update(approval.entities(view))
    if body.collection_ids:
        entity["tagged_collections"] = list(map(collection_entity, view.collections))
    if body.card is not None and _asks_author(body):
        entity["card"] = card_entity(body.card, view.viewer_id)
    if view.viewer_id is not None:
        entity["favourited"] = view.favourited
        entity["reblogged"] = view.reblogged
        entity["bookmarked"] = view.bookmarked
        entity["muted"] = view.muted
        entity["filtered"] = [result_entity(match) for match in view.filtered]
        if reblog is None and view.is_own and body.visibility in _PINNABLE:
            entity["pinned"] = view.pinned
    return entity


def _lasting(body: StatusBody) -> Entity:
    """What stays as it is as long as the version does."""
    entity: Entity = {
        "id": str(body.id),
        "created_at": clock.iso(body.created_at),
        "edited_at": None if body.edited_at is None else clock.iso(body.edited_at),
        "spoiler_text": body.spoiler_text,
        "visibility": body.visibility,
        "local_only": body.local_only,
        "language": body.language,
        "uri": body.uri,
        "url": body.url or body.uri,
        "content": words_beside_quote(body, body.content),
        "media_attachments": [media_entity(media) for media in body.media],
        "mentions": [mention_entity(one) for one in body.mentions],
        "tags": [{"name": tag.key, "url": site.tag_url(tag.key)} for tag in body.tags],
        "emojis": emoji_entities(body.emoji),
    }
    if not _asks_author(body):
        entity["card"] = None if body.card is None else card_entity(body.card, None)
    if not body.collection_ids:
        entity["tagged_collections"] = []
    if body.local:
        # Mastodon names the applications of its own people alone.
        app = body.application
        entity["application"] = None if app is None else {"name": app.name, "website": app.website or None}
    return entity


def _asks_author(body: StatusBody) -> bool:
    """Whether one reader is shown another preview of its page than all others."""
    return body.card is not None and body.card.unconfirmed_id is not None


def words_beside_quote(body: StatusBody, content: str) -> str:
    """`content`, now or once, without the line that names what is quoted, where that is shown."""
    is_shown = body.quote is not None and body.quote.state == ApprovalState.ACCEPTED
    return without_line(content) if is_shown else content


def quote_entity(quote: Quote, quoted: Any) -> Entity:
    """Quote, or within a quote ShallowQuote; `quoted` is the Status, encoded or not."""
    if quote.status is None and quote.status_id is not None:
        return {"state": str(quote.state), "quoted_status_id": str(quote.status_id)}
    return {"state": str(quote.state), "quoted_status": quoted}


def mention_entity(account: Any) -> Entity:
    """`account`: an Account, or the view of one."""
    handle = account.username if account.domain == "" else f"{account.username}@{account.domain}"
    return {"id": str(account.id), "username": account.username, "acct": handle, "url": account.url}


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
