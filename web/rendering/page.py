"""What every page is told, besides what it shows."""

from dataclasses import dataclass, field
from typing import Any

from node import clock, speech
from node import site as node_site
from node.media.probe import Kind
from node.models import Maintenance
from node.services.access.preferences import Preferences
from node.services.community import maintenance
from node.services.community.pictures import Pictures
from node.services.community.settings import Registrations, Settings, Translator
from node.services.statuses import media
from node.version import VERSION
from web.rendering import custom_css


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """This node, as its pages speak of it."""

    title: str
    description: str  # one sentence
    hue: int
    custom_css: str  # address, or empty
    icon: str  # addresses of pictures of its own, or empty
    small_icon: str
    banner: str
    domain: str
    base_url: str
    version: str
    registrations: Registrations
    languages: tuple[str, ...]
    max_characters: int
    max_media: int
    max_image_bytes: int
    max_description_characters: int
    max_poll_options: int
    max_poll_option_characters: int
    max_display_name_characters: int
    max_note_characters: int
    max_fields: int
    max_field_characters: int
    media_types: str  # for `accept` of file fields: pictures
    attachment_types: str  # the same for what a post shows
    public_timelines: bool
    contact_account: str
    status_url: str
    has_privacy: bool
    has_terms: bool
    sends_mail: bool
    translates: bool
    source_url: str = ""

    @property
    def may_join(self) -> bool:
        return self.registrations is not Registrations.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An account as which somebody may act."""

    account: dict[str, Any]  # Account entity
    role: str  # self, owner, editor, writer
    here: bool  # it is the one that acts now

    @property
    def posts(self) -> bool:
        return self.role != "writer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who is signed in. Numbers are shown as badges; 0 shows none."""

    account: dict[str, Any]  # Account entity
    role: str = "user"  # user, moderator, admin
    language: str = "en"  # in which posts need no translation
    preferences: Preferences = field(default_factory=Preferences)
    unread_notifications: int = 0
    unread_conversations: int = 0
    follow_requests: int = 0
    waiting: int = 0  # reports and sign-ups, for moderators
    places: tuple["Place", ...] = ()  # what the login may act as, where that is more than itself
    invitations: int = 0  # of organisations

    @property
    def id(self) -> str:
        return str(self.account["id"])

    @property
    def moderates(self) -> bool:
        return self.role in ("moderator", "admin")

    @property
    def visibility(self) -> str:
        return str(self.preferences.visibility)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Planned maintenance. Times are iso texts."""

    id: str
    starts_at: str
    ends_at: str
    text: str
    is_on: bool
    read_only: bool
    holds_deliveries: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    site: Site
    path: str  # with the query, as asked for
    csrf: str = ""
    viewer: Reader | None = None
    notice: str = ""  # what the last form did, said once
    pause: Pause | None = None  # what everybody is told of
    locale: str = field(default_factory=speech.spoken)


def pause_of(row: Maintenance) -> Pause:
    return Pause(
        id=str(row.id),
        starts_at=clock.iso(row.starts_at),
        ends_at=clock.iso(row.ends_at),
        text=row.text,
        is_on=maintenance.is_on(row),
        read_only=row.read_only,
        holds_deliveries=row.holds_deliveries,
    )


def media_path(key: str) -> str:
    """Of a file of ours; empty for none."""
    return f"/media/{key}" if key else ""


def pause_told() -> Pause | None:
    """From memory."""
    row = maintenance.told()
    return None if row is None else pause_of(row)


def site_of(settings: Settings, pictures: Pictures, *, source_url: str = "") -> Site:
    """`settings.current()` and `pictures.current()`, in the words of the pages. Cheap."""
    return Site(
        title=settings.title,
        description=settings.short_description,
        hue=settings.hue,
        custom_css=custom_css.address(settings.custom_css),
        icon=media_path(pictures.icon),
        small_icon=media_path(pictures.small_icon),
        banner=media_path(pictures.banner),
        domain=node_site.domain,
        base_url=node_site.base_url,
        version=VERSION,
        registrations=settings.registrations,
        languages=settings.languages,
        max_characters=settings.max_characters,
        max_media=settings.max_media,
        max_image_bytes=settings.max_image_bytes,
        max_description_characters=settings.max_description_characters,
        max_poll_options=settings.max_poll_options,
        max_poll_option_characters=settings.max_poll_option_characters,
        max_display_name_characters=settings.max_display_name_characters,
        max_note_characters=settings.max_note_characters,
        max_fields=settings.max_fields,
        max_field_characters=settings.max_field_characters,
        media_types=_MEDIA_TYPES,
        attachment_types=",".join(media.accepted_types(settings)),
        public_timelines=settings.public_timelines,
        contact_account=settings.contact_account,
        status_url=settings.status_url,
        has_privacy=bool(settings.privacy_policy),
        has_terms=bool(settings.terms),
        sends_mail=node_site.sends_mail,
        translates=settings.translation_service is not Translator.OFF,
        source_url=source_url,
    )


_MEDIA_TYPES = ",".join(str(kind) for kind in Kind)
