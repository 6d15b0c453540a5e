"""Our documents and activities, to the letter: some peer depends on each clause (docs/conformance.md)."""

from typing import Any

import pytest

from federation.audience import Addressing
from federation.render import activity, note
from federation.render.actor_document import actor_document
from federation.render.context import MULTIKEY, SECURITY, WEBFINGER, context
from federation.render.loading import all_note_parts, note_parts
from node import clock
from node.keys import load_private
from node.models import Account, CustomEmoji, Poll, SigningKey, Status, Visibility
from node.services import accounts
from node.services.accounts import ProfileChange
from node.services.interactions import polls, reblogs
from node.services.statuses import edits
from node.services.statuses.drafts import Draft, PollDraft
from tests.factories import Person, make_account, rsa_keys
from tests.factories_posts import make_media, make_status
from tests.federation.outgoing.speaking import PUBLIC
from tests.queries import assert_query_count

ACTIVITYSTREAMS = "https://www.w3.org/ns/activitystreams"
AT = 1_795_545_591_000  # 2026-11-24T18:39:51.000Z


def rendered(status: Status) -> dict[str, Any]:
    parts = note_parts(status.id)
    assert parts is not None
    return note.note(parts)


def actor_of(account: Account) -> dict[str, Any]:
    found = actor_document(Account.get_by_id(account.id))
    assert found is not None
    return found


# ── actors ──


def multikey_of(uri: str) -> dict[str, str]:
    """FEP-521a; the key itself is another one for each account."""
    key = SigningKey.select().join(Account).where(Account.uri == uri).get()
    letters = load_private(key.ed25519_pem).public.multikey
    assert letters.startswith("z6Mk")
    return {"id": f"{uri}#ed25519-key", "type": "Multikey", "controller": uri, "publicKeyMultibase": letters}


def test_an_actor_to_the_letter(unit: None) -> None:
    with clock.frozen(AT):
        wren = make_account("wren")
    uri = f"https://a.test/ap/users/{wren.id}"

    assert actor_of(wren) == {
        "@context": context("actor"),
        "id": uri,
        "type": "Person",
        "preferredUsername": "wren",
        "webfinger": "wren@a.test",
        "name": "",
        "summary": "",
        "url": "https://a.test/@wren",
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers": f"{uri}/followers",
        "following": f"{uri}/following",
        "featured": f"{uri}/collections/featured",
        "featuredTags": f"{uri}/collections/tags",
        "featuredCollections": f"{uri}/collections/people",
        "interactionPolicy": {"canFeature": {"automaticApproval": [uri]}},
        "endpoints": {"sharedInbox": "https://a.test/ap/inbox"},
        "manuallyApprovesFollowers": False,
        "discoverable": False,
        "indexable": False,
        "memorial": False,
        "showMedia": True,
        "showRepliesInMedia": True,
        "showFeatured": True,
        "published": "2026-11-24T18:39:51.000Z",
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": rsa_keys().public_pem},
        "assertionMethod": [multikey_of(uri)],
        "attachment": [],
        "tag": [],
        "alsoKnownAs": [],
    }
    assert context("actor")[:4] == [ACTIVITYSTREAMS, SECURITY, MULTIKEY, WEBFINGER]


def test_what_a_person_says_of_themselves_is_in_the_actor(unit: None) -> None:
    wren = make_account("wren")
    CustomEmoji.create(shortcode="moor", image_key="aa/moor.png", updated_at=AT)
    change = ProfileChange(
        display_name="Wren :moor:",
        note="Sings on the #Moor.",
        fields=(("Song", "loud, #moor and #reeds"),),
        locked=True,
        bot=True,
        discoverable=True,
        indexable=True,
        also_known_as=("https://b.test/users/wren",),
        avatar_key="bb/face.png",
        avatar_description="A small brown bird",
    )
    accounts.update_profile(wren.id, change)

    document = actor_of(wren)

    assert document["type"] == "Service"
    assert document["name"] == "Wren :moor:"
    assert document["summary"].startswith(
        '<p>Sings on the <a href="https://a.test/tags/moor" class="mention hashtag"'
    )
    (line,) = document["attachment"]
    assert (line["type"], line["name"], line["value"][:6]) == ("PropertyValue", "Song", "loud, ")
    assert document["manuallyApprovesFollowers"] is document["discoverable"] is document["indexable"] is True
    assert document["alsoKnownAs"] == ["https://b.test/users/wren"]
    assert document["icon"] == {
        "type": "Image",
        "mediaType": "image/png",
        "url": "https://a.test/media/bb/face.png",
        "name": "A small brown bird",
        "summary": "A small brown bird",
    }
    *hashtags, emoji = document["tag"]
    assert hashtags == [
        {"type": "Hashtag", "href": "https://a.test/tags/moor", "name": "#Moor"},
        {"type": "Hashtag", "href": "https://a.test/tags/reeds", "name": "#reeds"},
    ]
    assert (emoji["type"], emoji["name"], emoji["icon"]["url"]) == (
        "Emoji",
        ":moor:",
        "https://a.test/media/aa/moor.png",
    )
    assert {"Hashtag", "Emoji"} <= set(document["@context"][-1])


def test_a_suspended_actor_says_so_and_nothing_of_itself(unit: None) -> None:
    wren = make_account("wren", display_name="Wren", note="<p>Sings.</p>", suspended_at=AT)

    document = actor_of(wren)

    assert (document["suspended"], document["name"], document["summary"]) == (True, "", "")
    assert not {"attachment", "tag", "icon", "image", "alsoKnownAs"} & set(document)
    assert document["publicKey"]["publicKeyPem"]


def test_a_moved_actor_names_where_it_is_now(unit: None) -> None:
    there = make_account("there")
    wren = make_account("wren", moved_to=there.id)

    assert actor_of(wren)["movedTo"] == there.uri


def test_the_instance_actor_to_the_letter(unit: None) -> None:
    actor = accounts.ensure_instance_actor(rsa_keys())
    uri = "https://a.test/ap/actor"

    assert actor_of(actor) == {
        "@context": context("actor"),
        "id": uri,
        "type": "Application",
        "preferredUsername": "a.test",
        "webfinger": "a.test@a.test",
        "name": "a.test",
        "url": "https://a.test/about",
        "inbox": "https://a.test/ap/inbox",
        "outbox": f"{uri}/outbox",
        "endpoints": {"sharedInbox": "https://a.test/ap/inbox"},
        "manuallyApprovesFollowers": True,
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": rsa_keys().public_pem},
        "assertionMethod": [multikey_of(uri)],
    }


# ── notes ──


def test_a_note_to_the_letter(unit: None, alice: Person, carol: Account) -> None:
    with clock.frozen(AT):
        status = make_status(alice, "Hello @carol@remote.test #Moor", language="en")
    uri, author = status.uri, alice.account.uri

    assert rendered(status) == {
        "id": f"{author}/statuses/{status.id}",
        "type": "Note",
        "attributedTo": author,
        "to": [PUBLIC],
        "cc": [f"{author}/followers", carol.uri],
        "published": "2026-11-24T18:39:51.000Z",
        "url": f"https://a.test/@alice/{status.id}",
        "content": status.content,
        "contentMap": {"en": status.content},
        "summary": None,
        "sensitive": False,
        "inReplyTo": None,
        "conversation": f"{uri}/context",
        "context": f"{uri}/context",
        "tag": [
            {"type": "Mention", "href": carol.uri, "name": "@carol@remote.test"},
            {"type": "Hashtag", "href": "https://a.test/tags/moor", "name": "#Moor"},
        ],
        "attachment": [],
        "replies": f"{uri}/replies",
        "likes": f"{uri}/likes",
        "shares": f"{uri}/shares",
        "interactionPolicy": {
            name: {"automaticApproval": [PUBLIC], "manualApproval": []}
            for name in ("canQuote", "canReply", "canLike", "canAnnounce")
        },
    }


@pytest.mark.parametrize(
    ("visibility", "to", "cc"),
    [
        (Visibility.PUBLIC, ["public"], ["followers", "carol"]),
        (Visibility.UNLISTED, ["followers"], ["public", "carol"]),
        (Visibility.PRIVATE, ["followers"], ["carol"]),
        (Visibility.DIRECT, ["carol"], []),
    ],
)
def test_addressing_says_who_may_see_it_always_in_lists_and_in_full(
    unit: None,
    alice: Person,
    carol: Account,
    visibility: Visibility,
    to: list[str],
    cc: list[str],
) -> None:
    status = make_status(alice, "Psst @carol@remote.test", visibility=visibility)
    names = {"public": PUBLIC, "followers": alice.account.followers_uri, "carol": carol.uri}

    document = rendered(status)
    create = activity.create(document)

    assert document["to"] == create["to"] == [names[name] for name in to]
    assert document["cc"] == create["cc"] == [names[name] for name in cc]
    assert document.get("directMessage", False) is (visibility == Visibility.DIRECT)
    assert ("replies" in document) is (visibility in (Visibility.PUBLIC, Visibility.UNLISTED))


def test_a_warning_an_answer_and_an_edit_are_told(unit: None, alice: Person, bob: Person) -> None:
    parent = make_status(bob, "Rain?")
    status = make_status(alice, "Yes.", spoiler_text="Weather", in_reply_to_id=parent.id)
    with clock.frozen(clock.now_ms() + 1_000):
        edited = edits.edit(alice.account.id, status.id, Draft(text="No.", spoiler_text="Weather"))

    document = rendered(edited)

    assert (document["summary"], document["sensitive"]) == ("Weather", True)
    assert document["inReplyTo"] == parent.uri
    assert document["conversation"] == f"{parent.uri}/context"
    assert document["updated"] == clock.iso(edited.edited_at)
    assert activity.update_note(document)["published"] == document["updated"]


@pytest.mark.parametrize(
    ("conversation", "context", "said"),
    [
        ("https://remote.test/c/1", "", "https://remote.test/c/1"),
        ("https://remote.test/c/1", "https://remote.test/contexts/1", "https://remote.test/contexts/1"),
        ("tag:remote.test,2026:1", "https://remote.test/contexts/1", "https://remote.test/contexts/1"),
        ("tag:remote.test,2026:1", "", None),
        ("", "", None),
    ],
)
def test_an_answer_is_in_the_context_of_what_it_answers(
    unit: None, alice: Person, carol: Account, conversation: str, context: str, said: str | None
) -> None:
    """A list of the thread that somebody else has is theirs to tell; a name that is no address is only a name."""
    parent = make_status(carol, "Rain?", conversation_uri=conversation, context_uri=context)
    answer = make_status(alice, "Yes.", in_reply_to_id=parent.id)

    document = rendered(answer)
    assert document.get("context") == said
    assert document["conversation"] == (conversation or f"{parent.uri}#thread")


def test_pictures_carry_their_description_twice(unit: None, alice: Person) -> None:
    picture = make_media(alice, description="A linnet on a wire")
    status = make_status(alice, "Look.", media_ids=(picture.id,))

    assert rendered(status)["attachment"] == [
        {
            "type": "Image",
            "mediaType": "image/png",
            "url": f"https://a.test/media/{picture.file_key}",
            "name": "A linnet on a wire",
            "summary": "A linnet on a wire",
            "width": 2,
            "height": 1,
        }
    ]


def test_custom_emoji_of_a_post_come_along_and_others_do_not(unit: None, alice: Person) -> None:
    for shortcode in ("moor", "reed"):
        CustomEmoji.create(shortcode=shortcode, image_key=f"aa/{shortcode}.png", updated_at=AT)

    tags = rendered(make_status(alice, "Over the :moor:, :nowhere:."))["tag"]

    assert [(tag["type"], tag["name"]) for tag in tags] == [("Emoji", ":moor:")]
    assert tags[0]["icon"]["url"] == "https://a.test/media/aa/moor.png"


def test_a_poll_is_a_question(unit: None, alice: Person, carol: Account) -> None:
    with clock.frozen(AT):
        draft = PollDraft(options=("Rain", "Sun"), expires_in_ms=clock.HOUR)
        status = make_status(alice, "Tomorrow?", poll=draft)
        polls.receive_vote(carol, status.id, "Sun")

        document = rendered(status)

    assert document["type"] == "Question"
    assert document["oneOf"] == [
        {"type": "Note", "name": "Rain", "replies": {"type": "Collection", "totalItems": 0}},
        {"type": "Note", "name": "Sun", "replies": {"type": "Collection", "totalItems": 1}},
    ]
    assert (document["endTime"], document["votersCount"]) == ("2026-11-24T19:39:51.000Z", 1)
    assert "closed" not in document


def test_a_poll_that_is_over_says_so_and_hidden_totals_show_only_then(
    unit: None, alice: Person, carol: Account
) -> None:
    with clock.frozen(AT):
        draft = PollDraft(options=("Rain", "Sun"), multiple=True, hide_totals=True, expires_in_ms=clock.HOUR)
        status = make_status(alice, "Tomorrow?", poll=draft)
        polls.receive_vote(carol, status.id, "Sun")
        before = rendered(status)
    with clock.frozen(AT + clock.HOUR):
        polls.close(Poll.get(Poll.status == status.id).id)
        after = rendered(status)

    assert [option["replies"]["totalItems"] for option in before["anyOf"]] == [0, 0]
    assert [option["replies"]["totalItems"] for option in after["anyOf"]] == [0, 1]
    assert after["closed"] == after["endTime"]


def test_what_stays_here_and_what_is_a_boost_has_no_document(unit: None, alice: Person, bob: Person) -> None:

    secret = make_status(alice, "Between us.", local_only=True)
    boost = reblogs.add(bob.account.id, make_status(alice, "Hello.").id)

    assert note_parts(secret.id) is None
    assert note_parts(boost.id) is None


def test_many_notes_cost_as_many_queries_as_one(db: None, alice: Person, carol: Account) -> None:
    made = [make_status(alice, f"{n} @carol@remote.test #moor") for n in range(5)]
    all_note_parts([made[0].id])

    with assert_query_count(7):
        assert len(all_note_parts([status.id for status in made])) == 5


# ── activities ──


def test_only_documents_with_terms_of_their_own_define_them(unit: None, alice: Person) -> None:
    create = activity.create(rendered(make_status(alice, "Hello.")))
    follow = activity.follow("https://a.test/f", alice.account.uri, "https://b.test/b")

    assert create["@context"] == context("note")
    assert "@context" not in create["object"]
    assert follow["@context"] == [ACTIVITYSTREAMS]
    assert activity.update_actor(actor_of(alice.account), "f")["@context"] == context("actor")


def test_an_accept_holds_the_follow_with_plain_strings(unit: None) -> None:
    document = activity.accept("https://a.test/x", "https://a.test/a", "https://b.test/f/1", "https://b.test/b")

    assert document == {
        "@context": [ACTIVITYSTREAMS],
        "id": "https://a.test/x",
        "type": "Accept",
        "actor": "https://a.test/a",
        "to": ["https://b.test/b"],
        "cc": [],
        "object": {
            "id": "https://b.test/f/1",
            "type": "Follow",
            "actor": "https://b.test/b",
            "object": "https://a.test/a",
        },
    }


def test_an_accept_of_a_follow_without_an_id_names_none(unit: None) -> None:
    document = activity.accept("https://a.test/x", "https://a.test/a", "", "https://b.test/b")

    assert "id" not in document["object"]


def test_a_deleted_note_is_an_embedded_tombstone(unit: None, alice: Person) -> None:

    document = activity.delete_note(alice.account.uri, "https://a.test/n", Addressing([PUBLIC], []))

    assert document["object"] == {"id": "https://a.test/n", "type": "Tombstone"}
    assert (document["to"], document["id"]) == ([PUBLIC], "https://a.test/n#delete")


def test_an_actor_names_the_sites_that_may_name_it(unit: None) -> None:
    wren = make_account("wren", attribution_domains='["blog.example"]')

    assert actor_of(wren)["attributionDomains"] == ["blog.example"]
