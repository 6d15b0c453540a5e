"""One's own profile."""

from collections.abc import Callable
from io import BytesIO

import aiohttp
import pytest

from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.node.media.pictures import picture
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


async def test_credentials_show_what_was_typed(client: Client, alice: Person, as_person: AsPerson) -> None:
    me = as_person(alice)

    changed = await client.patch(
        "/api/v1/accounts/update_credentials",
        headers=me,
        data={
            "display_name": "Alice",
            "note": "hello https://a.test",
            "fields_attributes[0][name]": "Web",
            "fields_attributes[0][value]": "https://a.test",
            "locked": "true",
            "bot": "1",
            "source[privacy]": "unlisted",
            "source[sensitive]": "true",
            "source[language]": "de",
        },
    )
    read = await (await client.get("/api/v1/accounts/verify_credentials", headers=me)).json()

    assert changed.status == 200
    assert (read["display_name"], read["locked"], read["bot"]) == ("Alice", True, True)
    assert "<a " in read["note"]
    assert read["source"]["note"] == "hello https://a.test"
    assert read["source"]["fields"] == [{"name": "Web", "value": "https://a.test", "verified_at": None}]
    assert (read["source"]["privacy"], read["source"]["sensitive"], read["source"]["language"]) == (
        "unlisted",
        True,
        "de",
    )
    assert read["role"]["id"] == "-99"


async def test_people_say_which_sections_their_profile_has(
    client: Client, alice: Person, as_person: AsPerson
) -> None:
    me, names = as_person(alice), ("show_media", "show_media_replies", "show_featured")
    await client.post("/api/v1/tags/gorse/feature", headers=me)
    posted = make_status(alice, media_ids=(make_media(alice).id,))
    before = await (await client.get("/api/v1/profile", headers=me)).json()

    changed = await client.patch("/api/v1/profile", headers=me, json={"show_media": False, "show_featured": "false"})

    profile, account = await changed.json(), await (await client.get(f"/api/v1/accounts/{alice.account.id}")).json()
    # It is a wish for pages: what an app asks for, it is given.
    media = await (await client.get(f"/api/v1/accounts/{alice.account.id}/statuses?only_media=true")).json()
    assert [one["id"] for one in media] == [str(posted.id)]
    assert [before[name] for name in names] == [True, True, True]
    assert [tag["name"] for tag in profile["featured_tags"]] == ["gorse"]
    assert [profile[name] for name in names] == [account[name] for name in names] == [False, True, False]


async def test_what_is_not_sent_stays(client: Client, alice: Person, as_person: AsPerson) -> None:
    me = as_person(alice)
    await client.patch("/api/v1/accounts/update_credentials", headers=me, json={"display_name": "Alice"})

    response = await client.patch("/api/v1/accounts/update_credentials", headers=me, json={"note": ""})

    assert (await response.json())["display_name"] == "Alice"


async def test_fields_may_come_as_json(client: Client, alice: Person, as_person: AsPerson) -> None:
    fields = {"fields_attributes": [{"name": "a", "value": "b"}]}

    response = await client.patch("/api/v1/accounts/update_credentials", headers=as_person(alice), json=fields)

    assert (await response.json())["source"]["fields"] == [{"name": "a", "value": "b", "verified_at": None}]


async def test_preferences_follow_what_was_chosen(client: Client, alice: Person, as_person: AsPerson) -> None:
    me = as_person(alice)
    await client.patch("/api/v1/accounts/update_credentials", headers=me, json={"source": {"privacy": "private"}})

    response = await client.get("/api/v1/preferences", headers=me)

    preferences = await response.json()
    assert preferences["posting:default:visibility"] == "private"
    assert preferences["reading:expand:media"] == "default"


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": "x" * 1000},
        {"note": "x" * 100_000},
        {"fields_attributes": [{"name": "x", "value": "y"}] * 99},
        {"source": {"privacy": "everybody"}},
        {"source": {"language": "not a language"}},
    ],
)
async def test_too_much_is_refused_and_changes_nothing(
    client: Client, alice: Person, as_person: AsPerson, change: dict[str, object]
) -> None:
    me = as_person(alice)

    response = await client.patch("/api/v1/accounts/update_credentials", headers=me, json={"locked": True} | change)
    read = await (await client.get("/api/v1/accounts/verify_credentials", headers=me)).json()

    assert response.status == 422
    assert (await response.json())["error"].startswith("Validation failed: ")
    assert read["locked"] is False


async def test_an_avatar_is_stored_and_can_be_removed(client: Client, alice: Person, as_person: AsPerson) -> None:
    me = as_person(alice)
    form = aiohttp.FormData()
    form.add_field("avatar", BytesIO(picture(".png", 40, 30)), filename="me.png", content_type="image/png")
    form.add_field("avatar_description", "a bird")

    changed = await client.patch("/api/v1/accounts/update_credentials", headers=me, data=form)
    removed = await client.delete("/api/v1/profile/avatar", headers=me)

    entity = await changed.json()
    assert changed.status == 200
    assert entity["avatar"].startswith("https://a.test/media/avatars/")
    assert entity["avatar_description"] == "a bird"
    assert "/media/" not in (await removed.json())["avatar"]


async def test_an_avatar_that_is_no_picture_is_refused(client: Client, alice: Person, as_person: AsPerson) -> None:
    form = aiohttp.FormData()
    form.add_field("avatar", BytesIO(b"<svg onload=alert(1)>"), filename="me.png", content_type="image/png")

    response = await client.patch("/api/v1/accounts/update_credentials", headers=as_person(alice), data=form)

    assert response.status == 422


async def test_the_profile_is_read_and_changed(client: Client, alice: Person, as_person: AsPerson) -> None:
    me = as_person(alice)

    changed = await client.patch("/api/v1/profile", headers=me, json={"note": "as *typed*", "discoverable": True})
    read = await (await client.get("/api/v1/profile", headers=me)).json()

    assert changed.status == 200
    assert (read["note"], read["discoverable"], read["avatar"]) == ("as *typed*", True, None)


async def test_a_narrow_token_reads_credentials(client: Client, alice: Person, as_person: AsPerson) -> None:
    allowed = await client.get("/api/v1/accounts/verify_credentials", headers=as_person(alice, "profile"))
    refused = await client.get("/api/v1/accounts/verify_credentials", headers=as_person(alice, "read:statuses"))

    assert (allowed.status, refused.status) == (200, 403)


async def test_sites_that_may_name_an_author_are_domains(client: Client, alice: Person, as_person: AsPerson) -> None:
    me = as_person(alice)
    given = ["https://Blog.Example/about", "blog.example", "Wörter.example", " "]
    answer = await client.patch(
        "/api/v1/accounts/update_credentials", json={"attribution_domains": given}, headers=me
    )
    refused = await client.patch(
        "/api/v1/accounts/update_credentials", json={"attribution_domains": ["no domain"]}, headers=me
    )
    after = await (await client.get("/api/v1/accounts/verify_credentials", headers=me)).json()

    wanted = ["blog.example", "xn--wrter-jua.example"]
    assert (await answer.json())["source"]["attribution_domains"] == wanted
    assert refused.status == 422
    assert after["source"]["attribution_domains"] == wanted
