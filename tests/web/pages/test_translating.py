"""The button under posts in other languages, and the page behind it."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node.config import Config
from node.models import AuditEntry, Role, User, Visibility
from node.services.community import settings
from tests.factories import Person, in_unit
from tests.factories_posts import make_media, make_status
from tests.federation.loopback import LOOPBACK, Peer
from tests.translators import KEY, Translator
from tests.web.conftest import Client, complete_app
from tests.web.pages.visitor import Visitor


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[Client]:
    open_config = msgspec.structs.replace(config, outgoing_allow=(LOOPBACK,), plain_http=True)
    async with complete_app(open_config) as app, Client(TestServer(app)) as client:
        yield client


@pytest.fixture
async def translator() -> AsyncIterator[Translator]:
    async with Peer() as peer:
        yield Translator(peer)


def button(status_id: int) -> str:
    return f'[formaction="/statuses/{status_id}/translate"]'


async def test_a_post_is_read_in_ones_own_language(reader: Visitor, bob: Person, translator: Translator) -> None:
    translator.choose("libretranslate")
    media = make_media(bob, description="vier schalen")
    status = make_status(bob, "De kneu zingt.", language="nl", media_ids=[media.id])
    page = await reader.get(f"/@bob/{status.id}")
    assert page.words(button(status.id)) == "Translate"
    assert page.tree.css_first(f".post .body + p > {button(status.id)}") is not None, (
        "below the words, above pictures"
    )

    translated = await reader.press(page, f"/statuses/{status.id}/translate")

    assert translated.status == 200
    assert translated.title == "Translation"
    assert "DE KNEU ZINGT." in translated.words(".post .body")
    assert translated.tree.css_first(".post img[alt='VIER SCHALEN']") is not None
    assert "Translated from Nederlands by LibreTranslate." in translated.words(".fetch")
    assert translated.tree.css_first(f'.fetch a[href="/@bob/{status.id}"]') is not None


@pytest.mark.parametrize("why", ["own language", "no language", "private", "nobody translates", "visitor"])
async def test_where_there_is_nothing_to_translate_is_no_button(
    reader: Visitor, visitor: Visitor, bob: Person, translator: Translator, why: str
) -> None:
    if why != "nobody translates":
        translator.choose("libretranslate")
    status = make_status(
        bob,
        "@alice De kneu.",
        language={"own language": "en", "no language": None}.get(why, "nl"),
        visibility=Visibility.PRIVATE if why == "private" else Visibility.PUBLIC,
    )

    page = await (visitor if why == "visitor" else reader).get(f"/@bob/{status.id}")

    assert page.status == 200
    assert page.tree.css_first(button(status.id)) is None


async def test_the_reader_s_own_language_counts(
    reader: Visitor, alice: Person, bob: Person, translator: Translator
) -> None:
    translator.choose("libretranslate")
    with in_unit():
        User.update(locale="nl").where(User.id == alice.user.id).execute()
    dutch, english = make_status(bob, "De kneu.", language="nl"), make_status(bob, "The linnet.", language="en")

    page = await reader.get("/@bob")

    assert page.tree.css_first(button(dutch.id)) is None
    assert page.tree.css_first(button(english.id)) is not None


async def test_that_the_service_does_not_work_is_said(reader: Visitor, bob: Person, translator: Translator) -> None:
    translator.choose("libretranslate")
    translator.peer.on("/translate", status=500)
    status = make_status(bob, "De kneu.", language="nl")
    page = await reader.get(f"/@bob/{status.id}")

    failed = await reader.press(page, f"/statuses/{status.id}/translate")

    assert failed.status == 503
    assert "translation service does not work just now" in failed.text


async def test_administrators_set_the_key_and_nobody_sees_it_again(reader: Visitor, alice: Person) -> None:
    with in_unit():
        User.update(role=Role.ADMIN).where(User.id == alice.user.id).execute()
    where = "/admin/settings"
    names = ("translation_service", "translation_key")
    fields = [("csrf", (await reader.get(where)).value("csrf")), *(("shown", name) for name in names)]
    service = ("translation_service", "deepl")

    await reader.post(where, [*fields, service, ("translation_key", KEY)])
    page = await reader.get(where)

    assert settings.current().translation_key == KEY
    assert KEY not in page.text
    assert "There is one; leave this empty to keep it." in page.text
    assert KEY not in "".join(entry.detail for entry in AuditEntry.select())
    await reader.post(where, [*fields, service, ("translation_key", "")])
    assert settings.current().translation_key == KEY
    refused = await reader.post(where, [*fields, service, ("translation_key", f"ä{KEY}")])
    assert refused.status == 422
    assert KEY not in refused.text
