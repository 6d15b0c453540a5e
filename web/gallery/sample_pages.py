"""Pages without what they show: the node, its reader."""

from dataclasses import replace
from typing import Any

from node.models import Visibility
from node.services.access.preferences import Preferences
from node.services.community.pictures import Pictures
from node.services.community.settings import Registrations, Settings
from web.gallery.sample_entities import LIBRARY, SOCIETY, WREN
from web.rendering.page import Page, Pause, Place, Reader, Site, site_of

SETTINGS = Settings(
    title="Whinmoor",
    short_description="A small server for people who like moors, maps and slow music.",
    description="Whinmoor is a small server.",
    privacy_policy="We keep little.",
    registrations=Registrations.APPROVAL,
)
LIKES = Preferences(posting_visibility=Visibility.PUBLIC)  # a choice of one's own asks no database
STATISTICS = {"users": 312, "active_month": 87, "statuses": 48_210, "domains": 4906}


def site(**changes: Any) -> Site:
    known: dict[str, Any] = {"domain": "whinmoor.example", "base_url": "https://whinmoor.example", "sends_mail": True}
    return replace(site_of(SETTINGS, Pictures()), **(known | changes))


def reader(**changes: Any) -> Reader:
    known: dict[str, Any] = {
        "account": WREN,
        "role": "admin",
        "preferences": LIKES,
        "unread_notifications": 4,
        "unread_conversations": 1,
        "waiting": 5,
    }
    return Reader(**(known | changes))


PLACES = (
    Place(account=WREN, role="self", here=True),
    Place(account=SOCIETY, role="owner", here=False),
    Place(account=LIBRARY, role="writer", here=False),
)
MEMBER = reader(places=PLACES, invitations=1)  # of organisations


def page(path: str = "/home", viewer: Reader | None = None, **changes: Any) -> Page:
    known: dict[str, Any] = {"site": site(), "path": path, "csrf": "csrf-token", "viewer": viewer}
    return Page(**(known | changes))


def pause(**changes: Any) -> Pause:
    known: dict[str, Any] = {
        "id": "7",
        "starts_at": "2026-12-06T04:00:00.000Z",
        "ends_at": "2026-12-06T05:30:00.000Z",
        "text": "The server moves to a larger disk.",
        "is_on": False,
        "read_only": True,
        "holds_deliveries": True,
    }
    return Pause(**(known | changes))


Sample = tuple[str, Page, dict[str, Any]]  # template, page, context
HOME_PAGE = page("/home", reader())
VISITOR_PAGE = page("/")
