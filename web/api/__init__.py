"""The Mastodon client API: a module for each page of docs.joinmastodon.org/methods, each with its `ROUTES`."""

from aiohttp import web

ROUTES: list[web.RouteDef] = []
