"""The posts of one composer: the first, and those that follow it as a thread, in fields with a number at their end."""

from collections.abc import Iterable
from typing import NamedTuple

from node.errors import Invalid
from node.services.statuses.chains import MAX_POSTS
from node.speech import said
from web.pages.forms import Form
from web.rendering.fields import numbered

# Numbers have gaps where posts were taken out.
_HIGHEST = 99


class Post(NamedTuple):
    """`number` is the one in the names of its fields."""

    number: int
    text: str
    media_ids: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.media_ids)


def posts_of(form: Form) -> list[Post]:
    """With the pictures that they had before; the one that is taken out is left out."""
    taken_out = form.number("remove_post")
    numbers = [n for n in range(2, _HIGHEST + 1) if numbered("text", n) in form and n != taken_out]
    return [_post(form, number) for number in (1, *numbers)]


def one_more(posts: list[Post]) -> list[Post]:
    """Invalid when there are as many as can be."""
    if len(posts) >= MAX_POSTS:
        raise Invalid(said("A thread is posted in parts of %(most)s posts at most.", most=MAX_POSTS))
    return [*posts, Post(_HIGHEST + 1, "", ())]


def media_of(posts: Iterable[Post]) -> list[int]:
    return [media_id for one in posts for media_id in one.media_ids]


def fields_of(posts: Iterable[Post]) -> dict[str, str | list[str]]:
    """The fields of those that follow the first, as they stand in the form."""
    fields: dict[str, str | list[str]] = {}
    following = (one for one in list(posts)[1:] if not one.is_empty)
    for number, one in enumerate(following, 2):
        fields[numbered("text", number)] = one.text
        if one.media_ids:
            fields[numbered("media_ids", number)] = [str(media_id) for media_id in one.media_ids]
    return fields


def _post(form: Form, number: int) -> Post:
    gone = form.number("remove_media")
    media_ids = dict.fromkeys(one for one in form.ids(numbered("media_ids", number)) if one != gone)
    return Post(number, form.text(numbered("text", number)), tuple(media_ids))
