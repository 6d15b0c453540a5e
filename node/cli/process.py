"""One process of a node: what it runs, from the first socket to the last delivery."""

import asyncio
import gc
import resource
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
import uvloop

from federation import work as federation_work
from federation.archives.making import ArchiveMaker
from federation.context import Federation
from federation.delivery import push
from federation.delivery.deliver import Deliverer
from federation.http.door import Door
from node import ids, schedule, secret, slots, streams
from node.cli import letters
from node.cli.answering import DRAIN_SECONDS, answering
from node.config import Config
from node.jobs import JobKind
from node.media import programs
from node.media.storage import open_storage
from node.services.accounts import annual_reports
from node.services.caching import control
from node.services.community import housekeeping
from node.services.portability import archives, intakes, restorations
from node.services.servers import domains
from node.services.statuses import media
from node.worker import Ending, Handler, Worker
from web.client_ip import client_ip
from web.entities.push import push_message
from web.files import banners, remote_media
from web.files.films import FilmMaker
from web.files.first_frames import FrameMaker
from web.restoring import Restorer

log = structlog.get_logger()

# Many jobs wait for other servers, and the slow ones must not take all the places (federation/http/budget.py).
JOBS_AT_ONCE = 64

# Threads share the interpreter; the loop must get it back sooner than Python's default 5 ms.
_SWITCH_SECONDS = 0.0005
# The collector of cycles looks for young ones after so many new objects (Python: 700), and for old ones rarely: it took
# a twelfth of what an activity costs, and what answers are made of forms few cycles.
_COLLECT_AFTER = (10_000, 20, 20)
_AFTER_INTERRUPTION_SECONDS = 3.0
_OPEN_FILES = 65_536


@dataclass(frozen=True, kw_only=True)
class Duties:
    """What this process is for: answering, working, or both. `place` counts the web processes of a node from 0."""

    listeners: tuple[socket.socket, ...] = ()
    worker: bool = True
    place: int = 0
    dev: bool = False  # shows what is for who changes pages


# Ends when the process is asked to stop by other means than a signal.
StopWhen = Callable[[], Awaitable[object]]


def run(config: Config, duties: Duties, *, on_ready: Callable[[], object], stop_when: StopWhen | None = None) -> None:
    """Until SIGTERM or SIGINT (or until `stop_when` ends); then finish what is under way and leave."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    _allow_many_connections()
    uvloop.run(_run(config, duties, on_ready, stop_when))


async def _run(config: Config, duties: Duties, on_ready: Callable[[], object], stop_when: StopWhen | None) -> None:
    stop = _stop_signal()
    slot = slots.acquire(config)
    ids.use_slot(slot)
    streams.start(config.data_dir / "run", slot)
    try:
        # The door is closed last: what is on its way arrives, and is known to have arrived.
        async with Door(config, refuses=domains.is_ruled_out) as door, AsyncExitStack() as stack:
            fed = Federation(config=config, door=door, client_ip=client_ip)
            _background(stack, control.listen())
            if not config.is_sqlite:
                from node import hosts  # psycopg costs memory that a node on SQLite does not pay

                _background(stack, hosts.run(config))
            if stop_when is not None:
                _background(stack, _then_stop(stop_when, stop))
            if duties.worker:
                _start_work(stack, fed, slot)
            if duties.listeners:
                await stack.enter_async_context(
                    answering(config, fed, duties.listeners, duties.place, dev=duties.dev)
                )
            _rarely_collect()
            on_ready()
            log.info("ready", slot=slot, web=bool(duties.listeners), worker=duties.worker)
            await stop.wait()
            log.info("stopping", slot=slot)
    finally:
        streams.stop()
        slots.release()


def _rarely_collect() -> None:
    """What is loaded by now stays until the end, and need not be looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


def _allow_many_connections() -> None:
    """As many as the system lets this process have: systemd begins with 1024 for the sake of old programs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


async def _then_stop(stop_when: StopWhen, stop: asyncio.Event) -> None:
    await stop_when()
    stop.set()


def _background(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    """Runs until the stack unwinds, then is cut off: it holds nothing that could be lost."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)


def _start_work(stack: AsyncExitStack, fed: Federation, slot: int) -> None:
    """Jobs, deliveries and periodic work; when the stack unwinds, what runs may end in time."""
    node_secret = secret.load(fed.config)
    remote_media.use(node_secret)  # messages show avatars
    worker = Worker(handlers(fed, node_secret), endings=ENDINGS, slot=slot, concurrency=JOBS_AT_ONCE)
    deliverer = Deliverer(fed.door, slot=slot)
    _background(stack, schedule.run(housekeeping.TASKS))
    for part in (worker, deliverer):
        task = asyncio.create_task(_keep_running(part))
        stack.push_async_callback(_drain, part.stop, task)
    # A film takes longer than anybody waits for a process to end; it is made anew by the next one.
    programs.start()
    stack.callback(programs.stop)


def handlers(fed: Federation, node_secret: bytes) -> dict[str, Handler]:
    """Who does which kind of job: all of them."""
    storage = open_storage(fed.config)
    archiver = ArchiveMaker(fed.config, storage)
    return {
        **federation_work.handlers(fed),
        JobKind.MAKE_FILM: FilmMaker(fed.config, storage).make,
        JobKind.MAKE_STILLS: FrameMaker(storage).make,
        JobKind.BLUR_BANNER: partial(banners.blur, storage),
        JobKind.MAKE_ARCHIVE: archiver.make,
        JobKind.END_ARCHIVE: archiver.end,
        JobKind.RESTORE: Restorer(fed.config, storage).restore,
        JobKind.SEND_MAIL: partial(letters.send, fed.config),
        JobKind.PUSH: partial(push.send, fed, push_message, node_secret),
    }


# Where somebody waits for what a job makes: they are told when it is given up.
ENDINGS: dict[str, Ending] = {
    JobKind.MAKE_FILM: media.film_given_up,
    JobKind.MAKE_ARCHIVE: archives.given_up,
    JobKind.RESTORE: restorations.given_up,
    JobKind.TAKE_IN: intakes.given_up,
    JobKind.MAKE_ANNUAL_REPORT: annual_reports.given_up,
}


async def _keep_running(part: Worker | Deliverer) -> None:
    """A database that cannot be written to for a while ends a round of work, never the work."""
    while True:
        try:
            return await part.run()
        except Exception:  # what it is, the log says; the queue waits in its rows meanwhile
            log.exception("work was interrupted", part=type(part).__name__)
            await asyncio.sleep(_AFTER_INTERRUPTION_SECONDS)


async def _drain(stop: Callable[[], None], task: Awaitable[None]) -> None:
    stop()
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.ensure_future(task), DRAIN_SECONDS)
