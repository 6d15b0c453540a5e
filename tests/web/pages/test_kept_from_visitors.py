"""What its author elsewhere wants only those to read who are signed in (GoToSocial's `hides…FromUnauthedWeb`)."""

from collections.abc import Callable

import pytest

from node.models import Account, Status, Visibility
from tests.factories_posts import make_status
from tests.web.pages.visitor import Visitor

PLACES = ("/@carol@remote.test", "/public", "/tags/heron", "/explore")


def post_of(carol: Account, visibility: Visibility) -> Status:
    return make_status(carol, "Grey heron.", visibility=visibility, hashtags=("heron",))


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.UNLISTED])
@pytest.mark.parametrize("hidden", ["", "hides_public", "hides_unlisted"])
async def test_visitors_do_not_read_what_is_kept_from_them(
    visitor: Visitor, remote: Callable[..., Account], hidden: str, visibility: Visibility
) -> None:
    status = post_of(remote("carol", **({hidden: True} if hidden else {})), visibility)
    is_kept = hidden == f"hides_{visibility}"
    address = f"/@carol@remote.test/{status.id}"

    page = await visitor.get(address)
    answers = [
        await visitor.client.get(path)
        for path in (f"/api/v1/statuses/{status.id}", f"/api/v1/statuses/{status.id}/context")
    ]

    assert ("Grey heron." in page.text, page.status) == (not is_kept, 404 if is_kept else 200)
    assert {answer.status for answer in answers} == {404 if is_kept else 200}
    nothing = await visitor.get(address[:-1] + "0")
    assert not is_kept or page.words("main") == nothing.words("main")
    told = [(await visitor.get(place)).text for place in PLACES]
    listed = ["Grey heron." in text for text in told]
    shown = await visitor.client.get("/api/v1/timelines/public?remote=true")
    is_listed = not is_kept and visibility is Visibility.PUBLIC
    assert (listed[0], any(listed[1:]) or len(await shown.json()) > 0) == (not is_kept, is_listed)


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.UNLISTED])
async def test_whoever_is_signed_in_reads_it(
    reader: Visitor, remote: Callable[..., Account], visibility: Visibility
) -> None:
    status = post_of(remote("carol", hides_public=True, hides_unlisted=True), visibility)

    page = await reader.get(f"/@carol@remote.test/{status.id}")

    assert "Grey heron." in page.text
    assert "Grey heron." in (await reader.get("/@carol@remote.test")).text
