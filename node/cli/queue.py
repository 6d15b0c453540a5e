"""`linnet job …`"""

from typing import Any

import click

from node import clock, jobs, store
from node.cli.opening import opened
from node.cli.output import ROW_ID, json_option, show, show_all
from node.errors import NotFound
from node.models import Job


@click.group()
def job() -> None:
    """Work that waits, and work that failed."""


@job.command("list")
@click.option("--failed", is_flag=True, help="Only what was given up.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@json_option
def list_jobs(failed: bool, limit: int, as_json: bool) -> None:
    """Show the queue, the next first."""
    with opened():
        query = Job.select().order_by(Job.priority, Job.due_at).limit(limit)
        if failed:
            query = query.where(Job.failed_at.is_null(False))
        rows = [_row(row) for row in query]
    show_all(rows, as_json, nothing="Nothing waits.")


@job.command()
@click.argument("job_id", type=ROW_ID, required=False)
@json_option
def retry(job_id: int | None, as_json: bool) -> None:
    """Try a failed job again now, or all of them."""
    with opened(), store.transaction():
        count = jobs.retry(job_id)
    if job_id is not None and not count:
        raise NotFound(f"There is no failed job {job_id}. See them: linnet job list --failed")
    show({"retried": count}, as_json)


def _row(row: Job) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "subject": str(row.subject),
        "due_at": None if row.failed_at else clock.iso(row.due_at),
        "attempts": row.attempts,
        "failed_at": clock.iso(row.failed_at) if row.failed_at else None,
        "error": row.error,
    }
