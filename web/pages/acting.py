"""As whom a form is sent, or something is asked, that says so itself: it means the same in every window of a browser."""

from aiohttp import web

from node import store
from node.services.statuses import media
from web import csrf
from web.pages import answers, forms
from web.pages.forms import Form
from web.viewer import Viewer, as_account

FIELD = "post_as"
WINDOW = "as"  # in addresses: the account for which a window was opened


async def read(request: web.Request) -> tuple[Viewer, Form]:
    """The form, and who acts by it: the account that it names, or the one of this browser's session."""
    person = answers.require(request)
    form = await forms.read(request, any_account=True)
    account_id = form.number(FIELD)
    if account_id is None:
        await csrf.check(request)
    return await as_account(person, account_id), form


async def of_window(person: Viewer, terms: Form) -> Viewer:
    """The same for what a page asks that was shown before its browser was switched to another account."""
    return await as_account(person, terms.number(WINDOW))


async def bring_media(person: Viewer, media_ids: list[int]) -> None:
    """What was uploaded as another account of the login comes along."""
    if media_ids and person.capacity.accounts > 1:
        await store.write(media.hand_over, person.user_id, person.account_id, media_ids)
