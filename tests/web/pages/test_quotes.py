"""Quotes, rules and those who wait, as pages that need no script."""

from typing import Any

import pytest

from node.models import Approval, ApprovalState, Status, Visibility
from node.services.access import preferences
from node.services.approvals import policies
from node.services.approvals.policies import Choice, Choices
from tests.factories import Person
from tests.factories_posts import fresh, make_status
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor

_WHAT = ("reply", "favourite", "reblog", "quote")


async def test_a_post_is_quoted_with_the_composer(reader: Visitor, bob: Person) -> None:
    target = make_status(bob, "The sea has never been late.")
    page = await reader.get(f"/@bob/{target.id}")
    assert page.tree.css_first(f'a[href="/compose?quote={target.id}"]') is not None

    form = await reader.get(f"/compose?quote={target.id}")
    assert "never been late" in form.words("article")
    done = await reader.follow(await reader.send(form, "/compose", text="So true."))

    assert "never been late" in done.words(".quote")
    quotes = await reader.get(f"/@bob/{target.id}/quotes")
    assert "So true." in quotes.words("article")


async def test_what_may_not_be_quoted_is_not_offered_and_not_posted(reader: Visitor, bob: Person) -> None:
    target = make_status(bob, policy=Choices(quote=Choice.NOBODY, reply=Choice.NOBODY, reblog=Choice.NOBODY))

    page = await reader.get(f"/@bob/{target.id}")
    again = await reader.send(await reader.get(f"/compose?quote={target.id}"), "/compose", text="So true.")

    assert page.tree.css_first('a[href^="/compose?quote="]') is None
    assert page.tree.css_first('a[href^="/compose?in_reply_to_id="]') is None
    assert page.tree.css_first("button.act.b").attributes.keys() >= {"disabled"}  # type: ignore[union-attr]
    assert (again.status, again.value("text")) == (422, "So true.")
    assert "does not let you quote" in again.error()


async def test_what_is_hidden_is_not_in_a_quote(reader: Visitor, alice: Person, bob: Person) -> None:
    target = make_status(bob, "A secret word.")
    quoting = make_status(alice, "So true.", quoted_status_id=target.id)
    shown = await reader.get(f"/@alice/{quoting.id}")
    Status.update(visibility=Visibility.PRIVATE).where(Status.id == target.id).execute()

    hidden = await reader.get(f"/@alice/{quoting.id}")

    assert "secret" in shown.words(".quote")
    assert "secret" not in hidden.text
    assert "cannot be shown" in hidden.words(".quote")


async def test_the_quoted_takes_a_post_out_in_two_steps(
    reader: Visitor, other: Visitor, alice: Person, bob: Person
) -> None:
    target = make_status(alice, "The sea.")
    quoting = make_status(bob, "So true.", quoted_status_id=target.id)
    path = f"/statuses/{target.id}/quotes/{quoting.id}/revoke"
    page = await reader.get(f"/@bob/{quoting.id}")
    assert page.tree.css_first(f'a[href="{path}"]') is not None
    assert (await other.get(f"/@bob/{quoting.id}")).tree.css_first(f'a[href="{path}"]') is None

    assert (await other.get(path)).status == 404
    done = await reader.send(await reader.get(path), path)

    assert done.status == 303
    assert Approval.get().state == ApprovalState.REVOKED


@pytest.mark.parametrize(("verb", "state"), [("authorize", "accepted"), ("reject", "rejected")])
async def test_who_waits_is_allowed_or_refused(
    reader: Visitor, other: Visitor, alice: Person, bob: Person, verb: str, state: str
) -> None:
    target = make_status(alice, "The sea.", policy=Choices(quote=Choice.MANUAL))
    make_status(bob, "So true.", quoted_status_id=target.id)
    row = Approval.get()
    told = await reader.get("/notifications")
    assert "1 post waits for your word" in told.words(".strip")
    assert "So true." not in (await other.get("/requests")).text

    page = await reader.get("/requests")
    assert "So true." in page.words("article")
    await reader.press(page, f"/requests/{row.id}/{verb}")

    assert fresh(row).state == state
    assert "So true." not in (await reader.get("/requests")).text


async def test_an_answer_that_waits_says_so(reader: Visitor, bob: Person) -> None:
    target = make_status(bob, policy=Choices(reply=Choice.MANUAL))

    form = await reader.get(f"/compose?in_reply_to_id={target.id}")
    page = await reader.follow(await reader.send(form, "/compose", text="Well."))

    assert "waits until its author lets it in" in page.text


async def test_who_may_do_what_is_chosen_while_writing_and_afterwards(
    reader: Visitor, other: Visitor, alice: Person
) -> None:
    form = await reader.get("/compose")
    await reader.send(form, "/compose", text="Mine.", quote_policy="followers", reply_policy="manual")
    status = Status.get()
    policy = policies.read(status.policy)
    assert (policy.quote.choice, policy.reply.choice) == (Choice.FOLLOWERS, Choice.MANUAL)
    path = f"/statuses/{status.id}/policy"

    assert (await other.get(path)).status == 404
    refused = await reader.send(await reader.get(path), path, reblog_policy="manual")
    assert (refused.status, "cannot wait" in refused.error()) == (422, True)
    await reader.send(await reader.get(path), path, quote_policy="nobody", reblog_policy="followers")

    policy = policies.read(fresh(status).policy)
    assert (policy.quote.choice, policy.reply.choice, policy.reblog.choice) == (
        Choice.NOBODY,
        Choice.MANUAL,
        Choice.FOLLOWERS,
    )


async def test_what_others_may_do_by_default_is_a_setting_for_pages_and_apps(
    reader: Visitor, alice: Person, client: Client, as_person: Any
) -> None:
    path = "/settings/interactions"
    wish = {"quote": "manual", "reply": "followers", "favourite": "followers", "reblog": "nobody"}
    await reader.send(await reader.get(path), path, **{f"posting_{what}_policy": who for what, who in wish.items()})

    form = await reader.get("/compose")
    await reader.send(form, "/compose", text="By hand.")
    await client.post("/api/v1/statuses", headers=as_person(alice), json={"status": "By an app."})

    chosen = [node.attributes["value"] for node in form.tree.css("[name$=_policy] [selected]")]
    assert chosen == ["manual", "followers"]
    for status in Status.select():
        policy = policies.read(status.policy)
        assert {what: getattr(policy, what).choice for what in wish} == wish


async def test_what_passes_too_quickly_is_not_asked_about_by_default_either(reader: Visitor, alice: Person) -> None:
    path = "/settings/interactions"

    refused = await reader.send(await reader.get(path), path, posting_reblog_policy="manual")

    assert (refused.status, "cannot be chosen" in refused.error()) == (422, True)
    assert preferences.of_id(alice.user.id).choices == Choices(**dict.fromkeys(_WHAT, Choice.PUBLIC))
