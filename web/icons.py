"""Builds `web/static/icons.svg`, the one sprite file, from a folder of lucide-static icons (ISC licence).

    npm pack lucide-static && tar xzf lucide-static-*.tgz
    python -m web.icons package/icons

The result is committed: a node needs neither npm nor this module.
"""

import re
import sys
from pathlib import Path

STATIC = Path(__file__).parent / "static"

# Our name -> lucide's.
ICONS = {
    "add": "plus",
    "alert": "triangle-alert",
    "ban": "ban",
    "bell": "bell",
    "bookmark": "bookmark",
    "boost": "repeat-2",
    "bot": "bot",
    "back": "arrow-left",
    "chart": "chart-no-axes-column",
    "check": "circle-check",
    "clock": "clock",
    "close": "x",
    "cog": "settings",
    "compass": "compass",
    "copy": "copy",
    "db": "database",
    "down": "arrow-down",
    "edit": "pencil",
    "external": "arrow-up-right",
    "eye": "eye",
    "eyeoff": "eye-off",
    "flag": "flag",
    "forward": "arrow-right",
    "globe": "globe",
    "hash": "hash",
    "home": "house",
    "image": "image",
    "key": "key-round",
    "lang": "languages",
    "link": "link",
    "list": "list",
    "lock": "lock",
    "log": "history",
    "mail": "messages-square",
    "megaphone": "megaphone",
    "menu": "menu",
    "more": "ellipsis",
    "mute": "volume-x",
    "night": "moon",
    "pen": "feather",
    "people": "users",
    "person": "user",
    "phone": "smartphone",
    "pin": "pin",
    "poll": "chart-bar-big",
    "quiet": "moon-star",
    "refresh": "refresh-cw",
    "reply": "message-circle",
    "rss": "rss",
    "scroll": "scroll-text",
    "search": "search",
    "send": "send",
    "server": "server",
    "shield": "shield",
    "sliders": "sliders-horizontal",
    "smile": "smile",
    "star": "star",
    "ticket": "ticket",
    "trash": "trash-2",
    "updown": "chevrons-up-down",
    "userplus": "user-plus",
    "usercheck": "user-check",
    "verified": "badge-check",
    "wrench": "wrench",
}

# Drawn for Linnet. Colours come from the page: --b bird, --a accent, --w wing, --e eye.
LINNET = (
    '<symbol id="linnet" viewBox="0 0 64 64">'
    '<path d="M3 46 19.500 33.500C19.700 19 26.600 9 38 9c8 0 13.600 4.600 15.300 11.400L62 24.600l-8.400 3.100C53.800 42 '
    '45.600 52 32.400 52c-5.200 0-9.800-1.300-13.600-3.900L6.400 51.900z" fill="var(--b)"/>'
    '<path d="M53.600 27.700C53.800 42 45.600 52 32.400 52c-1.500 0-2.900-.1-4.300-.3C39 47.500 44.500 39.500 44.300 '
    '27.500c3.200-1.800 6.300-1.700 9.300.2z" fill="var(--a)"/>'
    '<path d="M6.400 45.600C18.500 43.600 24 38 26.300 28.400c7.400 1.300 11 5.800 10.300 11.200-9.200 6.300-18.600 8-'
    '30.200 6z" fill="var(--w)"/>'
    '<circle cx="44" cy="19.500" r="2.600" fill="var(--e)"/>'
    '<path d="M29 51.500v7M37 51v7.500M14 59.500h40" stroke="var(--b)" stroke-width="2.600" stroke-linecap="round" '
    'fill="none"/></symbol>'
)


def sprite(folder: Path) -> str:
    """All symbols in one document."""
    symbols = "\n".join(_symbol(name, folder / f"{theirs}.svg") for name, theirs in sorted(ICONS.items()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{LINNET}\n{symbols}\n</svg>\n'


def _symbol(name: str, file: Path) -> str:
    text = re.sub(r"<!--.*?-->", "", file.read_text(), flags=re.DOTALL)
    match = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if match is None:
        raise SystemExit(f"{file} is not an SVG document")
    shapes = re.sub(r"\s+", " ", match[1]).replace(" />", "/>").replace("> <", "><").strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{shapes}</symbol>'


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m web.icons FOLDER-OF-LUCIDE-ICONS")
    (STATIC / "icons.svg").write_text(sprite(Path(sys.argv[1])))
