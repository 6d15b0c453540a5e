"""`linnet` that keeps no rendering of a post: reading costs what it costs when nobody has asked for the same before.

How much a node remembers of what was asked for says nothing about how it fills, and of few posts it soon remembers all.
"""

from node.cli.main import main
from node.services.caching.remembered import Remembered
from node.services.statuses import bodies


class _Nothing(Remembered[bodies.BodyKey, bodies.StatusBody]):
    def put(self, key: bodies.BodyKey, value: bodies.StatusBody) -> None:
        """Forget it."""


if __name__ == "__main__":
    bodies._known = _Nothing(entries=1, seconds=1)
    main()
