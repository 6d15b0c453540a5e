"""`/privacy` and `/terms`: what the community wrote, each alone."""

import pytest

from node import store
from node.services.community import settings
from tests.web.pages.visitor import Visitor


@pytest.mark.parametrize(("path", "name"), [("/privacy", "privacy_policy"), ("/terms", "terms")])
async def test_what_was_written_is_shown_and_nothing_is_not_there(visitor: Visitor, path: str, name: str) -> None:
    missing = await visitor.get(path)
    await store.write(settings.change, {name: "We keep **little**."}, None)

    page = await visitor.get(path)

    assert missing.status == 404
    assert (page.status, page.words("main .prose strong")) == (200, "little")
