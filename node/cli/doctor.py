"""`linnet doctor`: looks at what commonly goes wrong, and says what to do about it."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from federation import uris
from node import clock, secret
from node import config as configuration
from node.cli.opening import opened
from node.cli.output import json_option, show_all
from node.config import Config, ConfigError
from node.errors import NodeError
from node.media import programs
from node.models import Destination, Job, User
from node.services.access import first_admin

if TYPE_CHECKING:
    from web.arrival import Arrival

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
    yield from asyncio.run(_from_outside(config))


def _data_folder(config: Config) -> Finding:
    folder = config.data_dir
    if not folder.is_dir():
        return Finding("data folder", False, f"{folder.absolute()} is not there. The node makes it when it starts.")
    if not os.access(folder, os.W_OK):
        return Finding("data folder", False, f"{folder.absolute()} cannot be written to by this user.")
    free = shutil.disk_usage(folder).free
    return Finding("data folder", free > _LEAST_FREE_BYTES, f"{free >> 20} MiB are free in {folder.absolute()}")


def _secret(config: Config) -> Finding:
    if not config.secret_file.exists():
        return Finding(
            "secret", False, f"{config.secret_file.absolute()} is not there. The node makes it when it starts."
        )
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


async def _from_outside(config: Config) -> list[Finding]:
    """Whether the node answers where it is said to be, and what those in front of it make of requests."""
    import aiohttp

    from federation.http.connections import reason
    from web.arrival import Arrival, question

    started = time.monotonic()
    if not config.secret_file.exists():
        return [Finding("answers", False, "Nobody can be asked without the secret.")]
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.get(config.base_url + question(secret.load(config))) as answer,
        ):
            body = await answer.read()
            took = round((time.monotonic() - started) * 1000)
        seen = msgspec.json.decode(body, type=Arrival)
    except ConfigError:
        return [Finding("answers", False, "Nobody can be asked without the secret.")]
    except msgspec.DecodeError:
        other = f"What answers at {config.base_url} is another program, or another node; it says {answer.status}."
        return [Finding("answers", False, f"{other} Where does the name lead, and what does the proxy there?")]
    except TimeoutError:
        return [Finding("answers", False, f"{config.base_url} does not answer within 5 seconds.")]
    except (aiohttp.ClientError, OSError) as error:
        told = f"{config.base_url} does not answer: {reason(error)}"
        return [Finding("answers", False, f"{told} Does the node run (linnet serve), and does the name lead to it?")]
    return [
        Finding("answers", True, f"{config.base_url} answers in {took} ms"),
        _named(config, seen),
        _told_apart(seen),
    ]


def _named(config: Config, seen: "Arrival") -> Finding:
    """Signatures are for the host that other servers asked, so it has to arrive as they wrote it."""
    if uris.normal_host(seen.host, config.scheme) in uris.own_hosts(config):
        return Finding("name", True, f"requests arrive for {seen.host}")
    told = f"Requests to {config.base_url} arrive for {seen.host}, so nothing that other servers sign is believed."
    return Finding("name", False, f"{told} Have the proxy leave Host as it is (nginx: proxy_set_header Host $host).")


def _told_apart(seen: "Arrival") -> Finding:
    who = seen.connected or "The proxy"
    if seen.is_forwarded and not seen.may_forward:
        told = f"{who} passes requests on and is not trusted, so all visitors count as one."
        return Finding("visitors", False, f"{told} Name it in LINNET_TRUSTED_PROXIES.")
    if seen.may_forward and not seen.is_forwarded:
        told = f"{who} does not say for whom it asks, so all visitors count as one."
        return Finding("visitors", False, f"{told} Have it send X-Forwarded-For.")
    return Finding("visitors", True, f"this one is {seen.client}")
