"""`linnet doctor`: looks at what commonly goes wrong, and says what to do about it."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import click

from node import clock, secret
from node import config as configuration
from node.cli.opening import opened
from node.cli.output import json_option, show_all
from node.config import Config, ConfigError
from node.errors import NodeError
from node.media import programs
from node.models import Destination, Job, User
from node.services.access import first_admin

_LEAST_FREE_BYTES = 1 << 30


class Finding(NamedTuple):
    check: str
    ok: bool
    says: str


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check this node. The exit code is 1 when something is wrong."""
    findings = list(_findings())
    rows = [{"check": one.check, "ok": one.ok, "says": one.says} for one in findings]
    show_all(rows, as_json, nothing="")
    sys.exit(0 if all(one.ok for one in findings) else 1)


def _findings() -> Iterator[Finding]:
    try:
        config = configuration.load()
    except ConfigError as error:
        yield Finding("configuration", False, str(error))
        return
    yield Finding("configuration", True, f"{config.base_url}, handles end in @{config.domain}")
    yield _data_folder(config)
    yield _secret(config)
    yield _films()
    try:
        with opened():
            yield Finding("database", True, "open, and its schema is this version's")
            for look in (_administrator, _failed_jobs, _dead_hosts):
                yield look()
    except NodeError as error:
        yield Finding("database", False, str(error))
    yield asyncio.run(_answers(config))


def _data_folder(config: Config) -> Finding:
    folder = config.data_dir
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Finding(
            "data folder", False, f"{folder} cannot be written to. Start the node once, or mend its rights."
        )
    free = shutil.disk_usage(folder).free
    return Finding("data folder", free > _LEAST_FREE_BYTES, f"{free >> 20} MiB are free")


def _secret(config: Config) -> Finding:
    try:
        secret.load(config)
    except ConfigError as error:
        return Finding("secret", False, str(error))
    if config.secret_file.stat().st_mode & 0o077:
        return Finding("secret", False, f"Others can read it. Run: chmod 600 {config.secret_file}")
    return Finding("secret", True, "only its owner can read it")


def _films() -> Finding:
    """Not wrong: a community may do without."""
    if programs.available():
        return Finding("video and sound", True, "ffmpeg is installed")
    return Finding("video and sound", True, "ffmpeg is not installed: people attach pictures alone")


def _administrator() -> Finding:
    if first_admin.link_needed():
        return Finding("administrator", False, "There is none. Run: linnet account create NAME --role admin")
    count = User.select().where(User.role == "admin").count()
    return Finding("administrator", True, f"{count}")


def _failed_jobs() -> Finding:
    count = Job.select().where(Job.failed_at.is_null(False)).count()
    return Finding(
        "jobs", not count, f"{count} were given up. See: linnet job list --failed" if count else "none failed"
    )


def _dead_hosts() -> Finding:
    late = Destination.due_at < clock.now_ms() - clock.HOUR
    count = Destination.select().where((Destination.state == "alive") & late).count()
    return Finding("deliveries", not count, f"{count} hosts are overdue: does a worker run?" if count else "on time")


async def _answers(config: Config) -> Finding:
    """Whether the node answers where it is said to be, and knows itself by that name."""
    import aiohttp

    started = time.monotonic()
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.get(f"{config.base_url}/health/live") as answer,
        ):
            took = round((time.monotonic() - started) * 1000)
            return Finding("answers", answer.status == 200, f"{config.base_url} says {answer.status} in {took} ms")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Finding("answers", False, f"{config.base_url} does not answer: {error or 'it takes too long'}")
