"""`/settings/portability/restore`: an archive from this or another server, brought into this account."""

import asyncio

from aiohttp import web

from node import store
from node.errors import Invalid, NodeError
from node.media import archives
from node.media.storage import UPLOADS, new_key
from node.services.portability import restorations
from web import body, restoring
from web.files import uploads
from web.files.upload import Upload
from web.keys import STORAGE
from web.pages import answers, forms
from web.pages.settings import portability

_PAGE = "/settings/portability"


async def bring(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    body.allow_files(request, archives.MOST_UPLOAD_BYTES)
    form = await forms.read(request)
    files = form.files("archive")
    try:
        if not files:
            raise Invalid("Choose a file.", {"archive": "Choose a file."})
        await _begin(request, person.account_id, files[0])
    except Invalid as refusal:
        shown = Invalid(refusal.sentence, {"archive": refusal.sentence})
        context = await store.read(portability.load, person.account_id)
        return await answers.again(request, "settings/portability.html", shown, form, **context)
    return answers.done(request, _PAGE, "Your archive is being read. Your posts appear one after the other.")


async def _begin(request: web.Request, account_id: int, file: Upload) -> None:
    """What is refused leaves no file behind."""
    source, storage = file.path or file.data, request.app[STORAGE]
    await asyncio.to_thread(restoring.check, source)
    key = new_key(UPLOADS.rstrip("/"), "application/zip")
    await asyncio.to_thread(storage.put, key, source)
    try:
        await store.write(restorations.begin, account_id, key)
    except NodeError:
        await uploads.forget(storage, key)
        raise


ROUTES: list[web.RouteDef] = [web.post(_PAGE + "/restore", bring)]
