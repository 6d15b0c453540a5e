"""Who could read something and may not any more, finds it nowhere: not in what was kept for them either."""

from collections.abc import Callable

import pytest

from node import store
from node.models import Follow, Visibility
from node.services import follows
from node.services.interactions import bookmarks, favourites, reblogs
from node.services.moderation import decisions as moderation
from node.services.relationships import blocks, lists
from node.services.statuses import edits
from node.services.statuses.drafts import Draft
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.privacy.answers import ask
from tests.privacy.cast import HIDDEN, TAG, WORD, Cast
from tests.web.conftest import Client

Token = Callable[..., str]

KEPT = [
    "/api/v1/timelines/home",
    "/api/v1/timelines/list/{list}",
    "/api/v1/timelines/direct",
    "/api/v1/accounts/{alice}/statuses",
    "/api/v1/notifications",
    "/api/v2/notifications",
    "/api/v1/conversations",
    "/api/v1/bookmarks",
    "/api/v1/favourites",
    f"/api/v2/search?q={TAG}",
]
KEPT_PAGES = [
    "/home",
    "/notifications",
    "/conversations",
    "/bookmarks",
    "/favourites",
    f"/search?q={TAG}",
    "/@alice",
]


def remove_follower(cast: Cast) -> None:
    follows.remove_follower(cast.alice.account.id, cast.frida.account.id)


def unfollow(cast: Cast) -> None:
    follows.unfollow(cast.frida.account.id, cast.alice.account.id)


def block(cast: Cast) -> None:
    blocks.block(cast.alice.account.id, cast.frida.account.id)


def be_blocked(cast: Cast) -> None:
    blocks.block(cast.frida.account.id, cast.alice.account.id)


def suspend(cast: Cast) -> None:
    moderation.suspend(cast.alice.account.id, None)


def keep(cast: Cast) -> int:
    """Frida keeps a post for followers in every way there is; the id of a list of hers."""
    frida, alice = cast.frida.account.id, cast.alice.account.id
    with store.transaction():
        Follow.update(notify=True).where(Follow.account == frida).execute()
        own = lists.create(frida, "Friends")
        lists.add_members(frida, own.id, [alice])
    status = make_status(cast.alice, HIDDEN, visibility=Visibility.PRIVATE)
    with store.transaction():
        bookmarks.add(frida, status.id)
        favourites.add(frida, status.id)
        reblogs.add(alice, status.id)
        edits.edit(alice, status.id, Draft(text=f"{HIDDEN}, changed"))
    return own.id


async def places_that_tell(
    client: Client, cast: Cast, token: Token, list_id: int, paths: list[str], pages: list[str]
) -> list[str]:
    app, browser = people.with_token(cast.frida, token), people.signed_in(client, cast.frida)
    filled = [path.format(alice=cast.alice.account.id, list=list_id) for path in paths]
    answers = {path: await ask(client, app, "GET", path) for path in filled}
    answers |= {path: await ask(client, browser, "GET", path) for path in pages}
    assert [path for path, answer in answers.items() if answer.status >= 500] == []
    return [path for path, answer in answers.items() if WORD in answer.body]


@pytest.mark.parametrize("end", [remove_follower, unfollow, block, be_blocked, suspend])
async def test_a_former_follower_finds_nothing_that_was_for_followers(
    client: Client, cast: Cast, token: Token, end: Callable[[Cast], None]
) -> None:
    list_id = keep(cast)
    before = await places_that_tell(client, cast, token, list_id, KEPT, KEPT_PAGES)
    with store.transaction():
        end(cast)

    after = await places_that_tell(client, cast, token, list_id, KEPT, KEPT_PAGES)

    assert len(before) == len(KEPT) + len(KEPT_PAGES) - 3  # no direct messages
    assert after == []


@pytest.mark.parametrize("end", [block, be_blocked, suspend])
async def test_messages_are_gone_with_who_wrote_them(
    client: Client, cast: Cast, token: Token, end: Callable[[Cast], None]
) -> None:
    make_status(cast.alice, f"@frida {HIDDEN}", visibility=Visibility.DIRECT)
    paths, pages = ["/api/v1/conversations", "/api/v1/timelines/direct", "/api/v1/notifications"], ["/conversations"]
    before = await places_that_tell(client, cast, token, 0, paths, pages)
    with store.transaction():
        end(cast)

    after = await places_that_tell(client, cast, token, 0, paths, pages)

    assert (before, after) == ([*paths, *pages], [])


async def test_a_list_loses_whom_its_owner_stops_following(client: Client, cast: Cast) -> None:
    frida, alice = cast.frida.account.id, cast.alice.account.id
    list_id = keep(cast)

    with store.transaction():
        follows.unfollow(frida, alice)

    assert lists.containing(frida, alice) == []
    assert lists.get(frida, list_id).title == "Friends"
