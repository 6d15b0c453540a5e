"""What the node and its picture process say to each other: a length, then one message in MessagePack."""

from enum import StrEnum
from typing import IO

import msgspec

MAX_MESSAGE_BYTES = 128 * 1024 * 1024
_LENGTH_BYTES = 4


class Shape(StrEnum):
    """What a picture is made into."""

    ATTACHMENT = "attachment"
    AVATAR = "avatar"
    HEADER = "header"
    EMOJI = "emoji"
    ICON = "icon"
    STILL = "still"  # the first frame alone, whole
    SMALL = "small"  # the same, no larger than pages show it
    LIGHT = "light"  # that as AVIF
    FACE = "face"  # the same, no larger than beside what its owner writes


class Request(msgspec.Struct, frozen=True, kw_only=True):
    shape: Shape
    kind: str  # media type, by content
    data: bytes
    max_pixels: int  # of one frame; nothing larger is decoded
    target_pixels: int  # an attachment is shrunk to this area
    animated: bool


class File(msgspec.Struct, frozen=True, kw_only=True):
    data: bytes
    mime: str
    width: int
    height: int


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """`main`, and `still`: the thumbnail, the first frame of what moves, or the small icon. Both are missing
    when it failed. `light` is the thumbnail as AVIF, where that is lighter.
    """

    main: File | None = None
    still: File | None = None
    light: File | None = None
    blurhash: str = ""
    animated: bool = False
    problem: str = ""  # for the log


def send(stream: IO[bytes], message: msgspec.Struct) -> None:
    body = msgspec.msgpack.encode(message)
    stream.write(len(body).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """The next message, not yet decoded; EOFError when the other side is gone or talks nonsense."""
    size = int.from_bytes(_exactly(stream, _LENGTH_BYTES), "big")
    if size > MAX_MESSAGE_BYTES:
        raise EOFError
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
