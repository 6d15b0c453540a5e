"""Instance (v2) and V1::Instance, and their smaller relatives."""

import hashlib
from typing import Any, NamedTuple

from node import clock, site
from node.media.films import FilmLimits
from node.media.probe import Limits
from node.models import DomainBlock, Rule
from node.services.accounts import annual_reports
from node.services.accounts.featured_tags import MAX_FEATURED
from node.services.accounts.view import AccountView
from node.services.community.pictures import Pictures
from node.services.community.settings import Registrations, Settings, Translator
from node.services.community.statistics import Statistics, Week
from node.services.interactions import reactions
from node.services.statuses import media
from node.services.statuses.drafts import MAX_POLL_MS, MIN_POLL_MS
from node.text.length import URL_LENGTH
from node.text.render import Format, render
from node.version import NAME, VERSION
from web.entities.account import account_entity
from web.entities.rule import rule_entity

# Clients parse the first word; the form is that of other servers with this API.
VERSION_TEXT = f"4.6.5 (compatible; {NAME} {VERSION})"
# Cumulative. 10: collections, and sentences for notifications that an app does not know; 11: descriptions of the pictures
# of a profile in `update_credentials`, too.
API_VERSIONS = {"mastodon": 11, "linnet": 1}

# Of static/preview.png, as `node/media` makes it.
_BLURHASH_OF_OURS = "LhL#OR%Loeaf~Xayj@oy4;RkWCoL"


class InstanceView(NamedTuple):
    settings: Settings
    statistics: Statistics
    rules: list[Rule]
    contact: AccountView | None
    vapid_key: str
    pictures: Pictures


def instance_entity(view: InstanceView) -> dict[str, Any]:
    settings = view.settings
    return {
        "domain": site.domain,
        "title": settings.title,
        "version": VERSION_TEXT,
        "source_url": f"{site.base_url}/about",
        "description": settings.short_description,
        "usage": {"users": {"active_month": view.statistics.active_month}},
        "thumbnail": _thumbnail(view.pictures),
        "icon": icons(view.pictures),
        "languages": list(settings.languages),
        "configuration": _configuration(settings) | _configuration_of_v2(settings, view.vapid_key),
        "registrations": {
            "enabled": _may_sign_up(settings),
            "approval_required": settings.registrations is Registrations.APPROVAL,
            "reason_required": settings.reason_required,
            "message": _html(settings.closed_message) or None,
            "min_age": settings.min_age or None,
            "url": f"{site.base_url}/auth/sign-up",
        },
        "api_versions": API_VERSIONS,
        "contact": {
            "email": settings.contact_email,
            "account": None if view.contact is None else account_entity(view.contact),
        },
        "rules": [rule_entity(rule) for rule in view.rules],
        "wrapstodon": annual_reports.campaign(),
    }


def v1_instance_entity(view: InstanceView) -> dict[str, Any]:
    settings, numbers = view.settings, view.statistics
    return {
        "uri": site.domain,
        "title": settings.title,
        "short_description": settings.short_description,
        "description": _html(settings.description),
        "email": settings.contact_email,
        "version": VERSION_TEXT,
        "urls": {"streaming_api": _streaming()},
        "stats": {"user_count": numbers.users, "status_count": numbers.statuses, "domain_count": numbers.domains},
        "thumbnail": _picture(view.pictures),
        "languages": list(settings.languages),
        "registrations": _may_sign_up(settings),
        "approval_required": settings.registrations is Registrations.APPROVAL,
        "invites_enabled": settings.registrations is not Registrations.CLOSED,
        "configuration": _configuration(settings),
        "contact_account": None if view.contact is None else account_entity(view.contact),
        "rules": [rule_entity(rule) for rule in view.rules],
    }


def text_entity(markdown: str, changed_at: int) -> dict[str, Any]:
    """ExtendedDescription and PrivacyPolicy."""
    return {"updated_at": clock.iso(changed_at), "content": _html(markdown)}


def terms_entity(markdown: str, changed_at: int, *, succeeded_by: int | None = None) -> dict[str, Any]:
    """TermsOfService."""
    return {
        "effective_date": clock.day(changed_at),
        "effective": bool(markdown),
        "content": _html(markdown),
        "succeeded_by": None if succeeded_by is None else clock.day(succeeded_by),
    }


def domain_block_entity(block: DomainBlock) -> dict[str, Any]:
    """DomainBlock: its name may be hidden, its digest lets those who know the name find it."""
    return {
        "domain": _hidden(block.domain) if block.obfuscate else block.domain,
        "digest": hashlib.sha256(block.domain.encode()).hexdigest(),
        "severity": str(block.severity),
        "comment": block.public_comment,
    }


def week_entity(week: Week) -> dict[str, str]:
    """Numbers are texts here, as Mastodon has them."""
    return {
        "week": str(week.starts_at // 1000),
        "statuses": str(week.statuses),
        "logins": str(week.logins),
        "registrations": str(week.registrations),
    }


def _reactions(settings: Settings) -> dict[str, int]:
    """Fedibird's; none where the community does not want them."""
    if not settings.emoji_reactions:
        return {"max_reactions": 0, "max_reactions_per_account": 0}
    return {"max_reactions": reactions.MAX_EMOJI, "max_reactions_per_account": reactions.MAX_PER_ACCOUNT}


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "accounts": {
            "max_featured_tags": MAX_FEATURED,
            "max_pinned_statuses": settings.max_pins,
            "max_profile_fields": settings.max_fields,
            "max_display_name_length": settings.max_display_name_characters,
            "max_note_length": settings.max_note_characters,
            "max_avatar_description_length": settings.max_description_characters,
            "max_header_description_length": settings.max_description_characters,
            "profile_field_name_limit": settings.max_field_characters,
            "profile_field_value_limit": settings.max_field_characters,
        },
        "emoji_reactions": _reactions(settings),
        "statuses": {
            "max_characters": settings.max_characters,
            "max_media_attachments": settings.max_media,
            "characters_reserved_per_url": URL_LENGTH,
            "supported_mime_types": ["text/plain", "text/markdown"],
        },
        "media_attachments": {
            "supported_mime_types": media.accepted_types(settings),
            "description_limit": settings.max_description_characters,
            "image_size_limit": settings.max_image_bytes,
            "image_matrix_limit": Limits().max_pixels,
            "video_size_limit": settings.max_film_bytes,
            "video_frame_rate_limit": FilmLimits().max_frames_per_second,
            "video_matrix_limit": FilmLimits().max_pixels,
        },
        "polls": {
            "max_options": settings.max_poll_options,
            "max_characters_per_option": settings.max_poll_option_characters,
            "min_expiration": MIN_POLL_MS // 1000,
            "max_expiration": MAX_POLL_MS // 1000,
        },
    }


def _configuration_of_v2(settings: Settings, vapid_key: str) -> dict[str, Any]:
    access = "public" if settings.public_timelines else "authenticated"
    return {
        "urls": {
            "streaming": _streaming(),
            "status": settings.status_url or None,
            "about": f"{site.base_url}/about",
            "privacy_policy": f"{site.base_url}/about#privacy" if settings.privacy_policy else None,
            "terms_of_service": f"{site.base_url}/about#terms" if settings.terms else None,
        },
        "vapid": {"public_key": vapid_key},
        "translation": {"enabled": settings.translation_service is not Translator.OFF},
        "limited_federation": False,
        "timelines_access": {
            "live_feeds": {"local": access, "remote": access},
            "hashtag_feeds": {"local": access, "remote": access},
            "trending_link_feeds": {"local": access, "remote": access},
        },
    }


def _may_sign_up(settings: Settings) -> bool:
    """Without an invitation."""
    return settings.registrations in (Registrations.OPEN, Registrations.APPROVAL)


def _streaming() -> str:
    return site.base_url.replace("http", "ws", 1)


def _html(markdown: str) -> str:
    return render(markdown, {}, site.tag_url, Format.MARKDOWN) if markdown else ""


def icons(pictures: Pictures) -> list[dict[str, str]]:
    """InstanceIcon, in the sizes that telephones ask for."""
    own = {192: pictures.small_icon, 512: pictures.icon}
    return [
        {"src": site.media_url(key) if key else f"{site.base_url}/static/icon-{size}.png", "size": f"{size}x{size}"}
        for size, key in own.items()
    ]


def _picture(pictures: Pictures) -> str:
    return site.media_url(pictures.banner) if pictures.banner else f"{site.base_url}/static/preview.png"


def _thumbnail(pictures: Pictures) -> dict[str, Any]:
    """InstanceThumbnail: one file, large enough for screens of both densities."""
    url = _picture(pictures)
    blurhash = pictures.banner_blurhash or None if pictures.banner else _BLURHASH_OF_OURS
    return {"url": url, "blurhash": blurhash, "description": "", "versions": {"@1x": url, "@2x": url}}


def _hidden(domain: str) -> str:
    """`ex*****.test`: as Mastodon hides them, the middle half."""
    quarter = len(domain) // 4
    shown = {*range(quarter), *range(len(domain) - quarter, len(domain))}
    return "".join(c if i in shown or c == "." else "*" for i, c in enumerate(domain))
