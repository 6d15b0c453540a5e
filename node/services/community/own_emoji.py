"""The node's own emoji, as its staff adds, sorts and removes them."""

from collections import Counter
from dataclasses import dataclass

from node.errors import Invalid, NotFound
from node.models import Account, CustomEmoji, Role
from node.services.community import emoji
from node.services.moderation import audit, roles
from node.speech import said

MAX_EMOJI = 2_000
MAX_CATEGORY_CHARS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    category: str = ""
    visible_in_picker: bool = True
    disabled: bool = False


def found(words: str, limit: int, offset: int) -> tuple[list[CustomEmoji], int]:
    """Those with `words` in their shortcode or category, by category, and how many there are in all."""
    query = CustomEmoji.select().where(CustomEmoji.domain == "")
    if words:
        query = query.where(CustomEmoji.shortcode.contains(words) | CustomEmoji.category.contains(words))
    shown = query.order_by(CustomEmoji.category, CustomEmoji.shortcode).limit(limit).offset(offset)
    return list(shown), query.count()


def categories() -> list[str]:
    """Those in use, the most used first."""
    rows = CustomEmoji.select(CustomEmoji.category).where(CustomEmoji.domain == "", CustomEmoji.category != "")
    return [name for name, _ in Counter(row.category for row in rows).most_common(100)]


def get(emoji_id: int) -> CustomEmoji:
    row = CustomEmoji.get_or_none(CustomEmoji.id == emoji_id, CustomEmoji.domain == "")
    if row is None:
        raise NotFound("Record not found")
    return row


def add(shortcode: str, category: str, image_key: str, by: Account | None) -> CustomEmoji:
    """A new one; a shortcode that is taken is refused, so that nobody changes what old posts say by mistake."""
    roles.require(by, Role.ADMIN)
    _check_category(category)
    ours = CustomEmoji.select().where(CustomEmoji.domain == "")
    if ours.where(CustomEmoji.shortcode == shortcode).exists():
        sentence = said("There is an emoji of this name already.")
        raise Invalid(sentence, {"shortcode": sentence})
    if ours.count() >= MAX_EMOJI:
        raise Invalid(said("There are %(most)s emoji already. Remove one first.", most=MAX_EMOJI))
    row = emoji.create(shortcode, image_key, category=category)
    audit.record(by, "add.emoji", f":{shortcode}:")
    return row


def change(emoji_id: int, wishes: Wishes, by: Account | None) -> None:
    """Doing it twice changes nothing."""
    roles.require(by, Role.ADMIN)
    row = get(emoji_id)
    _check_category(wishes.category)
    columns = {
        "category": wishes.category,
        "visible_in_picker": wishes.visible_in_picker,
        "disabled": wishes.disabled,
    }
    if any(getattr(row, name) != value for name, value in columns.items()):
        CustomEmoji.update(columns).where(CustomEmoji.id == row.id).execute()
        audit.record(by, "change.emoji", f":{row.shortcode}:")


def remove(emoji_id: int, by: Account | None) -> str:
    """Posts that use it show its shortcode from now on. Answers the key of its picture, which nothing shows any more."""
    roles.require(by, Role.ADMIN)
    row = get(emoji_id)
    emoji.delete(row.shortcode)
    audit.record(by, "remove.emoji", f":{row.shortcode}:")
    return str(row.image_key)


def _check_category(category: str) -> None:
    if len(category) > MAX_CATEGORY_CHARS:
        sentence = said("A category has %(most)s characters at most.", most=MAX_CATEGORY_CHARS)
        raise Invalid(sentence, {"category": sentence})
