"""Focal points: the place that stays visible when a picture is cropped, x and y from -1 to 1 (0,0 is the middle)."""

import math

from node.errors import Invalid

Focus = tuple[float, float]


def parse_focus(text: str) -> Focus | None:
    """`"0.5,-0.2"` as clients write it, clamped; None for nothing. Invalid when it is anything else."""
    if not text.strip():
        return None
    parts = text.split(",")
    try:
        if len(text) > 100 or len(parts) != 2:
            raise ValueError
        return _clamped(float(parts[0])), _clamped(float(parts[1]))
    except ValueError as error:
        raise Invalid("A focal point is two numbers from -1 to 1, such as 0.5,-0.2.") from error


def focus_of(value: object) -> Focus | None:
    """`focalPoint` of another server, or None unless it is two numbers within bounds."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    if any(isinstance(part, bool) or not isinstance(part, int | float) or not -1 <= part <= 1 for part in value):
        return None
    return float(value[0]), float(value[1])


def is_same(before: tuple[float | None, float | None], focus: Focus) -> bool:
    """As near as databases keep it, some of them with seven digits."""
    return all(
        was is not None and math.isclose(was, now, abs_tol=1e-5) for was, now in zip(before, focus, strict=True)
    )


def _clamped(number: float) -> float:
    if math.isnan(number):
        raise ValueError
    return min(1.0, max(-1.0, number))
