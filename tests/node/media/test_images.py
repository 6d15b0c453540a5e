import subprocess
import sys

import pytest
import pyvips

from node.errors import Invalid
from node.media.blurhash import is_blurhash
from node.media.images import (
    LIGHT_BYTES,
    face,
    first_frame,
    lighter,
    process_avatar,
    process_emoji,
    process_header,
    process_icon,
    process_image,
    smaller,
)
from tests.node.media import pictures

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
AVIF = b"ftypavif"


@pytest.mark.parametrize(
    ("suffix", "mime"), [(".jpg", JPEG), (".png", PNG), (".gif", PNG), (".webp", WEBP), (".avif", JPEG)]
)
def test_every_kind_becomes_one_that_browsers_show(suffix: str, mime: str) -> None:
    image = process_image(pictures.picture(suffix))

    assert (image.mime, image.width, image.height, image.animated) == (mime, 96, 64, False)
    assert is_blurhash(image.blurhash)
    shown = pictures.opened(image.original)
    assert (shown.width, shown.height) == (96, 64)
    assert (pictures.opened(image.thumb).width, image.thumb_mime) == (image.thumb_width, WEBP)


def test_a_heic_is_turned_upright_and_becomes_jpeg() -> None:
    image = process_image(pictures.heic())

    assert (image.mime, image.width, image.height) == (JPEG, 64, 96)
    assert b"SecretCam" in pictures.heic()
    assert b"SecretCam" not in image.original


def test_place_and_camera_are_gone() -> None:
    data = pictures.with_metadata()

    image = process_image(data)

    assert all(secret in data for secret in (b"SecretCam", b"SecretPlace", b"SecretName", b"Exif"))
    for file in (image.original, image.thumb):
        assert not any(secret in file for secret in (b"Secret", b"Exif", b"<x:xmp"))
        assert not [field for field in pictures.opened(file).get_fields() if "GPS" in field]


@pytest.mark.parametrize(("orientation", "upright"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")])
def test_a_picture_is_shown_the_way_it_was_taken(orientation: int, upright: str) -> None:
    image = pictures.opened(process_image(pictures.with_metadata(orientation)).original)

    blue = {
        "left": (8, image.height // 2),
        "right": (image.width - 8, image.height // 2),
        "top": (image.width // 2, 8),
        "bottom": (image.width // 2, image.height - 8),
    }[upright]
    assert (image.width, image.height) == ((96, 64) if orientation in (1, 3) else (64, 96))
    assert image(*blue)[2] > 150


def test_colours_of_another_profile_are_converted() -> None:
    wide = pictures.halves().icc_transform("p3", input_profile="srgb")
    data = bytes(wide.jpegsave_buffer(Q=95, keep="icc"))
    raw_red = pictures.opened(data)(80, 32)[0]

    image = pictures.opened(process_image(data).original)

    assert raw_red < 190
    assert abs(image(80, 32)[0] - 200) < 8
    assert "icc-profile-data" not in image.get_fields()


def test_print_colours_become_screen_colours() -> None:
    data = bytes(pictures.halves().icc_transform("cmyk", input_profile="srgb").jpegsave_buffer(Q=95))

    image = pictures.opened(process_image(data).original)

    assert image.bands == 3
    assert image(80, 32)[0] > 130 > image(80, 32)[2]


def test_a_large_picture_is_shrunk_to_the_area_asked_for() -> None:
    image = process_image(pictures.picture(".jpg", 1200, 300), target_pixels=90_000)

    assert (image.width, image.height) == (600, 150)
    assert image.thumb_width * image.thumb_height <= 640 * 360


def test_a_thumbnail_keeps_the_proportions() -> None:
    image = process_image(pictures.picture(".jpg", 2000, 1000))

    assert (image.width, image.height) == (2000, 1000)
    assert image.thumb_width * image.thumb_height <= 640 * 360 * 1.01
    assert abs(image.thumb_width / image.thumb_height - 2) < 0.02


def test_transparency_survives() -> None:
    for suffix in (".png", ".webp", ".avif"):
        assert pictures.opened(process_image(pictures.picture(suffix, alpha=True)).original).bands == 4


def test_sixteen_bits_and_grey_become_what_browsers_show() -> None:
    deep = bytes((pictures.halves().cast("ushort") * 257).copy(interpretation="rgb16").pngsave_buffer())
    grey = bytes(pictures.halves().colourspace("b-w").jpegsave_buffer())

    assert pictures.opened(process_image(deep).original).format == "uchar"
    assert process_image(grey).mime == JPEG


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_an_animation_goes_on_moving(suffix: str) -> None:
    image = process_image(pictures.animation(suffix, frames=5))

    shown = pictures.opened(image.original)
    assert image.animated
    assert (image.mime, image.width, image.height) == (WEBP, 60, 40)
    assert (shown.get("n-pages"), shown.get("delay")) == (5, [70] * 5)
    assert pictures.opened(image.thumb).get_n_pages() == 1


def test_an_avatar_is_the_middle_as_a_square() -> None:
    avatar = process_avatar(pictures.picture(".png", 900, 600))

    assert (avatar.width, avatar.height) == (400, 400)
    assert avatar.still == avatar.data
    assert process_avatar(pictures.picture(".png", 100, 50)).width == 50


def test_a_moving_avatar_has_a_still_frame() -> None:
    avatar = process_avatar(pictures.animation(".gif", frames=4, width=600, height=500))

    shown = pictures.opened(avatar.data)
    assert avatar.animated
    assert (avatar.width, avatar.height, shown.get("n-pages")) == (400, 400, 4)
    assert pictures.opened(avatar.still).height == 400
    assert (avatar.mime, avatar.still_mime) == (WEBP, WEBP)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_the_first_frame_of_what_moves_is_a_picture_by_itself(suffix: str) -> None:
    frame = first_frame(pictures.animation(suffix, frames=4, width=60, height=40))

    assert frame is not None
    shown = pictures.opened(frame)
    assert (shown.width, shown.height, shown.get_n_pages()) == (60, 40, 1)
    assert first_frame(pictures.picture(".png")) is None


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_heavy_picture_has_a_light_copy(suffix: str) -> None:
    heavy = pictures.noise(suffix, width=1600, height=1200)

    for make, head in ((smaller, b"WEBP"), (lighter, AVIF)):
        light = make(heavy)

        assert light is not None
        shown = pictures.opened(light)
        assert (shown.width, shown.height) == (640, 480)
        assert head in light[:16]
        assert len(light) < len(heavy)
        assert make(pictures.picture(suffix)) is None
        with pytest.raises(Invalid):
            make(heavy[: LIGHT_BYTES + 1])


def test_a_thumbnail_is_made_as_avif_too_where_that_is_lighter() -> None:
    image = process_image(pictures.noise(".jpg", width=700, height=500))

    assert image.light is not None
    shown = pictures.opened(image.light)
    assert (AVIF in image.light[:16], shown.width, shown.height) == (True, image.thumb_width, image.thumb_height)
    assert len(image.light) < len(image.thumb) * 0.8
    assert process_image(pictures.picture(".png", alpha=True)).light is None


def test_a_face_is_small_and_at_rest() -> None:
    for data in (pictures.noise(".jpg", width=400, height=400), pictures.animation(".gif", width=400, height=400)):
        shown = pictures.opened(face(data))
        assert (shown.width, shown.height, shown.get_n_pages()) == (132, 132, 1)
        assert len(face(data)) < len(data) / 3


@pytest.mark.parametrize("size", [(900, 600), (40, 60), (512, 512)])
def test_an_icon_is_the_middle_in_two_sizes_that_are_told(size: tuple[int, int]) -> None:
    icon = process_icon(pictures.picture(".jpg", *size))

    assert (icon.width, icon.height, icon.mime, icon.still_mime) == (512, 512, "image/png", "image/png")
    small = pictures.opened(icon.still)
    assert (small.width, small.height) == (192, 192)


def test_an_icon_stands_still_and_keeps_what_shows_through() -> None:
    moving = process_icon(pictures.animation(".gif", frames=4, width=600, height=500))
    see_through = process_icon(pictures.picture(".png", 64, 64, alpha=True))

    assert (moving.mime, moving.height) == ("image/png", 512)
    assert pictures.opened(moving.data).height == 512
    assert pictures.opened(see_through.data).hasalpha()


def test_a_header_is_three_times_as_wide_as_high() -> None:
    header = process_header(pictures.picture(".jpg", 2400, 1600))

    assert (header.width, header.height) == (1500, 500)


def test_a_drawing_stays_what_it_is_unless_a_page_would_wait_for_it() -> None:
    flat = pictures.picture(".png", 1500, 500)
    grainy = pyvips.Image.gaussnoise(1500, 500, mean=128, sigma=30).cast("uchar").pngsave_buffer()

    assert process_header(flat).mime == "image/png"
    assert (process_header(grainy).mime, process_avatar(grainy).mime) == ("image/webp", "image/webp")
    assert len(process_header(grainy).data) < len(grainy)
    assert process_image(grainy).mime == "image/png"


@pytest.mark.parametrize("size", [(1, 1), (5_000, 1), (1, 5_000), (2, 300)])
def test_odd_shapes_are_no_trouble(size: tuple[int, int]) -> None:
    data = pictures.picture(".png", *size) if size[0] > 1 else pictures.picture(".png", 2, size[1])

    for processed in (process_avatar(data), process_header(data), process_emoji(data), process_icon(data)):
        assert processed.width >= 1
    assert process_image(data).thumb


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif"])
def test_a_truncated_picture_is_refused(suffix: str) -> None:
    data = pictures.picture(suffix, 300, 300)

    with pytest.raises(Invalid, match="cannot be read"):
        process_image(data[: len(data) * 2 // 3])


def test_rubbish_behind_a_good_header_is_refused() -> None:
    for suffix in (".jpg", ".png", ".gif", ".webp", ".avif"):
        data = pictures.picture(suffix, 300, 300)
        with pytest.raises(Invalid):
            process_image(data[: min(200, len(data) // 2)] + b"\xa5\x5a" * 5_000)


def test_a_second_larger_header_hidden_behind_the_first_is_refused() -> None:
    small, large = pictures.picture(".jpg", 8, 8), pictures.picture(".jpg", 400, 400)
    at, end = small.index(b"\xff\xc0"), small.index(b"\xff\xc4")

    with pytest.raises(Invalid):
        process_image(large[:2] + small[at:end] + large[2:])


def test_libvips_is_never_loaded_into_the_node() -> None:
    script = (
        "import sys; from node.media import images; images.process_image(sys.stdin.buffer.read());"
        "print(sorted({'pyvips', 'PIL', 'pi_heif', 'blurhash_rs'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], input=pictures.picture(".png"), capture_output=True, check=True
    )

    assert done.stdout.strip() == b"[]"
