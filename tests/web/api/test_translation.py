"""Posts in other languages, by services that answer on loopback."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node import clock, store
from node.config import Config
from node.models import CustomEmoji, User, Visibility
from node.services.community import settings
from node.services.statuses import edits
from node.services.statuses.drafts import Draft, PollDraft
from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.federation.loopback import LOOPBACK, Peer
from tests.translators import Translator, translated
from tests.web.conftest import Client, Headers, complete_app

LANGUAGES = "/api/v1/instance/translation_languages"


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[Client]:
    """Of a node that may reach services on loopback."""
    open_config = msgspec.structs.replace(config, outgoing_allow=(LOOPBACK,), plain_http=True)
    async with complete_app(open_config) as app, Client(TestServer(app)) as client:
        yield client


@pytest.fixture
async def translator() -> AsyncIterator[Translator]:
    async with Peer() as peer:
        yield Translator(peer)


@pytest.fixture
def me(alice: Person, as_person: Callable[..., Headers]) -> Headers:
    return as_person(alice, "read")


async def ask(client: Client, me: Headers, status_id: int, **form: str) -> Any:
    response = await client.post(f"/api/v1/statuses/{status_id}/translate", data=form, headers=me)
    assert response.status == 200, await response.text()
    return await response.json()


async def refusal(client: Client, me: Headers, status_id: int, **form: str) -> int:
    response = await client.post(f"/api/v1/statuses/{status_id}/translate", data=form, headers=me)
    assert (await response.json())["error"]
    return response.status


@pytest.mark.parametrize(("service", "provider"), [("libretranslate", "LibreTranslate"), ("deepl", "DeepL")])
async def test_a_post_is_translated_with_all_its_words(
    client: Client, me: Headers, bob: Person, translator: Translator, service: str, provider: str
) -> None:
    translator.choose(service)
    media = make_media(bob, description="vier <schalen> & een kan")
    status = make_status(bob, "De kneu zingt.", spoiler_text="vogels", language="nl", media_ids=[media.id])

    answer = await ask(client, me, status.id)

    assert answer == {
        "content": "<p>DE KNEU ZINGT.</p>",
        "spoiler_text": "VOGELS",
        "language": "en",
        "detected_source_language": "nl",
        "provider": provider,
        "poll": None,
        "media_attachments": [{"id": str(media.id), "description": "VIER <SCHALEN> & EEN KAN"}],
    }


@pytest.mark.parametrize("service", ["libretranslate", "deepl"])
async def test_so_are_the_choices_of_a_poll(
    client: Client, me: Headers, bob: Person, translator: Translator, service: str
) -> None:
    translator.choose(service)
    poll = PollDraft(options=("ja", "nee"), expires_in_ms=clock.HOUR)
    status = make_status(bob, "Zingt de kneu?", language="nl", poll=poll)

    answer = await ask(client, me, status.id, lang="de")

    assert [option["title"] for option in answer["poll"]["options"]] == ["JA", "NEE"]
    assert (answer["language"], answer["spoiler_text"], answer["media_attachments"]) == ("de", "", [])
    assert len(translator.questions) == 1


async def test_only_the_words_leave_the_node(
    client: Client, me: Headers, bob: Person, translator: Translator
) -> None:
    translator.choose("libretranslate")
    status = make_status(bob, "De kneu zingt.", language="nl")

    await ask(client, me, status.id)

    assert translator.questions == [
        {
            "q": ["<p>De kneu zingt.</p>"],
            "source": "nl",
            "target": "en",
            "format": "html",
            "api_key": "a-key:fx",
        }
    ]


async def test_the_language_is_found_out_where_a_post_does_not_say_it(
    client: Client, me: Headers, remote: Any, translator: Translator
) -> None:
    translator.choose("libretranslate")
    status = make_status(remote("carol"), "kneu")
    assert status.language is None

    answer = await ask(client, me, status.id)

    assert translator.questions[0]["source"] == "auto"
    assert answer["detected_source_language"] == "nl"


async def test_people_read_in_their_own_language(
    client: Client, alice: Person, as_person: Callable[..., Headers], bob: Person, translator: Translator
) -> None:
    translator.choose("deepl")
    with store.transaction():
        User.update(locale="de-AT").where(User.id == alice.user.id).execute()
    status = make_status(bob, "De kneu zingt.", language="nl")

    assert (await ask(client, as_person(alice), status.id))["language"] == "de"
    assert translator.questions[0]["target_lang"] == "DE"


async def test_deepl_is_told_a_region_where_it_wants_one(
    client: Client, me: Headers, bob: Person, translator: Translator
) -> None:
    translator.choose("deepl")
    status = make_status(bob, "De kneu zingt.", language="nl")

    await ask(client, me, status.id, lang="en")
    await ask(client, me, status.id, lang="en-GB")

    assert [question["target_lang"] for question in translator.questions] == ["EN-US", "EN-GB"]


# ── what is remembered ──


async def test_each_version_is_asked_for_once_in_each_language(
    client: Client, me: Headers, bob: Person, translator: Translator
) -> None:
    translator.choose("libretranslate")
    status = make_status(bob, "Een.", language="nl")

    for _ in range(2):
        await ask(client, me, status.id, lang="en")
        await ask(client, me, status.id, lang="de")
    assert len(translator.questions) == 2

    with store.transaction():
        edits.edit(bob.account.id, status.id, Draft(text="Twee.", language="nl"))
    assert (await ask(client, me, status.id, lang="en"))["content"] == "<p>TWEE.</p>"


async def test_what_comes_back_is_sanitised(client: Client, me: Headers, bob: Person, translator: Translator) -> None:
    translator.choose("libretranslate")
    translator.answer = lambda _: '<p onclick="x()">ok<script>alert(1)</script><a href="javascript:x">y</a></p>'
    status = make_status(bob, "Een.", spoiler_text="twee", language="nl")

    answer = await ask(client, me, status.id)

    assert answer["content"].startswith("<p>ok<a")
    assert "script" not in answer["content"]
    assert answer["spoiler_text"] == "oky"


async def test_custom_emoji_keep_their_names(
    client: Client, me: Headers, bob: Person, translator: Translator
) -> None:
    translator.choose("libretranslate")
    with store.transaction():
        CustomEmoji.create(shortcode="kneu", image_key="k", updated_at=1)
    status = make_status(bob, "Een :kneu: zingt.", spoiler_text=":kneu: hier", language="nl")

    await ask(client, me, status.id)

    name = '<span translate="no">:kneu:</span>'
    assert translator.questions[0]["q"] == [f"<p>Een {name} zingt.</p>", f"{name} hier"]


# ── refusals ──


@pytest.mark.parametrize(
    ("visibility", "local_only", "code"),
    [
        (Visibility.PUBLIC, False, 200),
        (Visibility.UNLISTED, False, 200),
        (Visibility.PUBLIC, True, 403),
        (Visibility.PRIVATE, False, 403),
        (Visibility.DIRECT, False, 403),
    ],
)
async def test_only_public_words_are_told_to_a_service(
    client: Client,
    me: Headers,
    bob: Person,
    translator: Translator,
    visibility: Visibility,
    local_only: bool,
    code: int,
) -> None:
    translator.choose("libretranslate")
    status = make_status(bob, "@alice Een.", language="nl", visibility=visibility, local_only=local_only)

    response = await client.post(f"/api/v1/statuses/{status.id}/translate", headers=me)

    assert response.status == code
    assert len(translator.questions) == (code == 200)


async def test_what_somebody_may_not_read_is_not_there(
    client: Client, me: Headers, bob: Person, translator: Translator
) -> None:
    translator.choose("libretranslate")
    status = make_status(bob, "Een.", language="nl", visibility=Visibility.PRIVATE)

    assert await refusal(client, me, status.id) == 404
    assert await refusal(client, me, 1) == 404
    assert translator.questions == []


async def test_without_a_service_there_is_no_translation(client: Client, me: Headers, bob: Person) -> None:
    status = make_status(bob, "Een.", language="nl")

    assert await refusal(client, me, status.id) == 503
    assert await (await client.get(LANGUAGES)).json() == {}
    instance = await (await client.get("/api/v2/instance")).json()
    assert instance["configuration"]["translation"] == {"enabled": False}


async def test_visitors_and_other_scopes_are_refused(
    client: Client, alice: Person, as_person: Callable[..., Headers], bob: Person, translator: Translator
) -> None:
    translator.choose("libretranslate")
    status = make_status(bob, "Een.", language="nl")

    assert await refusal(client, {}, status.id) == 401
    assert await refusal(client, as_person(alice, "write"), status.id) == 403
    assert translator.questions == []


@pytest.mark.parametrize(("language", "code"), [("nl", 403), ("eo", 403), ("<b>", 422), ("x" * 500, 422)])
async def test_some_languages_are_impossible(
    client: Client, me: Headers, bob: Person, translator: Translator, language: str, code: int
) -> None:
    translator.choose("libretranslate")
    status = make_status(bob, "Een.", language="nl")

    assert await refusal(client, me, status.id, lang=language) == code
    assert translator.questions == []


async def test_a_language_that_the_service_does_not_read_is_refused(
    client: Client, me: Headers, bob: Person, translator: Translator
) -> None:
    translator.choose("libretranslate")

    assert await refusal(client, me, make_status(bob, "Unu.", language="eo").id) == 403


async def test_what_is_too_long_is_refused(client: Client, me: Headers, remote: Any, translator: Translator) -> None:
    translator.choose("libretranslate")
    status = make_status(remote("carol"), "kneu " * 5_000, language="nl")

    assert await refusal(client, me, status.id) == 422
    assert translator.questions == []


@pytest.mark.parametrize("service", ["libretranslate", "deepl"])
@pytest.mark.parametrize("broken", ["down", "busy", "used up", "wrong key", "nonsense", "too few", "another place"])
async def test_a_service_that_fails_is_told_apart_from_a_post_that_is_not_there(
    client: Client, me: Headers, bob: Person, translator: Translator, service: str, broken: str
) -> None:
    translator.choose(service)
    peer, path = translator.peer, "/translate" if service == "libretranslate" else "/v2/translate"
    match broken:
        case "down":
            peer.on(path, status=500)
        case "busy":
            peer.on(path, status=429)
        case "used up":
            peer.on(path, status=456)
        case "wrong key":
            translator.choose(service, translation_key="other")
        case "nonsense":
            peer.on(path, text='{"translatedText": 5}', content_type="application/json")
        case "too few":
            peer.on(path, text='{"translatedText": [], "translations": []}', content_type="application/json")
        case "another place":
            translator.choose(service, translation_url="http://10.0.0.1")
    status = make_status(bob, "Een.", language="nl")

    response = await client.post(f"/api/v1/statuses/{status.id}/translate", headers=me)

    assert response.status == 503
    assert "translation service" in (await response.json())["error"]


async def test_the_key_is_not_carried_to_another_server(
    client: Client, me: Headers, bob: Person, translator: Translator
) -> None:
    async with Peer() as other:
        other.on("/v2/languages", text="[]", content_type="application/json")
        translator.peer.on("/v2/languages", status=302, headers={"Location": other.url("/v2/languages?type=source")})
        translator.choose("deepl")

        assert await refusal(client, me, make_status(bob, "Een.", language="nl").id) == 503
        assert other.received == []


# ── what apps are told ──


@pytest.mark.parametrize("service", ["libretranslate", "deepl"])
async def test_apps_learn_the_languages(client: Client, translator: Translator, service: str) -> None:
    translator.choose(service)

    for _ in range(2):
        known = await (await client.get(LANGUAGES)).json()

    assert set(known["nl"]) >= {"de", "en"}
    assert "nl" not in known["nl"]
    assert set(known["und"]) >= {"de", "en", "nl"}
    assert len(translator.peer.received) == (1 if service == "libretranslate" else 2)
    instance = await (await client.get("/api/v2/instance")).json()
    assert instance["configuration"]["translation"] == {"enabled": True}


async def test_that_the_languages_cannot_be_had_is_said(client: Client, translator: Translator) -> None:
    translator.peer.on("/languages", status=500)
    translator.choose("libretranslate")

    assert (await client.get(LANGUAGES)).status == 503
    assert (await client.get(LANGUAGES)).status == 503
    assert len(translator.peer.received) == 1


def test_the_services_of_these_tests_translate() -> None:
    assert translated("<p>a &amp; b</p>") == "<p>A &amp; B</p>"
    assert settings.Settings().translation_service == "off"
