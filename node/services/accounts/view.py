"""Accounts with all that their entities show, in a fixed number of queries however many there are."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from node.models import Account, CustomEmoji, MemberRole, Membership, Role, User
from node.services.accounts import lookup as account_lookup
from node.services.caching.cache import Cache


class EmojiView(msgspec.Struct, frozen=True):
    """A custom emoji as a text uses it."""

    shortcode: str
    domain: str
    image_key: str
    image_remote_url: str
    category: str
    visible_in_picker: bool


class AccountView(msgspec.Struct, frozen=True):
    account: Account
    emoji: tuple[EmojiView, ...] = ()
    moved: "AccountView | None" = None
    role: Role | None = None  # of the team of this node; None for everybody else


# What a text names is remembered with it: profiles and posts name the same few emoji again and again.
_emoji: Cache[tuple[str, tuple[str, ...]], tuple[EmojiView, ...]] = Cache(seconds=60, entries=20_000)
_team: Cache[str, dict[int, Role]] = Cache(seconds=30)


def load(account_ids: Sequence[int]) -> list[AccountView]:
    """Those that exist and are neither suspended nor deleted, in the order given."""
    found = account_lookup.by_ids(list(account_ids))
    return views(found[i] for i in account_ids if i in found and not found[i].is_gone)


def views(accounts: Iterable[Account]) -> list[AccountView]:
    """The same for rows that are at hand."""
    rows = list(accounts)
    moved_ids = [row.moved_to for row in rows if row.moved_to is not None]
    moved = account_lookup.by_ids(moved_ids) if moved_ids else {}
    return [_view(row, moved.get(row.moved_to) if row.moved_to is not None else None) for row in rows]


def view(account: Account) -> AccountView:
    return views([account])[0]


def emoji_of(domain: str, shortcodes: Iterable[str]) -> tuple[EmojiView, ...]:
    """The pictures of `shortcodes` as `domain` has them ("" is this node); unknown ones are left out."""
    codes = tuple(shortcodes)
    return (_emoji.get((domain, codes), _load_emoji) or ()) if codes else ()


def _view(account: Account, moved: Account | None) -> AccountView:
    codes = [] if account.emoji == "[]" else msgspec.json.decode(account.emoji, type=list[str])
    return AccountView(
        account,
        emoji_of(account.domain, codes),
        None if moved is None or moved.is_gone else _view(moved, None),
        (_team.get("", _load_team) or {}).get(account.id) if account.is_local else None,
    )


def _load_emoji(key: tuple[str, tuple[str, ...]]) -> tuple[EmojiView, ...]:
    domain, codes = key
    query = CustomEmoji.select(
        CustomEmoji.shortcode,
        CustomEmoji.domain,
        CustomEmoji.image_key,
        CustomEmoji.image_remote_url,
        CustomEmoji.category,
        CustomEmoji.visible_in_picker,
    ).where(CustomEmoji.domain == domain, CustomEmoji.shortcode.in_(codes), ~CustomEmoji.disabled)
    rows: Any = query.order_by(CustomEmoji.shortcode).tuples()
    return tuple(EmojiView(*row) for row in rows)


def _load_team(_: str) -> dict[int, Role]:
    query = (
        Membership.select(Membership.account, User.role)
        .join(User, on=(Membership.user == User.id))
        .where(Membership.role == MemberRole.SELF, User.role != Role.USER, User.disabled_at.is_null())
    )
    rows: Any = query.tuples()
    return {account_id: Role(role) for account_id, role in rows}
