"""Stamps of ours: that somebody may quote, answer, like or boost a post of somebody here. They say nothing of what is said.

Whoever may see the post that was agreed about may read them (FEP-044f), also where the quote itself is for few: the
server of its readers asks as an instance, which no author of a private post knows, and Mastodon serves them so.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from aiohttp import web

from federation.render.context import context
from federation.render.policy import stamp_type
from federation.serving import reading
from federation.serving.authenticate import signer_of
from federation.serving.reading import NOT_FOUND
from federation.serving.serve import document
from node import site, store
from node.errors import NotFound
from node.models import Approval, ApprovalKind, ApprovalState
from node.services.approvals import permits
from node.services.approvals import rows as approvals
from node.services.statuses import loading


async def show(request: web.Request) -> web.Response:
    """As long as the yes stands, and to whoever may see the post of ours that it is about."""
    return await _show(request, _body)


async def show_permit(request: web.Request) -> web.Response:
    """The same for a like or a boost that was let in."""
    return await _show(request, partial(_permit_body, ApprovalKind(request.match_info["kind"])))


async def _show(request: web.Request, stamp: Callable[[str, int, int, int], bytes | None]) -> web.Response:
    account = await reading.shown_account(request)
    await reading.require_reader(request)
    number = reading.path_id(request, "approval")
    body = await store.point(stamp, account.uri, account.id, number, 0)
    if body is not None:
        return document(body)
    # Perhaps that post is private: now it matters who reads.
    reader = await signer_of(request)
    body = await store.point(stamp, account.uri, account.id, number, reader.id) if reader is not None else None
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
    return _stamp(site.stamp_uri(account_id, approval.id), approval.kind, author_uri, status.uri, approval.target_uri)


def _permit_body(kind: ApprovalKind, author_uri: str, account_id: int, number: int, reader_id: int) -> bytes | None:
    permit = permits.find(kind, number)
    if permit is None or permit.target.account_id != account_id:
        return None
    if not loading.visible_ids(reader_id, [permit.target.id]):
        return None
    return _stamp(site.permit_uri(account_id, kind, number), kind, author_uri, permit.uri, permit.target.uri)


def _stamp(uri: str, kind: str, author_uri: str, interacting_uri: str, target_uri: str) -> bytes:
    stamp: dict[str, Any] = {
        "@context": context("approval"),
        "id": uri,
        "type": stamp_type(kind),
        "attributedTo": author_uri,
        "interactingObject": interacting_uri,
        "interactionTarget": target_uri,
    }
    return msgspec.json.encode(stamp)


def _stands(approval: Approval, account_id: int) -> bool:
    return approval.account_id == account_id and approval.state == ApprovalState.ACCEPTED
