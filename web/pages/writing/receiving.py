"""Who gets a message, shown while it is written and before it is posted (docs/composer.md)."""

from typing import Any

from aiohttp import web

from federation import publish
from federation.context import FEDERATION
from node import store
from node.errors import BadInput
from node.models import Visibility
from node.services.statuses import recipients
from node.services.statuses.recipients import Recipients
from web.pages import posts
from web.pages.actions import who_acts
from web.pages.forms import Form
from web.pages.writing import written
from web.rendering.environment import template

# Of which doubts the page told whoever sends its form.
_SEEN = "seen"
_UNNAMED = "unnamed"

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    """For the script. Names of other servers are looked up with `look`, and not after each letter that is typed."""
    person, form = await who_acts(request)
    if form.text("visibility") != Visibility.DIRECT:
        raise BadInput("Who gets this, depends on who may see it.")
    found = await of_form(request, person.account_id, form, looks=form.flag("look"))
    piece = template("parts/recipients.html").module.recipients(found)  # type: ignore[attr-defined]
    return web.Response(text=str(piece), content_type="text/html")


async def of_form(request: web.Request, account_id: int, form: Form, *, looks: bool = True) -> Entity:
    """What the form says about it now."""
    first, *others = written.posts_of(form)
    texts = [first.text, *(one.text for one in others if not one.is_empty)]
    parent_id = form.number("in_reply_to_id")
    if looks:
        found = await publish.who_gets(request.app[FEDERATION], account_id, texts, parent_id)
    else:
        found = await store.read(recipients.of, account_id, texts, parent_id)
    return await store.read(_entity, found, looks) | {"is_thread": len(texts) > 1}


def has_seen(form: Form, found: Entity) -> bool:
    """Whoever sends the form was told what is doubtful about its message."""
    return set(found["doubts"]) <= set(form.text(_SEEN).split())


def _entity(found: Recipients, looks: bool) -> Entity:
    # Who is not looked for may be there.
    later = [] if looks else [name for name in found.unknown if "@" in name[1:]]
    unknown = [name for name in found.unknown if name not in later]
    lonely = () if later else found.lonely
    unnamed = [] if found.unnamed is None else posts.people([found.unnamed])
    return {
        "people": posts.people(found.account_ids),
        "unknown": unknown,
        "later": later,
        "lonely": lonely,
        "unnamed": unnamed[0] if unnamed else None,
        "doubts": [*unknown, *map(str, lonely), *(_UNNAMED for _ in unnamed)],
    }


ROUTES = [web.post("/compose/recipients", show)]
