from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.errors import Invalid
from node.media.probe import Kind, Limits, probe
from tests.node.media import pictures

STARTS = [
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    b"GIF89a",
    b"RIFF\x00\x00\x00\x00WEBPVP8X",
    b"RIFF\x00\x00\x00\x00WEBPVP8L",
    b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x30meta\x00\x00\x00\x00\x00\x00\x00\x20iprp",
]


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [(".jpg", Kind.JPEG), (".png", Kind.PNG), (".gif", Kind.GIF), (".webp", Kind.WEBP), (".avif", Kind.AVIF)],
)
def test_kind_and_size_are_told_by_content(suffix: str, kind: Kind) -> None:
    found = probe(pictures.picture(suffix, 90, 70))

    assert (found.kind, found.width, found.height, found.frames) == (kind, 90, 70, 1)


def test_lossless_and_transparent_webp_are_read() -> None:
    assert probe(pictures.picture(".webp", 90, 70, lossless=True)).width == 90
    assert probe(pictures.picture(".webp", 90, 70, alpha=True)).height == 70


def test_a_picture_from_a_phone_is_read() -> None:
    found = probe(pictures.heic())

    assert (found.kind, found.width, found.height) == (Kind.HEIC, 96, 64)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_frames_are_counted(suffix: str) -> None:
    assert probe(pictures.animation(suffix, frames=7)).frames == 7


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "Drawings"),
        (b"<!DOCTYPE html><script>", "Drawings"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomavc1", "Video"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "Video"),
        (b"\x1a\x45\xdf\xa3webm", "Video"),
        (b"ID3\x04", "Video"),
        (b"RIFF\x00\x00\x00\x00AVI ", "Video"),
        (b"%PDF-1.7", "not a picture"),
        (b"BM" + b"\x00" * 60, "not a picture"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_accepted_kinds_are_named(data: bytes, word: str) -> None:
    with pytest.raises(Invalid, match=word) as refusal:
        probe(data)

    assert "HEIC" in str(refusal.value)


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31, 1), (1, 2**32 - 1), (0, 10), (8_001, 8_000)])
def test_a_decompression_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid):
        probe(pictures.png_that_claims(*size))


def test_limits_are_the_largest_that_passes() -> None:
    data = pictures.picture(".png", 90, 70)

    assert probe(data, Limits(max_bytes=len(data), max_pixels=90 * 70)).width == 90
    with pytest.raises(Invalid, match="too large"):
        probe(data, Limits(max_bytes=len(data) - 1))
    with pytest.raises(Invalid, match="too large"):
        probe(data, Limits(max_pixels=90 * 70 - 1))
    with pytest.raises(Invalid, match="too long"):
        probe(pictures.animation(".gif", frames=7), Limits(max_frames=6))


@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(start: bytes, rest: bytes) -> None:
    for data in (start + rest, rest):
        try:
            found = probe(data)
        except Invalid:
            continue
        assert found.width > 0


@pytest.mark.parametrize("data", [pictures.picture(s) for s in (".jpg", ".png", ".gif", ".webp", ".avif")])
def test_a_header_cut_anywhere_is_no_crash(data: bytes) -> None:
    for end in range(min(len(data), 400)):
        with suppress(Invalid):
            probe(data[:end])
