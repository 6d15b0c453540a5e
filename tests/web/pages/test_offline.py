"""What the worker of browsers is told to keep, and that nothing stays with a browser after signing out."""

import json
import re

from node import store
from node.services.community import settings
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor


async def test_the_worker_keeps_files_that_are_there(client: Client) -> None:
    response = await client.get("/sw.js")
    told = re.search(r"PARTS = (\[.*\]);", await response.text())

    assert told is not None
    parts = json.loads(told[1])
    assert len(parts) == 5
    for address in parts:
        answer = await client.get(address)
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)


async def test_another_colour_makes_another_worker_and_the_same_one_is_not_sent_again(client: Client) -> None:
    first = await client.get("/sw.js")
    again = await client.get("/sw.js", headers={"If-None-Match": first.headers["ETag"]})
    await store.write(settings.change, {"hue": 200}, None)
    other = await client.get("/sw.js", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status, other.status) == (304, 200)
    assert await other.text() != await first.text()


async def test_the_page_for_want_of_a_better_one_is_nobodys(client: Client) -> None:
    visitor = Visitor(client)

    page = await visitor.get("/offline")

    assert (page.status, page.title) == (200, "No connection")
    assert page.tree.css_first("[name=csrf]") is None


async def test_signing_out_takes_along_what_the_browser_kept(reader: Visitor) -> None:
    home = await reader.get("/home")

    gone = await reader.send(home, "/auth/sign-out")

    assert "Clear-Site-Data" not in home.headers
    assert gone.headers["Clear-Site-Data"] == '"storage"'
