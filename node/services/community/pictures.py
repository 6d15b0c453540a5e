"""Pictures of the node itself, from memory, because every page shows them: its icon, and a banner for its first page."""

from enum import StrEnum
from typing import NamedTuple

from node import site, streams
from node.models import Account, Role, SitePicture
from node.services.caching.cache import Kept
from node.services.moderation import audit, roles

CHANGED = "pictures_changed"


class Picture(StrEnum):
    ICON = "icon"
    BANNER = "banner"


class Pictures(NamedTuple):
    """Keys of files, empty where there are none: then pages show what comes with the software."""

    icon: str = ""
    small_icon: str = ""
    banner: str = ""


def current() -> Pictures:
    return kept.get()


def put(picture: Picture, file_key: str, small_key: str, by: Account | None) -> list[str]:
    """In place of the one before. Answers the keys of files that nothing shows any more."""
    roles.require(by, Role.ADMIN)
    old = _take_away(picture)
    SitePicture.create(kind=picture, file_key=file_key, small_key=small_key)
    _tell("change", picture, by)
    return old


def remove(picture: Picture, by: Account | None) -> list[str]:
    """The same keys; doing it twice changes nothing."""
    roles.require(by, Role.ADMIN)
    old = _take_away(picture)
    if old:
        _tell("remove", picture, by)
    return old


def keys() -> list[str]:
    """Of all files in use."""
    return [key for key in _load() if key]


def _take_away(picture: Picture) -> list[str]:
    row = SitePicture.get_or_none(SitePicture.kind == picture)
    if row is None:
        return []
    SitePicture.delete().where(SitePicture.id == row.id).execute()
    return [key for key in (row.file_key, row.small_key) if key]


def _tell(verb: str, picture: Picture, by: Account | None) -> None:
    audit.record(by, f"{verb}.{picture}", site.domain)
    kept.forget_with_unit()
    streams.publish(("control",), CHANGED)


def _load() -> Pictures:
    rows = {row.kind: row for row in SitePicture.select()}
    icon, banner = rows.get(Picture.ICON), rows.get(Picture.BANNER)
    return Pictures(
        icon="" if icon is None else icon.file_key,
        small_icon="" if icon is None else icon.small_key,
        banner="" if banner is None else banner.file_key,
    )


kept = Kept(_load)
