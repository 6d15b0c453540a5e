"""The Mastodon client API: a module for each page of docs.joinmastodon.org/methods, each with its `ROUTES`."""

from aiohttp import web

from web.api import (
    account_actions,
    accounts,
    apps,
    blocks,
    custom_emojis,
    directory,
    domain_blocks,
    follow_requests,
    instance,
    markers,
    mutes,
    nothing_yet,
    preferences,
    profile,
    reports,
    sign_up,
)

# A fixed word stands before a placeholder: of two routes that match, the first one answers.
ROUTES: list[web.RouteDef] = [
    *apps.ROUTES,
    *profile.ROUTES,
    *sign_up.ROUTES,
    *accounts.ROUTES,
    *account_actions.ROUTES,
    *follow_requests.ROUTES,
    *blocks.ROUTES,
    *mutes.ROUTES,
    *domain_blocks.ROUTES,
    *preferences.ROUTES,
    *markers.ROUTES,
    *reports.ROUTES,
    *custom_emojis.ROUTES,
    *directory.ROUTES,
    *instance.ROUTES,
    *nothing_yet.ROUTES,
]
