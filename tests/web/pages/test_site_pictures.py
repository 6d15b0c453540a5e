"""The icon and the banner of the server: from a file that an administrator chose to tabs, telephones and apps."""

from importlib import import_module

import pytest

from node import store
from node.jobs import JobKind, TakenJob
from node.media.blurhash import is_blurhash
from node.media.images import process_image
from node.media.storage import new_key
from node.models import AuditEntry, SitePicture
from node.services.community import pictures
from node.services.community.pictures import Picture, Stored
from tests.factories_posts import jobs_of
from tests.node.media.pictures import opened, picture
from tests.web.conftest import Client
from tests.web.pages.visitor import Page, Visitor
from web.files import banners
from web.keys import STORAGE
from web.pages import visitors

PAGE = "/admin/appearance"
PICTURES = f"{PAGE}/pictures"


async def choose(admin: Visitor, **fields: object) -> Page:
    csrf = (await admin.get(PAGE)).value("csrf") or ""
    # A file, even none, makes the form one with files, as in a browser.
    return await admin.post(PICTURES, {"csrf": csrf, "icon": b"", "banner": b""} | fields)


def shown(page: Page, selector: str, attribute: str = "href") -> str:
    node = page.tree.css_first(selector)
    return "" if node is None else str(node.attributes[attribute])


async def test_both_are_shown_everywhere_and_taken_away(admin: Visitor, visitor: Visitor, client: Client) -> None:
    before = await visitor.get("/about")
    saved = await choose(admin, icon=picture(".png", 600, 400), banner=picture(".jpg", 1800, 1200))
    after = await visitor.get("/about")
    small, banner = shown(after, "link[rel=icon]"), shown(after, ".banner img", "src")

    assert saved.location == PAGE
    assert "/static/icon." in shown(before, "link[rel=icon]")
    assert (shown(after, "link[rel=apple-touch-icon]"), shown(after, ".brand img", "src")) == (small, small)
    assert shown(after, "meta[property='og:image']", "content").endswith(banner)
    files = [opened(await (await client.get(path)).read()) for path in (small, banner)]
    assert [(file.width, file.height) for file in files] == [(192, 192), (1500, 500)]
    favicon = await client.get("/favicon.ico", allow_redirects=False)
    assert favicon.headers["Location"] == small
    v2, v1 = [await (await client.get(f"/api/v{number}/instance")).json() for number in (2, 1)]
    assert v2["thumbnail"]["url"] == v1["thumbnail"]
    assert v1["thumbnail"].endswith(banner)
    assert v2["thumbnail"]["versions"] == {"@1x": v1["thumbnail"], "@2x": v1["thumbnail"]}
    assert is_blurhash(v2["thumbnail"]["blurhash"])
    assert [one["size"] for one in v2["icon"]] == ["192x192", "512x512"]
    assert v2["icon"][0]["src"].endswith(small)

    await choose(admin, remove_icon="on", remove_banner="on")

    assert not SitePicture.select().exists()
    visitors.forget()
    assert "/static/icon." in shown(await visitor.get("/about"), "link[rel=icon]")
    assert {(await client.get(path)).status for path in (small, banner)} == {404}
    assert {entry.action for entry in AuditEntry.select()} == {
        "change.icon",
        "change.banner",
        "remove.icon",
        "remove.banner",
    }
    assert "changed the icon of" in (await admin.get("/admin/audit")).words("main")


async def test_apps_are_told_how_the_picture_blurs_that_comes_with_the_software_and_nothing_of_an_old_banner(
    client: Client,
) -> None:
    before = (await (await client.get("/api/v2/instance")).json())["thumbnail"]
    file = await (await client.get(before["url"].removeprefix("https://a.test"))).read()
    with store.transaction():
        pictures.put(Picture.BANNER, Stored("site/from-before-there-were-any"), None)

    after = (await (await client.get("/api/v2/instance")).json())["thumbnail"]

    assert before["blurhash"] == process_image(file).blurhash
    assert after["blurhash"] is None


async def test_a_new_one_wins_over_the_wish_to_have_none_and_the_old_file_goes(
    admin: Visitor, client: Client
) -> None:
    await choose(admin, icon=picture(".png"))
    old = pictures.current()
    await choose(admin, icon=picture(".png", 300, 300), remove_icon="on")

    assert pictures.current().icon not in ("", old.icon)
    assert [(await client.get(f"/media/{key}")).status for key in (old.icon, old.small_icon)] == [404, 404]
    assert (await client.get(f"/media/{pictures.current().icon}")).status == 200


@pytest.mark.parametrize("name", ["icon", "banner"])
async def test_what_is_no_picture_is_refused_beside_its_field_and_leaves_nothing(admin: Visitor, name: str) -> None:
    other = {"icon": "banner", "banner": "icon"}[name]

    page = await choose(admin, **{other: picture(".png"), name: b"<svg onload=alert(1)>"})

    assert (page.status, page.error(name) != "") == (422, True)
    assert not SitePicture.select().exists()
    assert list(admin.client.app[STORAGE].files()) == []


async def test_nothing_chosen_changes_nothing(admin: Visitor) -> None:
    page = await choose(admin)

    assert page.location == PAGE
    assert not SitePicture.select().exists()
    assert not AuditEntry.select().exists()


async def test_visitors_see_a_new_icon_at_once(visitor: Visitor, client: Client) -> None:
    before = await visitor.get("/explore")
    with store.transaction():
        pictures.put(Picture.ICON, Stored("site/ab/large.png", "site/ab/small.png"), None)

    assert shown(await visitor.get("/explore"), "link[rel=icon]") != shown(before, "link[rel=icon]")


@pytest.mark.parametrize(
    ("data", "is_blurred"), [(picture(".jpg", 1500, 500), True), (b"GIF89a", False), (b"", False)]
)
async def test_a_banner_of_before_is_blurred_once_if_it_can_be_read(
    client: Client, data: bytes, is_blurred: bool
) -> None:
    key = new_key("site", "image/jpeg")
    if data:
        client.app[STORAGE].put(key, data)
    with store.transaction():
        pictures.put(Picture.BANNER, Stored(key), None)
        assert pictures.current().banner_blurhash == ""
        migration = import_module("node.migrations.0053_blurhash_of_an_older_banner")
        migration.up(None, store.database)
    (job,) = jobs_of(JobKind.BLUR_BANNER)

    await banners.blur(client.app[STORAGE], TakenJob(job.id, job.kind, 0, "", 0))

    after = (await (await client.get("/api/v2/instance")).json())["thumbnail"]
    assert is_blurhash(after["blurhash"] or "") == is_blurred
    assert jobs_of(JobKind.BLUR_BANNER) == []


def test_a_banner_that_took_the_place_of_another_keeps_its_own_blurred_form(db: None) -> None:
    with store.transaction():
        pictures.put(Picture.BANNER, Stored("site/new", blurhash="LhL#"), None)
        pictures.blur("site/old", "LeL!")

        assert pictures.current().banner_blurhash == "LhL#"
