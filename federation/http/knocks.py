"""Remembers which way of signing each host understood, so that the next request knocks the right way at once."""

from collections import OrderedDict

from federation.signatures import Style
from node import clock

_REMEMBERED_MS = 7 * clock.DAY
_CAPACITY = 8192


class Knocks:
    """Only what differs from the first knock is kept (FEDERATION.md). Lost at a restart, which costs one request."""

    def __init__(self) -> None:
        self._styles: OrderedDict[str, tuple[Style, int]] = OrderedDict()

    def order(self, host: str, *, has_query: bool) -> list[Style]:
        """The styles to try, best first."""
        styles = [style for style in Style if has_query or style is not Style.CAVAGE_PATH]
        known, until = self._styles.get(host, (Style.CAVAGE, 0))
        if known in styles and until > clock.now_ms():
            styles.remove(known)
            styles.insert(0, known)
        return styles

    def worked(self, host: str, style: Style) -> None:
        if style is Style.CAVAGE:
            self._styles.pop(host, None)
            return
        self._styles[host] = (style, clock.now_ms() + _REMEMBERED_MS)
        self._styles.move_to_end(host)
        if len(self._styles) > _CAPACITY:
            self._styles.popitem(last=False)

    def failed(self, host: str, style: Style) -> None:
        if self._styles.get(host, (None, 0))[0] is style:
            del self._styles[host]
