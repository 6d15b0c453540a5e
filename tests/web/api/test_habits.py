"""What apps really send, seen in their sources and in what other servers stumbled over: each way is as good as the next.

Mastodon takes any of query, form, multipart and JSON; lists with and without brackets; null and nothing for what is
absent; a body of `null`; a slash at the end. An app is tried there and nowhere else, so all of it has to work here.
"""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import FormData

from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture
def ids(alice: Person, bob: Person) -> dict[str, str]:
    """What the addresses below name."""
    mine, his = make_status(alice, "mine"), make_status(bob, "his")
    return {"alice": str(alice.account.id), "bob": str(bob.account.id), "mine": str(mine.id), "his": str(his.id)}


async def answer(client: Client, method: str, path: str, headers: Headers | None, **sent: Any) -> Any:
    response = await client.request(method, path, headers=headers, **sent)
    body = await response.json()
    assert response.status == 200, (method, path, sent, body)
    return body


# ── nothing, said in many ways ─────────────────────────────────────────────────────────────────────────────────────

NOTHING: list[dict[str, Any]] = [
    {},
    {"json": {}},
    {"json": None, "data": b""},
    {"data": b"null", "headers": {"Content-Type": "application/json"}},
    {"data": b"", "headers": {"Content-Type": "application/json"}},
    {"data": b"", "headers": {"Content-Type": FORM}},
    {"data": b"{}", "headers": {"Content-Type": "application/json; charset=utf-8"}},
    {"data": b"", "headers": {"Content-Type": "application/octet-stream"}},
    {"data": b"x=1", "headers": {"Content-Type": "text/plain"}},
]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/statuses/{his}/favourite",
        "/api/v1/statuses/{his}/reblog",
        "/api/v1/statuses/{his}/bookmark",
        "/api/v1/accounts/{bob}/follow",
        "/api/v1/accounts/{bob}/mute",
        "/api/v1/accounts/{bob}/note",
        "/api/v1/markers",
        "/api/v1/notifications/clear",
        "/api/v1/tags/linnets/follow",
    ],
)
async def test_what_needs_no_parameter_takes_none(
    client: Client, me: Headers, ids: dict[str, str], path: str
) -> None:
    for nothing in NOTHING:
        sent = dict(nothing)
        headers = me | sent.pop("headers", {})

        await answer(client, "POST", path.format(**ids), headers, **sent)


ABSENT: list[dict[str, Any]] = [
    {
        "status": "hello",
        "in_reply_to_id": None,
        "media_ids": None,
        "poll": None,
        "spoiler_text": None,
        "language": None,
        "scheduled_at": None,
        "visibility": None,
        "sensitive": None,
        "quoted_status_id": None,
        "quote_approval_policy": None,
        "local_only": None,
        "content_type": None,
    },
    {
        "status": "hello",
        "in_reply_to_id": "",
        "media_ids": [],
        "spoiler_text": "",
        "language": "",
        "scheduled_at": "",
        "visibility": "",
        "sensitive": "",
        "quoted_status_id": "",
        "quote_approval_policy": "",
        "local_only": "",
        "content_type": "",
    },
    {"status": "hello", "media_ids": [""], "poll": {}},
    {"status": "hello", "poll": {"options": [], "expires_in": None, "multiple": None, "hide_totals": None}},
    {"status": "hello", "unknown": {"deep": [1, None]}, "preview": True, "to": [], "federated": True},
]


@pytest.mark.parametrize("fields", ABSENT)
async def test_a_post_with_absent_things_is_a_plain_one(client: Client, me: Headers, fields: dict[str, Any]) -> None:
    made = await answer(client, "POST", "/api/v1/statuses", me, json=fields)

    assert (made["content"], made["visibility"], made["poll"]) == ("<p>hello</p>", "public", None)
    assert (made["in_reply_to_id"], made["media_attachments"], made["quote"]) == (None, [], None)


# ── the same in every form ─────────────────────────────────────────────────────────────────────────────────────────


def multipart(fields: dict[str, str]) -> FormData:
    form = FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form


FORMS: list[Callable[[dict[str, str]], dict[str, Any]]] = [
    lambda fields: {"params": fields},
    lambda fields: {"data": fields},
    lambda fields: {"data": multipart(fields)},
]


@pytest.mark.parametrize("form", FORMS)
async def test_profiles_are_changed_by_query_form_and_multipart(
    client: Client, me: Headers, form: Callable[[dict[str, str]], dict[str, Any]]
) -> None:
    fields = {
        "display_name": "Alice",
        "note": "",
        "locked": "false",
        "bot": "",
        "source[privacy]": "unlisted",
        "source[sensitive]": "0",
        "source[language]": "en",
        "fields_attributes[0][name]": "Home",
        "fields_attributes[0][value]": "https://alice.test",
        "fields_attributes[1][name]": "",
        "fields_attributes[1][value]": "",
        "avatar": "",
    }

    made = await answer(client, "PATCH", "/api/v1/accounts/update_credentials", me, **form(fields))

    assert (made["display_name"], made["source"]["privacy"]) == ("Alice", "unlisted")
    assert [(one["name"], one["value"]) for one in made["source"]["fields"]] == [("Home", "https://alice.test")]


@pytest.mark.parametrize(
    "fields",
    [
        {"fields_attributes": [{"name": "Home", "value": "x"}]},
        {"fields_attributes": {"0": {"name": "Home", "value": "x"}}},
        {"fields_attributes": [{"name": "Home", "value": "x"}, {"name": "", "value": ""}, {}]},
        {"fields_attributes": [{"name": "Home", "value": "x", "verified_at": None}], "avatar": None, "header": None},
        {"fields_attributes": {"0": {"name": "Home", "value": "x"}}, "pleroma_settings_store": {"fe": {"a": False}}},
    ],
)
async def test_profiles_are_changed_by_json(client: Client, me: Headers, fields: dict[str, Any]) -> None:
    made = await answer(client, "PATCH", "/api/v1/accounts/update_credentials", me, json=fields)

    assert [(one["name"], one["value"]) for one in made["source"]["fields"]] == [("Home", "x")]


@pytest.mark.parametrize(
    "sent",
    [
        {
            "params": {
                "client_name": "IceCubesApp",
                "redirect_uris": "icecubesapp://",
                "scopes": "read write follow push",
            }
        },
        {"data": {"client_name": "Ivory", "redirect_uris": "com.tapbots.Ivory.10217:/request_token", "website": ""}},
        {
            "json": {
                "client_name": "Elk",
                "redirect_uris": ["https://elk.test/a", "https://elk.test/b"],
                "website": None,
            }
        },
        {"json": {"client_name": "Mona", "redirect_uris": "mona://oauth\nmona://other", "scopes": None}},
        {"data": multipart({"client_name": "Tuba", "redirect_uris": "tuba://auth_code", "scopes": "read write"})},
        {
            "json": {
                "client_name": "Phanpy",
                "redirect_uris": "http://localhost:5173/",
                "scopes": "read write profile",
            }
        },
    ],
)
async def test_apps_register_in_their_own_way(client: Client, sent: dict[str, Any]) -> None:
    made = await answer(client, "POST", "/api/v1/apps", None, **sent)
    token = await answer(
        client,
        "POST",
        "/oauth/token",
        None,
        json={
            "grant_type": "client_credentials",
            "client_id": made["client_id"],
            "client_secret": made["client_secret"],
            "redirect_uri": made["redirect_uris"][0],
        },
    )

    assert token["scope"] in ("read", "read write", "read write follow push", "read write profile")
    again = {"Authorization": f"bearer {token['access_token']}"}
    assert (await answer(client, "GET", "/api/v1/apps/verify_credentials/", again))["name"] == made["name"]


@pytest.mark.parametrize(
    "query",
    [
        "id={alice}",
        "id[]={alice}",
        "id[0]={alice}",
        "id[][]={alice}",
        "id%5B%5D={alice}",
        "id[]={alice}&id[]=&id[]=1",
    ],
)
async def test_relationships_are_asked_with_and_without_brackets(
    client: Client, bob: Person, as_person: AsPerson, ids: dict[str, str], query: str
) -> None:
    path = f"/api/v1/accounts/relationships?{query.format(**ids)}"

    assert [one["id"] for one in await answer(client, "GET", path, as_person(bob))] == [ids["alice"]]


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"choices": [1]}},
        {"json": {"choices": ["1"]}},
        {"json": {"choices": 1}},
        {"data": {"choices[]": "1"}},
        {"data": {"choices[0]": "1"}},
        {"data": {"choices": "1"}},
        {"params": {"choices[]": "1"}},
        {"data": multipart({"choices[]": "1"})},
    ],
)
async def test_votes_are_cast_in_every_form(
    client: Client, bob: Person, me: Headers, as_person: AsPerson, sent: dict[str, Any]
) -> None:
    poll = {"options": ["tea", "milk"], "expires_in": "3600", "multiple": "false", "hide_totals": False}
    made = await answer(client, "POST", "/api/v1/statuses", as_person(bob), json={"status": "?", "poll": poll})

    assert (await answer(client, "POST", f"/api/v1/polls/{made['poll']['id']}/votes", me, **sent))["own_votes"] == [1]


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"home": {"last_read_id": "7"}}},
        {"json": {"home": {"last_read_id": 7}, "notifications": None}},
        {"data": {"home[last_read_id]": "7", "notifications[last_read_id]": ""}},
        {"params": {"home[last_read_id]": "7"}},
        {"data": multipart({"home[last_read_id]": "7"})},
    ],
)
async def test_markers_are_set_in_every_form(client: Client, me: Headers, sent: dict[str, Any]) -> None:
    await answer(client, "POST", "/api/v1/markers", me, **sent)

    for query in ("timeline[]=home", "timeline=home", "timeline[]=home&timeline[]=notifications"):
        read = await answer(client, "GET", f"/api/v1/markers?{query}", me)
        assert {name: marker["last_read_id"] for name, marker in read.items()} == {"home": "7"}


KEYS = {
    "p256dh": "BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8=",
    "auth": "eH_C8rq2raXqlcBVDa1gLg==",
}


@pytest.mark.parametrize(
    "sent",
    [
        {
            "json": {
                "subscription": {"endpoint": "https://push.test/a", "keys": KEYS, "standard": True},
                "data": {"alerts": {"mention": True, "favourite": False, "status": None}, "policy": "all"},
            }
        },
        {
            "data": {
                "subscription[endpoint]": "https://push.test/a",
                "subscription[keys][p256dh]": KEYS["p256dh"],
                "subscription[keys][auth]": KEYS["auth"],
                "subscription[standard]": "",
                "data[alerts][mention]": "1",
                "data[alerts][favourite]": "0",
                "data[policy]": "",
            }
        },
    ],
)
async def test_push_is_subscribed_to_in_every_form(client: Client, me: Headers, sent: dict[str, Any]) -> None:
    made = await answer(client, "POST", "/api/v1/push/subscription", me, **sent)

    assert (made["alerts"]["mention"], made["alerts"]["favourite"], made["alerts"]["status"]) == (True, False, False)


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"account_ids": ["{bob}"]}},
        {"data": {"account_ids[]": "{bob}"}},
        {"data": {"account_ids": "{bob}"}},
        {"params": {"account_ids[]": "{bob}"}},
    ],
)
async def test_members_of_lists_come_and_go_in_every_form(
    client: Client, me: Headers, ids: dict[str, str], sent: dict[str, Any]
) -> None:
    made = await answer(client, "POST", "/api/v1/lists", me, json={"title": "birds", "exclusive": None})
    path = f"/api/v1/lists/{made['id']}/accounts"
    (where, what), *_ = sent.items()
    filled = {
        name: [value[0].format(**ids)] if isinstance(value, list) else value.format(**ids)
        for name, value in what.items()
    }

    await answer(client, "POST", path, me, **{where: filled})
    assert [one["id"] for one in await answer(client, "GET", f"{path}?limit=0", me)] == [ids["bob"]]
    await answer(client, "DELETE", path, me, **{where: filled})
    assert await answer(client, "GET", path, me) == []


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"title": "x", "context": ["home"], "expires_in": None, "keywords_attributes": [{"keyword": "a"}]}},
        {"json": {"title": "x", "context": "home", "expires_in": "", "keywords_attributes": {"0": {"keyword": "a"}}}},
        {
            "data": {
                "title": "x",
                "context[]": "home",
                "filter_action": "",
                "keywords_attributes[][keyword]": "a",
                "keywords_attributes[][whole_word]": "false",
            }
        },
        {
            "data": multipart(
                {"title": "x", "context[0]": "home", "expires_in": "", "keywords_attributes[0][keyword]": "a"}
            )
        },
    ],
)
async def test_filters_are_made_and_emptied_in_every_form(client: Client, me: Headers, sent: dict[str, Any]) -> None:
    made = await answer(client, "POST", "/api/v2/filters", me, **sent)
    (keyword,) = made["keywords"]
    gone = {"keywords_attributes": [{"id": keyword["id"], "_destroy": True}, {"id": None, "keyword": "b"}]}

    changed = await answer(client, "PUT", f"/api/v2/filters/{made['id']}", me, json=gone)

    assert (made["context"], made["filter_action"], made["expires_at"]) == (["home"], "warn", None)
    assert [one["keyword"] for one in changed["keywords"]] == ["b"]


# ── pages of lists ─────────────────────────────────────────────────────────────────────────────────────────────────


QUERIES = [
    "limit=&max_id=&since_id=&min_id=",
    "max_id=null&limit=undefined",
    "limit=100000",
    "limit=-1",
    "local=&remote=&only_media=",
    "local=false&remote=0&only_media=off",
    "exclude_types[]=&types[]=",
    "types=mention&exclude_types=follow",
    "with_muted=true&reply_visibility=all&instance=",
    "any[]=&all[]=&none[]=",
    "pinned=&exclude_replies=&exclude_reblogs=&tagged=",
]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/linnets",
        "/api/v1/accounts/{bob}/statuses",
        "/api/v1/accounts/{bob}/followers",
        "/api/v1/notifications",
        "/api/v2/notifications",
        "/api/v1/favourites",
        "/api/v1/bookmarks",
        "/api/v1/blocks",
        "/api/v1/conversations",
    ],
)
async def test_pages_are_asked_for_with_empty_and_foreign_parameters(
    client: Client, me: Headers, ids: dict[str, str], path: str
) -> None:
    for query in QUERIES:
        await answer(client, "GET", f"{path.format(**ids)}?{query}", me)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/instance",
        "/api/v2/instance",
        "/api/v1/timelines/public",
        "/api/v1/accounts/{bob}",
        "/api/v1/statuses/{his}",
        "/api/v1/statuses/{his}/context",
        "/api/v1/custom_emojis",
        "/api/v1/accounts/verify_credentials",
        "/api/v2/notifications",
        "/api/v2/search?q=x",
    ],
)
async def test_head_and_a_slash_answer_as_get_does(
    client: Client, me: Headers, ids: dict[str, str], path: str
) -> None:
    path, _, query = path.format(**ids).partition("?")
    plain = await client.get(f"{path}?{query}", headers=me)
    slashed = await client.get(f"{path}/?{query}", headers=me)
    head = await client.head(f"{path}?{query}", headers=me)

    assert (plain.status, slashed.status, head.status) == (200, 200, 200)
    assert await slashed.json() == await plain.json()
    assert await head.read() == b""
    assert head.headers["Content-Type"] == plain.headers["Content-Type"]


async def test_hashtags_are_named_in_every_spelling(client: Client, me: Headers) -> None:
    made = await answer(client, "POST", "/api/v1/statuses", me, json={"status": "#Linnets sing"})

    for name in ("linnets", "Linnets", "LINNETS", "%23linnets"):
        page = await answer(client, "GET", f"/api/v1/timelines/tag/{name}?any[]=x&all[]=&none=", me)
        assert [one["id"] for one in page] == [made["id"]]


async def test_accounts_are_looked_up_by_every_form_of_the_handle(
    client: Client, me: Headers, ids: dict[str, str]
) -> None:
    for acct in ("bob", "@bob", "bob@a.test", "@bob@a.test", "BOB@A.TEST"):
        assert (await answer(client, "GET", f"/api/v1/accounts/lookup?acct={acct}", me))["id"] == ids["bob"]


async def test_unknown_routes_of_the_api_are_told_in_json(client: Client, me: Headers) -> None:
    for method in ("GET", "POST", "HEAD"):
        response = await client.request(method, "/api/v9/nothing", headers=me)
        assert (response.status, response.content_type) == (404, "application/json")
