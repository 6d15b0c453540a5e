"""A file that came with a form."""

from pathlib import Path
from typing import IO

_HEAD_BYTES = 64


class Upload:
    """Its type is what its content says (node/media/probe.py); what the client called it is a hint at most."""

    __slots__ = ("_data", "_file", "filename", "size_bytes")

    def __init__(self, data: bytes, filename: str = "", *, file: IO[bytes] | None = None) -> None:
        """A large one is in `file` instead, which is deleted when nobody holds it any more."""
        self._data = data
        self._file = file
        self.filename = filename
        self.size_bytes = len(data) if file is None else file.tell()

    @property
    def data(self) -> bytes:
        """All of it. For what may be large, see `size_bytes` first."""
        return self._data if self.path is None else self.path.read_bytes()

    @property
    def head(self) -> bytes:
        """Enough to know what it is."""
        if self.path is None:
            return self._data[:_HEAD_BYTES]
        with self.path.open("rb") as file:
            return file.read(_HEAD_BYTES)

    @property
    def path(self) -> Path | None:
        """Where a large one is."""
        return None if self._file is None else Path(self._file.name)

    def __bool__(self) -> bool:
        """Browsers send an empty file for a field that nothing was chosen for."""
        return self.size_bytes > 0
