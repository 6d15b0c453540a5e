"""StatusEdit: how a status was, from its first words to those of today."""

from typing import Any

import msgspec

from node import clock
from node.models import StatusEdit
from node.services.statuses.view import StatusView
from web.entities.account import account_entity
from web.entities.emoji import emoji_entities
from web.entities.media import media_entity
from web.entities.status import quote_of, words_beside_quote

Entity = dict[str, Any]


class _Picture(msgspec.Struct):
    id: int
    description: str = ""


def edit_entities(view: StatusView, before: list[StatusEdit]) -> list[Entity]:
    """Oldest first; the present words come last."""
    account = account_entity(view.author.view)
    emoji = emoji_entities(view.body.emoji)
    pictures = {media.id: media_entity(media) for media in view.body.media}
    # As it stands now, since it may have been taken back. An edit here does not change what is quoted; one elsewhere
    # may, and what a post quoted before is not kept.
    quote = quote_of(view)
    versions = [*(_before(edit, pictures) for edit in before), _now(view)]
    return [
        version
        | {
            "content": words_beside_quote(view.body, version["content"]),
            "account": account,
            "emojis": emoji,
            "quote": quote,
        }
        for version in versions
    ]


def _before(edit: StatusEdit, pictures: dict[int, Entity]) -> Entity:
    """Pictures that were taken out of the status since then are not shown any more."""
    media = msgspec.json.decode(edit.media, type=list[_Picture])
    options = msgspec.json.decode(edit.poll_options, type=list[str])
    return _entity(
        content=edit.content,
        spoiler_text=edit.spoiler_text,
        sensitive=bool(edit.sensitive),
        created_at=edit.created_at,
        media=[pictures[one.id] | {"description": one.description or None} for one in media if one.id in pictures],
        options=options,
    )


def _now(view: StatusView) -> Entity:
    body = view.body
    return _entity(
        content=body.content,
        spoiler_text=body.spoiler_text,
        sensitive=body.sensitive,
        created_at=body.edited_at or body.created_at,
        media=[media_entity(media) for media in body.media],
        options=[] if body.poll is None else [option.title for option in body.poll.options],
    )


def _entity(
    *, content: str, spoiler_text: str, sensitive: bool, created_at: int, media: list[Entity], options: list[str]
) -> Entity:
    return {
        "content": content,
        "spoiler_text": spoiler_text,
        "sensitive": sensitive,
        "created_at": clock.iso(created_at),
        "media_attachments": media,
        "poll": {"options": [{"title": title} for title in options]} if options else None,
    }
