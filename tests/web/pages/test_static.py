"""Files that never change under their name."""

import gzip
import re
from pathlib import Path

import pytest

from tests.web.conftest import Client
from web.rendering import static


async def test_a_file_may_be_kept_for_ever_under_the_name_that_pages_use(client: Client) -> None:
    answer = await client.get(static.address("linnet.css"), headers={"Accept-Encoding": "identity"})

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert (await answer.text()).startswith("@layer reset")


async def test_the_plain_name_works_too_but_is_asked_for_again(client: Client) -> None:
    answer = await client.get("/static/avatar.svg")

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_name_of_an_earlier_release_still_finds_the_file_but_not_for_ever(client: Client) -> None:
    answer = await client.get("/static/app.00000000.js")

    assert answer.status == 200
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"another", {}', "*"])
async def test_what_the_browser_has_is_not_sent_again(client: Client, form: str) -> None:
    """A proxy that packs what we sent makes a weak tag of ours."""
    address = static.address("icons.svg")
    tag = (await client.get(address)).headers["ETag"]

    answer = await client.get(address, headers={"If-None-Match": form.format(tag)})

    assert answer.status == 304
    assert await answer.read() == b""


@pytest.mark.parametrize("folder", ["styles", "scripts"])
async def test_each_part_is_in_what_pages_load_and_not_served_by_itself(client: Client, folder: str) -> None:
    files = list((Path(static.__file__).parents[1] / "static" / folder).iterdir())
    joined = {part for place, parts in static.JOINED.values() if place == folder for part in parts}

    assert {file.stem for file in files} == joined
    for file in files:
        assert (await client.get(f"/static/{folder}/{file.name}")).status == 404


async def test_texts_are_packed_once_and_sent_so(client: Client) -> None:
    file = static.find("app.js")

    answer = await client.get(f"/static/{file.name}", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert file.packed is not None
    assert int(answer.headers["Content-Length"]) == len(file.packed)
    assert gzip.decompress(file.packed) == file.body


@pytest.mark.parametrize(
    "name",
    [
        "nothing.css",
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "linnet-360.css",
        "linnet--1.css",
        "linnet-x.css",
        "linnet-0001.css",
        "theme-1.css",
        "a" * 2000,
    ],
)
async def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert (await client.get(f"/static/{name}")).status == 404


@pytest.mark.parametrize("name", ["linnet.css", "admin.css", "embed.css"])
async def test_every_hue_has_its_stylesheets(client: Client, name: str) -> None:
    answer = await client.get(static.sheet_address(name, 200))

    assert answer.status == 200
    assert static.find(name).body + b"@layer tokens{:root{--hue:200;" in await answer.read()
    assert "immutable" in answer.headers["Cache-Control"]


async def test_browsers_find_an_icon_where_they_look_for_it(client: Client) -> None:
    answer = await client.get("/favicon.ico", allow_redirects=False)

    assert answer.status == 302
    assert (await client.get(answer.headers["Location"])).headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("name", ["avatar.svg", "header.svg", "preview.png", "icon-192.png", "icon-512.png"])
async def test_what_the_client_api_names_is_there(client: Client, name: str) -> None:
    assert (await client.get(f"/static/{name}")).status == 200


async def test_browsers_may_fetch_pages_before_they_are_asked_for_and_nothing_else(client: Client, db: None) -> None:
    page = await client.get("/about")
    response = await client.get(page.headers["Speculation-Rules"].strip('"'))
    visitors, members = (await response.json(content_type="application/speculationrules+json"))["prefetch"]

    for rule in (visitors, members):
        left_out = next(
            one["not"]["href_matches"] for one in rule["where"]["and"] if "href_matches" in one.get("not", ())
        )
        # Looking at notifications is reading them; what is fetched before is not looked at.
        assert {"/auth/*", "/admin*", "/media/*", "/events*", "/notifications*", "/home*"} <= set(left_out)
    assert (visitors["eagerness"], members["eagerness"]) == ("moderate", "conservative")
    for path in ("/auth/sign-in", "/admin"):
        assert "Speculation-Rules" not in (await client.get(path)).headers


def test_the_licence_of_the_icons_is_sent_along() -> None:
    assert b"ISC License" in static.find("licences/lucide.txt").body


def test_scripts_are_sent_without_comments_and_else_as_they_are() -> None:
    sources = [path.read_text("utf-8") for path in (Path(static.__file__).parents[1] / "static/scripts").iterdir()]
    sent = static.find("app.js").body.decode()

    assert not [line for line in sent.splitlines() if line.strip().startswith(("//", "/*"))]
    for source in sources:
        code = re.sub(r"^[ ]*/\*\*.*?\*/\n", "", source, flags=re.DOTALL | re.MULTILINE).splitlines()
        assert "\n".join(line for line in code if not line.strip().startswith("//")).strip() in sent
        texts = re.findall(r"`[^`]*`", source)
        assert not [one for one in texts if re.search(r"^\s*(//|/\*)", one, flags=re.MULTILINE)]


def test_the_parts_of_the_script_begin_one_by_one() -> None:
    _, parts = static.JOINED["app.js"]

    assert static.find("app.js").body.decode().count("\nawait breath();\n") == len(parts) - 1


def test_spaces_that_mean_something_stay() -> None:
    tight = static.find("linnet.css").body.decode()

    assert "/*" not in tight
    assert "viewBox='0 0 9.6 9.6'" in tight
    assert "calc(var(--d,0) * var(--step))" in tight
    assert "minmax(0,612px)" in tight
