"""What commonly goes wrong, looked at from inside: for the staff's first page."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from node import site, store
from node.media import programs
from node.models import Job
from node.services.community import rules, settings
from node.services.servers import delivery_health
from node.speech import said
from node.version import VERSION

_LEAST_FREE_BYTES = 1 << 30
_LITTLE_FREE_BYTES = 5 << 30


class Check(NamedTuple):
    name: str
    value: str
    state: str  # ok, warn, bad


class Room(NamedTuple):
    """Bytes of the disk with the files. Nothing where that is not known."""

    used: int
    whole: int


def room(data_dir: Path) -> Room:
    try:
        disk = shutil.disk_usage(data_dir)
    except OSError:
        return Room(0, 0)
    return Room(disk.total - disk.free, disk.total)


def checks(data_dir: Path) -> list[Check]:
    return list(_checks(data_dir))


def _checks(data_dir: Path) -> Iterator[Check]:
    yield Check(said("Version"), VERSION, "ok")
    yield Check(said("Database"), "SQLite" if store.is_sqlite() else "PostgreSQL", "ok")
    yield _space(data_dir)
    yield _jobs()
    yield _deliveries()
    yield Check(said("Mail"), said("is sent") if site.sends_mail else said("none: links are handed over"), "ok")
    yield Check(
        said("Video and sound"),
        said("are taken") if programs.available() else said("none: ffmpeg is not installed"),
        "ok",
    )
    yield _contact()
    yield _rules()


def _space(data_dir: Path) -> Check:
    disk = room(data_dir)
    if not disk.whole:
        return Check(said("Space for files"), said("unknown"), "warn")
    free = disk.whole - disk.used
    state = "bad" if free < _LEAST_FREE_BYTES else "warn" if free < _LITTLE_FREE_BYTES else "ok"
    return Check(said("Space for files"), said("%(size)s GiB free", size=f"{free / (1 << 30):.1f}"), state)


def _jobs() -> Check:
    failed = Job.select().where(Job.failed_at.is_null(False)).count()
    return Check(
        said("Background work"),
        said("%(number)s given up", number=failed) if failed else said("nothing failed"),
        "warn" if failed else "ok",
    )


def _deliveries() -> Check:
    count = delivery_health.overdue()
    return Check(
        said("Deliveries"),
        said("overdue servers: %(number)s", number=count) if count else said("on time"),
        "bad" if count else "ok",
    )


def _contact() -> Check:
    chosen = settings.current()
    given = chosen.contact_account or chosen.contact_email
    return Check(said("Contact"), said("given") if given else said("nobody can reach you"), "ok" if given else "warn")


def _rules() -> Check:
    count = len(rules.all_rules())
    return Check(said("Rules"), str(count) if count else said("none yet"), "ok" if count else "warn")
