"""How somebody wants to post and read: kept as JSON at the login, every key with a default."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from node import speech
from node.errors import Invalid
from node.models import User, Visibility
from node.services.access import signed_in
from node.services.approvals.policies import Choice, Choices
from node.services.community import settings
from node.speech import said


class ExpandMedia(StrEnum):
    DEFAULT = "default"
    SHOW_ALL = "show_all"
    HIDE_ALL = "hide_all"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    COSY = "cosy"
    COMPACT = "compact"


class Font(StrEnum):
    SANS = "sans"
    SERIF = "serif"


RECENT = 3

_Language = Annotated[str, Meta(pattern=r"^[A-Za-z-]{2,20}$")]
# What passes too quickly to ask about.
_AtOnce = Literal["public", "followers", "nobody"]


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """`posting_…` and `reading_…` are the client API's; the others are for our own pages."""

    posting_visibility: Visibility | None = None  # None: what the community has chosen
    posting_sensitive: bool = False
    posting_language: _Language | None = None
    posting_quote_policy: Choice = Choice.PUBLIC
    posting_reply_policy: Choice = Choice.PUBLIC
    posting_favourite_policy: _AtOnce = "public"
    posting_reblog_policy: _AtOnce = "public"
    posting_content_type: Annotated[str, Meta(pattern=r"^text/(plain|markdown)$")] = "text/plain"
    posting_recent: Annotated[tuple[_Language, ...], Meta(max_length=RECENT)] = ()  # languages, the last first
    posting_undo: bool = False  # our own: a few seconds to think better of a post
    posting_reminder: bool = True  # our own: asks before a picture without a description is posted
    reading_expand_media: ExpandMedia = ExpandMedia.DEFAULT
    reading_expand_spoilers: bool = False
    reading_autoplay_gifs: bool = False
    reading_endless: bool = True  # our own: older posts come by themselves

    language: Annotated[str, Meta(pattern=r"^[a-z]{2}$")] | None = None  # of pages; None: what the browser asks for
    theme: Theme = Theme.SYSTEM
    more_contrast: bool = False
    text_size: Annotated[int, Meta(ge=90, le=150)] = 100  # per cent
    density: Density = Density.COSY
    font: Font = Font.SANS

    @property
    def visibility(self) -> Visibility:
        """For posts that do not say theirs."""
        return self.posting_visibility or settings.current().default_visibility

    @property
    def choices(self) -> Choices:
        """For posts that do not say what others may do with them."""
        return Choices(
            reply=self.posting_reply_policy,
            favourite=Choice(self.posting_favourite_policy),
            reblog=Choice(self.posting_reblog_policy),
            quote=self.posting_quote_policy,
        )


_DEFAULTS = Preferences()


def of(user: User | None) -> Preferences:
    """Of somebody, or of a visitor. What cannot be read counts as not chosen."""
    if user is None or user.preferences == "{}":
        return _DEFAULTS
    try:
        return msgspec.json.decode(user.preferences, type=Preferences)
    except msgspec.DecodeError:
        return _DEFAULTS


def language_of(user: User) -> str:
    """In which language letters to this login are written."""
    return speech.nearest(of(user).language) or speech.nearest(user.locale) or "en"


def reading_language(user: User) -> str:
    """Into which language posts are translated for this login."""
    return of(user).language or user.locale


def of_id(user_id: int) -> Preferences:
    """As they are now, whatever a request remembers; what they leave open is decided, and so read, too."""
    settings.current()
    return of(User.get_or_none(User.id == user_id))


def remember_language(user_id: int, language: str) -> None:
    """Somebody chose it for a post: it is offered first the next time."""
    recent = of_id(user_id).posting_recent
    if recent[:1] != (language,):
        change(user_id, {"posting_recent": (language, *(one for one in recent if one != language))[:RECENT]})


def change(user_id: int, values: Mapping[str, Any]) -> Preferences:
    """Set some; Invalid, if a name or a value is not possible, and then nothing changes."""
    user = User.get_by_id(user_id)
    unknown = sorted(set(values) - set(Preferences.__struct_fields__))
    if unknown:
        raise Invalid(said("There is no preference called %(name)s.", name=unknown[0]), {unknown[0]: "is not known"})
    merged = {name: values.get(name, getattr(of(user), name)) for name in Preferences.__struct_fields__}
    try:
        changed = msgspec.convert(merged, Preferences)
    except msgspec.ValidationError as error:
        raise Invalid(said("This cannot be chosen: %(error)s.", error=error)) from error
    chosen = {n: v for n, v in msgspec.to_builtins(changed).items() if v != getattr(_DEFAULTS, n)}
    User.update(preferences=msgspec.json.encode(chosen).decode()).where(User.id == user_id).execute()
    signed_in.user_changed(user_id)
    return changed
