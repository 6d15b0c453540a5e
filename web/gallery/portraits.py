"""Drawn portraits for sample pages, as SVG: own work, like the rest of the design."""

from urllib.parse import quote

_SHAPES = {
    1: (
        '<rect width="48" height="48" fill="#f2d9a8"/>'
        '<path d="M0 34c10-8 20-6 28-2s14 2 20-3v19H0z" fill="#7a8f5a"/>'
        '<circle cx="24" cy="21" r="10" fill="#8a5a3c"/>'
        '<path d="M14 20c0-9 20-9 20 0-5-3-15-3-20 0z" fill="#3a2722"/>'
        '<path d="M10 48c1-11 7-15 14-15s13 4 14 15z" fill="#a6203f"/>'
    ),
    2: (
        '<rect width="48" height="48" fill="#23425c"/><circle cx="34" cy="13" r="6" fill="#f3e3b8"/>'
        '<path d="M0 40 14 22l8 9 9-12 17 21v8H0z" fill="#3f6c86"/>'
        '<path d="M0 44l12-9 12 8 12-7 12 8v4H0z" fill="#5d93a6"/>'
    ),
    3: (
        '<rect width="48" height="48" fill="#e8b9a6"/>'
        '<path d="M8 48c0-13 6-19 16-19s16 6 16 19z" fill="#31524a"/>'
        '<circle cx="24" cy="20" r="10.5" fill="#5b3a2c"/>'
        '<path d="M12 22C9 8 39 8 36 22c2 8-1 12-3 13 2-10 0-15-9-15s-11 5-9 15c-2-1-5-5-3-13z" fill="#1f1513'
        '"/>'
    ),
    4: (
        '<rect width="48" height="48" fill="#cfdcd6"/>'
        '<path d="M8 48c1-9 7-12 16-12s15 3 16 12z" fill="#2f4d66"/>'
        '<circle cx="24" cy="22" r="10.5" fill="#e8bd9c"/>'
        '<path d="M12.5 20C11 6 37 6 35.5 20c-1-4-2.5-5.5-4-6-5 1.5-10 1.5-15 0-1.5.5-3 2-4 6z" fill="#b9762f'
        '"/>'
        '<path d="M13.300 23.5c1.700 2.5 4 3 6.200 2 2.5-1 6.5-1 9 0 2.200 1 4.5.5 6.200-2 1 10.5-3.5 15.5-10'
        '.700 15.5S12.300 34 13.300 23.5z" fill="#b9762f"/>'
        '<path d="M20.5 30q3.5 2 7 0" stroke="#f3d9c0" stroke-width="1.8" fill="none" stroke-linecap="round"/'
        '><circle cx="20" cy="20.5" r="1.2" fill="#3a2a22"/>'
        '<circle cx="28" cy="20.5" r="1.2" fill="#3a2a22"/>'
    ),
    5: (
        '<rect width="48" height="48" fill="#5c3a63"/><path d="M24 42V22" stroke="#9fc38b" stroke-width="3"/>'
        '<g fill="#f0b8cf"><circle cx="24" cy="10" r="6"/><circle cx="33" cy="16" r="6"/>'
        '<circle cx="30" cy="26" r="6"/><circle cx="18" cy="26" r="6"/><circle cx="15" cy="16" r="6"/></g>'
        '<circle cx="24" cy="19" r="5" fill="#f3d66b"/>'
    ),
    6: (
        '<rect width="48" height="48" fill="#d9e4ea"/>'
        '<path d="M12 16h20v14a8 8 0 0 1-8 8h-4a8 8 0 0 1-8-8z" fill="#b5533c"/>'
        '<path d="M32 20h3a5 5 0 0 1 0 10h-3" fill="none" stroke="#b5533c" stroke-width="3"/>'
        '<path d="M17 12c0-4 4-3 3-7M24 12c0-4 4-3 3-7" stroke="#7d8f98" stroke-width="2" fill="none" stroke-'
        'linecap="round"/>'
    ),
    7: (
        '<rect width="48" height="48" fill="#17383b"/>'
        '<path d="M6 30c6-8 12-8 18 0s12 8 18 0M6 38c6-8 12-8 18 0s12 8 18 0" stroke="#7fd0c4" stroke-width="'
        '3" fill="none" stroke-linecap="round"/><circle cx="24" cy="14" r="7" fill="#f2efe2"/>'
    ),
    8: (
        '<rect width="48" height="48" fill="#f0e4c9"/>'
        '<path d="M10 12c6-2 11-1 14 2 3-3 8-4 14-2v24c-6-2-11-1-14 2-3-3-8-4-14-2z" fill="#fffaf0" stroke="#'
        '2d4a3e" stroke-width="2.5" stroke-linejoin="round"/>'
        '<path d="M24 14v24" stroke="#2d4a3e" stroke-width="2.5"/>'
        '<path d="M14 19c3-.6 5-.4 7 .7M14 25c3-.6 5-.4 7 .7M27 19.700c2-1.100 4-1.300 7-.7" stroke="#a6203f"'
        ' stroke-width="2" fill="none"/>'
    ),
    9: (
        '<rect width="48" height="48" fill="#b9d4b4"/><circle cx="24" cy="22" r="10.5" fill="#f1cfb3"/>'
        '<path d="M12 24c-2-18 26-18 24 0-2-6-6-9-12-9s-10 3-12 9z" fill="#8c2f2f"/>'
        '<path d="M9 48c1-10 7-13 15-13s14 3 15 13z" fill="#e0a43a"/>'
    ),
}


def portrait(number: int) -> str:
    """A data address, 1 to 9."""
    return _data(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="96" height="96">{_SHAPES[number]}</svg>'
    )


def moor(hue: int = 20, width: int = 640, height: int = 360) -> str:
    """A landscape in the evening, as a data address."""
    return _data(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="{width}" height="{height}" '
        'preserveAspectRatio="xMidYMid slice"><defs><linearGradient id="s" x2="0" y2="1">'
        f'<stop stop-color="hsl({hue + 230} 25% 34%)"/><stop offset=".45" stop-color="hsl({hue + 325} 35% 55%)"/>'
        f'<stop offset="1" stop-color="hsl({hue + 10} 80% 78%)"/></linearGradient></defs>'
        '<rect width="640" height="360" fill="url(#s)"/><circle cx="452" cy="196" r="70" fill="#fff1c9" opacity=".3"/>'
        '<circle cx="452" cy="196" r="32" fill="#fff1c9"/>'
        f'<path d="M0 236c90-30 170-26 250-6s190-30 390 6v124H0z" fill="hsl({hue + 310} 26% 48%)"/>'
        f'<path d="M0 276c120-34 220 8 330 4s170-40 310-10v90H0z" fill="hsl({hue + 305} 24% 32%)"/>'
        f'<path d="M0 318c140-26 240 12 360 2s180-20 280-8v48H0z" fill="hsl({hue + 60} 25% 22%)"/></svg>'
    )


def _data(svg: str) -> str:
    return "data:image/svg+xml," + quote(svg, safe="/:=' ")
