"""Emoji under statuses, here and from elsewhere (docs/adr/0020-emoji-reactions.md)."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from node import clock, ids, jobs
from node.errors import Forbidden, Invalid
from node.jobs import JobKind
from node.models import Account, EmojiReaction, NotificationKind, Status
from node.models.access import OPEN, blocked, present
from node.models.rows import Insert, columns, row_of
from node.services import completion
from node.services.approvals import policies
from node.services.community import emoji, settings
from node.services.community.emoji import EmojiFacts
from node.services.interactions import favourites
from node.services.notifications import telling as notifications
from node.services.statuses import audience
from node.services.statuses.loading import get_original, visible_ids
from node.services.statuses.tombstones import is_buried
from node.speech import said
from node.store import Prepared, in_ids, param
from node.text.emoji import one_emoji

MAX_PER_ACCOUNT = 5
MAX_EMOJI = 100  # different ones under one status
_SHOWN_ACCOUNTS = 80

_USUAL = ("👍", "❤️", "😄", "🎉", "😮", "😢", "🙏", "🔥")

# A domain may have a port; an emoji that somebody uses from elsewhere is named with it, as Akkoma names it.
_CUSTOM = re.compile(r":?([A-Za-z0-9_]{2,128})(?:@([^\s@:/]{1,253}(?::\d{1,5})?))?:?")

_INSERT = Insert(EmojiReaction, ignore=True)
_OF_ACCOUNT = Prepared(
    lambda: (
        EmojiReaction.select(*columns(EmojiReaction))
        .where(EmojiReaction.account == param("account"), EmojiReaction.status == param("status"))
        .order_by(EmojiReaction.id)
    ),
    row_of(EmojiReaction),
)
_OWN: Prepared[tuple[int, str]] = Prepared(
    lambda: EmojiReaction.select(EmojiReaction.status, EmojiReaction.emoji).where(
        EmojiReaction.account == param("account"), in_ids(EmojiReaction.status, param("ids"))
    ),
    lambda status_id, name: (int(status_id), str(name)),
)
_WHO: Prepared[tuple[str, int]] = Prepared(
    lambda: (
        EmojiReaction.select(EmojiReaction.emoji, EmojiReaction.account)
        .join(Account, on=(Account.id == EmojiReaction.account))
        .where(
            EmojiReaction.status == param("status"),
            present(Account),
            ~blocked(param("viewer"), EmojiReaction.account),
        )
        .order_by(EmojiReaction.id)
        .limit(MAX_EMOJI * _SHOWN_ACCOUNTS)
    ),
    lambda name, account_id: (str(name), int(account_id)),
)
_COUNTS = Prepared(lambda: Status.select(Status.reactions).where(Status.id == param("status")), str)
_SET_COUNTS = Prepared(
    lambda: Status.update({Status.reactions: param("reactions")}).where(Status.id == param("status")), tuple
)


# ── of people here ─────────────────────────────────────────────────────────────────────────────────────────────────


def add(account_id: int, status_id: int, name: str) -> Status:
    """React to a status that the account may read; the status. Twice is once. Invalid for what is no emoji here."""
    _require_switched_on()
    status = get_original(account_id, status_id)
    if status.policy and not policies.may_favourite(status, account_id):
        raise Invalid("Its author does not let you react to this post.")
    chosen = _chosen(name, status)
    before = _OF_ACCOUNT.all(account=account_id, status=status.id)
    if any(one.emoji == chosen for one in before):
        return status
    if len(before) >= MAX_PER_ACCOUNT:
        raise Invalid(
            said(
                "You have reacted to this post with %(most)s emoji already. Take one of them back first.",
                most=MAX_PER_ACCOUNT,
            )
        )
    reaction_id = _make(account_id, status, chosen, "")
    if reaction_id is None:
        raise Invalid("There are too many different emoji under this post. Choose one that is there.")
    if _leaves(account_id, status):
        jobs.enqueue(JobKind.SEND_REACTION, reaction_id)
    if not status.local:
        completion.begin(status.id)
    return get_original(account_id, status.id)


def remove(account_id: int, status_id: int, name: str) -> Status:
    status = get_original(account_id, status_id)
    chosen = one_emoji(name) or _custom_name(name)
    for one in _OF_ACCOUNT.all(account=account_id, status=status.id):
        if one.emoji == chosen:
            if _leaves(account_id, status):
                payload = {
                    "account_id": account_id,
                    "reaction_id": one.id,
                    "emoji": one.emoji,
                    "status_id": status.id,
                    "object_uri": status.uri,
                    "target_id": status.account_id,
                }
                jobs.enqueue(JobKind.SEND_UNREACTION, one.id, payload=payload)
            _erase(one)
    return get_original(account_id, status.id)


def _require_switched_on() -> None:
    if not settings.current().emoji_reactions:
        raise Forbidden("Reactions with emoji are switched off on this server.")


def _chosen(name: str, status: Status) -> str:
    """Any emoji; of custom ones our own, and those that stand under the status already."""
    if (plain := one_emoji(name)) is not None:
        return plain
    custom = _custom_name(name)
    if custom and (("@" not in custom and emoji.usable([custom])) or any(one == custom for one, _ in counts(status))):
        return custom
    raise Invalid(
        "This is not an emoji that you can react with. Choose one emoji, or one of this server's own by its name."
    )


def _custom_name(name: str) -> str:
    match = _CUSTOM.fullmatch(name)
    if match is None:
        return ""
    return f"{match[1]}@{match[2].lower()}" if match[2] else match[1]


def _leaves(account_id: int, status: Status) -> bool:
    if status.local_only:
        return False
    return not status.local or (status.visibility in OPEN and audience.has_remote_follower(account_id))


# ── of people elsewhere ────────────────────────────────────────────────────────────────────────────────────────────


def receive(account: Account, status_id: int, name: str, picture: EmojiFacts | None, *, uri: str = "") -> bool:
    """A remote account reacted to a status that it may read; whether that is new. Beyond the limits it is a favourite.

    `name` is an emoji in its one spelling, or the shortcode of `picture`.
    """
    if account.is_gone or not visible_ids(account.id, [status_id]) or (uri and is_buried(uri, account.uri)):
        return False
    status = Status.get_by_id(status_id)
    if status.reblog_of is not None:
        return False
    if status.local and status.policy and not policies.may_favourite(status, account.id):
        return False
    chosen = name if picture is None else _received_name(account, picture)
    before = _OF_ACCOUNT.all(account=account.id, status=status.id)
    if any(one.emoji == chosen for one in before):
        return False
    if not settings.current().emoji_reactions or len(before) >= MAX_PER_ACCOUNT:
        return favourites.receive(account, status_id, uri=uri)
    if picture is not None and "@" in chosen:
        emoji.receive(account.domain, [picture])
    return _make(account.id, status, chosen, uri) is not None or favourites.receive(account, status_id, uri=uri)


def undo_received(account: Account, *, uri: str = "", status_id: int | None = None, name: str = "") -> bool:
    """A remote account took a reaction back: named by its uri, or by the status and the emoji."""
    found = None
    if uri:
        found = EmojiReaction.get_or_none((EmojiReaction.account == account.id) & (EmojiReaction.uri == uri))
    if found is None and status_id is not None and name:
        for one in _OF_ACCOUNT.all(account=account.id, status=status_id):
            if name in (one.emoji, one.emoji.partition("@")[0]):
                found = one
    if found is None:
        return False
    _erase(found)
    return True


def _received_name(account: Account, picture: EmojiFacts) -> str:
    if emoji.is_own(picture.uri, picture.shortcode):
        return picture.shortcode
    return f"{picture.shortcode}@{account.domain}"


# ── what is shown ──────────────────────────────────────────────────────────────────────────────────────────────────


def counts(status: Status) -> list[tuple[str, int]]:
    """(emoji, how many), the first used first."""
    return decode(status.reactions)


def decode(reactions: str) -> list[tuple[str, int]]:
    return [] if reactions == "[]" else msgspec.json.decode(reactions, type=list[tuple[str, int]])


def own(account_id: int, status_ids: Iterable[int]) -> set[tuple[int, str]]:
    """(status id, emoji) of what the account reacted with."""
    return set(_OWN.all(account=account_id, ids=list(status_ids)))


def of_status(viewer_id: int | None, status_id: int, name: str = "") -> list[tuple[str, list[int]]]:
    """(emoji, ids of accounts) under a status that the viewer may read; with `name` of that emoji alone."""
    status = get_original(viewer_id, status_id)
    if not settings.current().emoji_reactions:
        return []
    wanted = (one_emoji(name) or _custom_name(name)) if name else ""
    who: dict[str, list[int]] = {one: [] for one, _ in counts(status) if not name or one == wanted}
    for one, account_id in _WHO.all(status=status.id, viewer=viewer_id or 0):
        if one in who and len(who[one]) < _SHOWN_ACCOUNTS:
            who[one].append(account_id)
    return list(who.items())


def offered() -> list[str]:
    """What people may choose from, who do not type an emoji themselves: the usual ones, and the node's own."""
    return [*_USUAL, *(f":{one.shortcode}:" for one in emoji.local() if one.visible_in_picker)]


def newest(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """By (account id, status id) the emoji that the account reacted with last."""
    wanted = set(pairs)
    if not wanted:
        return {}
    query = EmojiReaction.select(EmojiReaction.account, EmojiReaction.status, EmojiReaction.emoji).where(
        in_ids(EmojiReaction.account, [one for one, _ in wanted]),
        in_ids(EmojiReaction.status, [one for _, one in wanted]),
    )
    rows: Any = query.order_by(EmojiReaction.id).tuples()
    return {(account_id, status_id): name for account_id, status_id, name in rows}


def erase_of_account(account_id: int) -> None:
    """Everything that an account ever reacted with."""
    for one in list(EmojiReaction.select().where(EmojiReaction.account == account_id)):
        _erase(one)


def _make(account_id: int, status: Status, name: str, uri: str) -> int | None:
    """None if it is there already, or there are too many different ones."""
    numbers = dict(decode(_COUNTS.first(status=status.id) or "[]"))
    if name not in numbers and len(numbers) >= MAX_EMOJI:
        return None
    reaction_id = ids.new_id()
    if not _INSERT.run(
        id=reaction_id, account=account_id, status=status.id, emoji=name, uri=uri, created_at=clock.now_ms()
    ):
        return None
    numbers[name] = numbers.get(name, 0) + 1
    _write(status.id, numbers)
    if status.local:
        notifications.notify(status.account_id, NotificationKind.EMOJI_REACTION, account_id, status_id=status.id)
    return reaction_id


def _erase(reaction: EmojiReaction) -> None:
    if not EmojiReaction.delete().where(EmojiReaction.id == reaction.id).execute():
        return
    numbers = dict(decode(_COUNTS.first(status=reaction.status_id) or "[]"))
    numbers[reaction.emoji] = numbers.get(reaction.emoji, 0) - 1
    _write(reaction.status_id, {name: number for name, number in numbers.items() if number > 0})
    if _OF_ACCOUNT.first(account=reaction.account_id, status=reaction.status_id) is None:
        notifications.withdraw(NotificationKind.EMOJI_REACTION, reaction.account_id, reaction.status_id)


def _write(status_id: int, numbers: dict[str, int]) -> None:
    _SET_COUNTS.run(status=status_id, reactions=msgspec.json.encode(list(numbers.items())).decode())
