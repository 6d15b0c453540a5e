"""`/settings`: what a person decides about their account, their login and what this node shows them."""

from aiohttp import web

from web.pages.settings import (
    account,
    apps,
    deletion,
    filtered_posts,
    filters,
    hidden,
    intakes,
    invites,
    moving,
    notifications,
    organisation,
    organisations,
    passkeys,
    portability,
    preferences,
    privacy,
    profile,
    restoring,
    sessions,
    two_factor,
)

ROUTES: list[web.RouteDef] = [
    *profile.ROUTES,
    *preferences.ROUTES,
    *privacy.ROUTES,
    *notifications.ROUTES,
    *account.ROUTES,
    *deletion.ROUTES,
    *sessions.ROUTES,
    *apps.ROUTES,
    *two_factor.ROUTES,
    *passkeys.ROUTES,
    *invites.ROUTES,
    *organisations.ROUTES,
    *organisation.ROUTES,
    *moving.ROUTES,
    *portability.ROUTES,
    *intakes.ROUTES,
    *restoring.ROUTES,
    *filters.ROUTES,
    *filtered_posts.ROUTES,
    *hidden.ROUTES,
]
