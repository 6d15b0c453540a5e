"""Whoever asks by id for what is hidden from them, gets what they get for an id that nobody has: to the byte.

Each route of the application that takes the id of a status is asked about each kind of hidden status by each outsider.
Beside it stands what those may do from whom nothing is hidden.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

from node import store
from node.models import TABLES, Status, Visibility
from node.services.statuses import deletion
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.privacy.answers import Answer, Reader, about, ask
from tests.privacy.cast import ACTIVITY, HIDDEN, WORD, Cast
from tests.web.conftest import Client

Token = Callable[..., str]
Makers = dict[str, Callable[[Client, Cast, Token], Reader]]

_OF_STATUSES = ("/api/v1/statuses/{id}", "/api/v1/pleroma/statuses/{id}", "/@{acct}/{id}", "/statuses/{id}")
_VERBS = [
    f"{undo}{verb}" for verb in ("favourite", "reblog", "bookmark", "pin", "mute", "react") for undo in ("", "un")
]
_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/api/v1/statuses/{id}"): {"status": "changed"},
    ("POST", "/statuses/{id}/edit"): {"text": "changed"},
    ("POST", "/statuses/{id}/vote"): {"choices": "0"},
    ("POST", "/statuses/{id}/{verb}"): {"emoji": "👍"},
}


_EMOJI = "%F0%9F%91%8D"


class Request(NamedTuple):
    method: str
    path: str
    body: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def requests(client: Client, prefixes: Iterable[str] = _OF_STATUSES) -> list[Request]:
    """Every route that takes the id of a status."""
    found = []
    for route in client.app.router.routes():
        assert route.resource is not None
        template = route.resource.canonical
        if route.method == "HEAD" or template.endswith("/") or not template.startswith(tuple(prefixes)):
            continue
        for verb in _VERBS if "{verb}" in template else [""]:
            path = template.replace("{acct}", "alice").replace("{verb}", verb).replace("{emoji}", _EMOJI)
            found.append(Request(route.method, path, _BODIES.get((route.method, template), {})))
    return found


# Where an id is a word among others.
NAMING = [
    Request("GET", "/api/v1/statuses?id[]={id}", {}),
    Request("POST", "/api/v1/statuses", {"status": "I answer", "in_reply_to_id": "{id}"}),
    Request("POST", "/api/v1/statuses", {"status": "I quote", "quoted_status_id": "{id}"}),
    Request("POST", "/api/v1/reports", {"account_id": "{alice}", "status_ids": ["{id}"]}),
    Request("GET", "/api/v2/search?q=https://a.test/@alice/{id}&resolve=true", {}),
    Request("GET", "/api/v2/search?q=https://a.test/ap/users/{alice}/statuses/{id}&resolve=true", {}),
    Request("GET", "/search?q=https://a.test/@alice/{id}", {}),
    Request("GET", "/search?q=https://a.test/ap/users/{alice}/statuses/{id}", {}),
    Request("GET", "/interact?uri=https://a.test/ap/users/{alice}/statuses/{id}", {}),
    Request("GET", "/authorize_interaction?uri=https://a.test/ap/users/{alice}/statuses/{id}", {}),
    Request("GET", "/compose?in_reply_to_id={id}", {}),
    Request("POST", "/compose", {"text": "I answer", "in_reply_to_id": "{id}"}),
    Request("GET", "/report?account_id={alice}&status_id={id}", {}),
    Request("POST", "/report", {"account_id": "{alice}", "status_ids": "{id}"}),
]

VISITORS: Makers = {
    "visitor with an app": lambda client, cast, token: people.visitor(),
    "visitor with a browser": lambda client, cast, token: people.browsing(client),
}
STRANGERS: Makers = {
    "stranger with an app": lambda client, cast, token: people.with_token(cast.bob, token),
    "stranger with a browser": lambda client, cast, token: people.signed_in(client, cast.bob),
    "suspended with an app": lambda client, cast, token: people.with_token(cast.susan, token),
}
BLOCKED: Makers = {
    "blocked with an app": lambda client, cast, token: people.with_token(cast.blake, token),
    "blocked with a browser": lambda client, cast, token: people.signed_in(client, cast.blake),
}
EVERYBODY = VISITORS | STRANGERS | BLOCKED


def deleted(visibility: Visibility, **more: Any) -> Callable[[Cast], Status]:
    def make(cast: Cast) -> Status:
        status = make_status(cast.alice, HIDDEN, visibility=visibility, **more)
        with store.transaction():
            deletion.delete(cast.alice.account.id, status.id)
        return status

    return make


def by_somebody_suspended(cast: Cast) -> Status:
    status = make_status(cast.bob, HIDDEN)
    with store.transaction():
        Status.update(account=cast.susan.account.id).where(Status.id == status.id).execute()
    return status


HIDDEN_FROM: dict[str, tuple[Callable[[Cast], Status], Makers]] = {
    "private": (people.private, EVERYBODY),
    "direct": (people.direct, EVERYBODY),
    "local-only": (people.local_only, VISITORS | BLOCKED),
    "public": (lambda cast: cast.parent, BLOCKED),
    "deleted": (deleted(Visibility.PUBLIC), EVERYBODY),
    "deleted private": (deleted(Visibility.PRIVATE), EVERYBODY),
    "deleted local-only": (deleted(Visibility.PUBLIC, local_only=True), EVERYBODY),
    "suspended": (by_somebody_suspended, EVERYBODY),
}


async def put(client: Client, reader: Reader, request: Request, cast: Cast, an_id: int) -> Answer:
    """The answer to `request` about the id."""

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(one) for one in value]
        return value.replace("{id}", str(an_id)).replace("{alice}", str(cast.alice.account.id))

    options: dict[str, Any] = {}
    if request.method != "GET":
        body = {name: filled(value) for name, value in request.body.items()}
        options = {"json" if request.path.startswith("/api/") else "data": body}
    return about(await ask(client, reader, request.method, filled(request.path), **options), an_id)


def rows() -> dict[str, int]:
    """How many there are of everything."""
    return {model.__name__: model.select().count() for model in TABLES}


def is_a_visitor(reader: Reader, request: Request) -> bool:
    """Tokens are for the API, sessions for pages; each is nobody in the other place, and everybody is in frames."""
    return is_framed(request) or ("Authorization" in reader.headers) != request.path.startswith("/api/")


def is_framed(request: Request) -> bool:
    return request.path.startswith("/@") and request.path.endswith("/embed")


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, (_, makers) in HIDDEN_FROM.items() for name in makers]
)
async def test_what_is_hidden_answers_like_what_is_not_there(
    client: Client, cast: Cast, token: Token, kind: str, name: str
) -> None:
    make, makers = HIDDEN_FROM[kind]
    status, reader = make(cast), makers[name](client, cast, token)
    before, wrong = rows(), []

    for request in [*requests(client), *NAMING]:
        if kind == "public" and is_a_visitor(reader, request):
            continue
        about_it = await put(client, reader, request, cast, status.id)
        about_nothing = await put(client, reader, request, cast, cast.nothing)
        if about_it != about_nothing:
            wrong.append(f"{request}: {about_it.text[-300:]!r} and not {about_nothing.text[-300:]!r}")
        if WORD in about_it.text or about_it.status >= 500:
            wrong.append(f"{request}: {about_it.status} {about_it.text[-300:]!r}")

    assert wrong == []
    assert rows() == before


# ── those who may know ─────────────────────────────────────────────────────────────────────────────────────────────

# What the API answers about a post for followers: to a follower, and to its author.
_API: dict[str, tuple[int, int]] = {
    "GET ": (200, 200),
    "GET /context": (200, 200),
    "GET /history": (200, 200),
    "GET /source": (404, 200),
    "GET /favourited_by": (200, 200),
    "GET /reblogged_by": (200, 200),
    "GET /quotes": (200, 200),
    "POST /quotes/{quoting}/revoke": (404, 404),  # nothing quotes it
    "PUT /interaction_policy": (404, 200),
    "POST /translate": (503, 503),  # there is no translator
    "POST /favourite": (200, 200),
    "POST /unfavourite": (200, 200),
    "POST /bookmark": (200, 200),
    "POST /unbookmark": (200, 200),
    "POST /mute": (200, 200),
    "POST /unmute": (200, 200),
    "POST /reblog": (422, 200),
    "POST /unreblog": (200, 200),
    "POST /pin": (404, 200),
    "POST /unpin": (404, 200),
    "GET /emoji_reactions": (200, 200),
    f"GET /emoji_reactions/{_EMOJI}": (200, 200),
    f"PUT /emoji_reactions/{_EMOJI}": (200, 200),
    f"DELETE /emoji_reactions/{_EMOJI}": (200, 200),
    "PUT ": (404, 200),
    "DELETE ": (404, 200),
}


def last_comes_deletion(request: Request) -> bool:
    return (request.method == "DELETE" and _EMOJI not in request.path) or request.path.endswith("/delete")


@pytest.mark.parametrize("who", ["a follower", "the author"])
async def test_those_who_may_know_are_answered_by_the_api(client: Client, cast: Cast, token: Token, who: str) -> None:
    status = people.private(cast)
    reader = people.with_token(cast.frida if who == "a follower" else cast.alice, token)
    column = ("a follower", "the author").index(who)
    asked = sorted(requests(client, ["/api/v1/statuses/{id}"]), key=last_comes_deletion)

    answers = {
        str(request).replace("/api/v1/statuses/{id}", ""): (
            await put(client, reader, request, cast, status.id)
        ).status
        for request in asked
    }

    assert answers == {request: expected[column] for request, expected in _API.items()}


@pytest.mark.parametrize("who", ["a follower", "the author"])
async def test_those_who_may_know_are_shown_pages(client: Client, cast: Cast, who: str) -> None:
    status = people.private(cast)
    reader = people.signed_in(client, cast.frida if who == "a follower" else cast.alice)
    pages = [one for one in requests(client, ["/@{acct}/{id}"]) if one.method == "GET" and not is_framed(one)]
    pages += [Request("GET", f"/compose?in_reply_to_id={status.id}", {})]

    answers = {str(request): await put(client, reader, request, cast, status.id) for request in pages}

    assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert WORD in answers["GET /@{acct}/{id}".replace("{acct}", "alice")].body


async def test_those_who_may_know_can_do_everything_on_pages(client: Client, cast: Cast) -> None:
    status = people.private(cast)
    author, follower = people.signed_in(client, cast.alice), people.signed_in(client, cast.frida)
    verbs = requests(client, ["/statuses/{id}/{verb}"])

    by_author = {str(one): (await put(client, author, one, cast, status.id)).status for one in verbs}
    by_follower = {
        str(one): (await put(client, follower, one, cast, status.id)).status
        for one in verbs
        if not one.path.endswith(("pin", "/reblog"))
    }

    assert set(by_author.values()) == set(by_follower.values()) == {303}


async def test_whom_a_post_names_reads_it_and_answers(client: Client, cast: Cast, token: Token) -> None:
    status, dora = people.direct(cast), people.with_token(cast.dora, token)

    shown = await ask(client, dora, "GET", f"/api/v1/statuses/{status.id}")
    answered = await ask(
        client,
        dora,
        "POST",
        "/api/v1/statuses",
        json={"status": "@alice Yes.", "visibility": "direct", "in_reply_to_id": str(status.id)},
    )

    assert (shown.status, answered.status) == (200, 200)
    assert WORD in shown.body


# ── other servers ──────────────────────────────────────────────────────────────────────────────────────────────────

_PARTS = ("", "/activity", "/replies", "/replies?page=true", "/likes", "/shares", "/context")


def document(cast: Cast, an_id: int, part: str) -> str:
    return f"/ap/users/{cast.alice.account.id}/statuses/{an_id}{part}"


@pytest.mark.parametrize("part", _PARTS)
@pytest.mark.parametrize("kind", ["private", "direct", "local-only", "deleted private", "deleted local-only"])
async def test_servers_are_answered_as_if_it_were_not_there(client: Client, cast: Cast, kind: str, part: str) -> None:
    status = HIDDEN_FROM[kind][0](cast)
    there, nothing = document(cast, status.id, part), document(cast, cast.nothing, part)
    unsigned, stranger = people.visitor(ACTIVITY), people.signing(cast.rita)

    answers = [
        (about(await ask(client, unsigned, "GET", there), status.id)),
        (about(await ask(client, unsigned, "GET", nothing), cast.nothing)),
        (about(await ask(client, stranger(there), "GET", there), status.id)),
        (about(await ask(client, stranger(nothing), "GET", nothing), cast.nothing)),
    ]

    assert [answer.status for answer in answers] == [404] * 4
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("kind", ["local-only", "deleted private"])
async def test_not_even_a_follower_elsewhere_hears_of_what_stays_here_or_is_gone(
    client: Client, cast: Cast, kind: str
) -> None:
    status = HIDDEN_FROM[kind][0](cast)
    there, nothing = document(cast, status.id, ""), document(cast, cast.nothing, "")
    follower = people.signing(cast.rolf)

    about_it = about(await ask(client, follower(there), "GET", there), status.id)

    assert about_it == about(await ask(client, follower(nothing), "GET", nothing), cast.nothing)


@pytest.mark.parametrize("part", _PARTS)
async def test_a_follower_elsewhere_reads_what_is_for_followers_and_nobody_keeps_it(
    client: Client, cast: Cast, part: str
) -> None:
    status = make_status(cast.alice, HIDDEN, visibility=Visibility.PRIVATE)
    path = document(cast, status.id, part)

    answer = await ask(client, people.signing(cast.rolf)(path), "GET", path)

    assert answer.status == 200
    headers = dict(answer.headers)
    assert headers["Cache-Control"] == "private, no-store"
    assert {"Accept", "Signature"} <= set(headers["Vary"].replace(",", " ").split())


async def test_whom_a_post_names_elsewhere_reads_it(client: Client, cast: Cast) -> None:
    status = make_status(cast.alice, f"@rita@remote.test {HIDDEN}", visibility=Visibility.DIRECT)
    path = document(cast, status.id, "")

    named = await ask(client, people.signing(cast.rita)(path), "GET", path)
    follower = await ask(client, people.signing(cast.rolf)(path), "GET", path)

    assert (named.status, follower.status) == (200, 404)
    assert WORD in named.body
    assert "rolf" not in named.body
    assert f"/ap/users/{cast.alice.account.id}/followers" not in named.body.partition('"to":')[2].partition("]")[0]


async def test_the_page_of_a_post_is_its_document_under_the_same_rules(client: Client, cast: Cast) -> None:
    status = people.private(cast)
    there, nothing = f"/@alice/{status.id}", f"/@alice/{cast.nothing}"
    stranger, follower = people.signing(cast.rita), people.signing(cast.rolf)

    refused = about(await ask(client, stranger(there), "GET", there), status.id)

    assert refused == about(await ask(client, stranger(nothing), "GET", nothing), cast.nothing)
    assert (refused.status, (await ask(client, follower(there), "GET", there)).status) == (404, 200)


async def test_what_everybody_could_read_leaves_a_tombstone(client: Client, cast: Cast) -> None:
    status = deleted(Visibility.PUBLIC)(cast)

    assert (await ask(client, people.visitor(ACTIVITY), "GET", document(cast, status.id, ""))).status == 410
