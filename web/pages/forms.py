"""Forms as browsers send them: plain names, repeated where there are several values.

form = await forms.read(request)      Forbidden, unless it is one of ours
form.text("spoiler_text")             the last value, "" when there is none
form.all("media_ids")                 all values of a name
form.flag("sensitive")                whether a box was ticked
form.typed                            what goes back into a page that shows the form again
"""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from node import clock
from node.errors import Invalid
from node.paging import LARGEST_ID
from web import csrf, params
from web.files.upload import Upload

# Kept back from a form that is shown again.
_SECRET = frozenset({"password", "old_password", "code", "passkey", "translation_key", csrf.FIELD})
_REPEATED = frozenset(
    {
        "choices",
        "context",
        "field_name",
        "field_value",
        "kinds",
        "list_ids",
        "media_ids",
        "poll_option",
        "rule_ids",
        "scopes",
        "status_ids",
    }
)


class Form:
    """What was typed. Line ends are `\\n`, whatever the browser made of them (HTML, "constructing the entry list")."""

    def __init__(self, items: Iterable[tuple[str, str | Upload]] = ()) -> None:
        self._texts: dict[str, list[str]] = {}
        self._files: dict[str, list[Upload]] = {}
        for name, value in items:
            if isinstance(value, Upload):
                if value:
                    self._files.setdefault(name, []).append(value)
            else:
                self._texts.setdefault(name, []).append(value.replace("\r\n", "\n"))

    def text(self, name: str, default: str = "") -> str:
        return self._texts.get(name, [default])[-1]

    def all(self, name: str) -> list[str]:
        return self._texts.get(name, [])

    def flag(self, name: str) -> bool:
        return self.text(name) == "on"

    def number(self, name: str, *, most: int = LARGEST_ID) -> int | None:
        """None for what is no whole number from 0 to `most`."""
        return _number(self.text(name), most)

    def ids(self, name: str, *, most: int = 100) -> list[int]:
        """The ids under `name`; what is no id is left out."""
        numbers = [_number(text, LARGEST_ID) for text in self.all(name)[:most]]
        return [number for number in numbers if number is not None]

    def files(self, name: str) -> list[Upload]:
        """Files with something in them."""
        return self._files.get(name, [])

    def but(self, name: str, text: str) -> "Form":
        """The same with another text under `name`."""
        changed = Form()
        changed._texts, changed._files = self._texts | {name: [text]}, self._files
        return changed

    def __contains__(self, name: str) -> bool:
        return name in self._texts or name in self._files

    @property
    def typed(self) -> dict[str, Any]:
        """By field name, without secrets; of repeated fields the list of values, of others the last one."""
        return {
            name: values if name in _REPEATED else values[-1]
            for name, values in self._texts.items()
            if name not in _SECRET
        }


async def read(request: web.Request, *, any_account: bool = False) -> Form:
    """The form that was sent, which must be one of ours: Forbidden otherwise. `any_account`: it says itself for which."""
    await csrf.check(request, any_account=any_account)
    return Form(await params.form_items(request))


def moment(form: Form, name: str) -> int | None:
    """A time in UTC, in milliseconds; None where nothing was typed. Invalid for what is no time."""
    text = form.text(name)
    at = clock.parse_iso(text)
    if text and at is None:
        raise Invalid("This is not a time.", {name: "This is not a time."})
    return at


def _number(text: str, most: int) -> int | None:
    """Nothing longer than the longest id is even looked at: `int` takes its time with long ones."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    number = int(text)
    return number if number <= most else None
