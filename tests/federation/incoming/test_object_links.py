"""Links of which somebody says that they are posts (FEP-e232): what is believed, and where they lead on our pages."""

from typing import Any

import pytest

from node.models import FilterContext, Status, Visibility
from node.services.statuses import loading
from node.store import read
from node.text.links import objects_in
from tests.factories import Person
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import Document, Here, Somebody
from web.pages import posts

AS2 = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


async def receive(here: Here, author: Somebody, text: str, *tags: Document) -> Status:
    note = author.note(text, tag=list(tags))
    await here.receive(author, author.creates(note))
    status = loading.by_uri(note["id"])
    assert status is not None
    return status


def link(href: str, name: str = "", **changes: Any) -> Document:
    return {"type": "Link", "mediaType": AS2, "href": href, "name": name} | changes


async def shown(status: Status, reader: Person | None = None) -> str:
    reader_id = None if reader is None else reader.account.id
    [entity] = await read(posts.of_ids, [status.id], reader_id, FilterContext.THREAD)
    return str(entity["content"])


@pytest.mark.parametrize("media_type", [AS2, "application/activity+json", "application/activity+json; charset=utf-8"])
async def test_a_link_to_a_known_post_stays_here(here: Here, carol: Somebody, alice: Person, media_type: str) -> None:
    first = await receive(here, carol, "Fog.")
    text = '<a href="https://pages.example/1">the fog</a>, <a href="https://pages.example/2">maps</a>'

    status = await receive(here, carol, text, link(first.uri, "the fog", mediaType=media_type))

    content = await shown(status)
    assert f'<a href="/@carol@{carol.host}/{first.id}" class="object" rel="nofollow noopener">the fog</a>' in content
    assert '<a href="https://pages.example/2" target="_blank"' in content


async def test_the_address_of_the_post_itself_will_do(here: Here, carol: Somebody, alice: Person) -> None:
    post = make_status(alice, "Hello.")

    status = await receive(here, carol, f'<a href="{post.uri}">x</a>', link(post.uri))

    assert f'<a href="/@alice/{post.id}" class="object"' in await shown(status)


async def test_what_is_not_known_leads_to_where_it_lives(here: Here, carol: Somebody) -> None:
    status = await receive(here, carol, '<a href="https://o.example/1">x</a>', link("https://o.example/1"))

    assert '<a href="https://o.example/1" class="object" target="_blank"' in await shown(status)


async def test_what_the_reader_may_not_read_is_not_known_to_them(
    here: Here, carol: Somebody, alice: Person, bob: Person
) -> None:
    secret = make_status(alice, "Psst.", visibility=Visibility.PRIVATE)

    status = await receive(here, carol, f'<a href="{secret.uri}">x</a>', link(secret.uri))

    for reader in (None, bob):
        assert f'<a href="{secret.uri}" class="object"' in await shown(status, reader)
    assert f'<a href="/@alice/{secret.id}"' in await shown(status, alice)


@pytest.mark.parametrize(
    "tag",
    [
        link("https://o.example/1", mediaType="text/html"),
        link("https://o.example/1", mediaType="application/ld+json"),
        link("https://o.example/1", mediaType=None),
        link("https://o.example/2", "another"),
        link("javascript:alert(1)", "x"),
        {"type": "Link"},
    ],
)
async def test_other_links_are_links(here: Here, carol: Somebody, tag: Document) -> None:
    status = await receive(here, carol, '<a href="https://o.example/1">x</a>', tag)

    assert objects_in(status.content) == []
    assert '<a href="https://o.example/1" target="_blank"' in status.content


async def test_nobody_writes_the_mark_themselves(here: Here, carol: Somebody, alice: Person) -> None:
    post = make_status(alice, "Hello.")

    status = await receive(here, carol, f'<a href="{post.uri}" class="object" target="_blank">x</a>')

    assert objects_in(status.content) == []
    assert f'href="{post.uri}"' in await shown(status)


async def test_odd_addresses_break_out_of_nothing(here: Here, carol: Somebody) -> None:
    odd = "https://o.example/1?a=1&b=%22%3E"

    status = await receive(here, carol, '<a href="https://p.example/1">x</a>', link(odd, "x"))

    assert objects_in(status.content) == [odd]
    assert '<a href="https://o.example/1?a=1&amp;b=%22%3E" class="object"' in await shown(status)
