"""Pictures as people upload them become files that are safe to serve. Blocks: call it from a thread."""

from dataclasses import dataclass

from node.media import pool
from node.media.probe import Limits, Probe, probe
from node.media.protocol import File, Request, Response, Shape

ATTACHMENT_PIXELS = 3840 * 2160
LIGHT_BYTES = 100 * 1024
EMOJI_LIMITS = Limits(max_bytes=1024 * 1024, max_pixels=4_000_000, max_frames=300, max_animation_pixels=40_000_000)
PORTRAIT_LIMITS = Limits(max_bytes=8 * 1024 * 1024)


@dataclass(frozen=True, kw_only=True)
class ProcessedImage:
    """An attachment: the picture itself and its thumbnail, without metadata, upright, in sRGB."""

    original: bytes
    mime: str
    width: int
    height: int
    thumb: bytes
    thumb_mime: str
    thumb_width: int
    thumb_height: int
    light: bytes | None  # the thumbnail as AVIF, where that is lighter
    blurhash: str
    animated: bool


@dataclass(frozen=True, kw_only=True)
class ProcessedPortrait:
    """An avatar, header or emoji; `still` is its first frame, the same bytes unless it moves. Of an icon, the small one.

    Headers have a `blurhash`.
    """

    data: bytes
    mime: str
    width: int
    height: int
    still: bytes
    still_mime: str
    animated: bool
    blurhash: str


def process_image(
    data: bytes, limits: Limits | None = None, *, target_pixels: int = ATTACHMENT_PIXELS
) -> ProcessedImage:
    """An attachment of at most `target_pixels`, its proportions kept. Invalid for what is no picture."""
    response, main = _run(Shape.ATTACHMENT, data, limits, target_pixels)
    still = response.still or main
    return ProcessedImage(
        original=main.data,
        mime=main.mime,
        width=main.width,
        height=main.height,
        thumb=still.data,
        thumb_mime=still.mime,
        thumb_width=still.width,
        thumb_height=still.height,
        light=response.light.data if response.light else None,
        blurhash=response.blurhash,
        animated=response.animated,
    )


def process_avatar(data: bytes) -> ProcessedPortrait:
    """The middle of the picture as a square of at most 400 pixels."""
    return _portrait(Shape.AVATAR, data, PORTRAIT_LIMITS)


def process_header(data: bytes) -> ProcessedPortrait:
    """The middle of the picture, three times as wide as high, at most 1500 × 500."""
    return _portrait(Shape.HEADER, data, PORTRAIT_LIMITS)


def process_emoji(data: bytes) -> ProcessedPortrait:
    """The whole picture within 256 × 256."""
    return _portrait(Shape.EMOJI, data, EMOJI_LIMITS)


def process_icon(data: bytes) -> ProcessedPortrait:
    """The middle of the picture as a PNG of exactly 512 × 512, and one of 192 × 192 as `still`; nothing moves."""
    return _portrait(Shape.ICON, data, PORTRAIT_LIMITS)


def first_frame(data: bytes) -> bytes | None:
    """Of a picture that moves, its first frame as WebP; None for what does not. Invalid for what is no picture."""
    return None if probe(data).frames == 1 else _at_rest(Shape.STILL, data)


def smaller(data: bytes) -> bytes | None:
    """A picture as large as thumbnails here, at rest, as WebP; None for what is light already. Invalid as above."""
    return None if len(data) <= LIGHT_BYTES else _at_rest(Shape.SMALL, data)


def lighter(data: bytes) -> bytes | None:
    """The same as AVIF."""
    return None if len(data) <= LIGHT_BYTES else _at_rest(Shape.LIGHT, data)


def face(data: bytes) -> bytes:
    """A picture of somebody as small as it stands beside posts, at rest, as WebP. Invalid as above."""
    return _at_rest(Shape.FACE, data)


def _at_rest(shape: Shape, data: bytes) -> bytes:
    return _run(shape, data, None, ATTACHMENT_PIXELS, moves=False)[1].data


def _portrait(shape: Shape, data: bytes, limits: Limits) -> ProcessedPortrait:
    response, main = _run(shape, data, limits, ATTACHMENT_PIXELS)
    still = response.still or main
    return ProcessedPortrait(
        data=main.data,
        mime=main.mime,
        width=main.width,
        height=main.height,
        still=still.data,
        still_mime=still.mime,
        animated=response.animated,
        blurhash=response.blurhash,
    )


def _run(
    shape: Shape, data: bytes, limits: Limits | None, target_pixels: int, *, moves: bool = True
) -> tuple[Response, File]:
    limits = limits or Limits()
    found: Probe = probe(data, limits)
    response = pool.shared.run(
        Request(
            shape=shape,
            kind=found.kind.value,
            data=data,
            max_pixels=limits.max_pixels,
            target_pixels=target_pixels,
            animated=moves and found.frames > 1,
        )
    )
    assert response.main is not None  # noqa: S101  the pool raises when there is none
    return response, response.main
