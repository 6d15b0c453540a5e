"""In which language this node speaks to a person, and the sentences themselves.

    said("There can be %(most)s rules.", most=9)   English, that knows how to be said otherwise: for errors and tables
    say(text)                                      the same in the language of whoever is being answered
    say("%(domain)s is shown again.", domain=…)    both at once
    say_number("%(num)s post", "%(num)s posts", n) with the form that goes with a number
    said_in("de", text)                            in a language that is known: for letters

Programs and logs read `str(text)`: what apps match on stays English. `make messages` finds the sentences (CONTRIBUTING.md).
"""

from contextvars import ContextVar
from typing import Any

import msgspec

from node import catalogs

# Complete catalogs alone: tests/web/pages/test_catalogs.py.
OFFERED = ("en", "de", "fr", "es")

_spoken: ContextVar[str] = ContextVar("spoken", default="en")


class Said(str):
    """A sentence in English with what was put into it. A value may be such a sentence itself."""

    __slots__ = ("msgid", "values")

    def __new__(cls, msgid: str, values: dict[str, Any]) -> "Said":
        made = super().__new__(cls, msgid % values if values else msgid)
        made.msgid = msgid
        made.values = values
        return made

    msgid: str
    values: dict[str, Any]


def said(msgid: str, /, **values: Any) -> str:
    return Said(msgid, values)


def say(text: str, /, **values: Any) -> str:
    return said_in(_spoken.get(), said(text, **values) if values else text)


def say_number(one: str, many: str, number: int, /, **values: Any) -> str:
    return form_for(one, many, number) % {"num": number, **values}


def form_for(one: str, many: str, number: int) -> str:
    """The sentence that goes with `number`, which is not put in yet."""
    return catalogs.catalog(_spoken.get()).ngettext(one, many, number)


def said_in(language: str, text: str) -> str:
    if language == "en" or not text:
        return str(text)
    catalog = catalogs.catalog(language)
    if not isinstance(text, Said):
        return catalog.gettext(text)
    translated = catalog.gettext(text.msgid)
    return (
        translated % {name: _value_in(language, it) for name, it in text.values.items()}
        if text.values
        else translated
    )


def kept(text: str) -> str:
    """For a row: with the values of the sentence, where it has some."""
    return msgspec.json.encode(_parts(text)).decode() if isinstance(text, Said) and text.values else str(text)


def of_kept(text: str) -> str:
    """The sentence that was `kept`; any other text is itself."""
    try:
        return _whole(msgspec.json.decode(text, type=_Kept)) if text.startswith("{") else text
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return text


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    said: str
    values: dict[str, "str | int | float | _Kept"]


def _parts(text: Said) -> _Kept:
    return _Kept(
        text.msgid, {name: _parts(it) if isinstance(it, Said) else _plain(it) for name, it in text.values.items()}
    )


def _plain(value: Any) -> str | int | float:
    return value if isinstance(value, int | float) else str(value)


def _whole(parts: _Kept) -> str:
    return Said(parts.said, {name: _whole(it) if isinstance(it, _Kept) else it for name, it in parts.values.items()})


def _value_in(language: str, value: Any) -> Any:
    """What people wrote is left as it is."""
    return said_in(language, value) if isinstance(value, Said) else value


def speak(language: str) -> None:
    """From here on, in whatever answers this request."""
    _spoken.set(language)


def spoken() -> str:
    return _spoken.get()


def nearest(language: str | None) -> str | None:
    """The language of ours that `language` is, whatever its region."""
    base = (language or "").partition("-")[0].lower()
    return base if base in OFFERED else None
