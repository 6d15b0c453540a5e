"""Structured logs: for people on a terminal, JSON lines otherwise; with the id of the request, never a secret."""

import itertools
import logging
import secrets
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

_SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "private", "code")
_HIDDEN = "[hidden]"

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_process = secrets.token_hex(4)
_numbers = itertools.count(1)


def new_request_id() -> str:
    """Begin a request: what is logged from here on carries the id returned. Unique among processes and restarts."""
    request_id = f"{_process}-{next(_numbers):x}"
    _request_id.set(request_id)
    return request_id


def configure(level: str = "info", *, human: bool | None = None) -> None:
    """Once per process, before anything is logged. `human` is what stderr is, unless it is said."""
    if human is None:
        human = sys.stderr.isatty()
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        _hide_secrets,
    ]
    if human:
        last: list[Any] = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    handler = logging.StreamHandler(sys.stderr)
    # Libraries log through the standard module; they come out in the same form.
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    handler.addFilter(_is_worth_writing)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _is_worth_writing(record: logging.LogRecord) -> bool:
    """aiohttp writes a traceback for every request that is not HTTP: what strangers send is no error of ours."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or kind.__module__ != "aiohttp.http_exceptions"


def _add_request_id(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    request_id = _request_id.get()
    if request_id:
        event.setdefault("request_id", request_id)
    return event


def _hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A last fence: nothing is meant to log these at all."""
    for key in event:
        if key not in ("event", "status_code") and any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = _HIDDEN
    return event
