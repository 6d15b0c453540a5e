"""What belongs into a home timeline: the same conditions when a status is written, and when a feed is built anew.

They follow Mastodon's FeedManager, because people who come from there know them by heart.
"""

from typing import Any

import peewee
from peewee import fn

from node import clock
from node.models import List, ListMember, Membership, User, Visibility
from node.models.access import follows, mentioned, unwanted

FEED_SIZE = 800
ACTIVE_MS = 30 * clock.DAY
BOOST_WINDOW = 40  # a boost of what stands among so many newest entries is left out

_ONE = peewee.SQL("1")


def is_active(account: Any, since: Any) -> Any:
    """Somebody who signs in as `account` was here after `since`; the feeds of others are built on their return."""
    query = Membership.select(_ONE).join(User, on=(User.id == Membership.user))
    seen = fn.COALESCE(User.last_active_at, User.created_at) >= since
    return fn.EXISTS(query.where(Membership.account == account, seen))


def wants(reader: Any, status: Any, author: Any, now: Any) -> Any:
    """`reader`, who follows `author`, wants `status`, which is no boost."""
    return (
        _reads(reader, status)
        & ~unwanted(author, reader, now)
        & _answers_somebody_known(reader, status)
        & ~_in_exclusive_list(reader, author)
    )


def wants_boost(reader: Any, booster: Any, original_author: Any, now: Any) -> Any:
    """`reader`, who follows `booster`, wants what it boosted."""
    return (
        ~unwanted(booster, reader, now)
        & ~unwanted(original_author, reader, now)
        & ~_in_exclusive_list(reader, booster)
    )


def understands(follow: Any, status: Any) -> Any:
    """`follow` is for all languages, or for that of `status`."""
    listed = peewee.Value(",").concat(follow.languages).concat(",")
    one = peewee.Value("%,").concat(status.language).concat(",%")
    return (follow.languages == "") | status.language.is_null() | peewee.Expression(listed, peewee.OP.ILIKE, one)


def _reads(reader: Any, status: Any) -> Any:
    return (status.visibility != Visibility.DIRECT) | mentioned(reader, status)


def _answers_somebody_known(reader: Any, status: Any) -> Any:
    """No answer, or one to itself, to the reader, or to somebody whom the reader follows too."""
    return (
        (status.in_reply_to_uri == "")
        | (status.in_reply_to_account == status.account)
        | (status.in_reply_to_account == reader)
        | follows(reader, status.in_reply_to_account)
    )


def _in_exclusive_list(owner: Any, author: Any) -> Any:
    member, own = ListMember.alias(), List.alias()
    query = member.select(_ONE).join(own, on=(own.id == member.list))
    return fn.EXISTS(query.where(member.account == author.id, own.account == owner, own.exclusive))
