"""Reactions with emoji, and their undoing (docs/adr/0020-emoji-reactions.md)."""

from typing import Any

from federation import audience
from federation.audience import Addressing
from federation.compose.message import Last, Message, both
from federation.render import activity
from federation.render.tags import emoji_tag, foreign_emoji_tag
from node import site
from node.jobs import TakenJob
from node.models import Account, EmojiReaction, Status
from node.services.community import emoji
from node.services.statuses.audience import is_open
from node.services.statuses.loading import by_id


def reacted(job: TakenJob) -> Message | None:
    reaction = EmojiReaction.get_or_none(EmojiReaction.id == job.subject)
    status = by_id(reaction.status_id) if reaction is not None else None
    people = both(reaction.account_id, status.account_id) if reaction is not None and status is not None else None
    if reaction is None or status is None or people is None or people[0].is_gone:
        return None
    return _reaction(*people, reaction.id, reaction.emoji, status, status.uri, undone=False)


def unreacted(job: TakenJob) -> Message | None:
    told = job.payload
    people = both(told["account_id"], told["target_id"])
    if people is None:
        return None
    status = by_id(told["status_id"])
    return _reaction(*people, told["reaction_id"], told["emoji"], status, told["object_uri"], undone=True)


def _reaction(
    actor: Account, author: Account, reaction_id: int, name: str, status: Status | None, uri: str, *, undone: bool
) -> Message:
    """To the author; of what anybody may read also to the followers of who reacts, as Misskey and Akkoma do."""
    is_for_all = status is not None and is_open(status)
    to = Addressing([author.uri], [actor.followers_uri] if is_for_all else [])
    content, tag = _written(name)
    reaction_uri = site.activity_uri(actor.id, "reactions", reaction_id)
    document = activity.react(reaction_uri, actor.uri, uri, to, content, tag)
    inboxes = audience.inboxes_of([author.id])
    return Message(
        actor=actor,
        document=activity.undo(document) if undone else document,
        inboxes=inboxes | audience.inboxes_of_followers(actor.id) if is_for_all else inboxes,
        about=f"react {name} {uri}",
        is_last_word=Last.ABOUT_THIS,
    )


def _written(name: str) -> tuple[str, list[dict[str, Any]]]:
    """What stands in `content`, and the picture of a custom emoji."""
    if not name.isascii():
        return name, []
    shortcode, _, domain = name.partition("@")
    row = emoji.find(shortcode, domain)
    tag = [] if row is None else [foreign_emoji_tag(row) if row.domain else emoji_tag(row)]
    return f":{shortcode}:", tag
