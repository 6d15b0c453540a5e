"""Writing: the composer, what its script asks for, drafts, and posts that wait for their time."""

from aiohttp import web

from web.pages.writing import compose, drafting, drafts, editing, receiving, scheduled

ROUTES: list[web.RouteDef] = [
    *compose.ROUTES,
    *editing.ROUTES,
    *drafting.ROUTES,
    *receiving.ROUTES,
    *drafts.ROUTES,
    *scheduled.ROUTES,
]
