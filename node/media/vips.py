"""The work on pixels. Only the picture process imports this: libvips and its decoders read hostile bytes."""

import math

import pi_heif
import pyvips

from node.media import blurhash
from node.media.probe import Kind
from node.media.protocol import File, Request, Response, Shape

THUMBNAIL_PIXELS = 640 * 360
AVATAR_SIDE = 400
HEADER_WIDTH, HEADER_HEIGHT = 1500, 500
EMOJI_SIDE = 256
STILL_SIDE = 1500
SMALL_SIDE = 640  # as wide as thumbnails are here
FACE_SIDE = 132  # 44 pixels of a page, thrice for the screens of telephones
ICON_SIDE, SMALL_ICON_SIDE = 512, 192  # what telephones ask for
ANIMATION_PIXELS = 1280 * 720
MAX_PNG_BYTES = 3 * 1024 * 1024
# What stands at the top of pages is waited for: beyond this a drawing becomes WebP, which is a fraction of it.
MAX_HEADER_PNG_BYTES, MAX_AVATAR_PNG_BYTES = 64 * 1024, 4 * 1024
# Of WebP: what somebody uploaded, and what stands for the whole picture. A step of ten is a fourth of the bytes.
QUALITY, COPY_QUALITY = 85, 75
AVIF_QUALITY = 44  # on average nearer to the picture than a copy in WebP

_LOADERS = {
    Kind.JPEG: "VipsForeignLoadJpeg",
    Kind.PNG: "VipsForeignLoadPng",
    Kind.GIF: "VipsForeignLoadNsgif",
    Kind.WEBP: "VipsForeignLoadWebp",
    Kind.AVIF: "VipsForeignLoadHeif",
}


# Of shapes that are cut out: the width at most, and how much wider than high.
_CUT = {
    Shape.AVATAR: (AVATAR_SIDE, 1.0),
    Shape.HEADER: (HEADER_WIDTH, HEADER_WIDTH / HEADER_HEIGHT),
    Shape.ICON: (ICON_SIDE, 1.0),
}
_MOST_PNG = {
    Shape.AVATAR: MAX_AVATAR_PNG_BYTES,
    Shape.HEADER: MAX_HEADER_PNG_BYTES,
    Shape.EMOJI: MAX_PNG_BYTES,
}
_STILL_SIDES = {Shape.STILL: STILL_SIDE, Shape.SMALL: SMALL_SIDE, Shape.LIGHT: SMALL_SIDE, Shape.FACE: FACE_SIDE}


def prepare() -> None:
    """Forbid every decoder but the few that are needed, and keep nothing between pictures."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in _LOADERS.values():
        pyvips.operation_block_set(name, False)
    pyvips.cache_set_max(0)


def process(request: Request) -> Response:
    """Decode, turn upright, convert to sRGB, shrink or crop, and encode without any metadata."""
    if request.shape is Shape.ATTACHMENT:
        return _attachment(request)
    if request.shape in _STILL_SIDES:
        _size(request)
        image = _frame(_fitted(request, _STILL_SIDES[request.shape]))
        return Response(main=_light(image) if request.shape is Shape.LIGHT else _copy(image))
    image = _fitted(request, _shaped_side(request))
    if request.shape is Shape.ICON:
        return _icon(_cropped(_frame(image), Shape.ICON))
    main = _cropped(image, request.shape)
    still = _encode(_frame(main), Kind.WEBP) if request.animated else None  # of the type of what moves
    hashed = _blurhash(_frame(main)) if request.shape is Shape.HEADER else ""
    return Response(
        main=_encode(main, request.kind, _MOST_PNG[request.shape]),
        still=still,
        blurhash=hashed,
        animated=request.animated,
    )


def _attachment(request: Request) -> Response:
    area = min(request.target_pixels, ANIMATION_PIXELS) if request.animated else request.target_pixels
    width, height = _size(request)
    image = _fitted(request, _long_side(width, height, area))
    first = _frame(image)
    side = _long_side(first.width, first.height, THUMBNAIL_PIXELS)
    thumbnail = first.thumbnail_image(side, height=side, size="down").copy_memory()
    still, light = _copy(thumbnail), _light(thumbnail)
    return Response(
        main=_encode(image, request.kind),
        still=still,
        light=light if len(light.data) < len(still.data) else None,
        blurhash=_blurhash(thumbnail),
        animated=request.animated,
    )


def _icon(image: pyvips.Image) -> Response:
    """In exactly the two sizes that are told; a small picture is enlarged."""

    def square(side: int) -> File:
        data = image.thumbnail_image(side, height=side, size="force").pngsave_buffer(compression=7, keep="none")
        return File(data=bytes(data), mime=Kind.PNG.value, width=side, height=side)

    return Response(main=square(ICON_SIDE), still=square(SMALL_ICON_SIDE))


# ── decoding ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _size(request: Request) -> tuple[int, int]:
    """Of one frame, as the decoder itself reads it: the header that was probed may not be the one that counts."""
    if request.kind == Kind.HEIC:
        width, height = pi_heif.open_heif(request.data).size
    else:
        image = pyvips.Image.new_from_buffer(request.data, "")
        width, height = image.width, image.get_page_height()
    if width * height > request.max_pixels:
        raise ValueError(f"{width} × {height} pixels")
    return width, height


def _fitted(request: Request, side: int) -> pyvips.Image:
    """Upright and in sRGB, every frame of an animation, within a square of `side`, never enlarged."""
    options = {"height": side, "size": "down", "output_profile": "srgb"}
    if request.kind == Kind.HEIC:
        image = _heic(request.data).thumbnail_image(side, **options)
    else:
        # Of `fail_on` only what is told to the loader counts.
        loading = "[fail_on=truncated,n=-1]" if request.animated else "[fail_on=truncated]"
        image = pyvips.Image.thumbnail_buffer(request.data, side, option_string=loading, **options)
    if image.interpretation not in ("srgb", "b-w"):
        image = image.colourspace("srgb")
    if image.format != "uchar":
        image = image.cast("uchar")
    return image.copy_memory()


def _heic(data: bytes) -> pyvips.Image:
    """HEVC is not in libvips' own build. The decoder has turned the picture upright already."""
    heif = pi_heif.open_heif(data, convert_hdr_to_8bit=True)
    width, height = heif.size
    bands = len(heif.mode)
    rows = bytes(heif.data)
    if heif.stride != width * bands:
        rows = b"".join(rows[y * heif.stride : y * heif.stride + width * bands] for y in range(height))
    image = pyvips.Image.new_from_memory(rows, width, height, bands, "uchar")
    image = image.copy(interpretation="srgb" if bands >= 3 else "b-w")
    profile = heif.info.get("icc_profile")
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _frame(image: pyvips.Image) -> pyvips.Image:
    return image.crop(0, 0, image.width, image.get_page_height()) if image.get_n_pages() > 1 else image


# ── shapes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _long_side(width: int, height: int, area: int) -> int:
    """The longer side after shrinking to `area`; the same whichever way up the picture turns out to be."""
    scale = min(1.0, math.sqrt(area / (width * height)))
    return max(1, round(max(width, height) * scale))


def _shaped_side(request: Request) -> int:
    """The side of the square to shrink into so that what is cropped afterwards still covers its shape."""
    width, height = _size(request)
    if request.shape is Shape.EMOJI:
        return EMOJI_SIDE
    need, _ = _CUT[request.shape]
    # A panorama that is shrunk to cover may not become a picture of any length.
    return min(math.ceil(need * max(width, height) / min(width, height)), 4 * need)


def _cropped(image: pyvips.Image, shape: Shape) -> pyvips.Image:
    if shape is Shape.EMOJI:
        return image
    limit, ratio = _CUT[shape]
    full_height = image.get_page_height()
    width = max(1, min(image.width, round(full_height * ratio)))
    height = max(1, min(full_height, round(width / ratio)))
    left, top = (image.width - width) // 2, (full_height - height) // 2
    scale = min(1.0, limit / width)
    pages = [image] if image.get_n_pages() == 1 else image.pagesplit()
    pages = [page.crop(left, top, width, height) for page in pages]
    if scale < 1:
        pages = [page.thumbnail_image(limit, height=round(limit / ratio), size="force") for page in pages]
    return pages[0] if len(pages) == 1 else pages[0].pagejoin(pages[1:])


# ── encoding ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _encode(image: pyvips.Image, kind: str, most_png_bytes: int = MAX_PNG_BYTES) -> File:
    """In a format that every browser shows: photographs stay JPEG, drawings PNG; what moves or is large becomes WebP."""
    height = image.get_page_height()
    if image.get_n_pages() > 1:
        data, mime = image.webpsave_buffer(Q=80, effort=2, keep="none"), Kind.WEBP
    elif kind in (Kind.PNG, Kind.GIF):
        data, mime = image.pngsave_buffer(compression=7, keep="none"), Kind.PNG
        if len(data) > most_png_bytes:
            data, mime = image.webpsave_buffer(Q=QUALITY, effort=3, keep="none"), Kind.WEBP
    elif kind == Kind.WEBP or image.hasalpha():
        data, mime = image.webpsave_buffer(Q=QUALITY, effort=3, keep="none"), Kind.WEBP
    else:
        data, mime = image.jpegsave_buffer(Q=85, optimize_coding=True, interlace=True, keep="none"), Kind.JPEG
    return File(data=bytes(data), mime=mime.value, width=image.width, height=height)


def _copy(image: pyvips.Image) -> File:
    """Light, for pages and lists that show it in place of the whole one."""
    # More effort is hardly lighter, and with transparency a hundred times the work.
    data = bytes(image.webpsave_buffer(Q=COPY_QUALITY, effort=4, preset="photo", keep="none"))
    return File(data=data, mime=Kind.WEBP.value, width=image.width, height=image.height)


def _light(image: pyvips.Image) -> File:
    """The same, a third lighter, for browsers that say that they take it."""
    data = bytes(image.heifsave_buffer(compression="av1", Q=AVIF_QUALITY, effort=3, keep="none"))
    return File(data=data, mime=Kind.AVIF.value, width=image.width, height=image.height)


def _blurhash(thumbnail: pyvips.Image) -> str:
    small = thumbnail.thumbnail_image(48, height=48, size="down").colourspace("srgb")
    if small.hasalpha():
        small = small.flatten(background=[255, 255, 255])
    return blurhash.encode(bytes(small.cast("uchar").write_to_memory()), small.width, small.height)
