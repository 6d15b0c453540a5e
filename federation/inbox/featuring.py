"""What an Add or a Remove is about: a post on top of the actor's own profile, a hashtag there, a collection of accounts."""

from federation import uris
from federation.parse.activity import ParsedActivity
from federation.parse.featured import COLLECTION, ITEM
from federation.parse.tag import parse_tags
from node.models import Account
from node.services.collections import rows


def is_of_posts(activity: ParsedActivity, actor: Account) -> bool:
    return actor.featured_uri != "" and activity.target_uri == actor.featured_uri


def hashtag_of(activity: ParsedActivity, actor: Account) -> str | None:
    """Mastodon puts hashtags into `featured`, others into a collection of their own, whose address is not kept here."""
    if activity.embedded is None or not uris.same_origin(activity.target_uri, actor.uri):
        return None
    return next(iter(parse_tags(activity.embedded).hashtags), None)


def collection_of(activity: ParsedActivity, actor: Account) -> str | None:
    """The address of the collection of accounts that the actor speaks of, which is to be on its own host."""
    if activity.object_type == COLLECTION:
        uri = activity.object_uri
    elif activity.object_type == ITEM or _is_known(activity.target_uri, actor):
        uri = activity.target_uri
    else:
        return None
    return uri if uris.same_origin(uri, actor.uri) else None


def _is_known(uri: str, actor: Account) -> bool:
    known = rows.by_uri(uri) if uri and uri != actor.featured_uri else None
    return known is not None and known.account_id == actor.id
