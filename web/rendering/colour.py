"""One hue per node, from which every accent follows: OKLCH with fixed lightness, so that each hue is readable.

Browsers clip colours that a screen cannot show, which changes their lightness. We lower the chroma instead (CSS Color 4,
section 13), once, here, and send what every browser shows alike.
"""

import math
from functools import lru_cache

Rgb = tuple[float, float, float]  # linear light, 0 to 1 when a screen can show it


def accent(hue: int, *, dark: bool) -> str:
    """For links, buttons and whatever is chosen."""
    return hex_of(0.77, 0.12, hue) if dark else hex_of(0.47, 0.17, hue)


def on_accent(hue: int, *, dark: bool) -> str:
    """For text on the accent."""
    return hex_of(0.2, 0.05, hue) if dark else "#ffffff"


def soft(hue: int, *, dark: bool) -> str:
    """A tint for the background of what belongs to the accent."""
    return hex_of(0.27, 0.032, hue) if dark else hex_of(0.95, 0.02, hue + 20)


@lru_cache(maxsize=360)
def stylesheet(hue: int) -> str:
    """The few tokens that depend on the hue."""
    pairs = ((name, f(hue, dark=False), f(hue, dark=True)) for name, f in _TOKENS.items())
    tokens = "".join(f"--{name}:light-dark({light},{dark});" for name, light, dark in pairs)
    return f"@layer tokens{{:root{{--hue:{hue};{tokens}}}}}\n"


_TOKENS = {"accent": accent, "on-accent": on_accent, "soft": soft}


def hex_of(lightness: float, chroma: float, hue: float) -> str:
    """`#rrggbb` of the nearest colour that a screen can show with this lightness and hue."""
    if not _is_shown(_linear(lightness, chroma, hue)):
        low, high = 0.0, chroma
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if _is_shown(_linear(lightness, middle, hue)) else (low, middle)
        chroma = low
    return "#" + "".join(f"{round(255 * _encode(part)):02x}" for part in _linear(lightness, chroma, hue))


def contrast(one: str, other: str) -> float:
    """Of two `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _linear(lightness: float, chroma: float, hue: float) -> Rgb:
    """OKLCH to linear sRGB (CSS Color 4, section 10.2 and sample code)."""
    angle = math.radians(hue)
    a, b = chroma * math.cos(angle), chroma * math.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _is_shown(rgb: Rgb) -> bool:
    return all(-1e-4 <= part <= 1 + 1e-4 for part in rgb)


def _encode(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
