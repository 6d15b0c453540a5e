"""Has the people of the demo say what they say: as apps do, through the client API, and across nodes as nodes do."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from node.cli import sample
from node.cli.sample import Post
from node.cli.sample_pictures import png
from node.errors import Unavailable

_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 86_400 * 3


@dataclass(frozen=True)
class Actor:
    """Somebody who is signed in."""

    person: sample.Person
    base_url: str
    domain: str
    token: str


class Stage:
    """`session` is open; `actors` are by name. Progress is told after each step."""

    def __init__(self, session: aiohttp.ClientSession, actors: dict[str, Actor], told: Callable[[], object]) -> None:
        self._session = session
        self._actors = actors
        self._told = told
        self._said: dict[str, dict[str, Any]] = {}

    @staticmethod
    def steps() -> int:
        return len(sample.PEOPLE) * 2 + len(sample.LISTS) + len(sample.POSTS)

    async def perform(self) -> None:
        await asyncio.gather(*(self._introduce(actor) for actor in self._actors.values()))
        await asyncio.gather(*(self._follow(self._actors[name], names) for name, names in sample.FOLLOWS.items()))
        await asyncio.gather(*(self._list(self._actors[name], titles) for name, titles in sample.LISTS.items()))
        for post in sample.POSTS:
            await self._say(post)
            self._told()

    # ── who they are ──

    async def _introduce(self, actor: Actor) -> None:
        person = actor.person
        form = aiohttp.FormData()
        form.add_field("display_name", person.shown_as)
        form.add_field("note", person.about)
        form.add_field("discoverable", "true")
        form.add_field("indexable", "true")
        form.add_field("locked", "true" if person.locked else "false")
        for number, (name, value) in enumerate(person.fields):
            form.add_field(f"fields_attributes[{number}][name]", name)
            form.add_field(f"fields_attributes[{number}][value]", value)
        for part, drawing in (("avatar", person.name), ("header", person.header)):
            data = await asyncio.to_thread(png, drawing)
            form.add_field(part, data, filename=f"{drawing}.png", content_type="image/png")
        await self._ask(actor, "PATCH", "/api/v1/accounts/update_credentials", data=form)
        self._told()

    async def _follow(self, actor: Actor, names: Iterable[str]) -> None:
        for name in names:
            other = self._actors[name]
            account_id = await self._account(actor, other)
            await self._ask(actor, "POST", f"/api/v1/accounts/{account_id}/follow")
            if other.person.locked:
                await self._let_in(other, actor)
            await self._until(f"{actor.person.name} follows {name}", self._is_following, actor, account_id)
        self._told()

    async def _list(self, actor: Actor, lists: Mapping[str, tuple[str, ...]]) -> None:
        for title, names in lists.items():
            made = await self._ask(actor, "POST", "/api/v1/lists", json={"title": title})
            members = [await self._account(actor, self._actors[name]) for name in names]
            await self._ask(actor, "POST", f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": members})
        self._told()

    async def _let_in(self, locked: Actor, asker: Actor) -> None:
        async def request() -> Any:
            waiting = await self._ask(locked, "GET", "/api/v1/follow_requests")
            return next((one for one in waiting if one["username"] == asker.person.name), None)

        one = await self._until(f"{asker.person.name} asks {locked.person.name}", request)
        await self._ask(locked, "POST", f"/api/v1/follow_requests/{one['id']}/authorize")

    async def _is_following(self, actor: Actor, account_id: str) -> bool:
        shown = await self._ask(actor, "GET", f"/api/v1/accounts/relationships?id[]={account_id}")
        return bool(shown[0]["following"])

    async def _account(self, actor: Actor, other: Actor) -> str:
        """What the actor's node calls the other."""
        found = await self._search(actor, f"{other.person.name}@{other.domain}", "accounts")
        return str(found["id"])

    # ── what they say ──

    async def _say(self, post: Post) -> None:
        actor = self._actors[post.by]
        body: dict[str, Any] = {
            "status": self._addressed(post.text, actor),
            "visibility": post.visibility,
            "spoiler_text": post.warning,
            "language": post.language,
            "media_ids": [await self._upload(actor, one) for one in post.pictures],
        }
        if post.reply_to:
            body["in_reply_to_id"] = await self._status(actor, post.reply_to)
        if post.poll:
            body["poll"] = {"options": list(post.poll), "expires_in": _POLL_SECONDS}
        self._said[post.key] = {**await self._ask(actor, "POST", "/api/v1/statuses", json=body), "by": post.by}
        if post.pinned:
            await self._act(actor, post, "pin")
        reactions = (("favourite", post.liked_by), ("reblog", post.boosted_by), ("bookmark", post.kept_by))
        await asyncio.gather(
            *(self._act(self._actors[name], post, verb) for verb, names in reactions for name in names),
            *(self._vote(self._actors[name], post, choice) for name, choice in post.votes.items()),
        )

    def _addressed(self, text: str, actor: Actor) -> str:
        """Handles as they are written at the actor's node."""
        handles = {
            name: f"@{name}" if other.domain == actor.domain else f"@{name}@{other.domain}"
            for name, other in self._actors.items()
        }
        return text.format_map(handles)

    async def _upload(self, actor: Actor, picture: sample.Picture) -> str:
        form = aiohttp.FormData()
        data = await asyncio.to_thread(png, picture.drawing)
        form.add_field("file", data, filename=f"{picture.drawing}.png", content_type="image/png")
        form.add_field("description", picture.alt)
        return str((await self._ask(actor, "POST", "/api/v2/media", data=form))["id"])

    async def _act(self, actor: Actor, post: Post, verb: str) -> None:
        await self._ask(actor, "POST", f"/api/v1/statuses/{await self._status(actor, post.key)}/{verb}")

    async def _vote(self, actor: Actor, post: Post, choice: int) -> None:
        status_id = await self._status(actor, post.key)
        poll = (await self._ask(actor, "GET", f"/api/v1/statuses/{status_id}"))["poll"]
        await self._ask(actor, "POST", f"/api/v1/polls/{poll['id']}/votes", json={"choices": [choice]})

    async def _status(self, actor: Actor, key: str) -> str:
        """What the actor's node calls the post: it was delivered there, or is fetched from where it is."""
        said = self._said[key]
        if self._actors[said["by"]].domain == actor.domain:
            return str(said["id"])
        return str((await self._search(actor, said["uri"], "statuses"))["id"])

    # ── the client API ──

    async def _search(self, actor: Actor, text: str, kind: str) -> Any:
        async def found() -> Any:
            answer = await self._ask(
                actor, "GET", "/api/v2/search", params={"q": text, "type": kind, "resolve": "true"}
            )
            return next(iter(answer[kind]), None)

        return await self._until(f"{actor.person.name} finds {text}", found)

    async def _ask(self, actor: Actor, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {actor.token}"}
        async with self._session.request(method, actor.base_url + path, headers=headers, **options) as answer:
            if answer.status >= 400:
                raise Unavailable(f"{method} {path} was answered with {answer.status}: {await answer.text()}")
            return await answer.json()

    async def _until(self, what: str, condition: Callable[..., Any], *arguments: Any) -> Any:
        """The first truthy answer; what crosses from node to node takes a moment."""

        async def wait() -> Any:
            while not (answer := await condition(*arguments)):  # noqa: ASYNC110 - what another process does
                await asyncio.sleep(0.05)
            return answer

        try:
            return await asyncio.wait_for(wait(), _PATIENCE_SECONDS)
        except TimeoutError as error:
            raise Unavailable(f"It took too long until {what}.") from error
