"""Pictures of people and emoji here that were stored when those that move had no first frame of their own.

Which of them move, their names do not say yet (node/media/storage.py): that their bytes tell.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from node import clock
from node.models import Account, CustomEmoji
from node.services.accounts.profile import ProfileChange, update_profile


class Picture(NamedTuple):
    column: str  # avatar_key, header_key, image_key
    row_id: int
    key: str


def without() -> list[Picture]:
    return [
        *_in(Account, Account.avatar_key, "avatars/"),
        *_in(Account, Account.header_key, "headers/"),
        *_in(CustomEmoji, CustomEmoji.image_key, "emoji/"),
    ]


def _in(model: Any, column: Any, folder: str) -> Iterator[Picture]:
    rows = model.select(model.id, column).where(model.domain == "", column.startswith(folder)).tuples()
    return (Picture(column.name, row_id, key) for row_id, key in rows)


def replace(picture: Picture, key: str) -> bool:
    """The same picture is under `key` now, which followers elsewhere are told. Not where it was changed meanwhile."""
    if picture.column == "image_key":
        same = (CustomEmoji.id == picture.row_id) & (CustomEmoji.image_key == picture.key)
        values = {CustomEmoji.image_key: key, CustomEmoji.updated_at: clock.now_ms()}
        return bool(CustomEmoji.update(values).where(same).execute())
    row = Account.get_or_none(Account.id == picture.row_id)
    if row is None or getattr(row, picture.column) != picture.key:
        return False
    is_avatar = picture.column == "avatar_key"
    update_profile(row.id, ProfileChange(avatar_key=key) if is_avatar else ProfileChange(header_key=key))
    return True
