"""Whatever Alice hides, no GET of the whole node answers an outsider otherwise than before: not a byte, not a number.

Every route of the application is asked twice, before and after, with the addresses that an outsider could guess. So
this holds for pages, timelines, counters, search, feeds and documents alike, and for routes that are yet to come.
"""

import gc
from collections.abc import Callable, Iterator

import pytest

from node import clock, store
from node.models import Visibility
from node.services.caching.cache import Cache
from node.services.interactions import bookmarks, favourites, pins, reblogs
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.privacy.answers import Answer, Reader, ask
from tests.privacy.cast import ACTIVITY, HIDDEN, TAG, WORD, Cast
from tests.web.conftest import Client
from web.pages import visitors

Ask = Callable[[str], Reader]

NOW = 1_795_545_591_000

# Streams never end, files have tests of their own, and figures of the machine change with every request.
_LEFT_OUT = ("/api/v1/streaming", "/events", "/static/", "/metrics", "/media/", "/proxy/")
_PLACES = {
    "acct": ["alice", "bob"],
    "name": ["alice", TAG, "birds"],
    "tag": [TAG, "birds"],
    "hashtag": [TAG, "birds"],
    "version": ["2.0", "2.1"],
    "tab": ["replies", "media"],
    "verb": ["block"],
    "kind": ["sitemap.xml"],
}
_QUESTIONS = [
    f"/api/v2/search?q={WORD}",
    f"/api/v2/search?q={TAG}",
    "/api/v2/search?q=hush&type=hashtags",
    f"/api/v2/search?q={WORD}&type=statuses&account_id={{alice}}",
    f"/search?q={WORD}",
    "/search?q=hush&type=hashtags",
    "/compose/suggest?q=%23hush",
    f"/api/v1/timelines/tag/birds?any[]={TAG}",
    f"/api/v1/timelines/tag/{TAG}?local=true",
    "/api/v1/timelines/public?local=true&only_media=true",
    "/api/v1/accounts/{alice}/statuses?pinned=true",
    "/api/v1/accounts/{alice}/statuses?only_media=true",
    "/api/v1/accounts/{alice}/statuses?exclude_reblogs=true",
    f"/api/v1/accounts/{{alice}}/statuses?tagged={TAG}",
    "/api/v1/statuses?id[]={parent}&id[]={nothing}",
    "/api/v1/directory?order=active&local=true",
    "/ap/users/{alice}/outbox?page=true",
    "/ap/users/{alice}/followers?page=true",
    "/ap/users/{alice}/statuses/{parent}/replies?page=true",
    "/ap/users/{alice}/statuses/{parent}/replies?only_other_accounts=true&page=true",
    "/ap/users/{alice}/statuses/{parent}/context?page=true",
    "/.well-known/webfinger?resource=acct:alice@a.test",
    "/report?account_id={alice}",
    "/compose?in_reply_to_id={parent}",
    "/interact?uri=https://a.test/ap/users/{alice}/statuses/{parent}",
]


@pytest.fixture
def at_one_time() -> Iterator[None]:
    """What says when it was said says the same."""
    with clock.frozen(NOW):
        yield


def addresses(client: Client, cast: Cast) -> list[str]:
    """Every GET of the application, its places filled with what everybody knows."""
    found = {with_ids(question, cast) for question in _QUESTIONS}
    for route in client.app.router.routes():
        assert route.resource is not None
        template = route.resource.canonical
        # The same with a slash at its end is the same handler.
        is_another = not template.endswith("/") or template == "/"
        if route.method == "GET" and is_another and not template.startswith(_LEFT_OUT):
            found.update(_filled(template, cast))
    return sorted(found)


def with_ids(path: str, cast: Cast) -> str:
    return path.format(alice=cast.alice.account.id, parent=cast.parent.id, nothing=cast.nothing)


def _filled(template: str, cast: Cast) -> list[str]:
    ids = {
        "id": [cast.parent.id, cast.other.id, cast.alice.account.id],
        "account": [cast.alice.account.id],
        "status": [cast.parent.id],
        "list_id": [cast.list_id],
    }
    paths = [template]
    while "{" in paths[0]:
        name = paths[0].partition("{")[2].partition("}")[0]
        values: list[object] = [*ids.get(name, []), *_PLACES.get(name, [])] or ["1"]
        paths = [path.replace(f"{{{name}}}", str(value)) for path in paths for value in values]
    return paths


def hide(cast: Cast) -> list[int]:
    """Everything that Alice and her friends may do in private; the ids of what they wrote."""
    made = [people.private(cast), people.direct(cast)]
    alone = make_status(cast.alice, HIDDEN, visibility=Visibility.PRIVATE)
    answer = make_status(cast.frida, f"@alice {HIDDEN}", visibility=Visibility.PRIVATE, in_reply_to_id=cast.other.id)
    elsewhere = make_status(cast.rita, HIDDEN, visibility=Visibility.DIRECT, mentions=(cast.alice.account.id,))
    gone = [make_status(cast.alice, HIDDEN, visibility=kind) for kind in (Visibility.PRIVATE, Visibility.DIRECT)]
    alice, frida = cast.alice.account.id, cast.frida.account.id
    with store.transaction():
        pins.add(alice, alone.id)
        boost = reblogs.add(alice, alone.id)
        favourites.add(frida, alone.id)
        bookmarks.add(frida, alone.id)
        edits.edit(alice, alone.id, Draft(text=f"{HIDDEN}, changed"))
        for status in gone:
            deletion.delete(alice, status.id)
    return [row.id for row in (*made, alone, answer, boost, elsewhere, *gone)]


def keep_here(cast: Cast) -> list[int]:
    """The same for what does not leave the node."""
    made, gone = people.local_only(cast), people.local_only(cast)
    alone = make_status(cast.alice, HIDDEN, local_only=True)
    alice, bob = cast.alice.account.id, cast.bob.account.id
    with store.transaction():
        pins.add(alice, alone.id)
        boost = reblogs.add(bob, alone.id)
        favourites.add(bob, alone.id)
        edits.edit(alice, alone.id, Draft(text=f"{HIDDEN}, changed"))
        deletion.delete(alice, gone.id)
    return [row.id for row in (made, gone, alone, boost)]


async def crawl(client: Client, of: Ask, paths: list[str]) -> dict[str, Answer]:
    """The answers of a node that remembers nothing: numbers that are counted every few minutes are counted now."""
    visitors.forget()
    for one in gc.get_objects():
        if type(one) is Cache:
            one.clear()
    return {path: await ask(client, of(path), "GET", path) for path in paths}


Maker = Callable[[Client, Cast, Callable[..., str]], Ask]


def always(make: Callable[[Client, Cast, Callable[..., str]], Reader]) -> Maker:
    def prepare(client: Client, cast: Cast, token: Callable[..., str]) -> Ask:
        reader = make(client, cast, token)
        return lambda _: reader

    return prepare


VISITORS: dict[str, Maker] = {
    "visitor with an app": always(lambda client, cast, token: people.visitor()),
    "visitor with a browser": always(lambda client, cast, token: people.browsing(client)),
    "server that asks for documents": always(lambda client, cast, token: people.visitor(ACTIVITY)),
    "stranger elsewhere": lambda client, cast, token: people.signing(cast.rita),
}
MEMBERS: dict[str, Maker] = {
    "stranger with an app": always(lambda client, cast, token: people.with_token(cast.bob, token)),
    "stranger with a browser": always(lambda client, cast, token: people.signed_in(client, cast.bob)),
    "blocked with an app": always(lambda client, cast, token: people.with_token(cast.blake, token)),
    "blocked with a browser": always(lambda client, cast, token: people.signed_in(client, cast.blake)),
    "suspended with an app": always(lambda client, cast, token: people.with_token(cast.susan, token)),
}
OUTSIDERS = VISITORS | MEMBERS


async def changes(client: Client, cast: Cast, of: Ask, hide: Callable[[Cast], list[int]]) -> str:
    """What an outsider can find out; empty when that is nothing."""
    paths = addresses(client, cast)
    before = await crawl(client, of, paths)
    ids = hide(cast)
    after = await crawl(client, of, paths)
    wrong = [f"{path} is {after[path].status}" for path in paths if after[path].status >= 500]
    wrong += [f"{path} has an id" for path in paths if any(str(an_id) in after[path].text for an_id in ids)]
    wrong += [f"{path} {difference(before[path], after[path])}" for path in paths if before[path] != after[path]]
    return "\n".join(wrong)


def difference(one: Answer, other: Answer) -> str:
    """Where two answers part, with a little around it."""
    pairs = enumerate(zip(one.text, other.text, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(one.text), len(other.text)))
    around = slice(max(at - 60, 0), at + 60)
    return f"says {other.text[around]!r} after {one.text[around]!r}"


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_outsiders_cannot_tell_whether_anything_is_hidden(
    client: Client, cast: Cast, token: Callable[..., str], at_one_time: None, name: str
) -> None:
    assert await changes(client, cast, OUTSIDERS[name](client, cast, token), hide) == ""


@pytest.mark.parametrize("name", VISITORS)
async def test_what_stays_on_the_node_is_known_to_members_alone(
    client: Client, cast: Cast, token: Callable[..., str], at_one_time: None, name: str
) -> None:
    assert await changes(client, cast, VISITORS[name](client, cast, token), keep_here) == ""


@pytest.mark.parametrize(
    ("name", "places"),
    [
        (
            "frida with an app",
            [
                "/api/v1/timelines/home",
                "/api/v1/accounts/{alice}/statuses",
                "/api/v1/accounts/{alice}/statuses?pinned=true",
                "/api/v1/statuses/{parent}/context",
                "/api/v1/favourites",
                "/api/v1/bookmarks",
            ],
        ),
        ("frida with a browser", ["/home", "/@alice", "/@alice/replies", "/favourites", "/bookmarks"]),
        ("bob with an app", ["/api/v1/notifications"]),
        ("dora with an app", ["/api/v1/conversations", "/api/v1/timelines/direct", "/api/v1/notifications"]),
        ("dora with a browser", ["/conversations", "/notifications"]),
    ],
)
async def test_who_may_know_finds_it_in_the_same_places(
    client: Client, cast: Cast, token: Callable[..., str], name: str, places: list[str]
) -> None:
    person = {"frida": cast.frida, "dora": cast.dora, "bob": cast.bob}[name.split()[0]]
    reader = people.with_token(person, token) if name.endswith("app") else people.signed_in(client, person)
    hide(cast)
    make_status(cast.alice, f"@bob {HIDDEN}", visibility=Visibility.PRIVATE)

    answers = {place: await ask(client, reader, "GET", with_ids(place, cast)) for place in places}

    assert [place for place, answer in answers.items() if WORD not in answer.body] == []


@pytest.mark.parametrize(
    "place",
    ["/api/v1/timelines/public?local=true", f"/api/v1/timelines/tag/{TAG}", "/api/v1/accounts/{alice}/statuses"],
)
async def test_members_find_what_stays_on_the_node(
    client: Client, cast: Cast, token: Callable[..., str], place: str
) -> None:
    keep_here(cast)

    answer = await ask(client, people.with_token(cast.bob, token), "GET", with_ids(place, cast))

    assert WORD in answer.body
