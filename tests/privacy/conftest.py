"""A world in which something is hidden: `cast` (cast.py) and a client of its node."""

import msgspec
import pytest

from node.config import Config
from tests.privacy.cast import Cast, assemble
from tests.web.conftest import app_row, client, token
from web.pages import visitors

__all__ = ["app_row", "client", "token"]


@pytest.fixture
def config(config: Config) -> Config:
    """Whoever compares answers asks more often than people do."""
    return msgspec.structs.replace(config, rate_limits=False)


@pytest.fixture
def cast(db: None, open_reading: None) -> Cast:
    visitors.forget()
    return assemble()
