"""Stamps of ours: that somebody may quote or answer a post of somebody here. They say nothing of what either says.

Whoever may see the post that was agreed about may read them (FEP-044f), also where the quote itself is for few: the
server of its readers asks as an instance, which no author of a private post knows, and Mastodon serves them so.
"""

from typing import Any

import msgspec
from aiohttp import web

from federation import reading
from federation.authenticate import signer_of
from federation.reading import NOT_FOUND
from federation.render.context import context
from federation.render.policy import stamp_type
from federation.serve import document
from node import site, store
from node.errors import NotFound
from node.models import Approval, ApprovalState
from node.services.approvals import rows as approvals
from node.services.statuses import loading


async def show(request: web.Request) -> web.Response:
    """As long as the yes stands, and to whoever may see the post of ours that it is about."""
    account = await reading.shown_account(request)
    await reading.require_reader(request)
    number = reading.path_id(request, "approval")
    body = await store.point(_body, account.uri, account.id, number, 0)
    if body is not None:
        return document(body)
    # Perhaps that post is private: now it matters who reads.
    reader = await signer_of(request)
    body = await store.point(_body, account.uri, account.id, number, reader.id) if reader is not None else None
    if body is None:
        raise NotFound(NOT_FOUND)
    return document(body, private=True)


def _body(author_uri: str, account_id: int, number: int, reader_id: int) -> bytes | None:
    approval = approvals.by_id_of(number)
    if approval is None or approval.target_id is None or not _stands(approval, account_id):
        return None
    status = loading.by_id(approval.status_id)
    if status is None or not loading.visible_ids(reader_id, [approval.target_id]):
        return None
    stamp: dict[str, Any] = {
        "@context": context("approval"),
        "id": site.stamp_uri(account_id, approval.id),
        "type": stamp_type(approval.kind),
        "attributedTo": author_uri,
        "interactingObject": status.uri,
        "interactionTarget": approval.target_uri,
    }
    return msgspec.json.encode(stamp)


def _stands(approval: Approval, account_id: int) -> bool:
    return approval.account_id == account_id and approval.state == ApprovalState.ACCEPTED
