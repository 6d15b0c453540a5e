"""`/settings/privacy`: who finds and follows somebody; `/settings/interactions`: who may do what with their posts."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from node.services.access import preferences
from node.services.accounts import ProfileChange
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.approvals.policies import Choice
from node.services.collections import consent
from node.speech import said
from web.api import profile
from web.entities.account import credential_account
from web.pages import answers, forms
from web.pages.forms import Form
from web.viewer import Viewer

_PAGE = "/settings/privacy"
_INTERACTIONS = "/settings/interactions"
# Nobody is asked each time: who is added is told, and can leave (docs/adr/0029-collections.md).
_FEATURE_CHOICES = (Choice.PUBLIC, Choice.FOLLOWERS, Choice.NOBODY)
_POLICIES = ("reply", "quote", "favourite", "reblog")
_HINTS = {
    "reply": said("Answers of people who may not are not shown here."),
    "quote": said("Only of public posts: what followers alone may read is quoted by nobody else."),
    "favourite": said("It passes too quickly to be asked about."),
    "reblog": said("Boosts of people who may not are not spread here."),
}


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, "settings/privacy.html", **await store.point(_load, person))


async def save(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    change = ProfileChange(
        locked=form.flag("locked"),
        discoverable=form.flag("discoverable"),
        indexable=form.flag("indexable"),
        hide_collections=form.flag("hide_collections"),
        show_media=form.flag("show_media"),
        show_media_replies=form.flag("show_media_replies"),
        show_featured=form.flag("show_featured"),
        feature_policy=_feature_policy(form),
        attribution_domains=tuple(form.text("attribution_domains").split()),
    )
    try:
        await profile.save(request, person, change, None)
    except NodeError as refusal:
        context = await store.point(_load, person)
        return await answers.again(request, "settings/privacy.html", refusal, form, **context)
    return answers.done(request, _PAGE, "Saved.")


async def show_interactions(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, "settings/interactions.html", **await store.point(_habits, person))


async def save_interactions(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    names = [f"posting_{what}_policy" for what in _POLICIES]
    try:
        chosen = {name: form.text(name) for name in names if name in form}
        await store.write(preferences.change, person.user_id, chosen)
    except NodeError as refusal:
        context = await store.point(_habits, person)
        return await answers.again(request, "settings/interactions.html", refusal, form, **context)
    return answers.done(request, _INTERACTIONS, "Saved.")


def _load(person: Viewer) -> dict[str, Any]:
    account = account_lookup.visible(person.account_id, person.account_id)
    entity = credential_account(account_view.view(account), preferences.of_id(person.user_id), person.role, 0)
    return {"account": entity, "feature": str(consent.choice_of(account) or "")}


def _habits(person: Viewer) -> dict[str, Any]:
    return {"preferences": preferences.of_id(person.user_id), "hints": _HINTS}


def _feature_policy(form: Form) -> str | None:
    """What is none of the choices changes nothing."""
    choice = form.text("feature")
    if "feature" not in form or (choice and choice not in _FEATURE_CHOICES):
        return None
    return consent.text_of(Choice(choice) if choice else None)


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE, save),
    web.get(_INTERACTIONS, show_interactions),
    web.post(_INTERACTIONS, save_interactions),
]
