"""Small charts as inline SVG, coloured by the page's tokens."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from web.rendering import numbers

_NOW = ' class="now"'
# The frame of `areas`, with room for figures on the left and below.
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 600, 12, 196
_LINES = 3


def spark(values: Sequence[int], width: int = 62, height: int = 26) -> Markup:
    """A line over a soft area, for the eye alone: its number stands beside it as text."""
    if len(values) < 2:
        return Markup("")
    low, high = min(values), max(values)
    step = width / (len(values) - 1)
    points = " ".join(
        f"{i * step:.1f} {height - 2 - (value - low) / ((high - low) or 1) * (height - 5):.1f}"
        for i, value in enumerate(values)
    )
    # Numbers of ours alone: nothing to escape.
    return Markup(  # noqa: S704
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'preserveAspectRatio="none" aria-hidden="true"><path class="a" d="M{points} L{width} {height} L0 {height}z"/>'
        f'<path d="M{points}" vector-effect="non-scaling-stroke"/></svg>'
    )


def bars(values: Sequence[int], label: str, height: int = 74) -> Markup:
    """One bar for each value, the last one strong. `label` says in words what is seen."""
    if not values:
        return Markup("")
    high, width = max(*values, 1), 10
    shapes = "".join(
        f'<rect{_NOW if i == len(values) - 1 else ""} x="{i * (width + 3)}" y="{height - tall:.1f}" '
        f'width="{width}" height="{tall + 2:.1f}" rx="2.3" ry="3"/>'
        for i, tall in enumerate(max(value / high * height, 2) for value in values)
    )
    return Markup(  # noqa: S704 - numbers, and an escaped label
        f'<svg class="bars" viewBox="0 0 {len(values) * (width + 3) - 3} {height}" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(label)}">{shapes}</svg>'
    )


def areas(series: Sequence[Sequence[int]], label: str, marks: Sequence[tuple[float, str]] = ()) -> Markup:
    """Areas on top of each other, the first one lowest. `marks`: what stands below, and how far along. `label` says it."""
    sums = [sum(values) for values in zip(*series, strict=True)]
    if len(sums) < 2:
        return Markup("")
    step = _round_step(max(*sums, 1) / _LINES)
    scale, across = (_BOTTOM - _TOP) / (_LINES * step), (_RIGHT - _LEFT) / (len(sums) - 1)

    def line(values: Sequence[int]) -> list[str]:
        return [f"{_LEFT + i * across:.0f} {_BOTTOM - value * scale:.1f}" for i, value in enumerate(values)]

    shapes, below = "", [0] * len(sums)
    for number, values in enumerate(series):
        above = [low + value for low, value in zip(below, values, strict=True)]
        shapes += f'<path class="s{number}" d="M{" L".join([*line(above), *reversed(line(below))])}z"/>'
        if number == 0:
            shapes += f'<path class="edge" d="M{" L".join(line(above))}"/>'
        below = above
    heights = ((number * step, _BOTTOM - number * step * scale) for number in range(_LINES + 1))
    grid = "".join(
        f'<path class="grid" d="M{_LEFT} {y:.0f}H{_RIGHT}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{escape(numbers.number(value))}</text>'
        for value, y in heights
    )
    below_it = "".join(
        f'<text x="{_LEFT + share * (_RIGHT - _LEFT):.0f}" y="{_BOTTOM + 18}" text-anchor="middle">{escape(text)}</text>'
        for share, text in marks
    )
    return Markup(  # noqa: S704 - numbers, and escaped texts
        f'<svg class="areas" viewBox="0 0 {_RIGHT} {_BOTTOM + 22}" role="img" aria-label="{escape(label)}">'
        f"{grid}{shapes}{below_it}</svg>"
    )


def meter(part: int, whole: int, label: str) -> Markup:
    """How much of something is taken."""
    share = min(100 * part // whole, 100) if whole else 0
    # A line, for its end is round however wide the page makes it.
    line = f'<path d="M0 4H{share}" vector-effect="non-scaling-stroke"/>' if share else ""
    return Markup(  # noqa: S704 - numbers, and an escaped label
        f'<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f"{line}</svg>"
    )


def _round_step(least: float) -> int:
    """1, 2 or 5, or that many tens, hundreds, …"""
    ten = 1
    while ten * 10 <= least:
        ten *= 10
    return next(ten * digit for digit in (1, 2, 5, 10) if ten * digit >= least)
