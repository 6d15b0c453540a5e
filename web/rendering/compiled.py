"""Templates as they were compiled, kept beside them as Python keeps what it compiled of modules.

To compile all of them takes 2.7 s of CPU, and each process of a node meets most of them.
"""

import os
import pickle
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache


class Compiled(BytecodeCache):
    """Where nothing can be written, each process compiles for itself."""

    def __init__(self, maker: Path) -> None:
        """`maker` is the module that sets the environment up: what it says has a part in what is compiled."""
        self._made_by = f"{jinja2.__version__}\n{maker.read_text('utf-8')}\n"

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """A place by the same rules as for modules (PYTHONPYCACHEPREFIX among them)."""
        return cache_from_source(f"{filename or name}.py")

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(self._made_by + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, pickle.UnpicklingError), Path(bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Complete under another name first: several processes begin at once."""
        if sys.dont_write_bytecode:
            return
        kept = Path(bucket.key)
        draft = kept.with_name(f"{kept.name}.{os.getpid()}")
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                bucket.write_bytecode(file)
            draft.replace(kept)
