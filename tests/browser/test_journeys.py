"""Whole journeys of people, on two nodes: with scripts, without, and by keys alone."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.chromium import Window
from tests.browser.hand import Hand
from tests.live.node import Node, Person
from tests.live.nursery import Nursery
from tests.live.waiting import until
from tests.node.media.pictures import picture

WAYS = {"pointing": "ada", "without scripts": "bea", "keys alone": "cleo"}  # and who goes that way


class Traveller:
    """Somebody of the first node, signed in, who goes about it in one way. `other` is of the second node."""

    def __init__(self, window: Window, way: str, people: dict[str, Person]) -> None:
        self.window = window
        self.person = people[WAYS[way]]
        self.name = self.person.name
        self.other = people[f"{self.name}_elsewhere"]
        self.neighbour = people["dora"]
        self.way = way
        self.hand = self.hand_on(window)

    def hand_on(self, window: Window) -> Hand:
        return Hand(window.page, by_keys=self.way == "keys alone")

    def open(self, path: str) -> Page:
        return self.window.open(path)

    def press(self, selector: str) -> None:
        self.hand.press(self.window.page.locator(selector))

    def write(self, selector: str, text: str) -> None:
        self.hand.write(self.window.page.locator(selector), text)

    def choose_of_menu(self, words: str) -> None:
        """Of the menu of the post that the page is about."""
        self.press("article.root .act.m")
        self.hand.press(self.window.page.locator("[popover]:popover-open a", has_text=words))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Node]:
    made = Node(nursery, tmp_path_factory.mktemp("elsewhere"), address="127.0.0.2")
    yield made
    made.begin_to_stop()
    made.end()


@pytest.fixture(scope="module")
def people(node: Node, elsewhere: Node) -> dict[str, Person]:
    here = node.people("dora", *WAYS.values())
    there = elsewhere.people(*(f"{name}_elsewhere" for name in WAYS.values()))
    node.begin()
    elsewhere.begin()
    node.wait()
    elsewhere.wait()
    return {person.name: person for person in [*here, *there]}


@pytest.fixture(scope="module")
def signed_in() -> dict[str, StorageState]:
    """Who has signed in, by name: once is enough."""
    return {}


@pytest.fixture(params=WAYS)
def traveller(
    request: pytest.FixtureRequest,
    people: dict[str, Person],
    signed_in: dict[str, StorageState],
    new_window: Callable[..., Window],
) -> Iterator[Traveller]:
    name = WAYS[request.param]
    window = new_window(scripts=request.param != "without scripts", state=signed_in.get(name))
    traveller = Traveller(window, request.param, people)
    if name not in signed_in:
        window.sign_in(name, f"{name} likes linnets")
        signed_in[name] = window.context.storage_state()
    yield traveller
    assert window.problems == []


def test_somebody_elsewhere_is_found_by_a_pasted_handle_followed_and_read(traveller: Traveller) -> None:
    other = traveller.other
    page = traveller.open("/home")
    traveller.write("[role=search] input", f"@{other.handle}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/@{other.handle}")

    traveller.press("button[formaction$='/follow']")

    expect(page.locator("button[formaction$='/unfollow']").first).to_be_visible()
    until(lambda: other.get(f"/api/v1/accounts/{other.id}")["followers_count"] == 1)
    words = f"For {traveller.name}, across the network."
    other.say(words)
    until(lambda: traveller.person.sees(words))
    page = traveller.open("/home")
    traveller.hand.press(page.locator("article", has_text=words).locator("a.when"))
    expect(page.locator("article.root .body")).to_contain_text(words)
    traveller.write("form.answer textarea", f"@{other.handle} I hear you.")
    traveller.press("form.answer .btn.go")
    expect(page.locator("article .body", has_text="I hear you.")).to_be_visible()
    until(lambda: any("I hear you." in one["status"]["content"] for one in _mentions(other)))


def _mentions(person: Person) -> list[dict[str, dict[str, str]]]:
    return person.get("/api/v1/notifications", **{"types[]": "mention"})  # type: ignore[no-any-return]


def test_a_list_holds_somebody_elsewhere_who_is_not_followed(traveller: Traveller) -> None:
    other, words = traveller.other, f"For the list of {traveller.name}."
    page = traveller.open("/lists")
    traveller.write("input[name=title]", "Far away")
    traveller.press("form[action='/lists'] .btn.go")
    page.wait_for_url("**/members")
    traveller.write("#in", f"@{other.handle}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/members?q=*")

    traveller.press("button[name=account_id]")

    expect(page.locator("section .person")).to_contain_text(f"@{other.handle}")
    path = page.url.removeprefix(traveller.window.base_url).partition("/members")[0]
    # Nobody has to follow them: the node does.
    until(lambda: other.get(f"/api/v1/accounts/{other.id}")["followers_count"] > 0)
    other.say(words)
    until(lambda: words in traveller.open(path).locator("main").inner_text())
    page = traveller.open(f"/@{other.handle}")
    traveller.press("[popovertarget=menu-account]")
    traveller.hand.press(page.locator("[popover]:popover-open a", has_text="Lists…"))
    box = page.locator("input[name=list_ids]")
    expect(box).to_be_checked()
    traveller.hand.turn(box)
    traveller.press("main .btn.go")
    page.wait_for_url(f"**/@{other.handle}")
    page = traveller.open(f"{path}/members")
    expect(page.locator("main")).to_contain_text("Nobody is in it yet.")


def test_a_post_is_written_and_edited_and_both_versions_are_there(traveller: Traveller) -> None:
    page = traveller.open("/compose")
    traveller.write("textarea[name=text]", "A line with a mistkae.")
    traveller.press(".btn.go[value=post]")
    page.wait_for_url(f"**/@{traveller.name}/*")

    traveller.choose_of_menu("Edit")
    page.wait_for_url("**/edit")
    traveller.write("textarea[name=text]", "A line without a mistake.")
    traveller.press(".btn.go[value=post]")

    page.wait_for_url(f"**/@{traveller.name}/*")
    expect(page.locator("article.root .body")).to_have_text("A line without a mistake.")
    traveller.choose_of_menu("Earlier versions")
    page.wait_for_url("**/history")
    expect(page.locator("main")).to_contain_text("mistkae")


def test_a_post_with_a_picture_and_its_description_is_written(traveller: Traveller, tmp_path: Path) -> None:
    file = tmp_path / "bird.png"
    file.write_bytes(picture(".png"))
    page = traveller.open("/compose")
    traveller.write("textarea[name=text]", "Seen today.")

    traveller.hand.attach(page.locator("input[name=media]"), file)
    if traveller.way == "without scripts":
        traveller.press(".btn[value=upload]")
    traveller.write("textarea[name^=description_]", "A linnet on a twig.")
    traveller.press(".btn.go[value=post]")

    page.wait_for_url(f"**/@{traveller.name}/*")
    expect(page.locator("article.root .body")).to_have_text("Seen today.")
    expect(page.locator("article.root img[alt='A linnet on a twig.']")).to_be_visible()
    (seen,) = traveller.other.find(page.url, "statuses")["media_attachments"]
    assert seen["description"] == "A linnet on a twig."


def test_a_post_is_quoted(traveller: Traveller) -> None:
    quoted = traveller.neighbour.say(f"To be quoted by {traveller.name}.")
    page = traveller.open(f"/@dora/{quoted['id']}")

    traveller.choose_of_menu("Quote")
    page.wait_for_url("**/compose?*")
    traveller.write("textarea[name=text]", "Hear, hear.")
    traveller.press(".btn.go[value=post]")

    page.wait_for_url(f"**/@{traveller.name}/*")
    expect(page.locator("article.root .quote")).to_contain_text(f"To be quoted by {traveller.name}.")
    assert traveller.neighbour.get(f"/api/v1/statuses/{quoted['id']}")["quotes_count"] == 1


def test_somebody_votes(traveller: Traveller) -> None:
    asked = traveller.neighbour.say(
        f"Which, {traveller.name}?", poll={"options": ["Linnet", "Siskin", "Wren"], "expires_in": 3600}
    )
    page = traveller.open(f"/@dora/{asked['id']}")

    traveller.hand.choose(page.locator("form.poll input[value='1']"))
    traveller.press("form.poll button")

    expect(page.locator(".poll li.mine")).to_contain_text("Siskin")
    poll = traveller.neighbour.get(f"/api/v1/polls/{asked['poll']['id']}")
    assert [option["votes_count"] for option in poll["options"]] == [0, 1, 0]


def test_a_filter_covers_what_it_is_to_cover(traveller: Traveller) -> None:
    word = f"marzipan{traveller.name}"
    post = traveller.neighbour.say(f"More about {word} today.")
    page = traveller.open("/settings/filters/new")

    traveller.write("input[name=title]", "Sweets")
    traveller.write("textarea[name=words]", word)
    traveller.press(".btn.go[value=save]")

    page.wait_for_url("**/settings/filters*")
    page = traveller.open("/@dora")
    covered = page.locator(f"article[data-id='{post['id']}']")
    expect(covered.locator("summary")).to_contain_text("Filtered: Sweets")
    expect(covered.locator(".body")).not_to_be_visible()
    traveller.hand.press(covered.locator("summary"))
    expect(covered.locator(".body")).to_contain_text(word)


def test_an_archive_is_brought(traveller: Traveller, tmp_path: Path) -> None:
    archive = tmp_path / "archive.zip"
    archive.write_bytes(_archive(traveller.name))
    page = traveller.open("/settings/portability")

    traveller.hand.attach(page.locator("input[name=archive]"), archive)
    traveller.press("form[action$='/restore'] button")

    expect(page.locator("main")).to_contain_text("Your archive")
    until(lambda: "Your archive was read." in traveller.open("/settings/portability").locator("main").inner_text())
    expect(page.locator("main")).to_contain_text("1 post came back.")
    page = traveller.open(f"/@{traveller.name}")
    expect(page.locator("article .body", has_text="From long ago.")).to_be_visible()
    assert any(
        one["created_at"].startswith("2019-05-01")
        for one in traveller.person.get(f"/api/v1/accounts/{traveller.person.id}/statuses")
    )


def _archive(name: str) -> bytes:
    """As a Mastodon server gives it, with one post."""
    actor = f"https://old.test/users/{name}"
    note = {
        "id": f"{actor}/statuses/1",
        "type": "Note",
        "attributedTo": actor,
        "published": "2019-05-01T10:00:00Z",
        "content": "<p>From long ago.</p>",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "cc": [f"{actor}/followers"],
    }
    activity = {"id": f"{note['id']}/activity", "type": "Create", "actor": actor, "object": note}
    documents = {
        "actor.json": {"id": actor, "type": "Person", "preferredUsername": name, "followers": f"{actor}/followers"},
        "outbox.json": {
            "id": "outbox.json",
            "type": "OrderedCollection",
            "totalItems": 1,
            "orderedItems": [activity],
        },
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file, document in documents.items():
            archive.writestr(file, json.dumps(document))
    return out.getvalue()


def test_two_factors_are_turned_on_asked_for_and_turned_off(
    traveller: Traveller, new_window: Callable[..., Window]
) -> None:
    page = traveller.open("/settings/two-factor")
    traveller.press("form[action$='/begin'] button")
    secret = pyotp.TOTP(page.locator("#secret").input_value())
    traveller.write("input[name=code]", secret.now())
    traveller.press("form[action$='/confirm'] button")
    expect(page.locator(".codes code")).to_have_count(10)
    code = page.locator(".codes code").first.inner_text()

    other = new_window(scripts=traveller.way != "without scripts")
    other.open("/auth/sign-in")
    hand = traveller.hand_on(other)
    hand.write(hand.page.locator("main input[name=login]"), traveller.name)
    hand.write(hand.page.locator("main input[name=password]"), f"{traveller.name} likes linnets")
    hand.press(hand.page.locator("main form .btn.go"))
    hand.page.wait_for_url("**/auth/second-factor")
    hand.write(hand.page.locator("main input[name=code]"), code)
    hand.press(hand.page.locator("main form .btn.go"))
    hand.page.wait_for_url(f"{other.base_url}/home")

    traveller.open("/settings/two-factor")
    traveller.write("#d-password", f"{traveller.name} likes linnets")
    traveller.press("form[action$='/disable'] button")
    expect(page.locator("[role=status]").first).to_contain_text("switched off")


def test_somebody_moves_away_and_followers_come_along(
    traveller: Traveller, people: dict[str, Person], new_window: Callable[..., Window]
) -> None:
    """The last journey: from here on the traveller is somebody else."""
    other = traveller.other
    people["dora"].follow(traveller.person)
    scripts = traveller.way != "without scripts"
    window = Window(new_window(scripts=scripts).context, other.node.base_url, scripts=scripts)
    window.sign_in(other.name, f"{other.name} likes linnets")
    window.open("/settings/moving")
    there = traveller.hand_on(window)
    there.write(there.page.locator("input[name=handle]"), f"@{traveller.person.handle}")
    there.press(there.page.locator("form[action$='/aliases'] button"))
    expect(there.page.locator("main")).to_contain_text(f"@{traveller.person.handle}")

    page = traveller.open("/settings/moving")
    traveller.write("input[name=target]", f"@{other.handle}")
    traveller.write("form[action$='/move'] input[name=password]", f"{traveller.name} likes linnets")
    traveller.press("form[action$='/move'] button")

    expect(page.locator("main")).to_contain_text("You have moved to")
    until(lambda: _follows(other, people["dora"]))
    page = traveller.open(f"/@{traveller.name}")
    expect(page.locator("main")).to_contain_text(f"@{other.handle}")


def _follows(person: Person, follower: Person) -> bool:
    followers = person.get(f"/api/v1/accounts/{person.id}/followers")
    return any(one["acct"] == follower.handle for one in followers)
