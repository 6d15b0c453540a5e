"""Every template with something to show: `all_pages()`."""

import msgspec

from web.gallery import sample_admin, sample_entering, sample_own, sample_reading, sample_settings
from web.gallery.sample_entities import BIRDS, EVERYBODY, MONSTER
from web.gallery.sample_pages import HOME_PAGE, LIKES, VISITOR_PAGE, Sample, page, reader
from web.gallery.sample_posts import (
    DIRECT,
    EMOJI,
    FILTERED,
    FORMATTED,
    FOUR_PICTURES,
    HOME,
    HOSTILE,
    KNOWN,
    PLAIN_LINK,
    QUOTE,
    QUOTE_OF_OWN,
    QUOTE_OF_WARNED,
    QUOTES_THAT_ARE_NOT_SHOWN,
    SOUND,
    THREE_PICTURES,
)

_ERRORS = {
    401: "Please sign in.",
    403: "This page is for moderators.",
    404: "Record not found",
    410: "Its author deleted it.",
    422: "The name is taken.",
    429: "Please wait a minute.",
    500: "Something went wrong here. It has been written down; please try again later.",
    503: "Maintenance until 06:10.",
}
_QUOTES = [QUOTE, QUOTE_OF_WARNED, QUOTE_OF_OWN, *QUOTES_THAT_ARE_NOT_SHOWN]
_EVERY_STATUS = [
    *HOME,
    FOUR_PICTURES,
    THREE_PICTURES,
    SOUND,
    *_QUOTES,
    PLAIN_LINK,
    EMOJI,
    *FILTERED,
    FORMATTED,
    DIRECT,
    HOSTILE,
]


def all_pages() -> dict[str, Sample]:
    """By name. With somebody signed in and without, where a template knows both."""
    parts = (sample_reading, sample_entering, sample_own, sample_settings, sample_admin)
    made = {name: sample for part in parts for name, sample in part.pages().items()}
    pieces = {"statuses": _EVERY_STATUS, "accounts": [*EVERYBODY, *BIRDS, MONSTER], "relationships": KNOWN}
    made["gallery"] = ("gallery.html", HOME_PAGE, pieces)
    moving = page("/home", reader(preferences=msgspec.structs.replace(LIKES, reading_autoplay_gifs=True)))
    made["gallery-moving"] = ("gallery.html", moving, pieces | {"statuses": HOME[:1]})
    made["gallery-visitor"] = ("timeline.html", VISITOR_PAGE, {"scope": "public", "statuses": _EVERY_STATUS})
    for code, message in _ERRORS.items():
        made[f"error-{code}"] = ("error.html", page("/x"), {"status": code, "message": message})
    return made
