"""Of what kinds something is on this node: languages, servers, versions, room. For the staff; each is one query."""

import platform
from collections.abc import Callable
from typing import Any, NamedTuple

from peewee import fn

from node import site, store
from node.models import Account, MediaAttachment, Status, StatusTag, User
from node.services.community.measures import NOTHING, Period, Subject, at, made
from node.version import NAME, VERSION

MAX_ROWS = 100


class Share(NamedTuple):
    key: str
    name: str  # for people; empty where the key is one
    value: str
    is_bytes: bool = False


def dimension(key: str, during: Period, limit: int, subject: Subject = NOTHING) -> list[Share]:
    """The greatest first, as many as `limit` and `MAX_ROWS` allow."""
    return DIMENSIONS[key](during, max(1, min(limit, MAX_ROWS)), subject)


def _top(query: Any, column: Any, limit: int) -> list[Share]:
    count = fn.COUNT(column)
    rows = query.select(column, count).group_by(column).order_by(count.desc(), column).limit(limit).tuples()
    return [Share(str(key), "", str(number)) for key, number in rows]


def _of_servers(posts: Any, limit: int) -> list[Share]:
    """This one is called by its name, too."""
    return [share._replace(key=share.key or site.domain) for share in _top(posts, Account.domain, limit)]


def _languages(during: Period, limit: int, _: Subject) -> list[Share]:
    """Of those who were here."""
    return _top(User.select().where(at(User.last_active_at, during)), User.locale, limit)


def _sources(during: Period, _limit: int, _: Subject) -> list[Share]:
    """How new people came: with an invitation, or without."""
    joined = User.select().where(at(User.created_at, during))
    invited = joined.where(User.invite.is_null(False)).count()
    return [
        Share("invite", "By invitation", str(invited)),
        Share("sign_up", "By signing up", str(joined.count() - invited)),
    ]


def _servers(during: Period, limit: int, _: Subject) -> list[Share]:
    """Whose posts there are."""
    posts = Status.select().join(Account, on=(Account.id == Status.account)).where(made(Status.id, during))
    return _of_servers(posts, limit)


def _software_versions(*_: Any) -> list[Share]:
    database = "SQLite" if store.is_sqlite() else "PostgreSQL"
    asked = "SELECT sqlite_version()" if store.is_sqlite() else "SHOW server_version"
    (version,) = store.database.execute_sql(asked).fetchone()
    python = platform.python_version()
    versions = ((NAME.lower(), NAME, VERSION), ("python", "Python", python), (database.lower(), database, version))
    return [Share(key, name, str(value)) for key, name, value in versions]


def _space_usage(*_: Any) -> list[Share]:
    asked = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if store.is_sqlite()
        else "SELECT pg_database_size(current_database())"
    )
    (database,) = store.database.execute_sql(asked).fetchone()
    media = MediaAttachment.select(fn.SUM(MediaAttachment.size_bytes)).where(MediaAttachment.file_key != "").scalar()
    return [
        Share("database", "Database", str(int(database)), is_bytes=True),
        Share("media", "Media", str(int(media or 0)), is_bytes=True),
    ]


def _tagged(during: Period, subject: Subject) -> Any:
    query = StatusTag.select().join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
    query = query.join_from(Status, Account, on=(Account.id == Status.account))
    return query.where(StatusTag.tag == subject.tag_id, made(StatusTag.status, during))


def _instance_accounts(_: Period, limit: int, subject: Subject) -> list[Share]:
    """The most followed."""
    rows = Account.select().where(Account.domain == subject.domain, Account.deleted_at.is_null())
    rows = rows.order_by(Account.followers_count.desc(), Account.id).limit(limit)
    return [Share(row.username, f"@{row.username}@{row.domain}", str(row.followers_count)) for row in rows]


def _instance_languages(during: Period, limit: int, subject: Subject) -> list[Share]:
    posts = Status.select().join(Account, on=(Account.id == Status.account))
    posts = posts.where(Account.domain == subject.domain, made(Status.id, during), Status.language.is_null(False))
    return _top(posts, Status.language, limit)


DIMENSIONS: dict[str, Callable[[Period, int, Subject], list[Share]]] = {
    "languages": _languages,
    "sources": _sources,
    "servers": _servers,
    "space_usage": _space_usage,
    "software_versions": _software_versions,
    "tag_servers": lambda during, limit, one: _of_servers(_tagged(during, one), limit),
    "tag_languages": lambda during, limit, one: _top(
        _tagged(during, one).where(Status.language.is_null(False)), Status.language, limit
    ),
    "instance_accounts": _instance_accounts,
    "instance_languages": _instance_languages,
}
OF_LANGUAGES = frozenset({"languages", "tag_languages", "instance_languages"})
