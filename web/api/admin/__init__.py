"""https://docs.joinmastodon.org/methods/admin/: the administration API, for apps of the staff.

Each handler asks for a scope and for the role (`moderator`); the services ask for the role once more, and write down
who decided what, as they do for the pages of administration.
"""

from web.api.admin import accounts, domain_allows, domain_blocks, measures, reports, sign_up_blocks, tags, trends
from web.route import Route

ROUTES: list[Route] = [
    *accounts.ROUTES,
    *reports.ROUTES,
    *domain_blocks.ROUTES,
    *domain_allows.ROUTES,
    *sign_up_blocks.ROUTES,
    *trends.ROUTES,
    *tags.ROUTES,
    *measures.ROUTES,
]
