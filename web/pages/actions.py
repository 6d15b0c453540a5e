"""The buttons under posts: each is a form of its own, and for the script an answer in JSON."""

from collections.abc import Callable
from functools import partial
from typing import Any

from aiohttp import web

from node import store
from node.errors import Unauthorized
from node.models import Status
from node.services.interactions import bookmarks, favourites, pins, polls, reactions, reblogs, thread_mutes
from node.services.statuses import deletion, loading
from web import errors, params, responses
from web.pages import answers, confirming, forms, posts
from web.pages.forms import Form
from web.viewer import Viewer

# Each verb takes (account id, status id). What people do to a boost they do to what it shows.
_VERBS: dict[str, Callable[[int, int], Status]] = {
    "favourite": favourites.add,
    "unfavourite": favourites.remove,
    "reblog": reblogs.add,
    "unreblog": reblogs.remove,
    "bookmark": bookmarks.add,
    "unbookmark": bookmarks.remove,
    "pin": pins.add,
    "unpin": pins.remove,
    "mute": thread_mutes.add,
    "unmute": thread_mutes.remove,
}


_REACTIONS = {"react": reactions.add, "unreact": reactions.remove}


async def who_acts(request: web.Request) -> tuple[Viewer, Form]:
    """Somebody who is signed in, with a form of ours. A script is told, a browser is sent to sign in."""
    if errors.is_for_program(request) and answers.reader(request) is None:
        raise Unauthorized("Please sign in.")
    return answers.require(request), await forms.read(request)


def back_to(form: Form, status_id: int) -> str:
    """Where the button was pressed, at the post it belongs to."""
    where = answers.safe_path(form.text("next")).partition("#")[0]
    return f"{where}#post-{status_id}"


async def act(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    status_id = params.an_id(request)
    verb = request.match_info["verb"]
    work = partial(reblogs.add, by=person.capacity.by) if verb == "reblog" else _VERBS[verb]
    done = await store.write(work, person.account_id, status_id)
    if errors.is_for_program(request):
        shown_id = done.reblog_of if done.reblog_of is not None else done.id
        return responses.json(await store.point(posts.one, person.account_id, shown_id))
    return answers.done(request, back_to(form, status_id))


async def react(request: web.Request) -> web.Response:
    """With the emoji that was typed, or the one of the button; without the script both are forms."""
    person, form = await who_acts(request)
    status_id, work = params.an_id(request), _REACTIONS[request.match_info["verb"]]
    done = await store.write(work, person.account_id, status_id, form.text("emoji").strip())
    if errors.is_for_program(request):
        return responses.json(await store.point(posts.one, person.account_id, done.id))
    return answers.done(request, back_to(form, status_id))


async def vote(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    status_id = params.an_id(request)
    choices = form.ids("choices")
    entity = await store.write(_vote, person.account_id, status_id, choices)
    if errors.is_for_program(request):
        return responses.json(entity["poll"])
    return answers.done(request, back_to(form, status_id))


def _vote(account_id: int, status_id: int, choices: list[int]) -> dict[str, Any]:
    status = loading.get_original(account_id, status_id)
    poll = polls.of_status(status.id)
    polls.vote(account_id, 0 if poll is None else poll.id, choices)
    return posts.one(account_id, status.id)


async def ask_to_delete(request: web.Request) -> web.Response:
    person, status_id = answers.require(request), params.an_id(request)
    status = await store.point(_own, person.account_id, status_id)
    where = f"/@{person.account.username}"
    return await confirming.ask(
        request,
        title="Delete this post?",
        text="It disappears here at once, and other servers are asked to delete their copies. There is no way back.",
        button="Delete it",
        back=f"{where}/{status_id}",
        hidden={"next": where},
        status=status,
    )


async def delete(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    await store.write(deletion.delete, person.account_id, params.an_id(request), person.capacity.by)
    if errors.is_for_program(request):
        return responses.empty()
    where = answers.safe_path(form.text("next"), f"/@{person.account.username}")
    return answers.done(request, where, "Your post has been deleted.")


def _own(account_id: int, status_id: int) -> dict[str, Any]:
    return posts.one(account_id, loading.own(account_id, status_id).id)


ROUTES = [
    web.post(f"/statuses/{{id}}/{{verb:{'|'.join(_VERBS)}}}", act),
    web.post(f"/statuses/{{id}}/{{verb:{'|'.join(_REACTIONS)}}}", react),
    web.post("/statuses/{id}/vote", vote),
    web.get("/statuses/{id}/delete", ask_to_delete),
    web.post("/statuses/{id}/delete", delete),
]
