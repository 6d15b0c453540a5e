"""Styles of a community's own."""

from node import store
from node.services.community import settings
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor

PAGE = "/admin/appearance"
STYLES = ".post { outline: 1px solid } /* </style><script>alert(1)</script> */"


async def test_styles_are_written_and_shown_as_a_file(admin: Visitor, visitor: Visitor, client: Client) -> None:
    before = await visitor.get("/about")
    await admin.send(await admin.get(PAGE), PAGE, hue="200", custom_css=STYLES)
    after = await visitor.get("/about")
    address = next(
        h for node in after.tree.css("link") if (h := node.attributes["href"] or "").startswith("/custom.css")
    )
    file = await client.get(address)

    assert "/custom.css" not in before.text
    assert STYLES not in after.text
    assert file.headers["Content-Type"].startswith("text/css")
    assert "immutable" in file.headers["Cache-Control"]
    assert await file.text() == STYLES
    assert settings.current().hue == 200


async def test_a_mistake_in_them_locks_nobody_out(admin: Visitor, visitor: Visitor) -> None:
    with store.transaction():
        settings.change({"custom_css": "* { display: none }"}, None)

    pages = [await admin.get(PAGE), await admin.get("/admin/settings"), await visitor.get("/auth/sign-in")]

    assert all(page.status == 200 and "/custom.css" not in page.text for page in pages)
    assert "custom.css" in (await admin.get("/home")).text


async def test_without_styles_there_is_no_file(client: Client) -> None:
    assert (await client.get("/custom.css")).status == 404


async def test_another_address_of_the_file_is_kept_for_a_short_time(client: Client, db: None) -> None:
    with store.transaction():
        settings.change({"custom_css": STYLES}, None)

    assert "immutable" not in (await client.get("/custom.css?v=old")).headers["Cache-Control"]


async def test_styles_that_are_too_long_come_back_with_what_was_typed(admin: Visitor) -> None:
    long = "m" * 20_001

    page = await admin.send(await admin.get(PAGE), PAGE, custom_css=long)

    assert (page.status, page.value("custom_css")) == (422, long)
    assert settings.current().custom_css == ""
