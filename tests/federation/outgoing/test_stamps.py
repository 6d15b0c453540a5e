"""What is said and served of quotes, answers, likes and boosts that need a yes (FEP-044f)."""

import pytest

from federation.render.loading import note_parts
from federation.render.note import note
from node import store
from node.models import Account, Approval, Favourite, Status, Visibility
from node.services.approvals import quotes, replies
from node.services.approvals import rows as approvals
from node.services.approvals.policies import Choice, Choices
from node.services.interactions import favourites, reblogs
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft
from node.services.statuses.facts import QuoteFacts
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.reader import Node
from tests.federation.outgoing.speaking import PUBLIC, REMOTE, speak

ANYONE = '{"quote":{"automatic":["public"]}}'


def stamp_of(quoting_id: int) -> str:
    return approvals.stamp_uri(Approval.get(Approval.status == quoting_id))


async def test_a_stamp_names_both_posts_and_is_gone_once_it_is_taken_back(
    node: Node, alice: Person, carol: Account
) -> None:
    target = make_status(alice)
    quoting = make_status(carol, quote=QuoteFacts(uri=target.uri, legacy=True))
    stamp = stamp_of(quoting.id)

    answer = await node.get(stamp, carol)
    document = answer.json
    del document["@context"]
    assert document == {
        "id": stamp,
        "type": "QuoteAuthorization",
        "attributedTo": alice.account.uri,
        "interactingObject": quoting.uri,
        "interactionTarget": target.uri,
    }

    await store.write(quotes.revoke, alice.account.id, target.id, quoting.id)
    gone, never = await node.get(stamp, carol), await node.get(f"{alice.account.uri}/approvals/12345", carol)
    assert gone.status == 404
    assert gone.same == never.same
    (told,) = [one for one in await speak() if one.document["type"] == "Delete"]
    assert told.document["object"] == stamp
    assert told.inboxes == {carol.inbox}


async def test_a_stamp_for_a_private_quote_is_for_all_who_may_see_what_is_quoted(
    node: Node, alice: Person, carol: Account, dave: Account
) -> None:
    """The server of somebody who reads the quote asks as an instance, whom its author does not know."""
    target = make_status(alice)
    quoting = make_status(carol, quote=QuoteFacts(uri=target.uri, legacy=True), visibility=Visibility.PRIVATE)

    assert (await node.get(stamp_of(quoting.id), dave)).status == 200


async def test_a_stamp_about_a_private_post_is_for_its_readers(
    node: Node, alice: Person, carol: Account, dave: Account
) -> None:
    make_follow(carol, alice)
    target = make_status(alice, visibility=Visibility.PRIVATE, policy=Choices(reply=Choice.MANUAL))
    answer = make_status(carol, in_reply_to_uri=target.uri, visibility=Visibility.PRIVATE)
    await store.write(replies.let_in, Approval.get(Approval.status == answer.id))
    stamp = stamp_of(answer.id)

    hidden = await node.get(stamp, dave)
    never = await node.get(f"{alice.account.uri}/approvals/12345", dave)

    assert (await node.get(stamp, carol)).status == 200
    assert hidden.status == 404
    assert hidden.same == never.same


async def test_a_quote_asks_with_the_whole_note_and_is_told_in_all_spellings(
    alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(erin, alice)
    target = make_status(carol, policy=ANYONE)
    quoting = make_status(alice, "So true.", quoted_status_id=target.id)

    said = {one.document["type"]: one for one in await speak()}

    asked = said["QuoteRequest"]
    told = said["Create"].document["object"]
    assert (asked.document["object"], asked.inboxes) == (target.uri, {carol.inbox})
    assert asked.document["instrument"] == told
    assert told["quote"] == told["_misskey_quote"] == told["quoteUri"] == told["tag"][0]["href"] == target.uri
    link = told["tag"][0]
    assert (link["type"], link["name"]) == ("Link", f"RE: {target.url}")
    assert link["mediaType"] == 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    assert told["content"].startswith('<p class="quote-inline">RE: ')
    assert "quoteAuthorization" not in told

    await store.write(quotes.agreed_elsewhere, carol, quoting.id, f"{carol.uri}/stamps/1")
    (update,) = [one.document for one in await speak() if one.document["type"] == "Update"]
    assert update["object"]["quoteAuthorization"] == f"{carol.uri}/stamps/1"


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.PRIVATE])
async def test_whom_a_post_quotes_has_a_copy_and_hears_what_becomes_of_it(
    alice: Person, carol: Account, erin: Account, visibility: Visibility
) -> None:
    make_follow(erin, alice)
    target = make_status(carol, policy=ANYONE)
    quoting = make_status(alice, "So true.", quoted_status_id=target.id, visibility=visibility)
    is_open = visibility is Visibility.PUBLIC

    said = {one.document["type"]: one.inboxes for one in await speak()}
    assert said == {"QuoteRequest": {carol.inbox}, "Create": {erin.inbox, *([REMOTE] if is_open else [])}}

    with in_unit():
        edits.edit(alice.account.id, quoting.id, Draft(text="So very true.", visibility=visibility))
    edit = (await speak())[-1]
    assert (edit.document["type"], edit.inboxes) == ("Update", {erin.inbox, *([REMOTE] if is_open else [])})

    with in_unit():
        deletion.delete(alice.account.id, quoting.id)
    delete = (await speak())[-1]
    assert (delete.document["type"], delete.inboxes) == ("Delete", {erin.inbox, REMOTE})


async def test_an_answer_that_waits_goes_to_one_person_and_says_for_whom_it_is(
    alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(erin, alice)
    target = make_status(carol, policy='{"reply":{"manual":["public"]}}')
    make_status(alice, "Well.", in_reply_to_id=target.id)

    (told,) = await speak()

    assert (told.document["type"], told.inboxes) == ("ReplyRequest", {carol.inbox})
    assert (told.document["object"], told.document["to"]) == (target.uri, [carol.uri])
    assert told.document["instrument"]["to"] == [PUBLIC]


async def test_it_goes_alone_to_whom_requests_say_nothing_and_to_all_once_it_is_let_in(
    alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(erin, alice)
    target = make_status(carol, policy='{"reply":{"manual":["public"]},"knows_no_requests":true}')
    mine = make_status(alice, "Well.", in_reply_to_id=target.id)
    (told,) = await speak()
    assert (told.document["type"], told.inboxes) == ("Create", {carol.inbox})

    await store.write(replies.answered_elsewhere, carol, mine.id, f"{carol.uri}/stamps/1")

    last = (await speak())[-1]
    assert (last.document["type"], erin.inbox in last.inboxes) == ("Create", True)
    assert (
        last.document["object"]["replyAuthorization"]
        == last.document["object"]["approvedBy"]
        == f"{carol.uri}/stamps/1"
    )


@pytest.mark.parametrize("kind", ["favourite", "reblog"])
async def test_a_like_or_boost_that_was_let_in_has_a_stamp_until_it_is_undone(
    node: Node, alice: Person, carol: Account, kind: str
) -> None:
    target = make_status(alice)
    uri = f"{carol.uri}/done/1"
    if kind == "favourite":
        await store.write(lambda: favourites.receive(carol, target.id, uri=uri))
        number = Favourite.get().id
    else:
        await store.write(lambda: reblogs.receive(carol, target.id, uri=uri))
        number = Status.get(Status.uri == uri).id
    stamp = f"{alice.account.uri}/approvals/{number}/{kind}"

    answer = await node.get(stamp, carol)
    document = answer.json
    del document["@context"]
    assert document == {
        "id": stamp,
        "type": "LikeAuthorization" if kind == "favourite" else "AnnounceAuthorization",
        "attributedTo": alice.account.uri,
        "interactingObject": uri,
        "interactionTarget": target.uri,
    }

    undo = favourites.undo_received if kind == "favourite" else reblogs.undo_received
    await store.write(lambda: undo(carol, uri=uri))
    gone, never = await node.get(stamp, carol), await node.get(f"{alice.account.uri}/approvals/12345/{kind}", carol)
    assert gone.status == 404
    assert gone.same == never.same


async def test_a_stamp_for_a_like_of_a_private_post_is_for_its_readers(
    node: Node, alice: Person, carol: Account, dave: Account
) -> None:
    make_follow(carol, alice)
    target = make_status(alice, visibility=Visibility.PRIVATE)
    await store.write(lambda: favourites.receive(carol, target.id, uri=f"{carol.uri}/likes/1"))
    stamp = f"{alice.account.uri}/approvals/{Favourite.get().id}/favourite"

    assert (await node.get(stamp, carol)).status == 200
    assert (await node.get(stamp, dave)).status == 404


def test_the_policy_is_said_in_the_words_of_others(unit: None, alice: Person) -> None:
    status = make_status(alice, policy=Choices(quote=Choice.MANUAL, reply=Choice.FOLLOWERS, reblog=Choice.NOBODY))
    parts = note_parts(status.id)
    assert parts is not None

    policy = note(parts)["interactionPolicy"]

    author = alice.account
    assert policy["canQuote"] == {"automaticApproval": [author.uri], "manualApproval": [PUBLIC]}
    assert policy["canReply"]["automaticApproval"] == [author.followers_uri]
    assert policy["canAnnounce"] == {"automaticApproval": [author.uri], "manualApproval": []}
    assert policy["canLike"]["automaticApproval"] == [PUBLIC]
