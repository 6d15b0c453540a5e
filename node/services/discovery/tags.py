"""Hashtags: one for all its spellings; people may follow them."""

from typing import Any

from peewee import SQL, fn

from node.errors import NotFound
from node.models import FollowedTag, Status, StatusTag, Tag
from node.models.access import OPEN
from node.models.paged import one_id
from node.models.rows import Insert, columns, row_of
from node.paging import Page
from node.store import Prepared, in_ids, param
from node.text.tokens import hashtag_key, hashtag_name

_BY_KEY = Prepared(lambda: Tag.select(*columns(Tag)).where(Tag.key == param("key")), row_of(Tag))
_IN_PUBLIC = Prepared(
    lambda: Tag.select(*columns(Tag)).where(Tag.key == param("key"), used_in_public(Tag)), row_of(Tag)
)
_INSERT = Insert(Tag, ignore=True)
_ATTACH = Insert(StatusTag, ignore=True)
_DETACH = Prepared(lambda: StatusTag.delete().where(StatusTag.status == param("status")), tuple)


def get(name: str) -> Tag | None:
    """The tag of any spelling of `name`, if anybody ever used it."""
    return _BY_KEY.first(key=hashtag_key(name.lstrip("#")))


def used_in_public(tag: Any) -> Any:
    """The condition that anybody may know of `tag`: a word of private posts is as private as they are."""
    use, status = StatusTag.alias(), Status.alias()
    query = use.select(SQL("1")).join(status, on=(status.id == use.status))
    return fn.EXISTS(query.where(use.tag == tag.id, status.visibility.in_(OPEN), ~status.local_only))


def shown(name: str) -> Tag:
    """The tag called `name` as anybody may know it. One that is not known is like one that nobody has used yet."""
    public: Tag | None = _IN_PUBLIC.first(key=hashtag_key(name))
    if public is not None:
        return public
    hidden = get(name)
    return Tag(id=0 if hidden is None else hidden.id, key=hashtag_key(name), name=name)


def ensure(name: str) -> Tag:
    """The tag called `name`, made when it is new. `name` has been found to be one (node/text/tokens.py)."""
    key = hashtag_key(name)
    tag: Tag | None = _BY_KEY.first(key=key)
    if tag is None:
        _INSERT.run(key=key, name=name)
        tag = Tag.get(Tag.key == key)
    return tag


def attach(status_id: int, names: "tuple[str, ...] | list[str]") -> list[Tag]:
    """Make `names` the tags of a status; the tags, each once."""
    tags = {tag.id: tag for tag in map(ensure, names)}
    for tag_id in tags:
        _ATTACH.run(tag=tag_id, status=status_id)
    return list(tags.values())


def replace(status_id: int, names: "tuple[str, ...] | list[str]") -> list[Tag]:
    _DETACH.run(status=status_id)
    return attach(status_id, names)


def follow(account_id: int, name: str) -> Tag:
    """Public statuses with this tag come into the home timeline. NotFound for what can be no tag."""
    known = hashtag_name(name)
    if known is None:
        raise NotFound("This is not a hashtag.")
    tag = ensure(known)
    FollowedTag.insert(account=account_id, tag=tag.id).on_conflict_ignore().execute()
    return tag


def unfollow(account_id: int, name: str) -> Tag | None:
    tag = get(name)
    if tag is not None:
        FollowedTag.delete().where((FollowedTag.account == account_id) & (FollowedTag.tag == tag.id)).execute()
    return tag


def followed(account_id: int, page: Page) -> list[tuple[int, Tag]]:
    """(row id, tag), the last followed first."""
    query = FollowedTag.select(FollowedTag.id, FollowedTag.tag).where(FollowedTag.account == account_id).tuples()
    rows = page.of(query, FollowedTag.id)
    tags = {tag.id: tag for tag in Tag.select().where(in_ids(Tag.id, [tag_id for _, tag_id in rows]))}
    return [(row_id, tags[tag_id]) for row_id, tag_id in rows]


def is_followed(account_id: int, tag_ids: list[int]) -> set[int]:
    """Those of `tag_ids` that the account follows."""
    return set(_FOLLOWED.all(account=account_id, tags=tag_ids)) if tag_ids else set()


_FOLLOWED = Prepared(
    lambda: FollowedTag.select(FollowedTag.tag).where(
        (FollowedTag.account == param("account")) & in_ids(FollowedTag.tag, param("tags"))
    ),
    one_id,
)
