"""Completing threads: what other servers are still to be asked for, and how it went (docs/adr/0021).

Asking is federation's (federation/fetching/completing.py); here are the rows, the limits and the reasons.
"""

from node.services.completion.beginning import begin, is_due, progress_by_id, progress_of
from node.services.completion.going_on import Answer, Link, Outcome, settle, take
from node.services.completion.rows import Progress, by_id, delete_old

__all__ = [
    "Answer",
    "Link",
    "Outcome",
    "Progress",
    "begin",
    "by_id",
    "delete_old",
    "is_due",
    "progress_by_id",
    "progress_of",
    "settle",
    "take",
]
