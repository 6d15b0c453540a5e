"""What somebody does about other people, and about whole servers: to follow, mute, block, and write a note."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid
from node.services import follows
from node.services.accounts import endorsements
from node.services.accounts import lookup as account_lookup
from node.services.relationships import blocks, mutes, notes
from node.services.relationships import domain_blocks as account_domain_blocks
from node.speech import said
from web import errors, params, responses
from web.pages import answers, confirming, posts
from web.pages.actions import who_acts
from web.pages.forms import Form

Work = Callable[[int, int, Form], object]


def _plain(work: Callable[[int, int], object]) -> Work:
    """A verb without terms."""
    return lambda account_id, target_id, form: work(account_id, target_id)


def _mute(account_id: int, target_id: int, form: Form) -> object:
    seconds = form.number("duration", most=mutes.MAX_DURATION_SECONDS) if form.text("duration") else 0
    if seconds is None:
        raise Invalid("This is not a length of time.", {"duration": "This is not a length of time."})
    return mutes.mute(account_id, target_id, hide_notifications=form.flag("notifications"), duration_seconds=seconds)


_VERBS: dict[str, Work] = {
    "follow": _plain(follows.follow),
    "unfollow": _plain(follows.unfollow),
    "block": _plain(blocks.block),
    "unblock": _plain(blocks.unblock),
    "mute": _mute,
    "unmute": _plain(mutes.unmute),
    "remove_follower": _plain(follows.remove_follower),
    "endorse": _plain(endorsements.add),
    "unendorse": _plain(endorsements.remove),
}
# What the page that asks first says: title, text, button.
_QUESTIONS = {
    "block": (
        said("Block this person?"),
        said("Neither of you sees the other any more, and both stop following. They can find out."),
        said("Block"),
    ),
    "mute": (
        said("Mute this person?"),
        said("You see nothing of them any more. They do not learn of it."),
        said("Mute"),
    ),
    "remove_follower": (
        said("Remove this follower?"),
        said("They no longer get your posts for followers. They are not told, and may ask again."),
        said("Remove"),
    ),
}


async def act(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    target_id, work = params.an_id(request), _VERBS[request.match_info["verb"]]

    def do() -> tuple[str, dict[str, Any]]:
        # What is not there for somebody cannot be acted on either.
        target = account_lookup.visible(person.account_id, target_id)
        work(person.account_id, target.id, form)
        entity = posts.people([target.id])[0]
        return f"/@{entity['acct']}", posts.relations(person.account_id, [entity])[entity["id"]]

    path, relationship = await store.write(do)
    if errors.is_for_program(request):
        return responses.json(relationship)
    return answers.done(request, answers.safe_path(form.text("next"), path))


async def ask(request: web.Request) -> web.Response:
    person, target_id = answers.require(request), params.an_id(request)
    target = await store.point(_visible, person.account_id, target_id)
    verb = request.match_info["verb"]
    title, text, button = _QUESTIONS[verb]
    return await confirming.ask(
        request,
        title=title,
        text=text,
        button=button,
        back=f"/@{target['acct']}",
        account=target,
        ask_duration=verb == "mute",
    )


async def write_note(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    target_id = params.an_id(request)

    def do() -> str:
        target = account_lookup.visible(person.account_id, target_id)
        notes.write(person.account_id, target.id, form.text("comment"))
        return f"/@{posts.people([target.id])[0]['acct']}"

    path = await store.write(do)
    return answers.done(request, answers.safe_path(form.text("next"), path), "Your note is kept.")


def _visible(viewer_id: int, account_id: int) -> dict[str, Any]:
    return posts.people([account_lookup.visible(viewer_id, account_id).id])[0]


# ── servers that somebody wants to see nothing of ──────────────────────────────────────────────────────────────────


async def ask_about_domain(request: web.Request) -> web.Response:
    answers.require(request)
    domain = request.query.get("domain", "").strip()[:255]
    return await confirming.ask(
        request,
        title="Hide this server?",
        text=said(
            "You see nothing from %(domain)s any more, and nobody there follows you any longer.", domain=domain
        ),
        button="Hide it",
        back=answers.HOME,
        hidden={"domain": domain, "do": "block"},
    )


async def change_domain(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    domain, hides = form.text("domain"), form.text("do") != "unblock"
    work = account_domain_blocks.add if hides else account_domain_blocks.remove
    await store.write(work, person.account_id, domain)
    gone = said("You see nothing from %(domain)s any more.", domain=domain)
    notice = gone if hides else said("%(domain)s is shown again.", domain=domain)
    return answers.done(request, answers.safe_path(form.text("next")), notice)


ROUTES = [
    web.post(f"/accounts/{{id}}/{{verb:{'|'.join(_VERBS)}}}", act),
    web.get(f"/accounts/{{id}}/{{verb:{'|'.join(_QUESTIONS)}}}", ask),
    web.post("/accounts/{id}/note", write_note),
    web.get("/domain-blocks", ask_about_domain),
    web.post("/domain-blocks", change_domain),
]
