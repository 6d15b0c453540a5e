"""The streams that clients may ask for, by the API's names, and the topics of node/streams.py behind them."""

from collections.abc import Mapping
from typing import NamedTuple

from node import store
from node.errors import BadInput, Unauthorized
from node.services.community import settings
from node.services.community.announcements import TOPIC
from node.services.relationships import lists
from node.text.tokens import hashtag_key
from web.viewer import INVALID_TOKEN, NEEDS_USER, Viewer, check_scopes

_MEDIA = ":media"
_MAX_NAME_CHARS = 200


class Stream(NamedTuple):
    """`label` is what events are marked with: the name, and for hashtags and lists which one."""

    label: tuple[str, ...]
    topic: str
    is_shared: bool = False  # made for everybody, so each reader's mutes and blocks are asked
    only_media: bool = False
    also: str = ""  # another topic, of what concerns everybody
    list_id: int | None = None  # which decides for itself what stands in it


async def open_stream(viewer: Viewer | None, name: str, terms: Mapping[str, str]) -> Stream:
    """The stream called `name`; `terms` may hold `tag` and `list`. Raises what a client is told."""
    base, only_media = name.removesuffix(_MEDIA), name.endswith(_MEDIA)
    if base in _PERSONAL and not only_media:
        scope, topic = _PERSONAL[base]
        person = _person(viewer, scope)
        return Stream((name,), topic.format(person.account_id), also=TOPIC if name == "user" else "")
    if base in _PUBLIC:
        await _reader(viewer)
        return Stream((name,), base, is_shared=True, only_media=only_media)
    if name in _HASHTAG:
        await _reader(viewer)
        return _hashtag(name, terms.get("tag", ""))
    if name == "list":
        return await _list(_person(viewer, "read:lists"), terms.get("list", ""))
    raise BadInput("Unknown stream type")


_PERSONAL = {
    "user": ("read:statuses", "user:{}"),
    "user:notification": ("read:notifications", "notifications:{}"),
    "direct": ("read:statuses", "direct:{}"),
}
_PUBLIC = ("public", "public:local", "public:remote")
_HASHTAG = ("hashtag", "hashtag:local")


def _hashtag(name: str, tag: str) -> Stream:
    key = hashtag_key(tag.strip().removeprefix("#")) if len(tag) <= _MAX_NAME_CHARS else ""
    if not key:
        raise BadInput("Missing tag name parameter")
    return Stream((name, key), f"{name}:{key}", is_shared=True)


async def _list(person: Viewer, list_id: str) -> Stream:
    if not list_id.isascii() or not list_id.isdigit() or len(list_id) > 18:
        raise BadInput("Missing list name parameter")
    row = await store.point(lists.get, person.account_id, int(list_id))
    return Stream(("list", str(row.id)), f"list:{row.id}", is_shared=True, list_id=row.id)


def _person(viewer: Viewer | None, scope: str) -> Viewer:
    if viewer is None:
        raise Unauthorized(INVALID_TOKEN)
    check_scopes(viewer.scopes, (scope,))
    return viewer


async def _reader(viewer: Viewer | None) -> None:
    if viewer is not None:
        check_scopes(viewer.scopes, ("read:statuses",))
    elif not (await store.point(settings.current)).public_timelines:
        raise Unauthorized(NEEDS_USER)
