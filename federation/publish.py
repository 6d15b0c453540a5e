"""Posting and editing: whoever is named is looked up first, so that the post can be addressed to them."""

from federation.context import Federation
from federation.finding import mentions
from node import store
from node.models import Status
from node.services.statuses import edits, posting
from node.services.statuses.drafts import Draft


async def post(fed: Federation, account_id: int, draft: Draft) -> Status:
    """Waits a few seconds at most for other servers; names that they do not confirm stay plain text."""
    await mentions.resolve_in_draft(fed, draft.text)
    return await store.write(posting.post, account_id, draft)


async def edit(fed: Federation, account_id: int, status_id: int, draft: Draft) -> Status:
    """The same for the new words of an own status."""
    await mentions.resolve_in_draft(fed, draft.text)
    return await store.write(edits.edit, account_id, status_id, draft)
