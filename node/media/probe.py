"""What a file is, by its content, and how large its picture is, without decoding any of it (docs/threat-model.md)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from struct import unpack_from

from node.errors import Invalid
from node.speech import said

ACCEPTED = "JPEG, PNG, GIF, WebP, AVIF and HEIC pictures are accepted."
UNREADABLE = (
    "This picture cannot be read. It may be damaged or incomplete."
    " JPEG, PNG, GIF, WebP, AVIF and HEIC pictures are accepted."
)


class Kind(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"
    WEBP = "image/webp"
    AVIF = "image/avif"
    HEIC = "image/heic"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is decoded at all. The pixels are those of one frame; an animation is limited as a whole as well."""

    max_bytes: int = 16 * 1024 * 1024
    max_pixels: int = 64_000_000
    max_frames: int = 600
    max_animation_pixels: int = 100_000_000


@dataclass(frozen=True, kw_only=True)
class Probe:
    kind: Kind
    width: int
    height: int
    frames: int = 1


def probe(data: bytes, limits: Limits | None = None) -> Probe:
    """Kind and size of a picture within `limits`; Invalid says what is wrong with anything else."""
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise Invalid(
            said(
                "This file is too large: %(megabytes)s MB are the most.", megabytes=limits.max_bytes // (1024 * 1024)
            )
        )
    kind = kind_of(data)
    if kind is None:
        raise Invalid(_not_a_picture(data))
    try:
        found = _READERS[kind](data)
    except (struct.error, IndexError, StopIteration) as error:
        raise Invalid(UNREADABLE) from error
    if found.width < 1 or found.height < 1:
        raise Invalid(UNREADABLE)
    if found.width * found.height > limits.max_pixels:
        raise Invalid(
            said(
                "This picture is too large: %(width)s × %(height)s pixels, but %(number)s megapixels are the most.",
                width=found.width,
                height=found.height,
                number=limits.max_pixels // 1_000_000,
            )
        )
    if found.frames > limits.max_frames or found.frames * found.width * found.height > max(
        limits.max_animation_pixels, limits.max_pixels
    ):
        raise Invalid("This animation is too long for its size. Make it shorter or smaller.")
    return found


def kind_of(data: bytes) -> Kind | None:
    """The kind by the first bytes, whatever the file's name says."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    return _bmff_kind(data) if data[4:8] == b"ftyp" else None


# ── one reader for each kind ───────────────────────────────────────────────────────────────────────────────────────


def _jpeg(data: bytes) -> Probe:
    at = 2
    while True:
        if data[at] != 0xFF:
            raise IndexError
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:  # markers without a segment
            at += 2
        elif marker in (0xD9, 0xDA):  # the picture begins or ends, and nobody said how large it is
            raise IndexError
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack_from(">HH", data, at + 5)
            return Probe(kind=Kind.JPEG, width=width, height=height)
        else:
            at += 2 + max(2, unpack_from(">H", data, at + 2)[0])


def _png(data: bytes) -> Probe:
    if data[12:16] != b"IHDR":
        raise IndexError
    width, height = unpack_from(">II", data, 16)
    return Probe(kind=Kind.PNG, width=width, height=height)


def _gif(data: bytes) -> Probe:
    """Frames are counted by walking the blocks, which a damaged end may cut short."""
    width, height, flags = unpack_from("<HHB", data, 6)
    at = 13 + _colour_table_size(flags)
    frames = 0
    while at < len(data) and data[at] in b"\x21\x2c":
        if data[at] == 0x21:
            at += 2
        else:
            left, top, frame_width, frame_height, flags = unpack_from("<HHHHB", data, at + 1)
            width, height = max(width, left + frame_width), max(height, top + frame_height)
            frames += 1
            at += 11 + _colour_table_size(flags)
        while data[at]:
            at += 1 + data[at]
        at += 1
    if not frames:
        raise IndexError
    return Probe(kind=Kind.GIF, width=width, height=height, frames=frames)


def _colour_table_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: bytes) -> Probe:
    form = data[12:16]
    if form == b"VP8 ":
        if data[23:26] != b"\x9d\x01\x2a":
            raise IndexError
        width, height = unpack_from("<HH", data, 26)
        return Probe(kind=Kind.WEBP, width=width & 0x3FFF, height=height & 0x3FFF)
    if form == b"VP8L":
        if data[20] != 0x2F:
            raise IndexError
        bits = unpack_from("<I", data, 21)[0]
        return Probe(kind=Kind.WEBP, width=(bits & 0x3FFF) + 1, height=(bits >> 14 & 0x3FFF) + 1)
    if form != b"VP8X":
        raise IndexError
    width = int.from_bytes(data[24:27], "little") + 1
    height = int.from_bytes(data[27:30], "little") + 1
    frames = sum(1 for name in _riff_chunks(data) if name == b"ANMF")
    return Probe(kind=Kind.WEBP, width=width, height=height, frames=max(1, frames))


def _riff_chunks(data: bytes) -> Iterator[bytes]:
    at = 12
    while at + 8 <= len(data):
        yield data[at : at + 4]
        size = unpack_from("<I", data, at + 4)[0]
        at += 8 + size + (size & 1)


def _heif(data: bytes) -> Probe:
    """The largest size that any item declares: of a picture in tiles each has its own (ISO 23008-12, `ispe`)."""
    sizes = [unpack_from(">II", data, start + 4) for start in _ispe(data, 0, len(data), 0)]
    if not sizes:
        raise IndexError
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Probe(kind=_bmff_kind(data) or Kind.HEIC, width=width, height=height)


_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0}  # with the bytes before their first child
_MAX_BOXES = 4_096


def _ispe(data: bytes, start: int, end: int, depth: int) -> Iterator[int]:
    at = start
    for _ in range(_MAX_BOXES):
        if at + 8 > end:
            return
        size, name = unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1:
            size = unpack_from(">Q", data, body)[0]
            body += 8
        elif size == 0:
            size = end - at
        if size < body - at:
            return
        if name == b"ispe":
            yield body
        elif name in _CONTAINERS and depth < len(_CONTAINERS):
            yield from _ispe(data, body + _CONTAINERS[name], min(end, at + size), depth + 1)
        at += size


def _bmff_kind(data: bytes) -> Kind | None:
    size = min(unpack_from(">I", data)[0], 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))}
    if brands & {b"avif", b"avis"}:
        return Kind.AVIF
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}:
        return Kind.HEIC
    return None


_READERS = {
    Kind.JPEG: _jpeg,
    Kind.PNG: _png,
    Kind.GIF: _gif,
    Kind.WEBP: _webp,
    Kind.AVIF: _heif,
    Kind.HEIC: _heif,
}


# ── what else people try ───────────────────────────────────────────────────────────────────────────────────────────

_MOVING = (b"\x1a\x45\xdf\xa3", b"OggS", b"ID3", b"fLaC", b"FLV\x01", b"\x00\x00\x01\xba", b"\xff\xfb", b"\xff\xf1")


def _not_a_picture(data: bytes) -> str:
    if not data:
        return f"This file is empty. {ACCEPTED}"
    riff = data[:4] == b"RIFF" and data[8:12] in (b"AVI ", b"WAVE")
    if riff or data.startswith(_MOVING) or data[4:8] in (b"ftyp", b"moov", b"mdat"):
        return f"Video and sound cannot be used here, a picture is needed. {ACCEPTED}"
    if data[:1024].lstrip()[:5].lower() in (b"<?xml", b"<svg ", b"<!doc", b"<html"):
        return f"Drawings and documents cannot be attached. {ACCEPTED}"
    return f"This is not a picture that this server can read. {ACCEPTED}"
