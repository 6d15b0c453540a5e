"""Small charts as inline SVG, coloured by the page's tokens."""

from collections.abc import Sequence

from markupsafe import Markup, escape

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
