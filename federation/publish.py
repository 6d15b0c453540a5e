"""Posting and editing: whoever is named is looked up first, so that the post can be addressed to them."""

from collections.abc import Sequence

from federation.context import Federation
from federation.finding import mentions
from node import store
from node.models import Status
from node.services.statuses import edits, posting, recipients
from node.services.statuses.drafts import Draft
from node.services.statuses.recipients import Recipients


async def post(fed: Federation, account_id: int, draft: Draft) -> Status:
    """Waits a few seconds at most for other servers; names that they do not confirm stay plain text."""
    await mentions.resolve_in_draft(fed, draft.words)
    return await store.write(posting.post, account_id, draft)


async def who_gets(
    fed: Federation, account_id: int, texts: Sequence[str], parent_id: int | None = None
) -> Recipients:
    """Whom messages with these words would reach, if they were posted now: they are looked up in the same way."""
    await mentions.resolve_in_draft(fed, "\n".join(texts))
    return await store.read(recipients.of, account_id, texts, parent_id)


async def edit(fed: Federation, account_id: int, status_id: int, draft: Draft) -> Status:
    """The same for the new words of an own status."""
    await mentions.resolve_in_draft(fed, draft.text)
    return await store.write(edits.edit, account_id, status_id, draft)
