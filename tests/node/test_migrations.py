"""The schema: it equals the models, goes forward and back, and newer ones are refused."""

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest

from node import migrations, store
from node.config import Config
from node.migrations import SchemaError
from node.models import TABLES


@pytest.fixture
def empty(config: Config, tmp_path: Path) -> Iterator[Config]:
    """A database without a schema."""
    if config.is_sqlite:
        fresh = Config.for_tests(database_url=f"sqlite:///{tmp_path / 'empty.db'}")
        store.connect(fresh)
    else:
        fresh = config
        store.connect(fresh)
        _drop_everything()
    yield fresh
    if not config.is_sqlite:
        # The server's database is everybody's: leave it as it was.
        _drop_everything()
        migrations.upgrade(fresh)
    store.close()


def _drop_everything() -> None:
    with store.transaction():
        store.database.execute_sql("DROP SCHEMA public CASCADE")
        store.database.execute_sql("CREATE SCHEMA public")


def tables() -> set[str]:
    """Without the shadows of the search index and what the migrations themselves remember."""
    found = set(store.database.get_tables())
    return {name for name in found if not name.startswith(("status_search", "account_search", "sqlite_"))} & {
        *(model._meta.table_name for model in TABLES)
    }


def test_migrations_are_numbered_without_gaps_and_none_twice() -> None:
    names = sorted(file.stem for file in Path(migrations.__file__).parent.glob("[0-9]*.py"))

    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]


def test_an_empty_database_is_behind_and_then_is_not(empty: Config) -> None:
    assert migrations.pending()
    with pytest.raises(SchemaError, match="linnet migrate"):
        migrations.check()

    done = migrations.upgrade(empty)

    assert done[0] == "0001_initial"
    assert migrations.pending() == []
    assert migrations.upgrade(empty) == []
    migrations.check()


def test_steps_are_told_of_a_database_that_was_there_before(empty: Config, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    names = migrations.upgrade(empty)
    assert [record for record in caplog.records if record.name.startswith("peewee")] == []

    migrations.downgrade(empty, names[0])
    caplog.clear()
    migrations.upgrade(empty)

    assert [record.getMessage() for record in caplog.records] == [f"up: {name}" for name in names[1:]]


def test_the_schema_equals_the_models(db: None) -> None:
    assert tables() == {model._meta.table_name for model in TABLES}
    for model in TABLES:
        meta = model._meta
        columns = {column.name: column for column in store.database.get_columns(meta.table_name)}
        assert set(columns) == set(meta.columns), meta.table_name
        for name, field in meta.columns.items():
            primary = field.primary_key or name in _composite(meta)
            assert columns[name].null == (field.null and not primary) or primary, f"{meta.table_name}.{name}"
            assert _kind(columns[name].data_type) == _kind(_declared(field)), f"{meta.table_name}.{name}"


def test_the_indexes_equal_those_of_the_models(db: None) -> None:
    for model in TABLES:
        meta = model._meta
        there = {(tuple(index.columns), index.unique) for index in store.database.get_indexes(meta.table_name)}
        for index in model._schema._create_indexes(safe=False):
            sql, _ = index.query()
            wanted = (_columns_of(sql), "UNIQUE" in sql.upper())
            assert wanted in there, f"{meta.table_name}: {sql}"


def test_each_reference_points_where_the_models_say(db: None) -> None:
    for model in TABLES:
        meta = model._meta
        there = {key.column: key.dest_table for key in store.database.get_foreign_keys(meta.table_name)}
        wanted = {key.column_name: key.rel_model._meta.table_name for key in meta.refs}
        assert there == wanted, meta.table_name


def test_it_goes_back_and_forward_again(empty: Config) -> None:
    migrations.upgrade(empty)
    before = tables()

    list(migrations._runner().down("0001_initial"))
    assert tables() == set()
    migrations.upgrade(empty)

    assert tables() == before


def test_going_back_to_where_it_never_was_is_refused(empty: Config) -> None:
    migrations.upgrade(empty)

    with pytest.raises(SchemaError, match="0001_initial"):
        migrations.downgrade(empty, "0000_nothing")
    assert migrations.downgrade(empty, migrations._runner().status()[-1].name) == []


def test_a_schema_of_a_newer_version_is_refused(empty: Config, tmp_path: Path) -> None:
    migrations.upgrade(empty)
    for file in Path(migrations.__file__).parent.glob("0*.py"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (tmp_path / "9999_future.py").write_text("def up(migrator, db): ...\ndef down(migrator, db): ...\n", "utf-8")
    list(migrations.Runner(store.database.obj, str(tmp_path)).up())

    with pytest.raises(SchemaError, match="9999_future"):
        migrations.check()
    with pytest.raises(SchemaError, match="newer"):
        migrations.upgrade(empty)


# Dies in place of the n-th statement.
_KILL_ITSELF = """
import itertools, os, signal, sys
from node import migrations, store
from node.config import Config

config = Config.for_tests(database_url=sys.argv[1])
store.connect(config)
execute, numbers = store.database.obj.execute_sql, itertools.count(1)

def execute_or_die(sql, params=None):
    if next(numbers) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params)

store.database.obj.execute_sql = execute_or_die
migrations.upgrade(config)
"""


@pytest.mark.parametrize("statements", [2, 40, 150, 250])
def test_a_kill_in_the_middle_leaves_whole_steps_and_the_rest_is_done_the_next_time(
    empty: Config, statements: int
) -> None:
    command = [sys.executable, "-c", _KILL_ITSELF, empty.database_url, str(statements)]
    everything = migrations.pending()

    died = subprocess.run(command, timeout=120, check=False)
    left = migrations.pending()

    assert died.returncode == -signal.SIGKILL
    assert everything[-len(left) :] == left != []
    assert migrations.upgrade(empty) == left
    migrations.check()
    assert tables() == {model._meta.table_name for model in TABLES}


def _composite(meta: Any) -> set[str]:
    key = meta.primary_key
    if isinstance(key, peewee.CompositeKey):
        return {meta.fields[name].column_name for name in key.field_names}
    return set()


def _declared(field: Any) -> str:
    return str(field.rel_field.field_type if isinstance(field, peewee.ForeignKeyField) else field.field_type)


def _kind(data_type: str) -> str:
    """What both engines mean by their many names."""
    name = data_type.lower()
    for kind, words in {
        "number": ("int", "bool"),
        "real": ("double", "real", "float"),
        "bytes": ("blob", "bytea"),
        "text": ("text", "char"),
    }.items():
        if any(word in name for word in words):
            return kind
    return name


def _columns_of(sql: str) -> tuple[str, ...]:
    inside = sql[sql.index("(", sql.upper().index(" ON ")) + 1 :]
    return tuple(part.strip().strip('"') for part in inside[: inside.index(")")].split(","))
