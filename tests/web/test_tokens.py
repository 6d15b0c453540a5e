"""Colours: whatever hue an administrator picks, everything stays readable (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

from web.rendering import colour

_CSS = (Path(__file__).parents[2] / "web" / "static" / "styles" / "tokens.css").read_text()
_TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)")
_SURFACES = ("bg", "surface", "sunk")
_THEMES = {"light": 0, "dark": 1}


def _token(name: str, theme: str) -> str:
    # The first declaration is the ordinary one; `more contrast` comes later and only ever raises it.
    light, dark = next((light, dark) for found, light, dark in _TOKEN.findall(_CSS) if found == name)
    short = (light, dark)[_THEMES[theme]]
    return short if len(short) == 7 else "#" + "".join(2 * digit for digit in short[1:])


@pytest.mark.parametrize("theme", _THEMES)
def test_every_hue_is_readable_as_a_link_and_as_a_button(theme: str) -> None:
    dark = theme == "dark"
    surfaces = [_token(name, theme) for name in _SURFACES]

    for hue in range(360):
        accent = colour.accent(hue, dark=dark)
        backgrounds = [*surfaces, colour.soft(hue, dark=dark)]
        assert min(colour.contrast(accent, one) for one in backgrounds) >= 5.2, hue
        assert colour.contrast(accent, colour.on_accent(hue, dark=dark)) >= 6.3, hue


@pytest.mark.parametrize("theme", _THEMES)
def test_text_is_readable_on_every_surface_whatever_the_hue(theme: str) -> None:
    surfaces = [_token(name, theme) for name in _SURFACES]
    surfaces += [colour.soft(hue, dark=theme == "dark") for hue in range(360)]

    for surface in surfaces:
        assert colour.contrast(_token("text", theme), surface) >= 12
        assert colour.contrast(_token("muted", theme), surface) >= 4.9


@pytest.mark.parametrize("theme", _THEMES)
@pytest.mark.parametrize("name", ["boost", "fav", "mark", "danger"])
def test_colours_with_a_meaning_are_readable_on_every_surface(theme: str, name: str) -> None:
    own = {"boost": "ok-soft", "fav": "warn-soft", "danger": "danger-soft"}.get(name, "bg")

    for surface in (*_SURFACES, own):
        assert colour.contrast(_token(name, theme), _token(surface, theme)) >= 4.5


@pytest.mark.parametrize("theme", _THEMES)
def test_the_edges_of_fields_can_be_seen(theme: str) -> None:
    for surface in _SURFACES:
        assert colour.contrast(_token("ctl", theme), _token(surface, theme)) >= 3


def test_more_contrast_raises_it() -> None:
    ordinary, more = re.findall(r"--muted: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", _CSS)[:2]

    assert colour.contrast(more[0], "#fffdf9") > colour.contrast(ordinary[0], "#fffdf9")
    assert colour.contrast(more[1], "#1e191b") > colour.contrast(ordinary[1], "#1e191b")


def test_a_colour_that_no_screen_shows_loses_chroma_and_keeps_its_lightness() -> None:
    vivid, calm = colour.hex_of(0.47, 0.37, 146), colour.hex_of(0.47, 0.05, 146)

    assert abs(colour.contrast(vivid, "#ffffff") - colour.contrast(calm, "#ffffff")) < 0.5


def test_white_and_black_are_21_to_1() -> None:
    assert colour.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colour.hex_of(1, 0, 0) == "#ffffff"
    assert colour.hex_of(0, 0, 0) == "#000000"


def test_the_stylesheet_of_a_hue_sets_both_themes() -> None:
    assert colour.stylesheet(200).count("light-dark(") == 3
    assert "--hue:200;" in colour.stylesheet(200)
