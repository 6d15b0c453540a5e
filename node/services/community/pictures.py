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
    """Keys of files, empty where there are none: then people are shown what comes with the software."""

    icon: str = ""
    small_icon: str = ""
    banner: str = ""
    banner_blurhash: str = ""


class Stored(NamedTuple):
    """What is kept of one that was uploaded."""

    file_key: str
    small_key: str = ""
    blurhash: str = ""


def current() -> Pictures:
    return kept.get()


def put(picture: Picture, stored: Stored, by: Account | None) -> list[str]:
    """In place of the one before. Answers the keys of files that nothing shows any more."""
    roles.require(by, Role.ADMIN)
    old = _take_away(picture)
    SitePicture.create(kind=picture, **stored._asdict())
    _tell("change", picture, by)
    return old


def remove(picture: Picture, by: Account | None) -> list[str]:
    """The same keys; doing it twice changes nothing."""
    roles.require(by, Role.ADMIN)
    old = _take_away(picture)
    if old:
        _tell("remove", picture, by)
    return old


def blur(banner_key: str, blurhash: str) -> None:
    """Of the banner that is shown; not where it was changed meanwhile."""
    is_same = (SitePicture.kind == Picture.BANNER) & (SitePicture.file_key == banner_key)
    SitePicture.update(blurhash=blurhash).where(is_same).execute()
    _show_anew()


def keys() -> list[str]:
    """Of all files in use."""
    now = _load()
    return [key for key in (now.icon, now.small_icon, now.banner) if key]


def _take_away(picture: Picture) -> list[str]:
    row = SitePicture.get_or_none(SitePicture.kind == picture)
    if row is None:
        return []
    SitePicture.delete().where(SitePicture.id == row.id).execute()
    return [key for key in (row.file_key, row.small_key) if key]


def _tell(verb: str, picture: Picture, by: Account | None) -> None:
    audit.record(by, f"{verb}.{picture}", site.domain)
    _show_anew()


def _show_anew() -> None:
    kept.forget_with_unit()
    streams.publish(("control",), CHANGED)


def _load() -> Pictures:
    rows = {row.kind: row for row in SitePicture.select()}
    icon, banner = rows.get(Picture.ICON), rows.get(Picture.BANNER)
    return Pictures(
        icon="" if icon is None else icon.file_key,
        small_icon="" if icon is None else icon.small_key,
        banner="" if banner is None else banner.file_key,
        banner_blurhash="" if banner is None else banner.blurhash,
    )


kept = Kept(_load)
