"""`on_disk`: a database as a running node has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node import migrations, site, store
from node.config import Config


@pytest.fixture
async def on_disk(config: Config, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Config]:
    """A database that several threads work on, as in a running node."""
    if config.is_sqlite:
        config = Config.for_tests(database_url=f"sqlite:///{tmp_path / 'node.db'}")
        site.use(config)
        store.connect(config)
        migrations.upgrade(config)
        yield config
        store.close()
    else:
        request.getfixturevalue("db")
        yield config
