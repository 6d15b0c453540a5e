"""Static files, under names that change with their contents: `/static/linnet.5f2c91d0.css` may be kept for ever.

The plain names are served too, for what others were told once (default avatars, icons of the node).
"""

import gzip
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from node.errors import NotFound
from web import revalidation
from web.encodings import takes_gzip
from web.rendering import colour

_FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".json": "application/speculationrules+json",
}
# Of which files of which folder of web/static a file consists, in their order. Pages load app.js and linnet.css, but for
# the staff's, and those inside of other sites.
_STYLES = (
    "tokens",
    "base",
    "shell",
    "controls",
    "post",
    "composer",
    "thread",
    "lists",
    "profile",
    "forms",
    "quiet",
    "touch",
    "print",
)
_SCRIPTS = (
    *("base", "times", "arrival", "held_presses", "presses", "more", "still", "renewing", "stream", "live"),
    *("suggestions", "held_forms", "later", "compose", "pictures", "copy", "keys"),
)
# Between two parts the browser may do what else waits, such as what somebody presses (web/static/scripts/base.js).
_BETWEEN_SCRIPTS = b"\nawait breath();\n"
_NOT_FOR_STAFF = ("composer", "thread", "profile")
JOINED = {
    "linnet.css": ("styles", _STYLES),
    "settings.css": ("styles", ("settings",)),
    "admin.css": ("styles", (*(part for part in _STYLES if part not in _NOT_FOR_STAFF), "staff")),
    "embed.css": ("styles", ("tokens", "base", "controls", "post", "embed", "touch")),
    "app.js": ("scripts", _SCRIPTS),
}
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_AN_HOUR = "public, max-age=3600"


class File(NamedTuple):
    name: str  # as it is called when it may be kept for ever
    content_type: str
    body: bytes
    packed: bytes | None  # gzip, where that is smaller


def address(name: str) -> str:
    """Where a page finds the file `name` of web/static."""
    return f"/static/{_files()[name].name}"


def sheet_address(name: str, hue: int) -> str:
    """The stylesheet `name` with the colours of `hue` at its end: one file, because pages wait for each."""
    return f"/static/{_coloured(name, hue).name}"


async def serve(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    file = find(name)
    headers = {
        "Content-Type": file.content_type,
        "Cache-Control": _FOR_EVER if name == file.name else _FOR_AN_HOUR,
        "ETag": f'"{hashlib.sha256(file.body).hexdigest()[:16]}"',
    }
    if revalidation.holds(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    if file.packed is None:
        return web.Response(body=file.body, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if not takes_gzip(request):
        return web.Response(body=file.body, headers=headers)
    return web.Response(body=file.packed, headers=headers | {"Content-Encoding": "gzip"})


ROUTES = [web.get(r"/static/{name:[A-Za-z0-9._/-]+}", serve)]


def find(name: str) -> File:
    """By the plain name or by the other; also by one of an earlier release, which pages in caches still use."""
    files = _files()
    if name in files:
        return files[name]
    stem, _, rest = name.partition(".")
    sheet, _, hue = stem.rpartition("-")
    if f"{sheet}.css" in JOINED and hue.isascii() and hue.isdecimal() and len(hue) < 4 and int(hue) < 360:
        return _coloured(f"{sheet}.css", int(hue))
    plain = f"{stem}.{rest.rpartition('.')[2]}"
    if plain in files:
        return files[plain]
    raise NotFound("There is no such file.")


@cache
def _files() -> dict[str, File]:
    folders = {folder for folder, _ in JOINED.values()}
    paths = (path.relative_to(_FOLDER) for path in _FOLDER.rglob("*") if path.suffix in _TYPES)
    whole = {str(path): _file(path) for path in paths if path.parts[0] not in folders}
    return whole | {name: _join(name) for name in JOINED}


def _join(name: str) -> File:
    folder, parts = JOINED[name]
    stem, _, suffix = name.partition(".")
    bodies = [(_FOLDER / folder / f"{part}.{suffix}").read_bytes() for part in parts]
    body = _tight(b"\n".join(bodies)) if suffix == "css" else _bare(_BETWEEN_SCRIPTS.join(bodies))
    return _make(stem, f".{suffix}", body)


def _tight(css: bytes) -> bytes:
    """Without comments and needless spaces: a tenth less to send. Our strings hold nothing that this changes."""
    css = re.sub(rb"\s+", b" ", re.sub(rb"/\*.*?\*/", b"", css, flags=re.DOTALL))
    css = re.sub(rb" ?([{};,>]) ?", rb"\1", css).replace(b";}", b"}")
    css = css.replace(b" !important", b"!important").replace(b"@media (", b"@media(")
    return re.sub(rb"(?<=[a-z-]): ", b":", css).strip()


def _bare(script: bytes) -> bytes:
    """Without comments that have lines to themselves: a sixth less to send. Texts of several lines hold no such lines."""
    return re.sub(rb"^[ \t]*(?://.*|/\*\*(?:.|\n)*?\*/)\n", b"", script, flags=re.MULTILINE)


def _file(path: Path) -> File:
    body = (_FOLDER / path).read_bytes()
    return _make(str(path.with_suffix("")), path.suffix, _bare(body) if path.suffix == ".js" else body)


@lru_cache(maxsize=16)  # a node has one hue, but anybody may ask for others
def _coloured(name: str, hue: int) -> File:
    return _make(f"{name.partition('.')[0]}-{hue}", ".css", _files()[name].body + colour.stylesheet(hue).encode())


def _make(stem: str, suffix: str, body: bytes) -> File:
    digest = hashlib.sha256(body).hexdigest()[:8]
    packed = None if suffix == ".png" else gzip.compress(body, 9, mtime=0)
    return File(f"{stem}.{digest}{suffix}", _TYPES[suffix], body, packed)
