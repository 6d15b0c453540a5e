"""As whom the composer's form is sent. It says so itself, so that it means the same in every window of a browser."""

from aiohttp import web

from node import store
from node.errors import Forbidden
from node.services.access import signed_in
from node.services.statuses import media
from node.speech import said
from web import csrf
from web.pages import answers, forms
from web.pages.forms import Form
from web.viewer import Viewer

FIELD = "post_as"


async def read(request: web.Request) -> tuple[Viewer, Form]:
    """The form, and who acts by it: the account that it names, or the one of this browser's session."""
    person = answers.require(request)
    form = await forms.read(request, any_account=True)
    account_id = form.number(FIELD)
    if account_id is None:
        await csrf.check(request)
        return person, form
    if account_id == person.account_id:
        return person, form
    return await store.point(_as, person, account_id), form


async def bring_media(person: Viewer, media_ids: list[int]) -> None:
    """What was uploaded as another account of the login comes along."""
    if media_ids and person.capacity.accounts > 1:
        await store.write(media.hand_over, person.user_id, person.account_id, media_ids)


def _as(person: Viewer, account_id: int) -> Viewer:
    found = signed_in.person(person.user_id, account_id)
    if found is None:
        raise Forbidden("This login does not speak for that account.")
    if reason := signed_in.refusal(*found):
        raise Forbidden(said("%(reason)s.", reason=reason))
    user, account, capacity = found
    return person._replace(user=user, account=account, capacity=capacity)
