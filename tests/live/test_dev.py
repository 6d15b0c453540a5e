"""`linnet serve --dev`: what is shown to who changes pages, and to nobody else."""

from pathlib import Path

import requests

from tests.live.node import Node
from tests.live.nursery import Nursery
from web.gallery.views import SAMPLES


def test_with_dev_every_template_is_shown_in_every_state(tmp_path: Path, nursery: Nursery) -> None:
    node = Node(nursery, tmp_path / "node", "--dev")
    node.start()
    try:
        address = f"{node.base_url}/dev/gallery"
        listed = requests.get(address, timeout=30)
        shown = requests.get(f"{address}/home-empty?in=de", timeout=30)
        unknown = requests.get(f"{address}/nothing", timeout=30)
    finally:
        node.stop()

    assert listed.status_code == 200
    assert all(f"gallery/{name}>" in listed.text for name in SAMPLES)
    assert (shown.status_code, unknown.status_code) == (200, 404)
    assert 'lang="de"' in shown.text
    assert "default-src 'self'" in shown.headers["Content-Security-Policy"]
