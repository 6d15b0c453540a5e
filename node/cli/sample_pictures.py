"""The pictures of the demo, drawn by the program: landscapes of hills, water and sky, and faces for profiles."""

import itertools
import math
import random
from collections.abc import Callable
from functools import cache

_GRAIN = (
    '<filter id="grain"><feTurbulence baseFrequency=".8" numOctaves="2" seed="4"/>'
    '<feColorMatrix values="0 0 0 0 .5 0 0 0 0 .4 0 0 0 0 .3 0 0 0 .16 0"/></filter>'
)
_BIRD = '<path d="M{x} {y}q{w} -{w} {v} 0 {w} -{w} {v} 0" fill="none" stroke="#2d2530" stroke-width="2.6"/>'


@cache
def png(name: str) -> bytes:
    """The drawing called `name`, as a PNG file. Several people have the same, and drawing it takes half a second."""
    import pyvips  # 15 MB that only a demo needs: every other command, the node's included, does without

    image = pyvips.Image.svgload_buffer(DRAWINGS[name]().encode())
    data: bytes = image.flatten(background=255).pngsave_buffer()
    return data


# ── landscapes, 1280 × 720 ─────────────────────────────────────────────────────────────────────────────────────────


def _scene(sky: list[tuple[float, str]], *parts: str) -> str:
    stops = "".join(f'<stop offset="{at}" stop-color="{colour}"/>' for at, colour in sky)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" viewBox="0 0 640 360">'
        f'<defs><linearGradient id="sky" x2="0" y2="1">{stops}</linearGradient>{_GRAIN}</defs>'
        f'<rect width="640" height="360" fill="url(#sky)"/>{"".join(parts)}'
        '<rect width="640" height="360" filter="url(#grain)" opacity=".5"/></svg>'
    )


def _sun(x: int, y: int, size: int, colour: str) -> str:
    return (
        f'<circle cx="{x}" cy="{y}" r="{size * 2.4:.0f}" fill="{colour}" opacity=".25"/>'
        f'<circle cx="{x}" cy="{y}" r="{size}" fill="{colour}"/>'
    )


def _hills(seed: int, base: float, height: float, colour: str) -> str:
    chance = random.Random(seed)
    points = [
        (x, base + height * math.sin(x / (80 + 9 * seed) + seed) + chance.uniform(-height, height) / 3)
        for x in range(-40, 721, 40)
    ]
    line = f"M-40 360V{points[0][1]:.0f}"
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        line += f"Q{x} {y:.0f} {(x + next_x) / 2:.0f} {(y + next_y) / 2:.0f}"
    return f'<path d="{line}V360z" fill="{colour}"/>'


def _bloom(seed: int, count: int, top: int, colours: list[str]) -> str:
    """Flowers and bushes, larger the nearer they are."""
    chance = random.Random(seed)
    dots = []
    for _ in range(count):
        x, y = chance.uniform(0, 640), chance.uniform(top, 366)
        size = ((y - top) / (366 - top) * 4 + 1.6) * chance.uniform(0.6, 1.3)
        dots.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.1f}" fill="{chance.choice(colours)}"/>')
    return "".join(dots)


def _birds(*places: tuple[int, int, int]) -> str:
    return "".join(_BIRD.format(x=x, y=y, w=w, v=2 * w) for x, y, w in places)


def _waves(seed: int, top: int, colour: str) -> str:
    chance = random.Random(seed)
    lines = []
    for y in range(top, 360, 12):
        x, length = chance.uniform(-20, 560), (y - top) / 3 + 24
        lines.append(f'<path d="M{x:.0f} {y}q{length / 4:.0f} -5 {length / 2:.0f} 0t{length / 2:.0f} 0"/>')
    return f'<g fill="none" stroke="{colour}" stroke-width="2.4" stroke-linecap="round" opacity=".7">{"".join(lines)}</g>'


def _moor() -> str:
    return _scene(
        [(0, "#4a4468"), (0.35, "#b5677f"), (0.62, "#f0a583"), (0.85, "#f9d7a6")],
        _sun(452, 190, 28, "#fff1c9"),
        _hills(3, 212, 16, "#a4657f"),
        _hills(5, 242, 20, "#7d4d69"),
        _hills(8, 276, 16, "#57394f"),
        _hills(11, 312, 12, "#33402f"),
        _bloom(2, 200, 306, ["#f2c230", "#e5a913", "#f7d964", "#c98a12"]),
        _bloom(9, 120, 314, ["#4c5a35", "#5e6b3b", "#3d4a2d"]),
        _birds((150, 96, 8), (196, 120, 6), (120, 132, 5)),
    )


def _dawn() -> str:
    return _scene(
        [(0, "#8fb6c9"), (0.4, "#cfdcd3"), (0.7, "#f6dfba"), (1, "#f3c99a")],
        _sun(180, 168, 32, "#fff6da"),
        _hills(2, 206, 14, "#a9bcae"),
        _hills(6, 232, 20, "#86a08c"),
        _hills(9, 262, 18, "#5f7f6b"),
        _hills(13, 296, 12, "#3f5d4a"),
        _bloom(5, 150, 292, ["#f2c230", "#e5a913", "#f7d964"]),
        _birds((420, 84, 9), (474, 108, 7), (392, 118, 5), (520, 78, 5)),
    )


def _tide() -> str:
    return _scene(
        [(0, "#cfe0e6"), (0.45, "#e9e4d4"), (0.55, "#8fb0b8"), (1, "#2f5560")],
        _sun(320, 140, 24, "#fff4d6"),
        f'<path d="M-10 200h660v170h-660z" fill="#5d8f9a" opacity=".55"/>{_waves(4, 212, "#e8f1ee")}',
        '<path d="M60 206l40-52 26 14 30-34 44 40 20-8 34 40z" fill="#41545c"/>',
        '<path d="M150 132v-40h10v40z" fill="#f3efe4"/><path d="M147 92h16l-8-12z" fill="#a6203f"/>',
        _birds((430, 92, 8), (470, 74, 6), (500, 104, 5)),
    )


def _canal() -> str:
    bank = '<path d="M-10 370L250 196h60L150 370z" fill="#6d8f96"/><path d="M-10 300L250 196 150 370H-10z" fill="#56707a"/>'
    boat = (
        '<path d="M118 292h150l-14 26H136z" fill="#7a2337"/><rect x="150" y="266" width="92" height="28" rx="4" '
        'fill="#2f5a4c"/><g fill="#f5e3b0"><rect x="160" y="273" width="16" height="12" rx="2"/>'
        '<rect x="190" y="273" width="16" height="12" rx="2"/><rect x="220" y="273" width="14" height="12" rx="2"/></g>'
    )
    return _scene(
        [(0, "#b9cfd6"), (0.6, "#f1e6cf"), (1, "#e3c79c")],
        _hills(4, 190, 10, "#9db39a"),
        _hills(7, 214, 8, "#6f9069"),
        bank,
        boat,
        _bloom(3, 120, 250, ["#4e7350", "#6c8f58", "#87a866"]),
    )


def _map() -> str:
    rings = "".join(
        f'<ellipse cx="{300 + 6 * k}" cy="{180 - 3 * k}" rx="{36 + 32 * k}" ry="{18 + 20 * k}" '
        f'transform="rotate({-14 + 2 * k} 300 180)"/>'
        for k in range(9)
    )
    return _scene(
        [(0, "#f4ead4"), (1, "#eadbbb")],
        f'<g fill="none" stroke="#b08d5e" stroke-width="1.6">{rings}</g>',
        '<path d="M-10 90c90 26 150 90 250 74s170 84 420 56" fill="none" stroke="#5d8fa8" stroke-width="6" opacity=".8"/>',
        '<path d="M-10 320C90 280 140 216 232 228s140-56 190-92 120-78 240-84" fill="none" stroke="#a6203f" '
        'stroke-width="4" stroke-dasharray="11 8" stroke-linecap="round"/>',
        '<g fill="#3b3026"><path d="M408 150l9-20 9 20zM436 140l8-17 8 17zM392 132l7-15 7 15z"/></g>',
        '<g fill="none" stroke="#3b3026" stroke-width="2"><circle cx="572" cy="292" r="26"/>'
        '<path d="M572 272v40M552 292h40"/></g><path d="M572 262l8 20h-16z" fill="#a6203f"/>',
    )


def _kiln() -> str:
    bowls = "".join(
        f'<g transform="translate({x} {y})"><path d="M0 0h{w}c0 {w * 0.62:.0f} -{w * 0.2:.0f} {w * 0.62:.0f} '
        f'-{w / 2:.0f} {w * 0.62:.0f}S0 {w * 0.62:.0f} 0 0z" fill="{colour}"/>'
        f'<ellipse cx="{w / 2}" cy="0" rx="{w / 2}" ry="{w * 0.1:.0f}" fill="{rim}"/></g>'
        for x, y, w, colour, rim in [
            (70, 170, 130, "#b5533c", "#8d3c2a"),
            (240, 190, 100, "#3f6c86", "#2d5067"),
            (380, 160, 150, "#d9b26a", "#b58f4a"),
            (548, 196, 70, "#5f7f6b", "#46614f"),
        ]
    )
    return _scene(
        [(0, "#e9e1d6"), (1, "#d6c6b2")],
        '<rect y="252" width="640" height="110" fill="#8a6542"/><rect y="246" width="640" height="10" fill="#6f4f32"/>',
        bowls,
    )


def _roses() -> str:
    chance = random.Random(21)
    flowers = []
    for _ in range(46):
        x, y = chance.uniform(0, 640), chance.uniform(120, 350)
        size = 8 + (y - 120) / 18
        red, light = chance.choice([("#b02a4b", "#d9607a"), ("#d98aa0", "#f0b8c6"), ("#f1d9b0", "#fbeed6")])
        flowers.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.0f}" fill="{red}"/>'
            f'<circle cx="{x - size / 5:.0f}" cy="{y - size / 5:.0f}" r="{size * 0.62:.0f}" fill="{light}"/>'
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size * 0.26:.0f}" fill="{red}"/>'
        )
    return _scene(
        [(0, "#bcd6da"), (0.4, "#e6ead2"), (1, "#5f8053")],
        _hills(6, 130, 8, "#86a878"),
        _bloom(14, 420, 118, ["#3f6244", "#55794f", "#2f4c36"]),
        *flowers,
    )


# ── faces, 400 × 400 ───────────────────────────────────────────────────────────────────────────────────────────────


def _face(ground: str, *parts: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" fill="{ground}"/>{"".join(parts)}</svg>'
    )


def _person(ground: str, skin: str, hair: str, clothes: str, *, long_hair: bool = False, beard: bool = False) -> str:
    back = f'<path d="M10 40c-2-34 30-34 28 0z" fill="{hair}"/>' if long_hair else ""
    fringe = f'<path d="M13 20c-1-15 23-15 22 0-5-5-17-5-22 0z" fill="{hair}"/>'
    chin = f'<path d="M14 22c1 4 4 5 7 4h6c3 1 6 0 7-4 1 10-3 13-10 13s-11-3-10-13z" fill="{hair}"/>' if beard else ""
    return _face(
        ground,
        back,
        f'<path d="M8 48c1-11 7-14 16-14s15 3 16 14z" fill="{clothes}"/>',
        f'<circle cx="24" cy="22" r="10.500" fill="{skin}"/>{chin}{fringe}',
        '<g fill="#2a1d1a"><circle cx="20" cy="22" r="1.200"/><circle cx="28" cy="22" r="1.200"/></g>',
    )


DRAWINGS: dict[str, Callable[[], str]] = {
    "moor": _moor,
    "dawn": _dawn,
    "tide": _tide,
    "canal": _canal,
    "map": _map,
    "kiln": _kiln,
    "roses": _roses,
    "tomas": lambda: _person("#cfdcd6", "#e8bd9c", "#b9762f", "#2f4d66", beard=True),
    "wren": lambda: _person("#f2d9a8", "#8a5a3c", "#3a2722", "#a6203f"),
    "bram": lambda: _person("#d9e4ea", "#f1cfb3", "#5a4636", "#b5533c", beard=True),
    "ines": lambda: _person("#e8b9a6", "#5b3a2c", "#1f1513", "#31524a", long_hair=True),
    "yuki": lambda: _person("#9cc3c2", "#f0d2b4", "#22202b", "#17383b"),
    "odile": lambda: _person("#b9d4b4", "#f1cfb3", "#8c2f2f", "#e0a43a", long_hair=True),
    "farah": lambda: _face(
        "#5c3a63",
        '<path d="M24 46V22" stroke="#9fc38b" stroke-width="3"/><g fill="#f0b8cf"><circle cx="24" cy="10" r="6"/>'
        '<circle cx="33" cy="16" r="6"/><circle cx="30" cy="26" r="6"/><circle cx="18" cy="26" r="6"/>'
        '<circle cx="15" cy="16" r="6"/></g><circle cx="24" cy="19" r="5" fill="#f3d66b"/>',
    ),
    "library": lambda: _face(
        "#f0e4c9",
        '<path d="M9 12c6-2 12-1 15 2 3-3 9-4 15-2v24c-6-2-12-1-15 2-3-3-9-4-15-2z" fill="#fffaf0" stroke="#2d4a3e" '
        'stroke-width="2.500" stroke-linejoin="round"/><path d="M24 14v24" stroke="#2d4a3e" stroke-width="2.500"/>',
        '<path d="M13 19c3-1 6 0 8 1M13 25c3-1 6 0 8 1M27 20c3-1 6-1 8-1" stroke="#a6203f" stroke-width="2" fill="none"/>',
    ),
}
