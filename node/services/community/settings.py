"""What a community decides, changed at run time; kept as JSON in one table, read through a cache.

Each field of `Settings` says its type, its limits, its default and, in one line, what it is for: the command line,
the administration page and docs/configuration.md show the same.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import msgspec
import structlog
from msgspec import Meta

from node import streams
from node.errors import Invalid
from node.models import Account, Role, Setting, Visibility
from node.services.caching.cache import Kept
from node.services.moderation import audit, roles
from node.speech import said

log = structlog.get_logger()


class Registrations(StrEnum):
    CLOSED = "closed"
    APPROVAL = "approval"
    INVITE = "invite"
    OPEN = "open"


class RemoteMedia(StrEnum):
    CACHE = "cache"
    PROXY = "proxy"
    NONE = "none"


class Translator(StrEnum):
    OFF = "off"
    LIBRETRANSLATE = "libretranslate"
    DEEPL = "deepl"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    # ── what this node is ──
    title: Annotated[str, Meta(max_length=100, description="The name of this node.")] = "Linnet"
    short_description: Annotated[str, Meta(max_length=500, description="One sentence, for lists of nodes.")] = ""
    description: Annotated[str, Meta(max_length=50_000, description="The text of the about page, in Markdown.")] = ""
    privacy_policy: Annotated[str, Meta(max_length=50_000, description="The privacy policy, in Markdown.")] = ""
    terms: Annotated[str, Meta(max_length=50_000, description="The terms of service, in Markdown.")] = ""
    contact_account: Annotated[str, Meta(max_length=30, description="Name of the account that answers people.")] = ""
    contact_email: Annotated[str, Meta(max_length=254, description="Address that is shown to everybody.")] = ""
    status_url: Annotated[str, Meta(max_length=2048, description="Where people see whether the node works.")] = ""
    languages: Annotated[tuple[str, ...], Meta(max_length=50, description="Languages spoken here, as codes.")] = (
        "en",
    )
    hue: Annotated[int, Meta(ge=0, le=359, description="The colour of the interface, as an angle.")] = 14
    custom_css: Annotated[
        str,
        Meta(
            max_length=20_000, description="Styles of your own, for all pages but those of the staff and signing in."
        ),
    ] = ""

    # ── who may join ──
    registrations: Annotated[
        Registrations, Meta(description="Who may sign up: closed, approval, invite or open.")
    ] = Registrations.APPROVAL
    reason_required: Annotated[bool, Meta(description="People who ask to join must say why.")] = True
    closed_message: Annotated[str, Meta(max_length=5_000, description="Shown when nobody may sign up.")] = ""
    sign_ups_per_day: Annotated[
        int, Meta(ge=0, le=100_000, description="Sign-ups a day before all others must wait; 0 is no limit.")
    ] = 200
    email_required: Annotated[bool, Meta(description="Nobody signs up without an e-mail address.")] = False
    min_age: Annotated[
        int,
        Meta(ge=0, le=100, description="Years that people must be old to join; 0 asks nobody. The day is not kept."),
    ] = 0
    invites_from: Annotated[Role, Meta(description="The least role that may invite: user, moderator or admin.")] = (
        Role.ADMIN
    )
    organisations_from: Annotated[
        Role, Meta(description="The least role that may make organisation accounts: user, moderator or admin.")
    ] = Role.USER
    reserved_names: Annotated[
        tuple[str, ...], Meta(max_length=1_000, description="Names that nobody may take, besides the usual ones.")
    ] = ()

    # ── what people may post ──
    max_characters: Annotated[int, Meta(ge=1, le=100_000, description="Characters in a post.")] = 500
    max_media: Annotated[int, Meta(ge=0, le=32, description="Pictures, videos and sounds in a post.")] = 8
    max_image_bytes: Annotated[int, Meta(ge=0, le=1 << 30, description="Bytes of one picture.")] = 16 << 20
    max_film_bytes: Annotated[
        int, Meta(ge=0, le=1 << 30, description="Bytes of one video or sound; 0 takes none.")
    ] = 99 << 20
    max_film_minutes: Annotated[int, Meta(ge=1, le=600, description="Length of a video or sound, in minutes.")] = 30
    max_description_characters: Annotated[int, Meta(ge=0, le=10_000, description="Characters in an alt text.")] = (
        1_500
    )
    max_poll_options: Annotated[int, Meta(ge=2, le=32, description="Choices in a poll.")] = 8
    max_poll_option_characters: Annotated[int, Meta(ge=1, le=500, description="Characters in a choice.")] = 100
    max_pins: Annotated[int, Meta(ge=0, le=100, description="Posts that one profile shows first.")] = 5
    emoji_reactions: Annotated[
        bool, Meta(description="People answer posts with emoji; without, such answers count as favourites.")
    ] = True
    default_visibility: Annotated[Visibility, Meta(description="Visibility of posts until people choose.")] = (
        Visibility.PUBLIC
    )

    # ── profiles ──
    max_display_name_characters: Annotated[int, Meta(ge=1, le=2_048, description="Characters in a shown name.")] = 50
    max_note_characters: Annotated[int, Meta(ge=0, le=20_000, description="Characters in a profile's text.")] = 1_000
    max_fields: Annotated[int, Meta(ge=0, le=50, description="Extra lines of a profile.")] = 6
    max_field_characters: Annotated[int, Meta(ge=1, le=2_047, description="Characters in an extra line.")] = 255

    # ── who sees what ──
    public_timelines: Annotated[bool, Meta(description="Visitors may read the local and federated timelines.")] = True
    authorized_fetch: Annotated[
        bool, Meta(description="Other nodes must sign what they read, so that blocks hold.")
    ] = True
    limited_federation: Annotated[bool, Meta(description="Speak only with the domains that are allowed.")] = False
    publish_blocks: Annotated[bool, Meta(description="The about page lists the domains that are limited.")] = False

    review_trends: Annotated[
        bool, Meta(description="Hashtags, posts and links are shown as trends only after the staff said yes.")
    ] = False
    no_preview_domains: Annotated[
        tuple[str, ...],
        Meta(max_length=1_000, description="Sites of which links show no preview, subdomains included."),
    ] = ()

    # ── translation ──
    translation_service: Annotated[
        Translator, Meta(description="Who translates public posts for people: off, libretranslate or deepl.")
    ] = Translator.OFF
    translation_url: Annotated[
        str,
        Meta(
            max_length=2048,
            pattern=r"^(https?://[^\s?#]+)?$",
            description="Where the translation service is; DeepL needs none.",
        ),
    ] = ""
    translation_key: Annotated[
        str,
        Meta(
            max_length=300,
            pattern="^[!-~]*$",
            description="The key that the translation service asks for. It is never shown again.",
            extra={"secret": True},
        ),
    ] = ""

    # ── how long things are kept ──
    remote_media: Annotated[
        RemoteMedia,
        Meta(
            description="Files of other servers are kept for a while (cache), only passed on to who looks (proxy), or"
            " neither: then posts link to where they are (none)."
        ),
    ] = RemoteMedia.CACHE
    remote_media_gib: Annotated[
        int,
        Meta(ge=0, le=1_000_000, description="GiB of copies of remote files; what nobody looked at longest goes."),
    ] = 5
    least_free_gib: Annotated[
        int, Meta(ge=0, le=1_000_000, description="GiB of the disk that copies of remote files leave free.")
    ] = 1
    media_days: Annotated[
        int, Meta(ge=0, le=36_500, description="Days that copies of remote files are kept; 0 is for ever.")
    ] = 30
    remote_statuses_days: Annotated[
        int, Meta(ge=0, le=36_500, description="Days that remote posts nobody here touched are kept; 0 is for ever.")
    ] = 0
    address_days: Annotated[
        int, Meta(ge=1, le=36_500, description="Days that network addresses of sessions and sign-ups are kept.")
    ] = 90


class Key(NamedTuple):
    """A setting, as people read about it."""

    name: str
    type: str
    default: Any
    description: str
    is_secret: bool = False


_TYPES: dict[str, Any] = get_type_hints(Settings, include_extras=True)
_DEFAULTS = Settings()


def current() -> Settings:
    """What holds now. Takes a microsecond."""
    return kept.get()


def all_keys() -> list[Key]:
    """Every setting, in the order above."""
    return [_key(name) for name in Settings.__struct_fields__]


def change(values: Mapping[str, Any], by: Account | None) -> Settings:
    """Set some; Invalid names every wrong one, and then nothing changes. What is so already is not recorded."""
    roles.require(by, Role.ADMIN)
    checked, wrong = {}, {}
    for name, value in values.items():
        try:
            checked[name] = _check(name, value)
        except Invalid as error:
            wrong[name] = str(error)
    if wrong:
        raise Invalid(" ".join(wrong.values()), wrong)
    before = current()
    changed = {name: value for name, value in checked.items() if value != getattr(before, name)}
    for name, value in changed.items():
        _save(name, value)
        audit.record(
            by, "change.setting", name, {"from": shown(name, getattr(before, name)), "to": shown(name, value)}
        )
    if changed:
        kept.forget_with_unit()
        streams.publish(("control",), "settings_changed")
    return current()


def shown(name: str, value: Any) -> Any:
    """`value` as people may read it: of a secret, whether there is one."""
    if not _key(name).is_secret:
        return value
    return "set" if value else ""


def from_text(name: str, text: str) -> Any:
    """`text` as somebody types it for the setting `name`: `on`, `500`, `open`, `en, de`."""
    base = _base_type(name)
    if base is bool:
        words = {
            "on": True,
            "yes": True,
            "true": True,
            "1": True,
            "off": False,
            "no": False,
            "false": False,
            "0": False,
        }
        return words.get(text.strip().lower(), text)
    if base is int:
        return int(text) if re.fullmatch(r"-?\d{1,12}", text.strip(), re.ASCII) else text
    if base == tuple[str, ...]:
        return [part for part in re.split(r"[\s,]+", text) if part]
    return text


def _load() -> Settings:
    values = {}
    for row in Setting.select():
        try:
            values[row.key] = _check(row.key, msgspec.json.decode(row.value))
        except (Invalid, msgspec.DecodeError):
            # An older or newer version wrote it; the default is what this one can stand by.
            log.warning("a setting that cannot be read", key=row.key)
    return Settings(**values)


def _save(name: str, value: Any) -> None:
    text = msgspec.json.encode(value).decode()
    if value == getattr(_DEFAULTS, name):
        Setting.delete().where(Setting.key == name).execute()
    elif not Setting.insert(key=name, value=text).on_conflict_ignore().as_rowcount().execute():
        Setting.update(value=text).where(Setting.key == name).execute()


def _check(name: str, value: Any) -> Any:
    if name not in _TYPES:
        raise Invalid(said("There is no setting called %(name)s.", name=name))
    try:
        return msgspec.convert(value, _TYPES[name])
    except msgspec.ValidationError as error:
        key = _key(name)
        tried = "that" if key.is_secret else repr(value)
        raise Invalid(
            said(
                "%(name)s cannot be %(tried)s: %(error)s. It is %(type)s; the default is %(default)s.",
                name=name,
                tried=tried,
                error=error,
                type=key.type,
                default=_default_text(key.default),
            )
        ) from error


def _key(name: str) -> Key:
    meta = next(part for part in get_args(_TYPES[name]) if isinstance(part, Meta))
    default = getattr(_DEFAULTS, name)
    is_secret = bool((meta.extra or {}).get("secret"))
    return Key(name, _type_name(_base_type(name)), default, str(meta.description), is_secret)


def _base_type(name: str) -> Any:
    return get_args(_TYPES[name])[0]


def _type_name(base: Any) -> str:
    if isinstance(base, type) and issubclass(base, StrEnum):
        return "one of " + ", ".join(base)
    return {bool: "on or off", int: "a number", str: "text"}.get(base, "a list of words")


def _default_text(value: Any) -> str:
    return ", ".join(value) or "empty" if isinstance(value, tuple) else str(value) or "empty"


kept = Kept(_load)
