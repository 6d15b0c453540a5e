from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from node import clock
from node.errors import Invalid, NotFound
from node.models import (
    Account,
    Application,
    CustomEmoji,
    IdempotencyKey,
    Mention,
    NotificationKind,
    Poll,
    Status,
    StatusTag,
    Tag,
    Token,
    Visibility,
)
from node.paging import Page
from node.services.community import settings
from node.services.interactions import reblogs
from node.services.notifications import telling as notifications
from node.services.statuses import deletion, media, posting
from node.services.statuses.drafts import Draft, PollDraft
from node.text.render import Format
from tests.factories import Person, make_person
from tests.factories_posts import fresh, jobs_of, make_follow, make_media, make_status

pytestmark = pytest.mark.usefixtures("unit")


def kinds(person: Person) -> list[str]:
    return [row.kind for row in notifications.page(person.account.id, Page())]


def make_token(person: Person) -> Token:
    application = Application.create(
        name="app", redirect_uris="x", scopes="write", client_id=str(clock.now_ms()), secret_hash="x", created_at=1
    )
    return Token.create(
        token_hash=str(application.id),
        application=application.id,
        user=person.user.id,
        account=person.account.id,
        scopes="write",
        created_at=1,
    )


def test_a_post_has_its_addresses_its_words_and_its_author(alice: Person) -> None:
    status = posting.post(alice.account.id, Draft(text="Hello <world>"))

    assert status.uri == f"https://a.test/ap/users/{alice.account.id}/statuses/{status.id}"
    assert status.url == f"https://a.test/@alice/{status.id}"
    assert status.content == "<p>Hello &lt;world&gt;</p>"
    assert status.source == "Hello <world>"
    assert status.account_id == alice.account.id
    assert status.local
    assert fresh(alice.account).statuses_count == 1
    assert fresh(alice.account).last_status_at == status.created_at


def test_markdown_is_rendered_on_wish(alice: Person) -> None:
    status = posting.post(alice.account.id, Draft(text="**strong**", content_type=Format.MARKDOWN))

    assert status.content == "<p><strong>strong</strong></p>"


@pytest.mark.parametrize(
    ("said", "text", "language"),
    [
        (None, "The birds have come back to the moor this morning.", "en"),
        (None, "Die Vögel sind heute Morgen ins Moor zurückgekehrt.", "de"),
        ("fr", "The birds have come back to the moor this morning.", "fr"),
        (None, "Hm.", None),
    ],
)
def test_a_post_has_the_language_that_is_said_or_recognised(
    alice: Person, said: str | None, text: str, language: str | None
) -> None:
    assert posting.post(alice.account.id, Draft(text=text, language=said)).language == language


def test_those_named_are_mentioned_and_told_once(alice: Person, bob: Person) -> None:
    status = posting.post(alice.account.id, Draft(text="@bob @BOB@a.test @nobody"))

    assert [row.account_id for row in Mention.select().where(Mention.status == status.id)] == [bob.account.id]
    assert kinds(bob) == [NotificationKind.MENTION]
    assert "@nobody" in status.content


def test_hashtags_are_one_whatever_their_spelling(alice: Person) -> None:
    status = posting.post(alice.account.id, Draft(text="#Linnet #LINNET #birds"))

    tags = [Tag.get_by_id(row.tag_id).key for row in StatusTag.select().where(StatusTag.status == status.id)]
    assert sorted(tags) == ["birds", "linnet"]


def test_only_emoji_that_exist_here_are_listed(alice: Person) -> None:
    CustomEmoji.create(shortcode="linnet", image_key="k", updated_at=1)
    CustomEmoji.create(shortcode="off", image_key="k", disabled=True, updated_at=1)

    status = posting.post(alice.account.id, Draft(text=":linnet: :off: :unknown:"))

    assert msgspec.json.decode(status.emoji) == ["linnet"]


@pytest.mark.parametrize("text", ["", "  \n ", "\x00"])
def test_an_empty_post_is_refused(alice: Person, text: str) -> None:
    with pytest.raises(Invalid):
        posting.post(alice.account.id, Draft(text=text, spoiler_text="a warning of nothing"))

    assert Status.select().count() == 0


def test_the_length_limit_is_a_setting_and_counts_the_warning(alice: Person) -> None:
    settings.change({"max_characters": 20}, None)

    posting.post(alice.account.id, Draft(text="a" * 15, spoiler_text="b" * 5))
    with pytest.raises(Invalid, match="20"):
        posting.post(alice.account.id, Draft(text="a" * 15, spoiler_text="b" * 6))


def test_what_has_a_warning_is_sensitive(alice: Person) -> None:
    assert posting.post(alice.account.id, Draft(text="a", spoiler_text="careful")).sensitive
    assert not posting.post(alice.account.id, Draft(text="a")).sensitive


def test_media_are_attached_in_order_and_once(alice: Person) -> None:
    first, second = make_media(alice), make_media(alice)

    status = posting.post(alice.account.id, Draft(media_ids=(second.id, first.id)))

    assert [row.id for row in media.of_status(status.id)] == [second.id, first.id]
    with pytest.raises(Invalid):
        posting.post(alice.account.id, Draft(text="again", media_ids=(first.id,)))


def test_anothers_media_cannot_be_attached(alice: Person, bob: Person) -> None:
    picture = make_media(bob)

    with pytest.raises(Invalid) as anothers:
        posting.post(alice.account.id, Draft(text="mine", media_ids=(picture.id,)))
    with pytest.raises(Invalid) as unknown:
        posting.post(alice.account.id, Draft(text="mine", media_ids=(1,)))

    assert str(anothers.value) == str(unknown.value)


def test_too_many_media_are_refused(alice: Person) -> None:
    settings.change({"max_media": 1}, None)
    ids = (make_media(alice).id, make_media(alice).id)

    with pytest.raises(Invalid):
        posting.post(alice.account.id, Draft(text="many", media_ids=ids))


def test_a_poll_is_made_with_its_post_and_will_be_closed(alice: Person) -> None:
    poll_draft = PollDraft(options=(" yes ", "no"), expires_in_ms=clock.HOUR)

    status = posting.post(alice.account.id, Draft(text="well?", poll=poll_draft))

    poll = Poll.get(Poll.status == status.id)
    assert msgspec.json.decode(poll.options) == [{"title": "yes", "votes": 0}, {"title": "no", "votes": 0}]
    assert status.kind == "Question"
    assert [(job.subject, job.due_at) for job in jobs_of("close_poll")] == [(poll.id, poll.expires_at)]


@pytest.mark.parametrize(
    ("options", "expires_in_ms"),
    [
        (("one",), clock.HOUR),
        (("one", ""), clock.HOUR),
        (("same", "Same"), clock.HOUR),
        (("a", "b" * 101), clock.HOUR),
        (tuple(map(str, range(9))), clock.HOUR),
        (("a", "b"), clock.MINUTE),
        (("a", "b"), 32 * clock.DAY),
        (("a", "b"), -1),
    ],
)
def test_a_poll_that_breaks_a_rule_is_refused(alice: Person, options: tuple[str, ...], expires_in_ms: int) -> None:
    with pytest.raises(Invalid):
        posting.post(
            alice.account.id, Draft(text="well?", poll=PollDraft(options=options, expires_in_ms=expires_in_ms))
        )


def test_an_answer_joins_the_thread_and_is_counted(alice: Person, bob: Person) -> None:
    parent = make_status(alice)

    answer = posting.post(bob.account.id, Draft(text="yes", in_reply_to_id=parent.id))

    assert answer.in_reply_to_id == parent.id
    assert answer.in_reply_to_account_id == alice.account.id
    assert answer.thread_id == parent.thread_id
    assert fresh(parent).replies_count == 1


@pytest.mark.parametrize(
    "terms", [{"visibility": Visibility.DIRECT}, {"visibility": Visibility.PRIVATE}, {"local_only": True}]
)
def test_numbers_that_all_see_do_not_tell_of_hidden_answers(
    alice: Person, bob: Person, terms: dict[str, Any]
) -> None:
    parent = make_status(alice)

    make_status(bob, "psst @alice", in_reply_to_id=parent.id, **terms)

    assert fresh(parent).replies_count == 0
    assert (fresh(bob.account).statuses_count, fresh(bob.account).last_status_at) == (0, None)


def test_what_cannot_be_read_cannot_be_answered(alice: Person, bob: Person) -> None:
    hidden = make_status(alice, visibility=Visibility.PRIVATE)

    with pytest.raises(NotFound):
        posting.post(bob.account.id, Draft(text="hm", in_reply_to_id=hidden.id))


def test_an_answer_to_a_boost_answers_what_was_boosted(alice: Person, bob: Person) -> None:
    original = make_status(alice)
    boost = reblogs.add(bob.account.id, original.id)

    assert posting.post(bob.account.id, Draft(text="a", in_reply_to_id=boost.id)).in_reply_to_id == original.id


def test_an_answer_to_what_stays_here_stays_here(alice: Person, bob: Person) -> None:
    parent = make_status(alice, local_only=True)

    assert make_status(bob, in_reply_to_id=parent.id).local_only


def test_the_same_idempotency_key_posts_once(alice: Person) -> None:
    token = make_token(alice)
    draft = Draft(text="once", idempotency=(token.id, "key"))

    first = posting.post(alice.account.id, draft)

    assert posting.post(alice.account.id, draft).id == first.id
    assert Status.select().count() == 1
    assert posting.post(alice.account.id, Draft(text="twice", idempotency=(token.id, "other"))).id != first.id


def test_idempotency_keys_are_of_one_token(alice: Person, bob: Person) -> None:
    first = posting.post(alice.account.id, Draft(text="a", idempotency=(make_token(alice).id, "key")))
    second = posting.post(bob.account.id, Draft(text="b", idempotency=(make_token(bob).id, "key")))

    assert first.id != second.id


def test_a_key_whose_post_was_deleted_posts_anew(alice: Person) -> None:
    token = make_token(alice)
    draft = Draft(text="once", idempotency=(token.id, "key"))
    first = posting.post(alice.account.id, draft)
    deletion.delete(alice.account.id, first.id)

    second = posting.post(alice.account.id, draft)

    assert second.id != first.id
    assert [row.status_id for row in IdempotencyKey.select()] == [second.id]


def test_only_what_concerns_another_node_is_sent(alice: Person, bob: Person, remote: Callable[..., Account]) -> None:
    make_status(alice)
    carol = remote("carol")
    named = make_status(alice, f"@carol@{carol.domain}")
    make_follow(carol, bob)
    followed = make_status(bob)
    make_status(bob, local_only=True)
    make_status(bob, "@alice", visibility=Visibility.DIRECT)

    assert [job.subject for job in jobs_of("send_status")] == [named.id, followed.id]


def test_followers_who_asked_for_it_are_told_of_each_status(alice: Person, bob: Person) -> None:
    make_follow(bob, alice, notify=True)
    other = make_status(make_person("dora"))

    status = make_status(alice)
    make_status(alice, "an answer to somebody else", in_reply_to_id=other.id)

    rows = notifications.page(bob.account.id, Page())
    assert [(row.kind, row.status_id) for row in rows] == [(NotificationKind.STATUS, status.id)]
