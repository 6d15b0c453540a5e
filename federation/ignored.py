"""What arrived, or was asked for, and came to nothing: counted by what it was and why, for `/metrics`.

Of this process alone, and in few words, since strangers choose what they send.
"""

from collections import Counter
from collections.abc import Mapping

from federation.parse.activity import KNOWN_TYPES
from federation.parse.as2 import BadActivity

_counts: Counter[tuple[str, str]] = Counter()


def count(what: str, why: str) -> None:
    """`what`: the type of an activity, or a kind of job."""
    _counts[what, why] += 1


def count_activity(kind: str, why: str) -> None:
    """The same of any type that an activity may claim to be."""
    count(kind if kind in KNOWN_TYPES else "other", why)


def count_error(what: str, error: Exception) -> None:
    """Nothing came of it because of `error`, in which a document may have been found to be none."""
    cause = error if isinstance(error, BadActivity) else error.__cause__
    count(what, f"bad {cause.reason}" if isinstance(cause, BadActivity) else type(error).__name__)


def counts() -> Mapping[tuple[str, str], int]:
    return _counts
