"""The form of the composer, and the `Draft` that the services understand."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from node import clock
from node.errors import Invalid
from node.models import Poll, Visibility
from node.services.access.preferences import Preferences
from node.services.approvals.policies import NOT_SAID, Choice, Choices
from node.services.community import settings
from node.services.interactions import polls
from node.services.statuses import media
from node.services.statuses.drafts import Draft, PollDraft
from node.speech import said
from node.text import tokens
from node.text.render import Format
from web.entities.media import media_entity
from web.pages.forms import Form
from web.pages.writing.written import Post

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_MAX_POLL_SECONDS = 10 * 365 * 86_400


def new(form: Form, wrote: Sequence[Post], habits: Preferences) -> Draft:
    """Invalid for what is none of the choices that the form offers. What follows the first post is like it."""
    first = Draft(
        text=wrote[0].text,
        spoiler_text=form.text("spoiler_text"),
        sensitive=form.flag("sensitive"),
        visibility=_visibility(form.text("visibility"), habits.visibility),
        language=language(form.text("language")),
        content_type=content_type(form.text("content_type")),
        media_ids=wrote[0].media_ids,
        local_only=form.flag("local_only"),
        policy=choices(form, habits.choices),
    )
    return replace(
        first,
        in_reply_to_id=form.number("in_reply_to_id"),
        quoted_status_id=form.number("quoted_status_id"),
        poll=_poll(form),
        then=tuple(replace(first, text=one.text, media_ids=one.media_ids) for one in wrote[1:] if not one.is_empty),
    )


def with_names(text: str, accts: Iterable[str]) -> str:
    """`text` after the names of those that it does not name itself."""
    there = {token.key for token in tokens.tokens(text) if isinstance(token, tokens.Mention)}
    return "".join(f"@{acct} " for acct in accts if acct.lower() not in there) + text


def changed(form: Form, media_ids: list[int], poll: Poll | None) -> Draft:
    """For an edit: who may read it stays, and so does its poll."""
    return Draft(
        text=form.text("text"),
        spoiler_text=form.text("spoiler_text"),
        sensitive=form.flag("sensitive"),
        language=language(form.text("language")),
        content_type=content_type(form.text("content_type")),
        media_ids=tuple(media_ids),
        poll=None if poll is None else _as_it_is(poll),
        descriptions=tuple(descriptions(form, media_ids)),
    )


def choices(form: Form, otherwise: Choices = NOT_SAID) -> Choices:
    """Who may do what with a post. `otherwise`: what the form does not ask; it stays as it is unless that says more."""
    asked = ("quote", "reply", "favourite", "reblog")
    return Choices(**{what: _choice(form.text(f"{what}_policy")) or getattr(otherwise, what) for what in asked})


def _choice(text: str) -> Choice | None:
    try:
        return Choice(text) if text else None
    except ValueError as error:
        raise Invalid("This is none of the choices.") from error


def content_type(text: str) -> Format:
    try:
        return Format(text or Format.PLAIN)
    except ValueError as error:
        raise Invalid("Posts are plain text or Markdown.") from error


def language(text: str) -> str | None:
    """None: it is found by itself."""
    if text and not _LANGUAGE.fullmatch(text):
        raise Invalid("This is not a language.", {"language": "This is not a language."})
    return text or None


def descriptions(form: Form, media_ids: list[int]) -> list[tuple[int, str]]:
    """The alt texts that were typed, by the pictures' ids."""
    named = ((media_id, f"description_{media_id}") for media_id in media_ids)
    return [(media_id, form.text(name)) for media_id, name in named if name in form]


def describe(account_id: int, form: Form, media_ids: list[int]) -> None:
    """Keep the alt texts of pictures that are not posted yet. In a unit of work."""
    for media_id, text in descriptions(form, media_ids):
        media.update(account_id, media_id, description=text)


def lacks_descriptions(account_id: int, media_ids: Sequence[int]) -> bool:
    """Whether one of them says nothing to people who cannot see or hear it."""
    return any(not media.get(account_id, media_id).description for media_id in media_ids)


def attached(account_id: int, media_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The pictures as the form shows them; NotFound for another's."""
    limit = settings.current().max_media
    if len(media_ids) > limit:
        raise Invalid(said("Attachments in a post: %(limit)s at most.", limit=limit))
    return [media_entity(media.get(account_id, media_id)) for media_id in media_ids]


def _visibility(text: str, default: Visibility) -> Visibility:
    try:
        return Visibility(text) if text else default
    except ValueError as error:
        raise Invalid("Choose who sees this post.", {"visibility": "Choose who sees this post."}) from error


def _poll(form: Form) -> PollDraft | None:
    options = tuple(option for option in form.all("poll_option") if option.strip())
    if not options:
        return None
    seconds = form.number("poll_expires_in", most=_MAX_POLL_SECONDS)
    return PollDraft(
        options=options,
        expires_in_ms=(clock.DAY if seconds is None else seconds * clock.SECOND),
        multiple=form.flag("poll_multiple"),
        hide_totals=form.flag("poll_hide_totals"),
    )


def _as_it_is(poll: Poll) -> PollDraft:
    """The form of an edit has no poll; one that stays the same keeps its end, whatever is said here."""
    return PollDraft(
        options=tuple(option.title for option in polls.options_of(poll)),
        expires_in_ms=clock.DAY,
        multiple=bool(poll.multiple),
        hide_totals=bool(poll.hide_totals),
    )
