"""What every test may ask for. `--database postgres` runs those that have a database against a real PostgreSQL.

- `db`: the database is open, migrated and empty. Write in `with store.transaction():` or `await store.write(…)`.
- `unit`: the whole test is one unit of work, undone at its end: services can be called as they are.
- `alice`, `bob`: local people; their `account` and `user`.
- `remote`: makes remote accounts, `remote("carol")` or `remote("carol", "other.test")`.
"""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playhouse.apsw_ext import APSWDatabase

from node import ids, migrations, site, store
from node.config import Config
from node.models import TABLES, Account
from node.services.community import settings
from tests import factories
from tests.factories import Person

if TYPE_CHECKING:
    from tests.live.nursery import Nursery
    from tests.postgres import Sweeper

# How long something takes says nothing here: machines are shared, and the first example loads tables.
hypothesis_settings.register_profile("linnet", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("linnet")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgres"), default="sqlite", help="which engine holds the rows"
    )


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: to look for cycles among it took a quarter of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


# By one of these a test comes to a database.
_DATABASES = {"config", "postgres_url", "new_node", "people"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only what has a database: all else is the same on both engines, and tested with the other one."""
    if config.getoption("--database") == "postgres":
        without = [one for one in items if not _DATABASES.intersection(getattr(one, "fixturenames", ()))]
        config.hook.pytest_deselected(items=without)
        kept = set(items).difference(without)
        items[:] = [one for one in items if one in kept]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A migrated database on a PostgreSQL server that lives as long as the run."""
    from tests.postgres import lasting_connections, server

    with server() as url, lasting_connections(url):
        config = Config.for_tests(database_url=url)
        store.connect(config)
        migrations.upgrade(config)
        store.close()
        yield url


@pytest.fixture(scope="session")
def sweeper(postgres_url: str) -> Iterator["Sweeper"]:
    """What empties that database before each test."""
    from tests.postgres import Sweeper

    tables = [*(f'"{model._meta.table_name}"' for model in TABLES), "status_search"]
    with Sweeper(postgres_url, tables) as sweeper:
        yield sweeper


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[APSWDatabase]:
    """A migrated database in memory. Copying it takes a twentieth of the time that migrating does."""
    config = Config.for_tests()
    store.connect(config)
    migrations.upgrade(config)
    template = APSWDatabase(":memory:")
    template.connect()
    template.connection().backup("main", store.database.connection(), "main").step()
    store.close()
    yield template
    template.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator["Nursery"]:
    """What starts `linnet`, in a process of its own each time."""
    from tests.live.nursery import Nursery

    with Nursery("tests.live.whole_linnet", "main") as nursery:
        yield nursery


@pytest.fixture(scope="session")
def secret_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One secret for all nodes: making one waits for the disk."""
    return tmp_path_factory.mktemp("secret") / "secret"


@pytest.fixture
def config(tmp_path: Path, secret_file: Path, request: pytest.FixtureRequest) -> Config:
    """The node `a.test`, with a data folder of its own."""
    values: dict[str, Any] = {"data_dir": tmp_path, "secret_file": secret_file}
    if request.config.getoption("--database") == "postgres":
        values["database_url"] = request.getfixturevalue("postgres_url")
    return Config.for_tests(**values)


@pytest.fixture
def db(config: Config, request: pytest.FixtureRequest) -> Iterator[None]:
    template = request.getfixturevalue("sqlite_template") if config.is_sqlite else None
    site.use(config)
    # A test that set the clock forward has left ids there; an empty database may begin anew.
    ids._last_ms = ids._counter = 0
    store.connect(config)
    try:
        if template is not None:
            store.database.connection().backup("main", template.connection(), "main").step()
        else:
            request.getfixturevalue("sweeper").sweep()
        yield
    finally:
        store.close()


class _Undo(Exception):
    pass


@pytest.fixture
def unit(db: None) -> Iterator[None]:
    try:
        with store.transaction():
            yield
            raise _Undo
    except _Undo:
        pass


@pytest.fixture
def open_reading(db: None) -> None:
    """Documents are for everybody: then readers that did not sign are told apart by nothing but what they may see."""
    with factories.in_unit():
        settings.change({"authorized_fetch": False}, None)


@pytest.fixture
def alice(db: None) -> Person:
    return factories.make_person("alice")


@pytest.fixture
def bob(db: None) -> Person:
    return factories.make_person("bob")


@pytest.fixture
def remote(db: None) -> Callable[..., Account]:
    return factories.make_remote
