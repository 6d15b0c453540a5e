"""Only what this node has shown can be asked for through it."""

import pytest

from node import site
from node.config import Config
from node.errors import NotFound
from node.media.storage import moving_key, new_key
from web.files import remote_media


@pytest.fixture(autouse=True)
def node(config: Config) -> None:
    site.use(config)
    remote_media.use(b"a secret")


def parts(address: str) -> tuple[str, str]:
    signature, encoded = address.removeprefix("https://a.test/proxy/").split("/")
    return signature, encoded


@pytest.mark.parametrize("url", ["https://remote.test/a.png", "https://remote.test/ü?x=1&y=[2]"])
def test_an_address_leads_back_to_the_original(url: str) -> None:
    assert remote_media.original(*parts(remote_media.address(url))) == url


def test_an_address_that_was_not_ours_leads_nowhere() -> None:
    signature, _ = parts(remote_media.address("https://remote.test/a.png"))
    _, other = parts(remote_media.address("https://internal.test/"))

    for forged in ((signature, other), ("0" * 32, other), (signature, ""), (signature, "!!!"), (signature, "é")):
        with pytest.raises(NotFound):
            remote_media.original(*forged)


def test_stored_files_come_before_remote_ones() -> None:
    assert remote_media.shown("avatars/ab/x.png", "https://remote.test/a.png").startswith("https://a.test/media/")
    assert remote_media.shown("", "") == ""


def test_the_first_frame_stands_beside_what_moves(db: None) -> None:
    moving, other = moving_key("avatars", "image/webp"), new_key("avatars", "image/png")
    remote = remote_media.address("https://remote.test/a.gif")

    assert remote_media.still(moving, "") == f"https://a.test/media/{moving.replace('moving/', 'still/')}"
    assert remote_media.still(other, "") == remote_media.shown(other, "")
    assert remote_media.still("", "https://remote.test/a.gif") == f"{remote}/still"
    assert remote_media.still("", "") == ""
