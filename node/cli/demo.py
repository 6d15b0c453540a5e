"""`linnet demo`: two nodes on this machine whose people know each other, over real signed HTTP."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import click

from node.cli import sample
from node.cli.demo_nodes import DemoNode, place
from node.cli.spawning import EVERYTHING, Spawned, spawn
from node.cli.staging import Actor, Stage
from node.errors import NodeError


@click.command()
@click.option("--keep", is_flag=True, help="Go on with the people and posts of the last time.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the two nodes keep their data.",
)
def demo(keep: bool, folder: Path) -> None:
    """Start two nodes that follow each other, with sample people and posts."""
    asyncio.run(_run(folder, keep=keep))


async def _run(folder: Path, *, keep: bool) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    nodes = [place(name, folder, keep=keep) for name in sample.NODES]
    is_new = not all(node.is_staged for node in nodes)
    actors: dict[str, Actor] = {}
    if is_new:
        click.echo("Two nodes are built, and people move in …")
        for node in nodes:
            actors |= await asyncio.to_thread(node.people)
    async with AsyncExitStack() as stack:
        running = [await _started(stack, node) for node in nodes]
        if not all(await asyncio.gather(*(one.is_ready() for one in running))):
            raise NodeError("A node of the demo did not get ready; what it wrote above says why.")
        if is_new and not await _unless_stopped(_tell(actors, nodes), stop):
            return
        _greet(nodes)
        await _until_one_ends(running, stop)
        click.echo("\nBoth nodes end.")


async def _started(stack: AsyncExitStack, node: DemoNode) -> Spawned:
    spawned = await spawn(EVERYTHING, listeners=(node.listener,), environ=node.environ())
    stack.push_async_callback(spawned.stop)
    return spawned


async def _tell(actors: dict[str, Actor], nodes: list[DemoNode]) -> None:
    with click.progressbar(length=Stage.steps(), label="They meet, and talk") as bar:
        async with aiohttp.ClientSession() as session:
            await Stage(session, actors, lambda: bar.update(1)).perform()
    for node in nodes:
        node.note_staged()


async def _unless_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> bool:
    """Whether it came to its end."""
    task = asyncio.create_task(work)
    waiting = asyncio.ensure_future(stop.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not task.done():
        task.cancel()
        return False
    task.result()
    return True


def _greet(nodes: list[DemoNode]) -> None:
    click.echo("")
    for node in nodes:
        title, description = sample.NODES[node.name]
        people = [person for person in sample.PEOPLE if person.node == node.name]
        names = ", ".join(person.name + (" (administrator)" if person.role == "admin" else "") for person in people)
        click.echo(f"  {title:10} {node.base_url}\n             {description}")
        click.echo(f"             Sign in as {names}\n")
    click.echo(f"  Everybody's password is: {sample.PASSWORD}")
    click.echo("  Ctrl-C ends both. linnet demo --keep goes on from here; without it, all begins anew.\n")


async def _until_one_ends(running: list[Spawned], stop: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(stop.wait()), *(asyncio.ensure_future(one.process.wait()) for one in running)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if not stop.is_set():
        raise NodeError("A node of the demo ended; what it wrote above says why.")
