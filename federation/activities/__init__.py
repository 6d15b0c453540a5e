"""What each type of activity does. Types that are not here are accepted and ignored."""

from typing import Final

from federation.activities import (
    accept,
    add,
    announce,
    block,
    create,
    delete,
    feature_request,
    flag,
    follow,
    interaction_request,
    like,
    move,
    quote_request,
    reject,
    remove,
    undo,
    update,
)
from federation.inbox.incoming import Receiver

RECEIVERS: Final[dict[str, Receiver]] = {
    "Accept": accept.receive,
    "Add": add.receive,
    "Announce": announce.receive,
    "AnnounceRequest": interaction_request.receive_announce,
    "Block": block.receive,
    "Create": create.receive,
    "Delete": delete.receive,
    "EmojiReact": like.receive,
    "FeatureRequest": feature_request.receive,
    "Flag": flag.receive,
    "Follow": follow.receive,
    "Like": like.receive,
    "LikeRequest": interaction_request.receive_like,
    "Move": move.receive,
    "QuoteRequest": quote_request.receive,
    "Reject": reject.receive,
    "Remove": remove.receive,
    "ReplyRequest": quote_request.receive_reply,
    "Undo": undo.receive,
    "Update": update.receive,
}
