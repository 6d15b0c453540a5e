"""Opening a node: configuration, logs, database, identity. Every command begins here."""

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

import apsw
import click
import peewee

from node import config as configuration
from node import keys, logs, migrations, site, store, streams
from node.config import Config, ConfigError
from node.models import Account, ActorKind
from node.services import accounts
from node.services.notifications import push


@contextmanager
def opened(config: Config | None = None, *, migrate: bool = False) -> Iterator[Config]:
    """The node that the configuration names, its database open; closed at the end.

    With `migrate`, the schema is brought up to date first; without, an old one is refused.
    """
    config = config or configuration.load()
    logs.configure(config.log_level)
    site.use(config)
    if not migrate:
        refuse_nothing(config)
    connect(config)
    try:
        if migrate:
            migrations.upgrade(config, shown=lambda steps: _preparing(config, steps))
        else:
            migrations.check()
        _check_identity(config)
        with streams.announcing(config.data_dir / "run"):
            yield config
    finally:
        store.close()


def refuse_nothing(config: Config) -> None:
    """Whoever asks in a wrong folder, or without the node's configuration, is told so and leaves nothing there."""
    if config.is_sqlite and not config.sqlite_path.exists():
        raise ConfigError(
            f"There is no node in {config.sqlite_path.absolute()}. Is this its folder, and its configuration"
            " (LINNET_DATA_DIR or LINNET_DATABASE_URL)? A new one begins with: linnet migrate"
        )


def _preparing(config: Config, steps: list[str]) -> AbstractContextManager[Iterable[str]]:
    """It lasts some seconds, in which a first start would seem to hang. Beside what is answered: that may be JSON."""
    where = f" in {config.sqlite_path.absolute()}" if config.is_sqlite else ""
    click.echo(
        f"A new node, {config.base_url}, is made{where}. Its people are NAME@{config.domain} for good.", err=True
    )
    return click.progressbar(steps, label="Preparing the database", file=sys.stderr)


def connect(config: Config) -> None:
    """A database that is not there is told to whoever runs the command, without a traceback."""
    try:
        _refuse_what_is_only_read(config)
        store.connect(config)
        store.database.execute_sql("SELECT 1")
    except PermissionError:
        store.close()
        raise
    except (OSError, peewee.DatabaseError, apsw.Error) as error:
        store.close()
        reason = str(error).strip().rstrip(".")
        raise ConfigError(
            f"The database cannot be opened: {reason}. LINNET_DATABASE_URL says where it is."
        ) from error


def _refuse_what_is_only_read(config: Config) -> None:
    """SQLite would open it all the same, and each write would fail once the node runs."""
    path = config.sqlite_path
    if config.is_sqlite and path.exists() and not os.access(path, os.W_OK, effective_ids=True):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def ensure_identity() -> None:
    """The instance actor and the key for Web Push, made on the first start; from then on the node is who it is."""
    with store.transaction():
        push.ensure_key()
    if _actor() is None:
        pair = keys.generate_rsa()
        with store.transaction():
            accounts.ensure_instance_actor(pair)


def _actor() -> Account | None:
    return Account.get_or_none((Account.domain == "") & (Account.kind == ActorKind.APPLICATION))


def _check_identity(config: Config) -> None:
    """A domain is fixed at the first start: other nodes know every account and post by addresses on it."""
    actor = _actor()
    if actor is None or (actor.username, actor.uri) == (site.instance_actor_name(), site.instance_actor_uri()):
        return
    known = actor.uri.removesuffix("/ap/actor")
    raise ConfigError(
        f"This database belongs to the node {actor.username} at {known}, but LINNET_DOMAIN is {config.domain} and"
        f" LINNET_WEB_DOMAIN makes it {config.base_url}. Other nodes know its people by these addresses, so they"
        " cannot change. Set them back, or start with an empty data folder."
    )
