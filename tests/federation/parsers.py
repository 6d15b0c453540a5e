"""Every parser of what other servers send, at once, and what any of them may answer."""

import dataclasses
from collections.abc import Callable
from typing import Any

from federation.parse.activity import parse_activity
from federation.parse.actor import parse_actor
from federation.parse.as2 import BadActivity, Document
from federation.parse.collection import parse_collection
from federation.parse.keys import parse_key_document, parse_single_key
from federation.parse.nodeinfo import parse_nodeinfo, parse_nodeinfo_links
from federation.parse.note import is_post, parse_note
from federation.parse.stamp import parse_stamp
from federation.parse.webfinger import parse_webfinger


def parse_all(document: Document) -> list[Any]:
    """Everything that any parser makes of `document`; raises what is neither a result nor a refusal."""
    parsers: list[Callable[[Document], Any]] = [
        parse_activity,
        parse_actor,
        parse_note,
        lambda it: parse_note(it, "https://a.example/users/eve"),
        parse_collection,
        lambda it: parse_collection(it, "https://a.example/c"),
        parse_key_document,
        lambda it: parse_single_key(it, "https://a.example/users/eve"),
        parse_webfinger,
        parse_stamp,
        parse_nodeinfo,
        lambda it: parse_nodeinfo_links(it, "reeds.example"),
        is_post,
    ]
    results = []
    for parse in parsers:
        try:
            results.append(parse(document))
        except BadActivity:
            continue
    return results


def check_shape(value: object) -> None:
    """Only the types that a dataclass of ours holds, within the limits."""
    if isinstance(value, str):
        assert len(value) <= 500_000
    elif isinstance(value, tuple):
        assert len(value) <= 1_100
        for item in value:
            check_shape(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in ("embedded", "instrument", "first_page"):
                check_shape(getattr(value, field.name))
    else:
        assert value is None or isinstance(value, int | float)
