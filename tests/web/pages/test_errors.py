"""When something goes wrong, people read a page and programs read JSON."""

import pytest

from tests.web.pages.visitor import Visitor


@pytest.mark.parametrize("path", ["/nowhere", "/@nobody", "/@nobody/1", "/auth/reset-password/x", "/admin/x/y/z"])
async def test_what_is_not_there_is_said_on_a_page(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path)

    assert page.status == 404
    assert page.title == "There is nothing here"
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Cache-Control"] == "private, no-store"
    robots = page.tree.css_first('meta[name="robots"]')
    assert robots is not None
    assert robots.attributes["content"] == "noindex"


async def test_who_is_signed_in_keeps_the_way_home(reader: Visitor) -> None:
    page = await reader.get("/nowhere")

    assert page.tree.css_first('a[href="/home"]') is not None


async def test_programs_get_json(visitor: Visitor) -> None:
    response = await visitor.client.get("/nowhere", headers={"Accept": "application/json"})

    assert response.status == 404
    assert await response.json() == {"error": "Not found"}


async def test_a_wrong_method_is_said_on_a_page(visitor: Visitor) -> None:
    page = await visitor.post("/about")

    assert (page.status, page.headers["Allow"]) == (405, "GET,HEAD")
    assert page.title == "Nothing to read here"
    assert "What a form sends goes to this address" in page.text

    told = await visitor.client.post("/api/v1/instance")
    assert (told.status, await told.json()) == (405, {"error": "Method Not Allowed"})


async def test_an_address_with_script_is_shown_as_text(visitor: Visitor) -> None:
    page = await visitor.get("/nowhere?a=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert all(node.attributes.get("src") for node in page.tree.css("script"))
