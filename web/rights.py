"""What a member of an organisation may do in its name, by route. What is not listed here is for its owners.

So a route that nobody thought of is closed. Whoever acts as themself may do everything, as ever. Members of any role read
what the organisation reads, but for what takes all of it away. What depends on the form, its handler asks (`require`).
"""

from aiohttp import web

from node.errors import Forbidden
from node.models import MemberRole
from node.services.organisations import members
from node.speech import said
from web.viewer import Viewer

WRITERS_WRITE = said("Writers of an organisation keep drafts. One of its editors posts them.")

_READING = ("GET", "HEAD", "OPTIONS")

# Of the login, whichever account it speaks for; and what members share.
_ANYBODY = (
    *("/auth/", "/oauth/", "/interact", "/ap/", "/api/v1/apps", "/api/v1/push/subscription"),
    *("/settings/organisations", "/settings/appearance", "/settings/posting", "/settings/interactions"),
    *("/settings/account/email", "/settings/account/password", "/settings/sessions", "/settings/two-factor"),
    *("/settings/passkeys", "/settings/apps/{id}/revoke", "/settings/notifications"),
    *("/drafts", "/compose", "/api/v1/media", "/api/v2/media", "/home/read", "/api/v1/markers"),
    *("/statuses/{id}/translate", "/statuses/{id}/refresh", "/api/v1/statuses/{id}/translate"),
)
_EDITORS = (
    *("/accounts/", "/announcements/", "/collections", "/conversations/", "/domain-blocks", "/follow-requests/"),
    *("/lists", "/notifications/", "/report", "/requests/", "/scheduled/", "/statuses/", "/tags/"),
    *("/settings/profile", "/settings/filters"),
    *("/api/v1/accounts/{id}/", "/api/v1/accounts/update_credentials", "/api/v1/profile", "/api/v1/statuses"),
    *("/api/v1/announcements/", "/api/v1/annual_reports/", "/api/v1/collections", "/api/v1/conversations/"),
    *("/api/v1/domain_blocks", "/api/v1/featured_tags", "/api/v1/filters", "/api/v1/follow_requests/"),
    *("/api/v1/interaction_requests/", "/api/v1/lists", "/api/v1/notifications", "/api/v1/pleroma/statuses/"),
    *("/api/v1/polls/", "/api/v1/reports", "/api/v1/scheduled_statuses/", "/api/v1/suggestions/", "/api/v1/tags/"),
    *("/api/v2/filters", "/api/v2/notifications"),
)
_OWNERS_READ = ("/settings/portability", "/settings/invites", "/settings/moving", "/settings/account/delete")


def check(request: web.Request, person: Viewer) -> None:
    """Forbidden, if who asks acts for an organisation in a role that may not do this."""
    if not person.capacity.acts_for_others:
        return
    resource = request.match_info.route.resource
    path = "" if resource is None else resource.canonical
    if person.capacity.role is not MemberRole.OWNER:
        _check(person, request.method in _READING, path)


def require(person: Viewer, least: MemberRole) -> None:
    """Forbidden for members of a lesser role; oneself may always."""
    if not person.capacity.role.may_as(least):
        raise Forbidden(WRITERS_WRITE if least is MemberRole.EDITOR else members.OWNERS_ONLY)


def _check(person: Viewer, reads: bool, path: str) -> None:
    if reads:
        if path.startswith(_OWNERS_READ):
            require(person, MemberRole.OWNER)
    elif not path.startswith(_ANYBODY):
        require(person, MemberRole.EDITOR if path.startswith(_EDITORS) else MemberRole.OWNER)
