"""Several people write as one: from making the organisation to who wrote what, in two browsers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Window
from tests.live.node import Node, Person


@pytest.fixture(scope="module")
def people(node: Node) -> dict[str, Person]:
    found = node.people("hilda", "ivan")
    node.begin()
    node.wait()
    return {person.name: person for person in found}


def test_two_people_make_an_organisation_and_post_as_it(
    people: dict[str, Person], new_window: Callable[..., Window]
) -> None:
    hilda, ivan = new_window(), new_window()
    for name, window in (("hilda", hilda), ("ivan", ivan)):
        window.sign_in(name, f"{name} likes linnets")

    page = hilda.open("/settings/organisations")
    page.locator("#make input[name=username]").fill("moor_society")
    page.locator("#make input[name=display_name]").fill("Moor Society")
    page.locator("#make .btn.go").click()
    expect(page.locator("h1")).to_have_text("Moor Society")
    page.locator("#invite input[name=handle]").fill("ivan")
    page.locator("#invite .btn.go").click()
    expect(page.locator("main", has_text="Invited, and not answered yet")).to_be_visible()

    theirs = ivan.open("/settings/organisations")
    assert ivan.barriers() == []
    theirs.get_by_role("button", name="Accept @moor_society").click()
    expect(theirs.locator("h1")).to_have_text("Moor Society")
    assert ivan.barriers() == []
    theirs.locator(".who-card").click()
    theirs.locator("#who").get_by_role("button", name="Act as @moor_society").click()
    expect(theirs.locator(".who-card b")).to_have_text("Moor Society")
    ivan.open("/compose")
    theirs.locator("textarea[name=text]").fill("The gorse is out.")
    theirs.locator("form.compose .btn.go").click()
    expect(theirs.locator("article .body", has_text="The gorse is out.")).to_be_visible()
    expect(theirs.locator("article .av.org").first).to_be_visible()

    page = hilda.open("/settings/organisations")
    page.get_by_role("link", name="Moor Society").first.click()
    page.get_by_role("link", name="Who did what").click()
    expect(page.locator(".rows li").first).to_contain_text("@ivan posted")
    assert hilda.barriers() == []
    hilda.open("/compose")
    page.locator("select[name=post_as]").select_option(label="@moor_society")
    page.locator("textarea[name=text]").fill("And so are we.")
    page.locator("form.compose .btn.go").click()
    page.wait_for_url("**/@moor_society/*")
    assert hilda.problems == ivan.problems == []
