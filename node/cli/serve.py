"""`linnet serve` and `linnet worker`: open the node, say where it is, and run it."""

import click

from node import secret, store
from node.cli import listening, supervisor, systemd
from node.cli.opening import ensure_identity, opened
from node.config import Config
from node.errors import NodeError
from node.services.access import first_admin


@click.command()
@click.option("--web", type=click.IntRange(1, 16), help="Web processes. Without, one process does everything.")
@click.option("--workers", type=click.IntRange(0, 16), help="Worker processes beside them; 1, unless it is said.")
@click.option("--dev", is_flag=True, help="Show every template in every state at /dev/gallery.")
def serve(web: int | None, workers: int | None, dev: bool) -> None:
    """Start the node.

    With --web or --workers, SIGHUP replaces all processes without refusing a connection.
    """
    if dev and (web is not None or workers is not None):
        raise click.UsageError("--dev is for one process: leave --web and --workers out.")
    with opened(migrate=True) as config:
        # What would end a process right after its start is told here, where nothing has begun yet.
        secret.load(config)
        listening.try_metrics(config)
        ensure_identity()
        listeners = listening.listeners(config)
        if web is None and workers is None:
            # The supervisor, which does without, is lighter by half of the code.
            from node.cli import process

            process.run(config, process.Duties(listeners=listeners, dev=dev), on_ready=lambda: _ready(config))
            return
    # The processes below open the database themselves.
    plan = supervisor.Plan(web=web or 1, workers=1 if workers is None else workers)
    supervisor.run(listeners, plan, on_ready=lambda: _ready_below(config))


@click.command()
def worker() -> None:
    """Start one worker, on this host or another, against the same PostgreSQL."""
    from node.cli import process

    with opened() as config:
        process.run(config, process.Duties(), on_ready=systemd.ready)


def _ready(config: Config) -> None:
    systemd.ready()
    click.echo(f"\n  Linnet is ready at {config.base_url}\n")
    if first_admin.link_needed():
        with store.transaction():
            link = first_admin.link()
        click.echo("  Nobody administers this node yet. Whoever opens this address first, does:")
        click.echo(f"  {link}\n")


def _ready_below(config: Config) -> None:
    try:
        with opened(config):
            _ready(config)
    except NodeError as error:
        click.echo(f"  {error}", err=True)
