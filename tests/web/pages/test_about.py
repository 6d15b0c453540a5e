"""`/` and `/about`: what a server says about itself."""

from node import store
from node.models import Role, Severity
from node.services.community import rules, settings
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from node.version import VERSION
from tests.factories import Person, make_person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Visitor


async def test_a_visitor_reads_what_the_server_is(visitor: Visitor, ada: Person) -> None:
    make_person("mod", role=Role.MODERATOR)
    with store.transaction():
        settings.change({"description": "For **moors** and maps.", "contact_email": "staff@a.test"}, None)
        rules.add("Be kind.", "Also on Mondays.", None)
        rules.add("No advertising.", "", None)
    for number in range(4):
        make_status(ada, f"Written here, {number}.")

    page = await visitor.get("/about")

    assert page.words("main .prose strong") == "moors"
    assert [one.text() for one in page.tree.css("ol.rules b")] == ["Be kind.", "No advertising."]
    assert "Also on Mondays." in page.words("ol.rules")
    assert "2members" in page.words(".stats").replace(" ", "")
    assert [one.text() for one in page.tree.css("section .post .body p")] == [
        "Written here, 3.",
        "Written here, 2.",
        "Written here, 1.",
    ]
    side = page.words("aside")
    assert "@ada" in side
    assert "@mod" in side
    assert "staff@a.test" in side
    assert VERSION in side
    assert page.tree.css_first("a[href='/auth/sign-up']") is not None
    assert page.tree.css_first("form[action='/auth/sign-in']") is not None


async def test_limited_servers_are_named_where_the_community_wants_it(visitor: Visitor, db: None) -> None:
    with store.transaction():
        domain_blocks.block("spam.test", Severity.SUSPEND, Terms(public_comment="It sends spam."), None)
    hidden = await visitor.get("/about")
    with store.transaction():
        settings.change({"publish_blocks": True}, None)

    shown = await visitor.get("/about")

    assert "spam.test" not in hidden.text
    assert "spam.testBlockedIt sends spam." in shown.words("tbody tr").replace(" B", "B").replace(" I", "I")
