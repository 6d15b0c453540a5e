"""Posts inside of pages of other sites."""

from collections.abc import Callable

import pytest

from node import store
from node.models import Account, Visibility
from node.services.interactions import favourites, reblogs
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Page, Visitor


def framing(page: Page) -> tuple[str, str | None]:
    policy = page.headers["Content-Security-Policy"]
    return policy.partition("frame-ancestors ")[2], page.headers.get("X-Frame-Options")


async def test_a_public_post_can_be_framed_by_other_sites(visitor: Visitor, alice: Person) -> None:
    status = make_status(alice, "For all.")

    page = await visitor.get(f"/@alice/{status.id}/embed")

    assert page.status == 200
    assert "For all." in page.words("article")
    assert framing(page) == ("*", None)
    assert page.tree.css_first("base").attributes["target"] == "_blank"
    assert page.tree.css_first("footer.from a").attributes["href"] == status.url
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.tree.css_first("form, input, [formaction]") is None
    assert page.tree.css_first('script[src*="app"]') is None


async def test_the_page_itself_is_framed_by_nobody(visitor: Visitor, alice: Person) -> None:
    status = make_status(alice, "For all.")

    page = await visitor.get(f"/@alice/{status.id}")

    assert framing(page)[1] == "DENY"
    assert "'none'" in framing(page)[0]


async def test_a_reader_sees_there_what_everybody_sees(reader: Visitor, visitor: Visitor, bob: Person) -> None:
    status = make_status(bob, "For all.")
    page = await reader.get(f"/@bob/{status.id}")
    await reader.press(page, f"/statuses/{status.id}/favourite")

    own = await reader.get(f"/@bob/{status.id}/embed")
    anybodys = await visitor.get(f"/@bob/{status.id}/embed")

    assert own.text == anybodys.text
    assert own.headers["Cache-Control"].startswith("public")
    assert "1 favourite" in own.words("footer.from")


async def test_what_is_not_for_everybody_answers_like_what_is_not_there(
    reader: Visitor, visitor: Visitor, alice: Person, bob: Person, remote: Callable[..., Account]
) -> None:
    public = make_status(bob, "hello")
    boost = await store.write(reblogs.add, alice.account.id, public.id)
    hidden = [
        make_status(alice, "for followers", visibility=Visibility.PRIVATE).id,
        make_status(alice, "@bob psst", visibility=Visibility.DIRECT).id,
        make_status(alice, "for us", local_only=True).id,
        make_status(remote("carol"), "from elsewhere").id,
        boost.id,
        1,
        int("9" * 19),
    ]

    for person in (visitor, reader):
        pages = [await person.get(f"/@alice/{one}{end}") for one in hidden for end in ("/embed",)]
        pages += [await person.get(f"/statuses/{one}/embed") for one in hidden]
        assert {page.status for page in pages} == {404}
        assert {page.words("main") for page in pages} == {pages[0].words("main")}
        assert {framing(page)[1] for page in pages} == {"DENY"}


async def test_another_name_leads_to_the_right_one(visitor: Visitor, alice: Person) -> None:
    status = make_status(alice)

    assert (await visitor.get(f"/@ALICE/{status.id}/embed")).location == f"/@alice/{status.id}/embed"
    assert (await visitor.get(f"/@bob/{status.id}/embed")).location == f"/@alice/{status.id}/embed"


async def test_a_warning_covers_the_words_there_too(visitor: Visitor, alice: Person) -> None:
    status = make_status(alice, "The end.", spoiler_text="A film")

    page = await visitor.get(f"/@alice/{status.id}/embed")

    assert "The end." in page.words("details.cw")
    assert "open" not in page.tree.css_first("details.cw").attributes


async def test_the_menu_of_a_post_leads_to_what_is_to_be_copied(
    reader: Visitor, visitor: Visitor, bob: Person
) -> None:
    status = make_status(bob, "Say <b>hello</b>.")
    page = await reader.get(f"/@bob/{status.id}")

    code = await reader.get(page.tree.css_first('.menu a[href$="/embed"]').attributes["href"])

    text = code.tree.css_first("textarea").text()
    assert f'data-embed-url="{status.url}/embed"' in text
    assert "Say &lt;b&gt;hello&lt;/b&gt;." in text
    assert "https://a.test/static/embed.js" in text
    assert (await visitor.get(f"/statuses/{status.id}/embed")).status == 200


@pytest.mark.parametrize("terms", [{"visibility": Visibility.PRIVATE}, {"local_only": True}])
async def test_what_cannot_be_embedded_offers_nothing(
    reader: Visitor, alice: Person, terms: dict[str, object]
) -> None:
    status = make_status(alice, "Not for all.", **terms)

    page = await reader.get(f"/@alice/{status.id}")

    assert page.tree.css_first('.menu a[href$="/embed"]') is None


async def test_the_count_of_today_is_shown(visitor: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(alice)
    before = await visitor.get(f"/@alice/{status.id}/embed")

    await store.write(favourites.add, bob.account.id, status.id)

    after = await visitor.get(f"/@alice/{status.id}/embed")
    assert ("0 favourites" in before.text, "1 favourite" in after.text) == (True, True)
