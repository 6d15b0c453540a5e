"""What is somebody's own is there for nobody else: asked for by its id, it is like one that does not exist."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from node import store
from node.media.storage import new_key
from node.models import (
    Conversation,
    FilterKeyword,
    FollowRequest,
    Intake,
    Invite,
    List,
    ListMember,
    MediaAttachment,
    Notification,
    Portable,
    Session,
    Token,
    Visibility,
)
from node.services import follows
from node.services.access import invites
from node.services.community import settings
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.notifications import groups as notification_groups
from node.services.portability import intakes, reading
from node.services.relationships import lists
from node.services.statuses import media
from node.services.statuses.media import StoredMedia
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.privacy.cast import WORD, Cast
from tests.privacy.test_by_id import Request, put, rows
from tests.web.conftest import Client

MakeToken = Callable[..., str]


class Own(NamedTuple):
    """Something of Frida's, what can be asked about it, and what she is answered."""

    make: Callable[[Cast], Any]
    requests: list[tuple[str, str, dict[str, Any], int]]


def a_list(cast: Cast) -> int:
    with store.transaction():
        row = lists.create(cast.frida.account.id, WORD)
        lists.add_members(cast.frida.account.id, row.id, [cast.alice.account.id])
    return int(row.id)


def a_filter(cast: Cast) -> int:
    with store.transaction():
        terms = Terms(title=WORD, contexts=["home"])
        return int(filters.create(cast.frida.account.id, terms, [KeywordChange(keyword=WORD)]).filter.id)


def a_keyword(cast: Cast) -> int:
    return int(FilterKeyword.get(FilterKeyword.filter == a_filter(cast)).id)


def a_conversation(cast: Cast) -> int:
    make_status(cast.alice, f"@frida {WORD}", visibility=Visibility.DIRECT)
    return int(Conversation.get(Conversation.account == cast.frida.account.id).id)


def a_notification(cast: Cast) -> int:
    make_status(cast.alice, f"@frida {WORD}", visibility=Visibility.PRIVATE)
    return int(Notification.get(Notification.account == cast.frida.account.id).id)


def an_import(cast: Cast) -> int:
    found = reading.read(Portable.BLOCKS, f"a@x.test\n{WORD}\n".encode())
    with store.transaction():
        return int(intakes.create(cast.frida.account.id, Portable.BLOCKS, found, WORD).id)


def an_upload(cast: Cast) -> int:
    stored = StoredMedia(kind="image", mime="image/png", file_key=new_key("media", "image/png"))
    with store.transaction():
        return media.create(cast.frida.account.id, stored, description=WORD).id


def a_request(cast: Cast) -> int:
    """The id is of the one who asks."""
    with store.transaction():
        FollowRequest.create(account=cast.dora.account.id, target=cast.frida.account.id, created_at=1)
    return int(cast.dora.account.id)


def a_session(cast: Cast) -> int:
    return int(Session.select().where(Session.user == cast.frida.user.id).order_by(Session.id.desc()).get().id)


def an_app(cast: Cast) -> int:
    return int(Token.get(Token.user == cast.frida.user.id).id)


def an_invitation(cast: Cast) -> int:
    with store.transaction():
        settings.change({"invites_from": "user"}, None)
        return int(invites.create(cast.frida.account).id)


OWN = {
    "list": Own(
        a_list,
        [
            ("GET", "/api/v1/lists/{id}", {}, 200),
            ("PUT", "/api/v1/lists/{id}", {"title": "Mine"}, 200),
            ("GET", "/api/v1/lists/{id}/accounts", {}, 200),
            ("POST", "/api/v1/lists/{id}/accounts", {"account_ids": ["{alice}"]}, 200),
            ("GET", "/api/v1/timelines/list/{id}", {}, 200),
            ("GET", "/lists/{id}", {}, 200),
            ("GET", "/lists/{id}/delete", {}, 200),
            ("DELETE", "/api/v1/lists/{id}/accounts", {"account_ids": ["{alice}"]}, 200),
            ("DELETE", "/api/v1/lists/{id}", {}, 200),
        ],
    ),
    "list with a browser": Own(a_list, [("POST", "/lists/{id}/delete", {}, 303)]),
    "filter": Own(
        a_filter,
        [
            ("GET", "/api/v2/filters/{id}", {}, 200),
            ("PUT", "/api/v2/filters/{id}", {"title": "Mine"}, 200),
            ("GET", "/api/v2/filters/{id}/keywords", {}, 200),
            ("POST", "/api/v2/filters/{id}/keywords", {"keyword": "mine"}, 200),
            ("GET", "/api/v2/filters/{id}/statuses", {}, 200),
            ("DELETE", "/api/v2/filters/{id}", {}, 200),
        ],
    ),
    "keyword of a filter": Own(
        a_keyword,
        [
            ("GET", "/api/v2/filters/keywords/{id}", {}, 200),
            ("PUT", "/api/v2/filters/keywords/{id}", {"keyword": "mine"}, 200),
            ("GET", "/api/v1/filters/{id}", {}, 200),
            ("PUT", "/api/v1/filters/{id}", {"phrase": "mine"}, 200),
            ("DELETE", "/api/v1/filters/{id}", {}, 200),
        ],
    ),
    "conversation": Own(
        a_conversation,
        [
            ("POST", "/api/v1/conversations/{id}/read", {}, 200),
            ("POST", "/api/v1/conversations/{id}/unread", {}, 200),
            ("POST", "/conversations/{id}/read", {}, 303),
            ("DELETE", "/api/v1/conversations/{id}", {}, 200),
        ],
    ),
    "conversation with a browser": Own(a_conversation, [("POST", "/conversations/{id}/delete", {}, 303)]),
    "notification": Own(
        a_notification,
        [
            ("GET", "/api/v1/notifications/{id}", {}, 200),
            ("GET", "/api/v2/notifications/ungrouped-{id}", {}, 200),
            ("GET", "/api/v2/notifications/ungrouped-{id}/accounts", {}, 200),
            ("POST", "/api/v1/notifications/{id}/dismiss", {}, 200),
        ],
    ),
    "notification with a browser": Own(a_notification, [("POST", "/notifications/ungrouped-{id}/dismiss", {}, 303)]),
    "group of notifications": Own(
        a_notification, [("POST", "/api/v2/notifications/ungrouped-{id}/dismiss", {}, 200)]
    ),
    "upload": Own(
        an_upload,
        [
            ("GET", "/api/v1/media/{id}", {}, 200),
            ("PUT", "/api/v1/media/{id}", {"description": "Mine"}, 200),
            ("POST", "/compose/media/{id}", {"description": "Mine"}, 200),
            ("DELETE", "/api/v1/media/{id}", {}, 200),
        ],
    ),
    "upload to be posted": Own(
        an_upload, [("POST", "/api/v1/statuses", {"status": "Look", "media_ids": ["{id}"]}, 200)]
    ),
    "upload to be posted with a browser": Own(
        an_upload, [("POST", "/compose", {"text": "Look", "media_ids": "{id}"}, 303)]
    ),
    "request": Own(a_request, [("POST", "/api/v1/follow_requests/{id}/authorize", {}, 200)]),
    "request to refuse": Own(a_request, [("POST", "/api/v1/follow_requests/{id}/reject", {}, 200)]),
    "request with a browser": Own(a_request, [("POST", "/follow-requests/{id}/accept", {}, 303)]),
    "import": Own(
        an_import,
        [
            ("GET", "/settings/portability/import/{id}", {}, 200),
            ("GET", "/settings/portability/import/{id}/failures", {}, 200),
            ("POST", "/settings/portability/import/{id}/start", {"mode": "merge"}, 303),
            ("POST", "/settings/portability/import/{id}/delete", {}, 303),
        ],
    ),
    "session": Own(a_session, [("POST", "/settings/sessions/{id}/end", {}, 303)]),
    "app": Own(an_app, [("POST", "/settings/apps/{id}/revoke", {}, 303)]),
    "invitation": Own(an_invitation, [("POST", "/settings/invites/{id}/expire", {}, 303)]),
}


@pytest.mark.parametrize("name", OWN)
async def test_others_find_nothing_and_change_nothing_and_the_owner_does(
    client: Client, cast: Cast, token: MakeToken, name: str
) -> None:
    readers = {}
    for person in (cast.bob, cast.frida):
        readers[person] = (people.with_token(person, token), people.signed_in(client, person))
    an_id = OWN[name].make(cast)
    before, wrong, owners = everything(), [], []

    for who in (cast.bob, cast.frida):
        for method, path, body, _ in OWN[name].requests:
            reader = readers[who][0 if path.startswith("/api/") else 1]
            asked = Request(method, path, body)
            if who is cast.frida:
                owners.append((await put(client, reader, asked, cast, an_id)).status)
                continue
            there = await put(client, reader, asked, cast, an_id)
            nothing = await put(client, reader, asked, cast, cast.nothing)
            if there != nothing or WORD in there.text or there.status >= 500:
                wrong.append(f"{method} {path}: {there} and not {nothing}")
        if who is cast.bob:
            assert wrong == []
            assert everything() == before

    assert owners == [status for *_, status in OWN[name].requests]


def everything() -> Any:
    """How much there is, and what belongs to people."""
    own = (Intake, List, ListMember, Conversation, Notification, MediaAttachment, FollowRequest, Invite)
    return rows(), [list(model.select().order_by(*model._meta.get_primary_keys()).dicts()) for model in own]


async def test_the_group_of_other_peoples_favourites_is_nobody_elses(
    client: Client, cast: Cast, token: MakeToken
) -> None:
    with store.transaction():
        follows.follow(cast.bob.account.id, cast.frida.account.id)
    row = Notification.get(Notification.account == cast.frida.account.id)
    key = notification_groups.key_of(row)
    bob, frida = people.with_token(cast.bob, token), people.with_token(cast.frida, token)
    asked, other = (Request("GET", f"/api/v2/notifications/{one}", {}) for one in (key, f"{key[:-1]}0"))

    answers = [await put(client, bob, one, cast, cast.nothing) for one in (asked, other)]

    assert answers[0] == answers[1]
    assert (answers[0].status, (await put(client, frida, asked, cast, cast.nothing)).status) == (404, 200)
