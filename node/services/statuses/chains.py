"""Several posts that are written in one go: each answers the one before (docs/composer.md)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from node.errors import Invalid
from node.services.statuses.drafts import Draft
from node.speech import said

MAX_POSTS = 10


def check(draft: Draft) -> None:
    """Invalid for what cannot be one thread, whatever its posts say."""
    if not draft.then:
        return
    if len(draft.posts) > MAX_POSTS:
        raise Invalid(said("A thread is posted in parts of %(most)s posts at most.", most=MAX_POSTS))
    uses = Counter(media_id for one in draft.posts for media_id in set(one.media_ids))
    if any(times > 1 for times in uses.values()):
        raise Invalid("A picture belongs to one post.", {"media_ids": "are used twice"})


@contextmanager
def naming(draft: Draft, number: int) -> Iterator[None]:
    """Of a thread, say with what is wrong in which post it is."""
    try:
        yield
    except Invalid as refusal:
        if not draft.then:
            raise
        problem = said("Post %(number)s: %(problem)s", number=number, problem=refusal.sentence)
        raise Invalid(problem, refusal.fields) from refusal
