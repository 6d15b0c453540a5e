"""What handlers find in the application, by typed keys."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from node.config import Config
from node.media.storage import Storage

Page = Callable[[web.Request, str, dict[str, Any]], Awaitable[web.StreamResponse]]
ErrorPage = Callable[[web.Request, int, str], Awaitable[web.StreamResponse]]

CONFIG = web.AppKey("config", Config)
STORAGE = web.AppKey("storage", Storage)
SECRET = web.AppKey("secret", bytes)  # signs what comes back to us: forms, addresses of remote media
PAGE: web.AppKey[Page] = web.AppKey("page", Callable)  # type: ignore[arg-type] # template, context
ERROR_PAGE: web.AppKey[ErrorPage] = web.AppKey("error_page", Callable)  # type: ignore[arg-type]
