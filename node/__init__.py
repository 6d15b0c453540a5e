"""What a node is and does, as far as it needs no other: docs/architecture.md."""

import sys

# peewee and its migrations load psycopg wherever it is installed: a tenth of what a node on SQLite takes of memory,
# for nothing. A module that is None counts as not installed; node/store/postgres.py loads the driver where that engine
# is chosen. This must come before any other import of peewee, hence here.
if "psycopg" not in sys.modules:
    sys.modules["psycopg"] = None  # type: ignore[assignment]
    import playhouse.migrations  # noqa: F401

    del sys.modules["psycopg"]
# structlog draws tracebacks with rich wherever that happens to be installed; a node writes the same log everywhere.
if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog  # noqa: F401

    del sys.modules["rich"]
