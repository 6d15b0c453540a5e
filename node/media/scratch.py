"""Room for files that are worked on, beside the data: on a disk, which a folder in memory may not be."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from node.config import Config

_KEPT_SECONDS = 24 * 3600


def folder(config: Config) -> Path:
    """The folder, there and without what was left behind by processes that were killed."""
    path = config.data_dir / "tmp"
    path.mkdir(parents=True, exist_ok=True)
    oldest = time.time() - _KEPT_SECONDS
    for left in path.iterdir():
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < oldest:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    return path.resolve()
