"""Programs of others in JavaScript, which the tests start: see tests/interop."""

import shutil
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "interop"


def what_is_missing(package: str) -> str:
    """Why a program that uses the package cannot run here, or nothing."""
    if shutil.which("node") is None:
        return f"{package} needs Node.js 20 or newer, which is not to be had"
    is_there = (_FOLDER / "node_modules" / package).exists()
    return "" if is_there else f"{package} is not installed: sh tests/interop/find_fedify.sh"


def command(script: str, *arguments: str) -> list[str]:
    return ["node", "--no-warnings", "--experimental-websocket", str(_FOLDER / script), *arguments]
