"""What somebody began to write is kept on the node, as it was typed, until it is posted (docs/adr/0035-kept-drafts.md)."""

import re
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from node import clock
from node.errors import BadInput, Invalid, NotFound
from node.models import KeptDraft, KeptDraftMedia, MediaAttachment
from node.paging import Page
from node.speech import said
from node.store import in_ids

MAX_DRAFTS = 100
MAX_CHARACTERS = 100_000
_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")

Typed = dict[str, str | list[str]]


class Change(NamedTuple):
    """Of a draft that members share: who changes it, and which revision they had before them."""

    by: int | None = None
    revision: int = 0


class Kept(NamedTuple):
    """`typed` is by the names of the composer's fields; the uploads are those that are still there, in their order."""

    id: int
    key: str
    typed: Typed
    media: list[MediaAttachment]
    updated_at: int
    by: int | None  # the account of the member who changed it last, of organisations
    revision: int


def new_key() -> str:
    """The name of a draft to come."""
    return secrets.token_urlsafe(12)


def name_for(account_id: int, key: str, change: Change) -> str:
    """`key`; or, where another member changed that draft meanwhile, the name of a copy beside it.

    What is under another's hands is never written over, and what was typed is not lost (docs/adr/0047-organisations.md).
    """
    row = None if change.by is None else _row(account_id, key)
    if row is None or row.by in (None, change.by) or row.revision == change.revision:
        return key
    return f"{key[:20]}-{change.by:x}"


def keep(
    account_id: int,
    key: str,
    typed: Typed,
    media_ids: Sequence[int] = (),
    *,
    limited: bool = True,
    by: int | None = None,
) -> bool:
    """Keep what was typed under `key`, instead of what was kept there before. False: nothing was, so nothing is kept.

    Not `limited` is what was accepted as a post before: it must not be lost because there is much else.
    """
    if not _KEY.fullmatch(key):
        raise BadInput("This is not the name of a draft.")
    words = (
        text for name, text in typed.items() if name in ("spoiler_text", "poll_option") or name.startswith("text")
    )
    if not (media_ids or any(words)):
        forget(account_id, key)
        return False
    form = msgspec.json.encode(typed).decode()
    if limited and len(form) > MAX_CHARACTERS:
        raise Invalid("This is too long to be kept.")
    before = _row(account_id, key)
    if limited and before is None and KeptDraft.select().where(KeptDraft.account == account_id).count() >= MAX_DRAFTS:
        raise Invalid(
            said(
                "You have %(most)s drafts, which is as many as there can be. Delete some of them first.",
                most=MAX_DRAFTS,
            )
        )
    now = clock.now_ms()
    # Two windows, or one that is left while it is kept: both are right, and the later one counts.
    changed = {
        KeptDraft.form: form,
        KeptDraft.updated_at: now,
        KeptDraft.by: by,
        KeptDraft.revision: KeptDraft.revision + 1,
    }
    KeptDraft.insert(account=account_id, key=key, form=form, updated_at=now, by=by).on_conflict(
        conflict_target=[KeptDraft.account, KeptDraft.key], update=changed
    ).execute()
    kept = _row(account_id, key)
    assert kept is not None  # noqa: S101 - it was kept in this very unit
    _attach(account_id, kept.id, media_ids)
    return True


def forget(account_id: int, key: str) -> None:
    """Doing it twice changes nothing."""
    KeptDraft.delete().where(KeptDraft.account == account_id, KeptDraft.key == key).execute()


def get(account_id: int, key: str) -> Kept:
    """NotFound for those of others."""
    row = _row(account_id, key)
    if row is None:
        raise NotFound("Record not found")
    return _complete([row])[0]


def page(account_id: int, page: Page) -> list[Kept]:
    """The last begun first."""
    return _complete(page.of(KeptDraft.select().where(KeptDraft.account == account_id), KeptDraft.id))


def _row(account_id: int, key: str) -> KeptDraft | None:
    found: KeptDraft | None = KeptDraft.get_or_none(KeptDraft.account == account_id, KeptDraft.key == key)
    return found


def _attach(account_id: int, draft_id: int, media_ids: Sequence[int]) -> None:
    """Whatever is another's, or posted, is left out."""
    KeptDraftMedia.delete().where(KeptDraftMedia.draft == draft_id).execute()
    if not media_ids:
        return
    own = MediaAttachment.select(MediaAttachment.id).where(
        in_ids(MediaAttachment.id, list(media_ids)),
        MediaAttachment.account == account_id,
        MediaAttachment.status.is_null(),
    )
    there = {row.id for row in own}
    for media_id in dict.fromkeys(media_ids):
        if media_id in there:
            KeptDraftMedia.create(draft=draft_id, media=media_id)


def _complete(rows: list[KeptDraft]) -> list[Kept]:
    media: dict[int, list[MediaAttachment]] = {row.id: [] for row in rows}
    attached: Any = (
        MediaAttachment.select(MediaAttachment, KeptDraftMedia.draft.alias("shown_by"))
        .join(KeptDraftMedia, on=(KeptDraftMedia.media == MediaAttachment.id))
        .where(in_ids(KeptDraftMedia.draft, list(media)), MediaAttachment.status.is_null())
        .order_by(KeptDraftMedia.id)
        .objects()
    )
    for row in attached if rows else ():
        media[row.shown_by].append(row)
    return [
        Kept(
            row.id,
            row.key,
            msgspec.json.decode(row.form, type=Typed),
            media[row.id],
            row.updated_at,
            row.by,
            row.revision,
        )
        for row in rows
    ]
