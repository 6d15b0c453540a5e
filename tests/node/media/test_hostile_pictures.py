"""Files made to harm whoever opens them: refused or made harmless, in bounded time, and the next picture is worked on."""

import random
import zlib
from collections.abc import Iterator

import pytest

from node.errors import Invalid
from node.media.images import process_image
from node.media.pool import Pool
from node.media.probe import Limits, probe
from node.media.protocol import Request, Shape
from tests.node.media import pictures

SUFFIXES = (".jpg", ".png", ".gif", ".webp", ".avif")
MUCH = 64 << 20


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def request(data: bytes, kind: str, max_pixels: int = 64_000_000) -> Request:
    return Request(
        shape=Shape.ATTACHMENT,
        kind=kind,
        data=data,
        max_pixels=max_pixels,
        target_pixels=1_000_000,
        animated=False,
    )


def is_well(image_data: bytes) -> bool:
    """Whether the picture processes still do their work."""
    return process_image(image_data).width > 0


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".heic"])
def test_damage_anywhere_is_a_refusal_or_a_picture(suffix: str) -> None:
    good = pictures.heic() if suffix == ".heic" else pictures.picture(suffix, 60, 40)
    chance = random.Random(suffix)
    for _ in range(12):
        spoiled = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            spoiled[chance.randrange(4, len(spoiled))] = chance.randrange(256)
        try:
            image = process_image(bytes(spoiled))
        except Invalid:
            continue
        assert image.width * image.height <= Limits().max_pixels

    assert is_well(good)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_beginning_of_one_kind_and_the_rest_of_another_is_no_picture(suffix: str) -> None:
    good = pictures.picture(suffix, 60, 40)
    for other in set(SUFFIXES) - {suffix}:
        with pytest.raises(Invalid):
            process_image(good[:12] + pictures.picture(other, 60, 40)[12:])

    assert is_well(good)


@pytest.mark.parametrize(
    ("kind", "beginning", "filling"),
    [
        (b"zTXt", b"Comment\x00\x00", b" "),
        (b"iCCP", b"profile\x00\x00", b"\x00"),
        (b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00", b" "),
    ],
)
def test_what_unpacks_beside_the_pixels_is_left_packed_or_out(kind: bytes, beginning: bytes, filling: bytes) -> None:
    """64 MiB that take 64 KiB: text, a colour profile, metadata."""
    data = pictures.png_with((kind, beginning + zlib.compress(filling * MUCH)))
    assert len(data) < MUCH // 500

    try:
        image = process_image(data)
    except Invalid:
        pass
    else:
        assert len(image.original) < 10_000
    assert is_well(pictures.png_with((b"tEXt", b"Comment\x00harmless")))


def test_a_picture_that_needs_more_memory_than_there_is_ends_with_its_refusal(pool: Pool) -> None:
    """Ten gigabytes, had the node believed the header; interlaced, they are needed all at once."""
    huge = pictures.png_that_claims(60_000, 60_000, interlaced=True)

    with pytest.raises(Invalid):
        pool.run(request(huge, "image/png", max_pixels=60_000 * 60_000))

    assert pool.run(request(pictures.picture(".png"), "image/png")).main is not None


def test_as_many_frames_as_allowed_and_no_more() -> None:
    limits = Limits(max_frames=4)

    assert process_image(pictures.animation(".gif", frames=4), limits).animated
    for suffix in (".gif", ".webp"):
        assert probe(pictures.animation(suffix, frames=4), limits).frames == 4
        with pytest.raises(Invalid, match="too long"):
            process_image(pictures.animation(suffix, frames=5), limits)


def test_the_pixels_of_all_frames_count_together() -> None:
    data = pictures.animation(".gif", frames=6, width=60, height=40)
    whole = 6 * 60 * 40

    assert process_image(data, Limits(max_pixels=60 * 40, max_animation_pixels=whole)).animated
    with pytest.raises(Invalid, match="too long"):
        process_image(data, Limits(max_pixels=60 * 40, max_animation_pixels=whole - 1))


@pytest.mark.parametrize("junk", [b"\x00", b"\x3b", b"\x01\x02"])
def test_frames_behind_what_looks_like_the_end_are_not_shown(junk: bytes) -> None:
    """The headers count two frames; a decoder that reads on would find hundreds."""
    few, many = pictures.animation(".gif", frames=2), pictures.animation(".gif", frames=300, width=30, height=20)
    data = few[:-1] + junk + many[13 + (3 << ((many[10] & 7) + 1)) :]

    image = process_image(data)

    assert pictures.opened(image.original).get_n_pages() == 2


@pytest.mark.parametrize("suffix", [".png", ".webp", ".avif", ".jpg"])
def test_every_kind_loses_what_it_tells_of_camera_and_place(suffix: str) -> None:
    source = pictures.opened(pictures.with_metadata())
    data = bytes(source.write_to_buffer(suffix))
    telling = {"exif-data", "xmp-data"}
    assert telling <= set(pictures.opened(data).get_fields())

    image = process_image(data)

    for file in (image.original, image.thumb):
        assert not telling & set(pictures.opened(file).get_fields())
        assert b"Secret" not in file


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_hangs_behind_a_picture_is_cut_off(suffix: str) -> None:
    """A page or an archive behind the last pixel, which other programs would open."""
    good = pictures.picture(suffix, 60, 40)
    tail = b"<html><script>alert(1)</script></html>PK\x03\x04"

    try:
        image = process_image(good + tail)
    except Invalid:
        image = process_image(good)

    assert b"script" not in image.original + image.thumb
    assert b"PK\x03\x04" not in image.original + image.thumb
