"""Everything that is done to statuses as such; each verb is a module of its own, and this is where to find them."""

from node.services.deletion import DeletedStatus, delete, receive_delete, remove
from node.services.drafts import Draft, PollDraft
from node.services.edits import change_policy, edit, history, receive_edit
from node.services.facts import MediaFacts, NoteFacts, PollFacts
from node.services.loading import by_id, by_uri, get, get_original, own, visible_ids
from node.services.posting import post
from node.services.receiving import receive

__all__ = [
    "DeletedStatus",
    "Draft",
    "MediaFacts",
    "NoteFacts",
    "PollDraft",
    "PollFacts",
    "by_id",
    "by_uri",
    "change_policy",
    "delete",
    "edit",
    "get",
    "get_original",
    "history",
    "own",
    "post",
    "receive",
    "receive_delete",
    "receive_edit",
    "remove",
    "visible_ids",
]
