"""`/admin`: pages of the staff. Moderators decide about people and servers, administrators about the node."""

from aiohttp import web

from web.pages.admin import (
    accounts,
    announcements,
    appeals,
    appearance,
    audit,
    deliveries,
    domain_lists,
    domains,
    emoji,
    invites,
    judging,
    maintenance,
    overview,
    reports,
    rules,
    servers,
    settings,
    sign_ups,
    staff,
    storage,
)

ROUTES: list[web.RouteDef] = [
    *overview.ROUTES,
    *reports.ROUTES,
    *sign_ups.ROUTES,
    *judging.ROUTES,
    *accounts.ROUTES,
    *appeals.ROUTES,
    *domain_lists.ROUTES,
    *domains.ROUTES,
    *deliveries.ROUTES,
    *servers.ROUTES,
    *settings.ROUTES,
    *appearance.ROUTES,
    *rules.ROUTES,
    *announcements.ROUTES,
    *invites.ROUTES,
    *emoji.ROUTES,
    *staff.ROUTES,
    *storage.ROUTES,
    *maintenance.ROUTES,
    *audit.ROUTES,
]
