"""Timelines, as ids of statuses, newest first. Who may see what, and who wants to, is decided in each query."""

from node.services.timelines.by_account import account
from node.services.timelines.by_follows import rebuild
from node.services.timelines.everyone import public
from node.services.timelines.feed import home, seen
from node.services.timelines.in_lists import is_in_list, list_timeline
from node.services.timelines.kept import bookmarks, favourites
from node.services.timelines.linked import link
from node.services.timelines.tagged import tag

__all__ = [
    "account",
    "bookmarks",
    "favourites",
    "home",
    "is_in_list",
    "link",
    "list_timeline",
    "public",
    "rebuild",
    "seen",
    "tag",
]
