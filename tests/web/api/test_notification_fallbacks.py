"""What an app is told in words of a notification whose kind it does not know."""

from collections.abc import Callable
from typing import Any

import pytest

from node.models import Account, Role
from node.services.approvals.policies import Choice, Choices
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from tests.factories import Person, in_unit, make_person
from tests.factories_posts import make_follow, make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
PATHS = ["/api/v1/notifications", "/api/v2/notifications"]


@pytest.fixture
def staff(as_person: AsPerson, db: None) -> Headers:
    return as_person(make_person("mod", role=Role.MODERATOR), "read admin:write")


@pytest.fixture
async def warned(client: Client, staff: Headers, bob: Person) -> Person:
    """Bob, to whom the staff has said something."""
    path = f"/api/v1/admin/accounts/{bob.account.id}/action"
    assert (await client.post(path, json={"type": "none", "text": "Be kind."}, headers=staff)).status == 200
    return bob


async def told(client: Client, path: str, headers: Headers, *known: str) -> list[Any]:
    """The notifications, to an app that names the kinds that it knows."""
    query = "&".join(f"supported_types[]={kind}" for kind in known)
    answer = await (await client.get(f"{path}?{query}", headers=headers)).json()
    return list(answer["notification_groups"] if isinstance(answer, dict) else answer)


@pytest.mark.parametrize("path", PATHS)
async def test_a_kind_that_not_every_app_has_is_told_in_words_to_those_that_do_not_name_it(
    client: Client, as_person: AsPerson, warned: Person, path: str
) -> None:
    me = as_person(warned)

    (one,) = await told(client, path, me, "mention")
    (known,) = await told(client, path, me, "mention", "moderation_warning")
    (unasked,) = await told(client, path, me)

    assert one["fallback"] == {
        "title": "The staff of this server decided something about you",
        "summary": None,
        "details": 'Your app does not show this yet. <a href="https://a.test/notifications">See it on the website.</a>',
    }
    assert "fallback" not in known
    assert "fallback" not in unasked


@pytest.mark.parametrize("path", PATHS)
async def test_what_every_app_knows_is_never_told_in_words(
    client: Client, as_person: AsPerson, alice: Person, bob: Person, path: str
) -> None:
    make_status(bob, "hello @alice")
    make_follow(bob, alice)

    found = await told(client, path, as_person(alice), "poll")

    assert {one["type"] for one in found} >= {"mention"}
    assert not any("fallback" in one for one in found)


@pytest.mark.parametrize("path", PATHS)
async def test_what_mastodon_does_not_have_comes_to_whoever_names_it_and_in_words_to_those_that_name_others(
    client: Client, as_person: AsPerson, alice: Person, bob: Person, path: str
) -> None:
    question = make_status(alice, "The sea.", policy=Choices(quote=Choice.MANUAL, reply=Choice.MANUAL))
    make_status(bob, "Look.", quoted_status_id=question.id)
    make_status(bob, "Yes.", in_reply_to_id=question.id)
    me, ours = as_person(alice), ["pending.reply", "pending.quote"]

    unasked = await told(client, path, me)
    in_words = await told(client, path, me, "mention")
    named = await told(client, path, me, *ours)
    count = await (await client.get(f"{path}/unread_count", headers=me)).json()

    assert (unasked, count) == ([], {"count": 0})
    assert [(one["type"], "fallback" in one) for one in in_words] == [(kind, True) for kind in ours]
    assert [(one["type"], "fallback" in one) for one in named] == [(kind, False) for kind in ours]


@pytest.mark.parametrize("path", PATHS)
async def test_words_are_html_in_which_a_name_is_no_markup(
    client: Client, staff: Headers, alice: Person, bob: Person, path: str
) -> None:
    with in_unit():
        Account.update(display_name="<b>Bob</b> & co").where(Account.id == bob.account.id).execute()
        reports.file(bob.account.id, Complaint(target_id=alice.account.id, comment="rude"))

    (one,) = await told(client, path, staff, "mention")

    assert one["type"] == "admin.report"
    assert one["fallback"]["title"] == "&lt;b&gt;Bob&lt;/b&gt; &amp; co reported somebody"


async def test_they_are_in_the_language_of_the_reader(client: Client, as_person: AsPerson, warned: Person) -> None:
    me = as_person(warned)

    (asked,) = await told(client, PATHS[0], me | {"Accept-Language": "de"}, "mention")
    (plain,) = await told(client, PATHS[0], me, "mention")

    assert asked["fallback"]["title"] != plain["fallback"]["title"]
    assert "Website" in asked["fallback"]["details"]
