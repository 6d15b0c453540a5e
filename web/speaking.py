"""In which language an answer is: what its reader has set, else what their browser asks for, else what is spoken here."""

from functools import lru_cache

from aiohttp import web

from node import speech
from node.services.access import preferences
from node.services.community import settings
from web.viewer import Viewer

_MOST_CHARS, _MOST_WISHES = 200, 10


def to_visitor(request: web.Request) -> None:
    """Before anybody knows who asks."""
    speech.speak(_asked_for(request.headers.get("Accept-Language", "")[:_MOST_CHARS], settings.current().languages))


def to_reader(person: Viewer) -> None:
    chosen = preferences.of(person.user).language
    if chosen is not None and (language := speech.nearest(chosen)):
        speech.speak(language)


@lru_cache(maxsize=500)
def _asked_for(accept_language: str, spoken_here: tuple[str, ...]) -> str:
    wishes = (*accepted(accept_language), *spoken_here)
    return next((found for wish in wishes if (found := speech.nearest(wish))), "en")


def accepted(header: str) -> list[str]:
    """The languages of `Accept-Language`, best first (RFC 9110, section 12.5.4); what is no language is left out."""
    wishes = []
    for position, part in enumerate(header[:_MOST_CHARS].split(",")[:_MOST_WISHES]):
        language, _, weight = part.replace(" ", "").partition(";q=")
        quality = _quality(weight)
        if language and quality > 0:
            wishes.append((-quality, position, language))
    return [language for _, _, language in sorted(wishes)]


def _quality(weight: str) -> float:
    """From 0 to 1; what cannot be read counts as not wanted."""
    if not weight:
        return 1.0
    return (
        float(weight) if weight.replace(".", "", 1).isdecimal() and weight.isascii() and float(weight) <= 1 else 0.0
    )
