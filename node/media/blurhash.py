"""Blurhashes: the blurred picture in some thirty characters that stands in while the real one loads."""

_DIGITS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~")
_ORDER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"


def is_blurhash(value: object) -> bool:
    """Whether `value` is a complete hash: the first digit says how many components, and so how long it is."""
    if not isinstance(value, str) or not 6 <= len(value) <= 4 + 2 * 81 or not _DIGITS.issuperset(value):
        return False
    size = _ORDER.index(value[0])
    x_components, y_components = size % 9 + 1, size // 9 + 1
    return y_components <= 9 and len(value) == 4 + 2 * x_components * y_components


def encode(rgb: bytes, width: int, height: int) -> str:
    """The hash of raw 8-bit RGB pixels; four components along the longer side, three along the other."""
    # The package brings Pillow with it: only the process that works on pictures pays for that.
    import blurhash_rs

    x_components, y_components = (4, 3) if width >= height else (3, 4)
    text: str = blurhash_rs.encode_rgb(  # type: ignore[attr-defined]
        rgb, width, height, x_components, y_components
    )
    return text
