"""Every answer that the suite gets from the client API is compared with the API's own description (OpenAPI 3.1)."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

_FILE = Path(__file__).with_name("mastodon-openapi.json")
_formats = FormatChecker(formats=())

# Where the description is wrong, and Mastodon itself answers otherwise.
_OTHERWISE: dict[tuple[str, str], Any] = {
    ("get", "/api/v1/filters"): {"type": "array", "items": {"$ref": "#/components/schemas/V1Filter"}},
}
# What looks like one of them by its id, and is an older address of something else.
_UNDESCRIBED = {"/api/v1/notifications/policy"}
_NOT_REQUIRED = {("delete", "/api/v1/statuses/{id}"): {"content"}}


@_formats.checks("date-time")
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value) is not None


@_formats.checks("date")
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


@_formats.checks("uri")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value) is not None


def check(method: str, path: str, status: int, body: Any) -> None:
    """AssertionError for an answer that is not as described. What is not described is not checked."""
    if status >= 400:
        if path.startswith("/api/"):
            assert isinstance(body, dict), (method, path, body)
            assert isinstance(body.get("error"), str), (method, path, body)
        return
    template = _template(path)
    if template is None:
        return
    inexact = [where for where, number in _numbers(body, "") if not _is_exact(number) and where not in _INEXACT]
    assert not inexact, f"{method} {path}: JavaScript reads {inexact} as another number; ids are strings"
    validator = _validator(method.lower(), template, str(status))
    if validator is None:
        return
    excused = _NOT_REQUIRED.get((method.lower(), template), set())
    wrong = [text for error in validator.iter_errors(body) if (text := _text(error, excused))]
    assert not wrong, f"{method} {path}: {'; '.join(wrong[:5])}"


# Numbers with Mastodon, too, and typed clients take nothing else (docs/api.md).
_INEXACT = {"notification_groups.most_recent_notification_id", "params.in_reply_to_id", "params.application_id"}


def _is_exact(number: float) -> bool:
    return abs(number) <= 2**53


def _numbers(value: Any, where: str) -> Iterator[tuple[str, float]]:
    """Each number of an answer, and the names that lead to it."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _numbers(one, f"{where}.{name}" if where else name)
    elif isinstance(value, list):
        for one in value:
            yield from _numbers(one, where)
    elif isinstance(value, int | float):
        yield where, value


@cache
def _validator(method: str, template: str, status: str) -> Draft202012Validator | None:
    schema = _schema(method, template, status)
    return None if schema is None else Draft202012Validator({**_document(), **schema}, format_checker=_formats)


def _schema(method: str, template: str, status: str) -> Any:
    if (method, template) in _OTHERWISE:
        return _OTHERWISE[method, template]
    answers = _document()["paths"][template].get(method, {}).get("responses", {})
    return answers.get(status, {}).get("content", {}).get("application/json", {}).get("schema")


# Kinds of notifications that apps get only when they name them, and such as its list of groups does not have yet.
_NOT_MASTODONS = (
    *("emoji_reaction", "added_to_collection", "collection_update"),
    *("organisation_invitation", "pending.quote", "pending.reply"),
)


def _text(error: ValidationError, excused: set[str]) -> str:
    if error.validator == "required" and any(f"'{name}'" in error.message for name in excused):
        return ""
    deepest = _deepest(error)
    if deepest.validator == "enum" and deepest.instance in _NOT_MASTODONS:
        return ""
    where = "/".join(map(str, deepest.absolute_path))
    return f"{where or 'the answer'}: {deepest.message[:200]}"


def _deepest(error: ValidationError) -> ValidationError:
    """Of a choice (an entity or null) the error in the entity, which says more."""
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    return error


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    for name in ("Status", "StatusEdit"):
        # Both kinds of a quote require nothing but `state`, so that every quote is one of both.
        quote = document["components"]["schemas"][name]["properties"]["quote"]
        quote["anyOf"] = quote.pop("oneOf")
    for name in ("PreviewCard", "TrendsLink"):
        # What a page does not say is an empty text.
        for address in ("author_url", "embed_url", "provider_url"):
            document["components"]["schemas"][name]["properties"][address].pop("format", None)
    # Pixels are a number (https://oembed.com, section 2.3.4.4), and so Mastodon gives them.
    document["components"]["schemas"]["OEmbedResponse"]["properties"]["height"]["type"].append("integer")
    # Mastodon says a number, and apps take it for one.
    document["components"]["schemas"]["Instance"]["properties"]["wrapstodon"]["type"].append("integer")
    return document


@cache
def _template(path: str) -> str | None:
    """The documented path; one without a placeholder at that place comes first."""
    path = path.rstrip("/")
    if path in _UNDESCRIBED:
        return None
    fitting = [template for template, pattern in _patterns() if pattern.fullmatch(path)]
    return min(fitting, key=lambda template: template.count("{")) if fitting else None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each documented path, and what fits it."""
    return [
        (template, re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template))))
        for template in _document()["paths"]
    ]
