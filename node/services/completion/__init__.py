"""Completing threads: what other servers are still to be asked for, and how it went (docs/adr/0021).

Asking is federation's (federation/fetching/completing.py); here are the rows, the limits and the reasons. What follows from
the answers, `going_on`, stores posts; whatever begins to ask knows nothing of that.
"""

from node.services.completion.beginning import begin, is_due, progress_by_id, progress_of
from node.services.completion.rows import Progress, by_id, delete_old

__all__ = ["Progress", "begin", "by_id", "delete_old", "is_due", "progress_by_id", "progress_of"]
