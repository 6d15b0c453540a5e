"""Pages speak the language of whoever reads them."""

import pytest

from node import clock, speech, store
from node.jobs import JobKind
from node.models import Job
from node.services.access import mail, preferences
from node.services.community import settings
from tests.factories import Person
from tests.web.pages.visitor import Visitor
from web import speaking
from web.rendering import numbers, times


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("de-CH, en;q=0.5", ["de-CH", "en"]),
        ("en;q=0.5,de", ["de", "en"]),
        ("de;q=0, fr", ["fr"]),
        ("*;q=0.1", ["*"]),
        ("de;q=2, fr;q=x, ;q=1, es", ["es"]),
        ("", []),
        (",".join(f"x{n}" for n in range(100)), [f"x{n}" for n in range(10)]),
    ],
)
def test_a_browser_says_which_languages_are_best(header: str, languages: list[str]) -> None:
    assert speaking.accepted(header) == languages


async def test_a_visitor_reads_what_the_browser_asks_for(visitor: Visitor) -> None:
    german = await visitor.get("/about", **{"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    english = await visitor.get("/about", **{"Accept-Language": "en"})
    unknown = await visitor.get("/about", **{"Accept-Language": "tlh"})

    assert german.tree.css_first("html").attributes["lang"] == "de"
    assert "Mitglieder" in german.text
    assert english.tree.css_first("html").attributes["lang"] == "en"
    assert "members" in english.text
    assert unknown.tree.css_first("html").attributes["lang"] == "en"


async def test_caches_keep_languages_apart(visitor: Visitor, alice: Person) -> None:
    page = await visitor.get("/@alice", **{"Accept-Language": "de"})

    assert "Accept-Language" in page.headers["Vary"]
    assert "Beiträge" in page.text


async def test_without_a_wish_the_community_chooses(visitor: Visitor) -> None:
    with store.transaction():
        settings.change({"languages": ["de", "en"]}, None)

    page = await visitor.get("/about")

    assert page.tree.css_first("html").attributes["lang"] == "de"


async def test_what_somebody_chose_counts_more_than_their_browser(reader: Visitor) -> None:
    page = await reader.get("/settings/appearance")
    await reader.send(page, "/settings/appearance", language="de")

    page = await reader.get("/home", **{"Accept-Language": "en"})

    assert page.title == "Start"
    assert page.tree.css_first("html").attributes == page.tree.css_first("html").attributes | {
        "lang": "de",
        "dir": "ltr",
    }


async def test_notices_and_refusals_are_said_in_the_language_of_the_form(reader: Visitor) -> None:
    await reader.send(await reader.get("/settings/appearance"), "/settings/appearance", language="de")
    page = await reader.get("/settings/profile")

    refused = await reader.send(page, "/settings/profile", display_name="x" * 500)
    done = await reader.send(page, "/settings/profile", display_name="Alice")

    assert refused.error("display_name") == "Das ist zu lang (höchstens 50 Zeichen)."
    assert "Dein Profil ist gespeichert." in (await reader.get(done.location)).text


async def test_an_error_is_said_in_the_language_of_the_reader_and_to_programs_in_english(visitor: Visitor) -> None:
    page = await visitor.get("/nowhere", **{"Accept-Language": "de"})
    answer = await visitor.client.get("/nowhere", headers={"Accept": "application/json", "Accept-Language": "de"})

    assert page.title == "Hier ist nichts"
    assert await answer.json() == {"error": "Not found"}


def test_letters_are_in_the_language_of_their_reader(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail.site, "sends_mail", True)
    with store.transaction():
        user = preferences_of(alice, "de")
        mail.send(user, speech.said("welcome"), speech.said("You can sign in now: %(address)s", address="https://x"))
        letter = Job.get(Job.kind == JobKind.SEND_MAIL).payload

    assert "willkommen" in letter
    assert "Du kannst dich jetzt anmelden: https://x" in letter


def preferences_of(person: Person, language: str):  # type: ignore[no-untyped-def]
    preferences.change(person.user.id, {"language": language})
    return type(person.user).get_by_id(person.user.id)


def test_times_and_numbers_are_written_as_the_language_has_them() -> None:
    speech.speak("de")
    try:
        with clock.frozen(clock.parse_iso("2026-11-22T12:00:00Z") or 0):
            assert times.moment("2026-03-03T07:10:00Z") == "Dienstag, 3. März 2026, 07:10"
            assert times.past("2026-11-22T09:00:00Z") == "vor 3 Std."
            assert times.date("2025-03-03T07:10:00Z") == "3. März 2025"
        assert numbers.number(1_284_000) == "1.284.000"
        assert numbers.compact(12_345) == "12,3 Tsd."
    finally:
        speech.speak("en")
