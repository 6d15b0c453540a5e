"""A page of the settings that is one form: it shows what holds, and saves what was typed, or says what is wrong with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from web.pages import answers, forms
from web.pages.forms import Form
from web.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class SettingsForm:
    path: str
    template: str
    load: Callable[[Viewer], dict[str, Any]]  # what the page shows; asks the database
    save: Callable[[web.Request, Viewer, Form], Awaitable[None]]
    said: str = "Saved."

    def routes(self) -> list[web.RouteDef]:
        return [web.get(self.path, self._show), web.post(self.path, self._save)]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        person = answers.require(request)
        return await answers.show(request, self.template, **await store.point(self.load, person))

    async def _save(self, request: web.Request) -> web.StreamResponse:
        person = answers.require(request)
        form = await forms.read(request)
        try:
            await self.save(request, person, form)
        except NodeError as refusal:
            context = await store.point(self.load, person)
            return await answers.again(request, self.template, refusal, form, **context)
        return answers.done(request, self.path, self.said)
