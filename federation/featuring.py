"""What an Add or a Remove is about: a post on top of the actor's own profile, or a hashtag there."""

from federation import uris
from federation.parse.activity import ParsedActivity
from federation.parse.tag import parse_tags
from node.models import Account


def is_of_posts(activity: ParsedActivity, actor: Account) -> bool:
    return actor.featured_uri != "" and activity.target_uri == actor.featured_uri


def hashtag_of(activity: ParsedActivity, actor: Account) -> str | None:
    """Mastodon puts hashtags into `featured`, others into a collection of their own, whose address is not kept here."""
    if activity.embedded is None or not uris.same_origin(activity.target_uri, actor.uri):
        return None
    return next(iter(parse_tags(activity.embedded).hashtags), None)
