"""What an app sends to post or to edit, as the `Draft` that the services understand."""

import re

import msgspec

from node import clock
from node.media.focus import parse_focus
from node.models import Status, Visibility
from node.services.access import preferences
from node.services.approvals.policies import NOT_SAID, Choice, Choices
from node.services.statuses.drafts import Draft, PollDraft
from node.services.statuses.media import StoredMedia
from node.text.render import Format
from web import params
from web.params import Upload
from web.viewer import Viewer

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


class _Poll(msgspec.Struct):
    options: list[str] = []
    expires_in: params.Count = 0  # seconds
    multiple: bool = False
    hide_totals: bool = False


class Policies(msgspec.Struct):
    """Who may do what with a post; all but the first are ours."""

    quote_approval_policy: Choice | None = None
    reply_approval_policy: Choice | None = None
    favourite_approval_policy: Choice | None = None
    reblog_approval_policy: Choice | None = None


class Words(Policies):
    """What a post and an edit have in common."""

    status: str = ""
    spoiler_text: str = ""
    sensitive: bool | None = None
    language: str = ""
    content_type: Format | None = None
    media_ids: list[params.Id] = []
    poll: _Poll | None = None

    @property
    def spoken(self) -> str:
        """What is no language is as if it was not said, as with Mastodon: nobody's post fails because of it."""
        code = self.language.replace("_", "-")
        return code if _LANGUAGE.fullmatch(code) else ""


class NewStatus(Words):
    visibility: Visibility | None = None
    in_reply_to_id: params.Id | None = None
    local_only: bool = False
    scheduled_at: str = ""
    quoted_status_id: params.Id | None = None


class MediaChange(msgspec.Struct):
    id: params.Id
    description: str | None = None
    focus: str = ""
    thumbnail: Upload | None = None


class Change(Words):
    media_attributes: list[MediaChange] = []


def new(viewer: Viewer, wish: NewStatus, idempotency_key: str) -> Draft:
    """Invalid for what cannot be done here, so that nobody takes it for done. What is not said, settings are asked for."""
    habits = preferences.of(viewer.user)
    has_key = idempotency_key != "" and viewer.token_id is not None
    return Draft(
        text=wish.status,
        spoiler_text=wish.spoiler_text,
        sensitive=habits.posting_sensitive if wish.sensitive is None else wish.sensitive,
        visibility=wish.visibility or habits.visibility,
        language=wish.spoken or habits.posting_language,
        content_type=wish.content_type or Format(habits.posting_content_type),
        in_reply_to_id=wish.in_reply_to_id,
        media_ids=tuple(wish.media_ids),
        poll=_poll(wish.poll),
        local_only=wish.local_only,
        quoted_status_id=wish.quoted_status_id,
        policy=choices(wish, habits.choices),
        application_id=viewer.app_id,
        by=viewer.capacity.by,
        idempotency=(viewer.token_id or 0, idempotency_key) if has_key else None,
    )


def changed(viewer: Viewer, wish: Change, before: Status, stills: dict[int, StoredMedia]) -> Draft:
    """As Mastodon has it, an edit names all that shall remain: what is left out is taken away."""
    return Draft(
        text=wish.status,
        spoiler_text=wish.spoiler_text,
        sensitive=bool(wish.sensitive),
        language=wish.spoken or before.language,
        content_type=wish.content_type or Format(before.content_type),
        media_ids=tuple(wish.media_ids),
        descriptions=tuple((one.id, one.description) for one in wish.media_attributes if one.description is not None),
        focuses=tuple(
            (one.id, focus) for one in wish.media_attributes if (focus := parse_focus(one.focus)) is not None
        ),
        thumbnails=tuple(stills.items()),
        poll=_poll(wish.poll),
        policy=choices(wish),
        by=viewer.capacity.by,
    )


def choices(wish: Policies, otherwise: Choices = NOT_SAID) -> Choices:
    """`otherwise`: what is not said."""
    return Choices(
        reply=wish.reply_approval_policy or otherwise.reply,
        favourite=wish.favourite_approval_policy or otherwise.favourite,
        reblog=wish.reblog_approval_policy or otherwise.reblog,
        quote=wish.quote_approval_policy or otherwise.quote,
    )


def _poll(wish: _Poll | None) -> PollDraft | None:
    if wish is None or not wish.options:
        return None
    return PollDraft(
        options=tuple(wish.options),
        expires_in_ms=wish.expires_in * clock.SECOND,
        multiple=wish.multiple,
        hide_totals=wish.hide_totals,
    )
