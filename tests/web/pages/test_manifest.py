"""What telephones are told that install the pages as an app."""

from node import store
from node.services.community import settings
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor


async def test_it_names_the_server_and_pictures_that_are_there(client: Client, visitor: Visitor) -> None:
    with store.transaction():
        settings.change({"title": "Birds of the moor, and of what lies around it"}, None)
    page = await visitor.get("/about")
    address = page.tree.css_first("link[rel=manifest]").attributes["href"]

    response = await client.get(str(address))
    manifest = await response.json(content_type="application/manifest+json")

    assert (manifest["name"], len(manifest["short_name"])) == ("Birds of the moor, and of what lies around it", 30)
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/home", "/", "standalone")
    for icon in manifest["icons"]:
        assert (await client.get(icon["src"].removeprefix("https://a.test"))).status == 200
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512"]


async def test_what_is_shared_stands_in_the_composer(client: Client, reader: Visitor) -> None:
    manifest = await (await client.get("/manifest.webmanifest")).json(content_type=None)
    target = manifest["share_target"]
    names = target["params"]

    page = await reader.follow(
        await reader.get(f"{target['action']}?{names['title']}=Linnets&{names['url']}=https://birds.test/?a=1%262")
    )

    assert target["method"] == "GET"
    assert page.value("text") == "Linnets\n\nhttps://birds.test/?a=1&2"


async def test_its_shortcuts_are_there_in_the_language_of_the_reader(client: Client, reader: Visitor) -> None:
    response = await client.get("/manifest.webmanifest", headers={"Accept-Language": "de"})
    manifest = await response.json(content_type=None)

    assert (manifest["lang"], manifest["dir"], response.headers["Vary"]) == ("de", "ltr", "Accept-Language")
    assert [one["name"] for one in manifest["shortcuts"]] == ["Einen Beitrag schreiben", "Mitteilungen"]
    for shortcut in manifest["shortcuts"]:
        assert (await reader.get(shortcut["url"])).status == 200
