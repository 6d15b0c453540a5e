"""What other sites may show of posts: those that everybody may see, of people here."""

import re

from node import site
from node.errors import NotFound
from node.paging import LARGEST_ID
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web.errors import NOT_FOUND

_POST = re.compile(r"/@[A-Za-z0-9_.-]{1,100}/(\d{1,19})(?:/embed)?/?", re.ASCII)


def status_id(url: str) -> int:
    """Of the address of a post here; NotFound for any other."""
    path = url.removeprefix(site.base_url)
    match = _POST.fullmatch(path) if path != url else None
    if match is None or int(match[1]) > LARGEST_ID:
        raise NotFound(NOT_FOUND)
    return int(match[1])


def status(status_id: int) -> StatusView:
    """All else answers like what is not there: private ones, boosts, and what was written elsewhere."""
    view = status_view.one(None, status_id)
    if view.reblog is not None or not view.body.local:
        raise NotFound(NOT_FOUND)
    return view
