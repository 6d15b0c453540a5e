"""Small charts as inline SVG, coloured by the page's tokens."""

from collections.abc import Sequence

from markupsafe import Markup


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
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" preserveAspectRatio="none" '
        'aria-hidden="true"><path class="a" d="M{points} L{w} {h} L0 {h}z"/>'
        '<path d="M{points}" vector-effect="non-scaling-stroke"/></svg>'
    ).format(w=width, h=height, points=points)


def bars(values: Sequence[int], label: str, height: int = 74) -> Markup:
    """One bar for each value, the last one strong. `label` says in words what is seen."""
    if not values:
        return Markup("")
    high = max(*values, 1)
    width = 10
    shapes = Markup("").join(
        Markup('<rect{now} x="{x}" y="{y:.1f}" width="{w}" height="{h:.1f}" rx="1.5"/>').format(
            now=Markup(' class="now"') if i == len(values) - 1 else "",
            x=i * (width + 3),
            w=width,
            h=max(value / high * height, 2),
            y=height - max(value / high * height, 2),
        )
        for i, value in enumerate(values)
    )
    return Markup(
        '<svg class="bars" viewBox="0 0 {w} {h}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        "{shapes}</svg>"
    ).format(w=len(values) * (width + 3) - 3, h=height, label=label, shapes=shapes)
