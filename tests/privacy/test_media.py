"""Pictures of hidden posts: at addresses that nobody can guess, without what the camera wrote, and their owner's alone."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from node import store
from node.media.storage import is_key
from node.models import MediaAttachment, Status, Visibility
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft
from node.services.statuses.facts import MediaFacts
from tests.factories_posts import make_media, make_status
from tests.node.media.pictures import picture
from tests.privacy import cast as people
from tests.privacy.answers import Reader, ask
from tests.privacy.cast import WORD, Cast
from tests.privacy.test_by_id import Request, put, rows
from tests.web.conftest import Client
from web.files import remote_media

Token = Callable[..., str]


async def upload(client: Client, reader: Reader, data: bytes) -> dict[str, Any]:
    form = FormData()
    form.add_field("file", BytesIO(data), filename="holiday with hushhush.png", content_type="image/png")
    async with client.post("/api/v2/media", data=form, headers=reader.asking()) as response:
        assert response.status == 200, await response.text()
        return dict(await response.json())


async def test_each_file_has_an_address_that_nobody_can_guess(client: Client, cast: Cast, token: Token) -> None:
    alice, data = people.with_token(cast.alice, token), picture(".png", 8, 8)

    first, second = await upload(client, alice, data), await upload(client, alice, data)

    addresses = {one[name] for one in (first, second) for name in ("url", "preview_url")}
    assert len(addresses) == 4  # the same picture twice is two files
    for address in addresses:
        key = address.removeprefix("https://a.test/media/")
        assert is_key(key)
        assert re.search(r"[A-Za-z0-9_-]{20,}", key)
        assert WORD not in key
        assert first["id"] not in key


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/media",
        "/media/media/",
        "/media/../secret",
        "/media/%2e%2e/secret",
        "/media/..%2fsecret",
        "/media//etc/passwd",
        "/media/%00",
        "/media/media/%ff",
        "/media/media/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.png",
        "/media/" + "a" * 3000,
        "/proxy/x/y",
        "/proxy/x/aHR0cHM6Ly9yZW1vdGUudGVzdC9h",
        "/proxy//",
    ],
)
async def test_there_is_no_list_of_files_and_no_way_out_of_their_folder(
    client: Client, cast: Cast, path: str
) -> None:
    answer = await ask(client, people.visitor(), "GET", path)

    assert answer.status in (400, 404)


async def test_the_signature_of_one_remote_file_opens_no_other(client: Client, cast: Cast) -> None:
    one, other = (remote_media.address(f"https://remote.test/{name}.png") for name in ("one", "other"))
    signature, path = one.split("/")[-2], other.split("/")[-1]

    answer = await ask(client, people.visitor(), "GET", f"/proxy/{signature}/{path}")

    assert answer.status == 404


async def test_remote_pictures_are_shown_through_our_own_address(client: Client, cast: Cast, token: Token) -> None:
    facts = MediaFacts(kind="image", mime="image/png", remote_url="https://remote.test/spy.png")
    status = make_status(cast.rita, "Look.", media=(facts,))
    paths = [f"/api/v1/statuses/{status.id}", f"/@rita@remote.test/{status.id}", "/@rita@remote.test"]
    readers = [people.with_token(cast.bob, token), people.browsing(client), people.signed_in(client, cast.bob)]

    answers = [await ask(client, reader, "GET", path) for path in paths for reader in readers]

    loaded = [match for one in answers for match in re.findall(r'(?:src|srcset|poster)="([^"]*)"', one.body)]
    assert all(one.status == 200 for one in answers)
    assert [address for address in loaded if "remote.test" in address] == []
    assert any("/proxy/" in one.body for one in answers)


@pytest.mark.parametrize("place", ["new", "new with a browser", "edit", "edit with a browser"])
async def test_nobody_posts_the_picture_of_another(client: Client, cast: Cast, token: Token, place: str) -> None:
    hidden = people.private(cast)
    loose, attached = make_media(cast.alice).id, MediaAttachment.get(MediaAttachment.status == hidden.id).id
    own = make_status(cast.bob, "Mine.")
    app, browser = people.with_token(cast.bob, token), people.signed_in(client, cast.bob)
    asked: dict[str, tuple[str, str, dict[str, Any]]] = {
        "new": ("POST", "/api/v1/statuses", {"status": "x", "media_ids": ["{id}"]}),
        "new with a browser": ("POST", "/compose", {"text": "x", "media_ids": "{id}"}),
        "edit": ("PUT", f"/api/v1/statuses/{own.id}", {"status": "x", "media_ids": ["{id}"]}),
        "edit with a browser": ("POST", f"/statuses/{own.id}/edit", {"text": "x", "media_ids": "{id}"}),
    }
    reader, before = (browser if "browser" in place else app), rows()

    answers = [
        await put(client, reader, Request(*asked[place]), cast, an_id) for an_id in (loose, attached, cast.nothing)
    ]

    assert answers[0] == answers[1] == answers[2]
    assert answers[0].status in (404, 422)
    assert rows() == before
    assert MediaAttachment.get_by_id(attached).status_id == hidden.id
    assert Status.get_by_id(own.id).source == "Mine."


async def test_a_posted_picture_is_not_posted_a_second_time(client: Client, cast: Cast, token: Token) -> None:
    hidden = people.private(cast)
    attached = MediaAttachment.get(MediaAttachment.status == hidden.id)
    alice = people.with_token(cast.alice, token)

    answer = await ask(
        client, alice, "POST", "/api/v1/statuses", json={"status": "For all", "media_ids": [str(attached.id)]}
    )

    assert answer.status in (404, 422)
    assert MediaAttachment.get_by_id(attached.id).status_id == hidden.id


async def test_what_is_taken_out_of_a_post_is_in_no_answer_any_more(client: Client, cast: Cast, token: Token) -> None:
    one = make_media(cast.alice, description=WORD)
    status = make_status(cast.alice, "Look.", media_ids=(one.id,))
    bob = people.with_token(cast.bob, token)
    before = await ask(client, bob, "GET", f"/api/v1/statuses/{status.id}")
    with store.transaction():
        edits.edit(cast.alice.account.id, status.id, Draft(text="Look away."))

    after = await ask(client, bob, "GET", f"/api/v1/statuses/{status.id}")

    assert (WORD in before.body, WORD in after.body) == (True, False)


async def test_of_a_deleted_post_no_answer_has_the_picture(client: Client, cast: Cast, token: Token) -> None:
    one = make_media(cast.alice)
    status = make_status(cast.alice, "Look.", visibility=Visibility.PUBLIC, media_ids=(one.id,))
    with store.transaction():
        deletion.delete(cast.alice.account.id, status.id)
    alice, bob = people.with_token(cast.alice, token), people.with_token(cast.bob, token)
    path = f"/api/v1/media/{one.id}"

    answers = [(await ask(client, reader, "GET", path)).status for reader in (alice, bob)]

    assert answers == [200, 404]


async def test_places_and_cameras_are_taken_out(client: Client, cast: Cast, token: Token, tmp_path: Path) -> None:
    import pyvips

    image = pyvips.Image.black(32, 32, bands=3).copy()
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-ImageDescription", f"{WORD} (place)")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "52/1 30/1 0/1")
    data = image.write_to_buffer(".jpg")
    assert b"GPS" in data or WORD.encode() in data

    shown = await upload(client, people.with_token(cast.alice, token), data)

    for name in ("url", "preview_url"):
        response = await client.get(shown[name].removeprefix("https://a.test"))
        file = await response.read()
        assert response.status == 200
        assert WORD.encode() not in file
        assert b"Exif" not in file
