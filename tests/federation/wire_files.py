"""The payloads of `tests/federation/wire/`, read as the inbox reads them."""

from pathlib import Path
from typing import Any

from federation.parse import strict_json

FOLDER = Path(__file__).parent / "wire"
NAMES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.glob("*/*.json"))


def wire(name: str) -> dict[str, Any]:
    """`wire("mastodon/actor")`"""
    return strict_json.loads((FOLDER / f"{name}.json").read_bytes())
