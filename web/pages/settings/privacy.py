"""`/settings/privacy`: who finds and follows somebody; `/settings/interactions`: who may do what with their posts."""

from typing import Any

from aiohttp import web

from node import store
from node.services.access import preferences
from node.services.accounts import ProfileChange
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.approvals.policies import Choice
from node.services.collections import consent
from node.services.statuses import card_view
from node.speech import said
from web.entities.account import credential_account
from web.files import profile
from web.pages.forms import Form
from web.pages.settings.form import SettingsForm
from web.viewer import Viewer

# Nobody is asked each time: who is added is told, and can leave (docs/adr/0029-collections.md).
_FEATURE_CHOICES = (Choice.PUBLIC, Choice.FOLLOWERS, Choice.NOBODY)
_POLICIES = ("reply", "quote", "favourite", "reblog")
_HINTS = {
    "reply": said("Answers of people who may not are not shown here."),
    "quote": said("Only of public posts: what followers alone may read is quoted by nobody else."),
    "favourite": said("It passes too quickly to be asked about."),
    "reblog": said("Boosts of people who may not are not spread here."),
}


async def _save(request: web.Request, person: Viewer, form: Form) -> None:
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
    await profile.save(request, person, change)


async def _save_policies(_: web.Request, person: Viewer, form: Form) -> None:
    names = [f"posting_{what}_policy" for what in _POLICIES]
    await store.write(preferences.change, person.user_id, {name: form.text(name) for name in names if name in form})


def _load(person: Viewer) -> dict[str, Any]:
    account = account_lookup.visible(person.account_id, person.account_id)
    entity = credential_account(account_view.view(account), preferences.of_id(person.user_id), person.role, 0)
    return {
        "account": entity,
        "feature": str(consent.choice_of(account) or ""),
        "unconfirmed": card_view.sites_that_name(account),
    }


def _habits(person: Viewer) -> dict[str, Any]:
    return {"preferences": preferences.of_id(person.user_id), "hints": _HINTS}


def _feature_policy(form: Form) -> str | None:
    """What is none of the choices changes nothing."""
    choice = form.text("feature")
    if "feature" not in form or (choice and choice not in _FEATURE_CHOICES):
        return None
    return consent.text_of(Choice(choice) if choice else None)


ROUTES = [
    *SettingsForm(path="/settings/privacy", template="settings/privacy.html", load=_load, save=_save).routes(),
    *SettingsForm(
        path="/settings/interactions", template="settings/interactions.html", load=_habits, save=_save_policies
    ).routes(),
]
