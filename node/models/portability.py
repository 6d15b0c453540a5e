"""What people take away from a node, and bring to it."""

from enum import StrEnum


class Portable(StrEnum):
    """The lists that somebody may take along. The values are names of ours, in addresses too."""

    FOLLOWS = "follows"
    FOLLOWERS = "followers"  # these are for reading: nobody can be made to follow
    LISTS = "lists"
    BLOCKS = "blocks"
    MUTES = "mutes"
    DOMAIN_BLOCKS = "domain_blocks"
    BOOKMARKS = "bookmarks"
    FILTERS = "filters"
