"""Following: what people here do, what remote accounts say, and the lists."""

from node.services.follows.lists import followers, following, requests, requests_count
from node.services.follows.local import accept, follow, reject, remove_follower, sever, unfollow
from node.services.follows.received import receive_follow, received_accept, received_reject, received_undo

__all__ = [
    "accept",
    "follow",
    "followers",
    "following",
    "receive_follow",
    "received_accept",
    "received_reject",
    "received_undo",
    "reject",
    "remove_follower",
    "requests",
    "requests_count",
    "sever",
    "unfollow",
]
