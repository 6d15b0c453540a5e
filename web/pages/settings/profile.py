"""`/settings/profile`: what people say about themselves."""

from itertools import zip_longest
from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid, NodeError
from node.services import follows
from node.services.access import preferences
from node.services.accounts import ProfileChange, featured_tags
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.community import settings
from web.entities.account import credential_account
from web.entities.featured_tag import featured_tag_entity
from web.files import portraits, profile
from web.files.upload import Upload
from web.keys import STORAGE
from web.pages import answers, forms
from web.pages.forms import Form
from web.pages.settings.form import SettingsForm
from web.viewer import Viewer

_PAGE = "/settings/profile"


async def _save(request: web.Request, person: Viewer, form: Form) -> None:
    await profile.save(request, person, await _change(request, form))


async def _change(request: web.Request, form: Form) -> ProfileChange:
    storage = request.app[STORAGE]
    avatar, header = _picture(form, "avatar"), _picture(form, "header")
    # A file that was stored is deleted again when the rest of the form is refused (web/files/profile.py).
    avatar_key = await _store(portraits.store_avatar, storage, "avatar", avatar)
    try:
        header_key = await _store(portraits.store_header, storage, "header", header)
    except NodeError:
        await portraits.forget(storage, avatar_key)
        raise
    most = settings.current().max_fields
    lines = zip_longest(form.all("field_name"), form.all("field_value"), fillvalue="")
    return ProfileChange(
        display_name=form.text("display_name"),
        note=form.text("note"),
        fields=tuple(lines)[: most + 1],
        bot=form.flag("bot"),
        avatar_key=_key(form, "avatar", avatar_key),
        avatar_description=form.text("avatar_description"),
        header_key=_key(form, "header", header_key),
        header_description=form.text("header_description"),
    )


def _picture(form: Form, name: str) -> Upload | None:
    return next(iter(form.files(name)), None)


async def _store(put: Any, storage: Any, name: str, upload: Upload | None) -> str | None:
    """Invalid belongs to the field that the file was chosen in."""
    try:
        key: str | None = await put(storage, upload)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, {name: refusal.sentence}) from refusal
    return key


def _key(form: Form, name: str, stored: str | None) -> str | None:
    """A new picture wins over the wish to have none."""
    return "" if stored is None and form.flag(f"remove_{name}") else stored


def _load(person: Viewer) -> dict[str, Any]:
    account = account_lookup.visible(person.account_id, person.account_id)
    chosen, waiting = preferences.of_id(person.user_id), follows.requests_count(person.account_id)
    featured = [featured_tag_entity(view, account) for view in featured_tags.of_account(account.id)]
    suggested = [tag.name for tag in featured_tags.suggestions(account.id)]
    entity = credential_account(account_view.view(account), chosen, person.role, waiting)
    return {
        "account": entity,
        "featured_tags": featured,
        "suggested_tags": suggested,
    }


async def feature(request: web.Request) -> web.StreamResponse:
    """POST /settings/profile/tags: a hashtag comes onto the profile, or one goes."""
    person = answers.require(request)
    form = await forms.read(request)
    gone = form.number("remove")
    try:
        if gone is None:
            await store.write(featured_tags.add, person.account_id, form.text("name"))
        else:
            await store.write(featured_tags.remove, person.account_id, gone)
    except Invalid as refusal:
        return answers.done(request, f"{_PAGE}#tags", refusal.sentence)
    return answers.done(request, f"{_PAGE}#tags", "Your profile is saved.")


ROUTES = [
    *SettingsForm(
        path=_PAGE, template="settings/profile.html", load=_load, save=_save, said="Your profile is saved."
    ).routes(),
    web.post(f"{_PAGE}/tags", feature),
]
