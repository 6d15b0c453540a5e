"""Films for tests, made by ffmpeg when they are needed, each once in a run. They carry what must not be passed on."""

import functools
import subprocess
import tempfile
from pathlib import Path

import pytest

from node.media import programs

needs_ffmpeg = pytest.mark.skipif(not programs.available(), reason="needs ffmpeg: apt-get install ffmpeg")

_PICTURES = "testsrc2=size={size}:rate={rate}:duration={seconds}"
_TONE = "sine=frequency=440:duration={seconds}"
_SECRETS = [
    "-metadata",
    "title=SecretTitle",
    "-metadata",
    "comment=SecretPlace",
    "-metadata:s",
    "handler_name=SecretName",
]


def film(
    suffix: str = ".mp4", *codecs: str, size: str = "96x64", rate: int = 10, seconds: float = 1, sound: bool = True
) -> bytes:
    """`codecs` are ffmpeg's arguments for the file, such as `-c:v libvpx`."""
    tracks = ["-f", "lavfi", "-i", _PICTURES.format(size=size, rate=rate, seconds=seconds)]
    if sound:
        tracks += ["-f", "lavfi", "-i", _TONE.format(seconds=seconds)]
    return _made(suffix, *tracks, *(codecs or ("-pix_fmt", "yuv420p")), *_SECRETS)


def tone(suffix: str = ".mp3", *codecs: str) -> bytes:
    return _made(suffix, "-f", "lavfi", "-i", _TONE.format(seconds=1), *codecs, *_SECRETS)


def tone_with_cover() -> bytes:
    cover = ["-f", "lavfi", "-i", _PICTURES.format(size="60x60", rate=1, seconds=1)]
    how = [
        "-map",
        "0",
        "-map",
        "1",
        "-frames:v",
        "1",
        "-c:v",
        "mjpeg",
        "-pix_fmt",
        "yuvj420p",
        "-disposition:v",
        "attached_pic",
    ]
    return _made(".mp3", "-f", "lavfi", "-i", _TONE.format(seconds=1), *cover, *how)


def turned() -> bytes:
    """96 × 64 in the file, shown as 64 × 96, as phones do it."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as lying:
        lying.write(film())
        lying.flush()
        return _made(".mp4", "-i", lying.name, "-c", "copy", "-metadata:s:v", "rotate=90")


@functools.cache
def _made(suffix: str, *arguments: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"made{suffix}"
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *arguments, str(file)], check=True)
        return file.read_bytes()
