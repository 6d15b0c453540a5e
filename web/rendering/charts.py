"""Small charts as inline SVG, coloured by the page's tokens."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from web.rendering import numbers

_NOW = ' class="now"'


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
        f'width="{width}" height="{tall:.1f}" rx="1.5"/>'
        for i, tall in enumerate(max(value / high * height, 2) for value in values)
    )
    return Markup(  # noqa: S704 - numbers, and an escaped label
        f'<svg class="bars" viewBox="0 0 {len(values) * (width + 3) - 3} {height}" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(label)}">{shapes}</svg>'
    )


def areas(series: Sequence[Sequence[int]], label: str, width: int = 560, height: int = 150) -> Markup:
    """Areas on top of each other, the first one lowest, below lines for half and all of the most. `label` says it."""
    sums = [sum(values) for values in zip(*series, strict=True)]
    if len(sums) < 2:
        return Markup("")
    most = max(*sums, 1)
    step = width / (len(sums) - 1)

    def line(values: Sequence[int]) -> list[str]:
        return [f"{i * step:.0f} {height - value / most * height:.1f}" for i, value in enumerate(values)]

    shapes, below = "", [0] * len(sums)
    for number, values in enumerate(series):
        above = [low + value for low, value in zip(below, values, strict=True)]
        shapes += f'<path class="s{number}" d="M{" L".join([*line(above), *reversed(line(below))])}z"/>'
        below = above
    marks = "".join(
        f'<path class="grid" d="M0 {y} H{width}"/><text x="{width + 6}" y="{y + 4}">{numbers.compact(value)}</text>'
        for y, value in ((0, most), (height // 2, most // 2))
        if value
    )
    return Markup(  # noqa: S704 - numbers, and an escaped label
        f'<svg class="areas" viewBox="0 -8 {width + 44} {height + 16}" role="img" aria-label="{escape(label)}">'
        f"{marks}{shapes}</svg>"
    )
