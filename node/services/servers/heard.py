"""What was taken in is known for a week by its id, so that it counts once however often it comes.

Until it is taken back: Misskey gives every follow between two people one id, PeerTube every favourite of one post.
Whoever follows again after having unfollowed says something new under a name that is known. That it is new, the time of
its signature says: who brings the request of before again, whichever process takes it, says nothing.
"""

from node.models import ReceivedActivity
from node.store import Prepared, param

_FORGET = Prepared(
    lambda: ReceivedActivity.update(taken_back=True).where(
        (ReceivedActivity.uri == param("uri")) | (ReceivedActivity.uri == param("own")),
        ReceivedActivity.actor == param("account"),
    ),
    tuple,
)

_MAKE_ROOM = Prepared(
    lambda: (
        ReceivedActivity.delete()
        .where(
            ReceivedActivity.uri == param("uri"),
            ReceivedActivity.actor == param("account"),
            ReceivedActivity.taken_back,
            ReceivedActivity.signed_at < param("signed_at"),
        )
        .returning(ReceivedActivity.id)
    ),
    int,
)


def own_key(uri: str, account_id: int) -> str:
    """By what an activity is known if a neighbour of whose it is has used its id before."""
    return f"{uri} by {account_id}"


def forget(uri: str, account_id: int) -> None:
    """What `account_id` calls `uri` is over. Should it come again, it is new."""
    if uri:
        _FORGET.run(uri=uri, own=own_key(uri, account_id), account=account_id)


def may_come_again(uri: str, account_id: int, signed_at: int) -> bool:
    """Whether what is known as `uri` was taken back before this, and so makes room for it."""
    return bool(_MAKE_ROOM.all(uri=uri, account=account_id, signed_at=signed_at))
