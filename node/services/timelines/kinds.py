"""Parts of a home timeline that a reader may want to catch up with alone."""

from enum import StrEnum
from typing import Any

from peewee import SQL, fn

from node.models import List, ListMember, MediaAttachment, Status
from node.models.access import exists


class Kind(StrEnum):
    LISTS = "lists"  # by people who are in one of the reader's lists
    THREADS = "threads"  # what answers something
    BOOSTS = "boosts"
    LINKS = "links"
    PICTURES = "pictures"


def is_of(kind: Kind, reader: Any, original: Any) -> Any:
    """`Status`, which may boost `original`, is of that kind. A boost has the links and pictures of what it shows."""
    if kind is Kind.LISTS:
        listed = ListMember.select(SQL("1")).join(List, on=(List.id == ListMember.list))
        return fn.EXISTS(listed.where(List.account == reader, ListMember.account == Status.account))
    if kind is Kind.THREADS:
        return Status.in_reply_to_uri != ""
    if kind is Kind.BOOSTS:
        return Status.reblog_of.is_null(False)
    if kind is Kind.LINKS:
        return Status.card.is_null(False) | original.card.is_null(False)
    return exists(MediaAttachment, MediaAttachment.status == fn.COALESCE(Status.reblog_of, Status.id))
