"""What a Like or its Undo comes to: a favourite, or a reaction (docs/adr/0020-emoji-reactions.md)."""

from functools import partial

from federation import uris
from federation.http.attempts import Work
from federation.parse.activity import ParsedActivity
from federation.parse.reaction import parse_reaction
from node.models import Account
from node.services.interactions import favourites, reactions


def like(actor: Account, activity: ParsedActivity, status_id: int) -> Work:
    uri = activity.uri if uris.is_http_uri(activity.uri) else ""
    reaction = parse_reaction(activity)
    if reaction is None:
        return partial(favourites.receive, actor, status_id, uri=uri)
    return partial(reactions.receive, actor, status_id, reaction.name, reaction.picture, uri=uri)


def unlike(actor: Account, undone: ParsedActivity, status_id: int | None) -> Work:
    """`undone` is the Like; without a known status it is remembered."""
    return partial(_unlike, actor, undone, status_id)


def _unlike(actor: Account, undone: ParsedActivity, status_id: int | None) -> None:
    reaction = parse_reaction(undone)
    name = reaction.name if reaction else ""
    if not reactions.undo_received(actor, uri=undone.uri, status_id=status_id, name=name):
        # A reaction may have counted as a favourite; another favourite of the same person is not meant then.
        is_plain = undone.type == "Like" and not undone.content
        favourites.undo_received(actor, uri=undone.uri, status_id=status_id if is_plain else None)
