"""`/admin/appearance`: the settings of how the server looks (settings.py), and its own pictures."""

from aiohttp import web

from node.errors import Invalid, NodeError
from node.media.storage import Storage
from node.models import Account, Role
from node.services.community import pictures
from node.services.community.pictures import Picture, Stored
from web.files import portraits
from web.files.upload import Upload
from web.keys import STORAGE
from web.pages import answers, forms
from web.pages.admin import desk, settings

_PAGE = "/admin/appearance"
_PICTURES = f"{_PAGE}/pictures"


async def save(request: web.Request) -> web.StreamResponse:
    """A picture that was chosen takes the place of the one before; a box that was ticked takes it away."""
    person = answers.require_staff(request, Role.ADMIN)
    form, storage = await forms.read(request), request.app[STORAGE]
    stored: dict[Picture, Stored] = {}
    try:
        for picture in Picture:
            file = next(iter(form.files(picture)), None)
            if file is not None:
                stored[picture] = await _store(storage, picture, file)
        gone = {picture for picture in Picture if form.flag(f"remove_{picture}")} - stored.keys()
        old = await desk.write(person, _change, stored, gone)
    except NodeError as refusal:
        await portraits.forget(storage, *(key for one in stored.values() for key in (one.file_key, one.small_key)))
        context = settings.context(_PAGE)
        return await desk.again(request, "admin/appearance.html", refusal, form, role=Role.ADMIN, **context)
    await portraits.forget(storage, *old)
    return answers.done(request, _PAGE, "Saved.")


async def _store(storage: Storage, picture: Picture, file: Upload) -> Stored:
    """Invalid belongs to the field that the file was chosen in."""
    try:
        if picture is Picture.ICON:
            return Stored(*await portraits.store_icon(storage, file))
        key, blurhash = await portraits.store_banner(storage, file)
        return Stored(key, blurhash=blurhash)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, {str(picture): refusal.sentence}) from refusal


def _change(stored: dict[Picture, Stored], gone: set[Picture], by: Account) -> list[str]:
    """The keys of files that nothing shows any more."""
    old: list[str] = []
    for picture, one in stored.items():
        old += pictures.put(picture, one, by)
    for picture in gone:
        old += pictures.remove(picture, by)
    return old


ROUTES = [web.post(_PICTURES, save)]
