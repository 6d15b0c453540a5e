"""What was taken in is known for a week by its id, so that it counts once however often it comes.

Until it is taken back: Misskey gives every follow between two people one id, PeerTube every favourite of one post.
Whoever follows again after having unfollowed says something new under a name that is known.
"""

from node.models import ReceivedActivity
from node.store import Prepared, param

_FORGET = Prepared(
    lambda: ReceivedActivity.delete().where(
        (ReceivedActivity.uri == param("uri")) | (ReceivedActivity.uri == param("own")),
        ReceivedActivity.actor == param("account"),
    ),
    tuple,
)


def own_key(uri: str, account_id: int) -> str:
    """By what an activity is known if a neighbour of whose it is has used its id before."""
    return f"{uri} by {account_id}"


def forget(uri: str, account_id: int) -> None:
    """What `account_id` calls `uri` is over. Should it come again, it is new."""
    if uri:
        _FORGET.run(uri=uri, own=own_key(uri, account_id), account=account_id)
