"""`/admin`: pages of the staff. Moderators decide about people and servers, administrators about the node."""

from aiohttp import web

from web.pages.admin import (
    accounts,
    announcements,
    audit,
    deliveries,
    domains,
    invites,
    maintenance,
    overview,
    reports,
    rules,
    settings,
    sign_ups,
)

ROUTES: list[web.RouteDef] = [
    *overview.ROUTES,
    *reports.ROUTES,
    *sign_ups.ROUTES,
    *accounts.ROUTES,
    *domains.ROUTES,
    *deliveries.ROUTES,
    *settings.ROUTES,
    *rules.ROUTES,
    *announcements.ROUTES,
    *invites.ROUTES,
    *maintenance.ROUTES,
    *audit.ROUTES,
]
