"""Pictures for tests, drawn when they are needed. Only the HEIC is a file: no HEVC encoder is at hand (96 × 64, half
blue, half red, turned by 90° clockwise by its metadata, which also name a camera and a place).
"""

import struct
import zlib
from pathlib import Path

import pyvips

RED, BLUE = [200, 30, 30], [20, 20, 220]


def heic() -> bytes:
    return (Path(__file__).parent / "pictures" / "two-halves.heic").read_bytes()


def halves(width: int = 96, height: int = 64) -> pyvips.Image:
    """Blue on the left, red on the right."""
    left = _plain(width // 2, height, BLUE)
    return left.join(_plain(width - width // 2, height, RED), "horizontal").copy(interpretation="srgb")


def picture(suffix: str, width: int = 96, height: int = 64, *, alpha: bool = False, **options: object) -> bytes:
    image = halves(width, height)
    if alpha:
        image = image.bandjoin(pyvips.Image.black(width, height) + 128).cast("uchar")
    return bytes(image.write_to_buffer(suffix, **options))


def noise(suffix: str, width: int, height: int) -> bytes:
    """What no encoder makes much smaller."""
    grey = pyvips.Image.gaussnoise(width, height, mean=128, sigma=12, seed=1).cast("uchar")
    return bytes(grey.copy(interpretation="b-w").write_to_buffer(suffix))


def with_metadata(orientation: int = 1) -> bytes:
    """A JPEG that tells where it was taken, by whom and with what."""
    image = halves().copy()
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Make", "SecretCam")
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "52/1 30/1 12/1")
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    image.set_type(pyvips.GValue.blob_type, "xmp-data", b"<x:xmpmeta>SecretPlace</x:xmpmeta>")
    image.set_type(pyvips.GValue.blob_type, "iptc-data", b"SecretName")
    return bytes(image.jpegsave_buffer(Q=90))


def animation(suffix: str, frames: int = 3, width: int = 60, height: int = 40) -> bytes:
    pages = [_plain(width, height, [40 * n % 256, 90, 200 - 50 * n % 200]) for n in range(frames)]
    image = pyvips.Image.arrayjoin(pages, across=1).copy(interpretation="srgb")
    image.set_type(pyvips.GValue.gint_type, "page-height", height)
    image.set_type(pyvips.GValue.array_int_type, "delay", [70] * frames)
    return bytes(image.write_to_buffer(suffix))


def png_that_claims(width: int, height: int, *, interlaced: bool = False) -> bytes:
    """A few bytes whose header promises a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, int(interlaced))
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 100_000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, body) for name, body in chunks)


def opened(data: bytes) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(data, "")


def _plain(width: int, height: int, colour: list[int]) -> pyvips.Image:
    return (pyvips.Image.black(width, height, bands=3) + colour).cast("uchar").copy(interpretation="srgb")


def png_with(*chunks: tuple[bytes, bytes]) -> bytes:
    """A small PNG with more chunks between its header and its pixels."""
    data = picture(".png", 24, 16)
    end = 8 + 25  # signature and IHDR
    return data[:end] + b"".join(chunk(name, body) for name, body in chunks) + data[end:]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
