"""ZIP archives of strangers. Nothing is ever unpacked onto the disk: members are read by name, within limits."""

import io
import json
import struct
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from node.errors import Invalid
from node.speech import said

MOST_UPLOAD_BYTES = 1 << 30
_MOST_MEMBERS = 60_000  # more have a directory of another form (APPNOTE 4.3.14)
_MOST_DIRECTORY_BYTES = 16 << 20
_MOST_TEXT_BYTES = 512 << 20  # of an outbox, unpacked
_MOST_ITEM_CHARS = 1 << 20
_CHUNK = 1 << 16
_END = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 1 << 16
_LOCATOR_BYTES = 20  # of the end of a large directory, before the usual one (APPNOTE 4.3.15)
NO_ARCHIVE = "This is no archive of a Mastodon or Linnet server: a ZIP file with outbox.json and actor.json in it is."
# Encrypted members raise RuntimeError.
_BAD = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError)
_BROKEN = "The archive is broken: what is written in it cannot be read."


def opened(source: Path | bytes) -> zipfile.ZipFile:
    """Invalid for what is none, and for a directory that would fill the memory, which is looked at before it is read."""
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
        size = file.seek(0, 2)
        tail_bytes = min(size, _LOCATOR_BYTES + _END.size + _LONGEST_COMMENT)
        file.seek(size - tail_bytes)
        tail = file.read(tail_bytes)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise Invalid(NO_ARCHIVE)
    if tail[max(place - _LOCATOR_BYTES, 0) : place].startswith(b"PK\x06\x07"):
        # Python would believe that one, whatever stands in this one. Nothing below our limits needs it.
        raise Invalid(NO_ARCHIVE)
    _, _, _, _, members, directory_bytes, _, _ = _END.unpack_from(tail, place)
    if members > _MOST_MEMBERS or directory_bytes > _MOST_DIRECTORY_BYTES:
        raise Invalid(said("The archive has too many files: %(most)s are the most.", most=f"{_MOST_MEMBERS:,}"))
    try:
        return zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Invalid(NO_ARCHIVE) from error


def _open(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Other ways of packing may take gigabytes of memory for a few bytes (LZMA's dictionary)."""
    if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("packed in another way")
    return archive.open(name)


def member(archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes | None:
    """What it holds, never more than `most_bytes` whatever it says of its size; None if it is not to be had."""
    try:
        with _open(archive, name) as file:
            data = file.read(most_bytes + 1)
    except (KeyError, *_BAD):
        return None
    return data if len(data) <= most_bytes else None


def items(archive: zipfile.ZipFile, name: str) -> Iterator[Any]:
    """The items of the collection in that member, one after the other. Invalid where it cannot be read."""
    try:
        with _open(archive, name) as file:
            yield from _Items(file)
    except KeyError as error:
        raise Invalid(NO_ARCHIVE) from error
    except _BAD as error:
        raise Invalid(_BROKEN) from error


class _Items:
    """JSON of any length, an item in memory at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._text = ""
        self._read_bytes = 0
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._parse = json.JSONDecoder().raw_decode

    def __iter__(self) -> Iterator[Any]:
        self._skip_to('"orderedItems"')
        self._skip_to("[")
        while self._next() != "]":
            yield self._item()

    def _more(self) -> bool:
        chunk = self._file.read(_CHUNK)
        self._read_bytes += len(chunk)
        if self._read_bytes > _MOST_TEXT_BYTES:
            raise Invalid("The archive is too large: its posts take more than 512 MB.")
        self._text += self._decoder.decode(chunk)
        return bool(chunk)

    def _skip_to(self, word: str) -> None:
        while (place := self._text.find(word)) < 0:
            self._text = self._text[-len(word) :]
            if not self._more():
                raise Invalid(NO_ARCHIVE)
        self._text = self._text[place + len(word) :]

    def _next(self) -> str:
        """The character that the next item, or the end, begins with."""
        while not (text := self._text.lstrip(" \t\r\n,")):
            if not self._more():
                raise Invalid(_BROKEN)
        self._text = text
        return text[0]

    def _item(self) -> Any:
        while True:
            try:
                item, end = self._parse(self._text)
                # A number at the end of what was read may go on.
                if end < len(self._text):
                    self._text = self._text[end:]
                    return item
            except RecursionError as error:
                raise Invalid(_BROKEN) from error
            except ValueError:
                pass  # it may be incomplete so far
            if len(self._text) > _MOST_ITEM_CHARS or not self._more():
                raise Invalid(_BROKEN)
