"""Posts for other pages to show."""

from collections.abc import Callable

import pytest

from node import store
from node.models import Account, Visibility
from node.services.interactions import reblogs
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client

PATH = "/api/oembed"


async def test_a_public_post_is_quoted_with_who_wrote_it(client: Client, alice: Person) -> None:
    status = make_status(alice, "Good <b>morning</b>")

    response = await client.get(
        PATH, params={"url": status.url, "maxwidth": "320"}, headers={"Origin": "https://x.test"}
    )
    found = await response.json()

    assert response.status == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (found["type"], found["version"], found["width"]) == ("rich", "1.0", 320)
    assert (found["author_name"], found["author_url"]) == ("alice", alice.account.url)
    assert "Good &lt;b&gt;morning&lt;/b&gt;" in found["html"]
    assert status.url in found["html"]


async def test_a_page_says_how_large_a_post_may_become(client: Client, alice: Person) -> None:
    status = make_status(alice, "Good morning")

    found = [
        await (await client.get(PATH, params={"url": status.url} | limits)).json()
        for limits in ({}, {"maxheight": "200"}, {"maxwidth": "99999", "maxheight": "0"}, {"maxheight": "99999"})
    ]

    assert [(one["width"], one["height"]) for one in found] == [(400, None), (400, 200), (2_000, None), (400, 2_000)]
    assert 'data-width="400" data-height="200"' in found[1]["html"]
    assert "data-height" not in found[0]["html"]


async def test_a_warning_stands_in_place_of_the_text(client: Client, alice: Person) -> None:
    status = make_status(alice, "the end", spoiler_text="A <film>")

    found = await (await client.get(PATH, params={"url": status.url})).json()

    assert "A &lt;film&gt;" in found["html"]
    assert "the end" not in found["html"]


async def test_what_is_not_for_everybody_answers_like_what_is_not_there(
    client: Client, alice: Person, bob: Person, remote: Callable[..., Account]
) -> None:
    public = make_status(bob, "hello")
    boost = await store.write(reblogs.add, alice.account.id, public.id)
    hidden = [
        make_status(alice, "for followers", visibility=Visibility.PRIVATE).url,
        make_status(alice, "@bob psst", visibility=Visibility.DIRECT).url,
        make_status(alice, "for us", local_only=True).url,
        f"https://a.test/@carol/{make_status(remote('carol'), 'from elsewhere').id}",
        f"https://a.test/@alice/{boost.id}",
    ]
    nowhere = ["", "https://a.test/@alice/1", "https://a.test/@alice", "https://other.test/@alice/1", "x" * 3_000]
    nowhere += [f"https://a.test/@alice/{'9' * 19}", f"https://evil.test/?https://a.test/@bob/{public.id}"]

    bodies = set()
    for url in hidden + nowhere:
        response = await client.get(PATH, params={"url": url})
        assert response.status == 404, url
        bodies.add(await response.text())

    assert len(bodies) == 1


@pytest.mark.parametrize("width", ["0", "99999"])
async def test_odd_widths_are_moved_to_the_nearest(client: Client, alice: Person, width: str) -> None:
    status = make_status(alice)

    found = await (await client.get(PATH, params={"url": status.url, "maxwidth": width})).json()

    assert found["width"] == (400 if width == "0" else 2_000)
