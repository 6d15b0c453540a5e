"""What was taken in is known for a week by its id, so that it counts once however often it comes.

Until it is taken back: Misskey gives every follow between two people one id, PeerTube every favourite of one post.
Whoever follows again after having unfollowed says something new under a name that is known. That it is new, the time of
its signature says: who brings the request of before again, whichever process takes it, says nothing. Of servers that give
each act an id of its own it is never new: there it is a try that was overtaken (docs/adr/0048).

A Follow that was answered may be a question again, since whoever asks may have lost the answer: it is answered once more.
"""

from typing import Any

from node.models import ReceivedActivity
from node.services.servers import software
from node.store import Prepared, param

_FORGET = Prepared(
    lambda: ReceivedActivity.update(taken_back=True).where(
        (ReceivedActivity.uri == param("uri")) | (ReceivedActivity.uri == param("own")),
        ReceivedActivity.actor == param("account"),
    ),
    tuple,
)


def _removal(condition: Any) -> Prepared[int]:
    """Of what somebody calls so, where it was signed before and `condition` holds."""
    return Prepared(
        lambda: (
            ReceivedActivity.delete()
            .where(
                ReceivedActivity.uri == param("uri"),
                ReceivedActivity.actor == param("account"),
                condition(),
                ReceivedActivity.signed_at < param("signed_at"),
            )
            .returning(ReceivedActivity.id)
        ),
        int,
    )


_TAKEN_BACK = _removal(lambda: ReceivedActivity.taken_back)
# One that was not acted on yet will be answered anyway.
_ANSWERED = _removal(lambda: ~ReceivedActivity.taken_back & (ReceivedActivity.body == b""))


def own_key(uri: str, account_id: int) -> str:
    """By what an activity is known if a neighbour of whose it is has used its id before."""
    return f"{uri} by {account_id}"


def forget(uri: str, account_id: int) -> None:
    """What `account_id` calls `uri` is over. Should it come again, it is new."""
    if uri:
        _FORGET.run(uri=uri, own=own_key(uri, account_id), account=account_id)


def may_come_again(uri: str, account_id: int, signed_at: int, *, host: str, asks: bool) -> bool:
    """Whether what is known as `uri` makes room for this, which `host` signed later: it was taken back, or it `asks`."""
    known = {"uri": uri, "account": account_id, "signed_at": signed_at}
    if asks and _ANSWERED.all(**known):
        return True
    return not software.names_each_act(host) and bool(_TAKEN_BACK.all(**known))
