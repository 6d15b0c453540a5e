"""Lists on their way in: read, looked at by their owner, then dealt with entry by entry in units of work of their own.

Each entry's effect and that it was dealt with become true together, so a process that is killed loses and repeats
nothing. What needs the network is found before, by the job (federation/fetching/taking_in.py).
"""

from typing import Any, NamedTuple

import msgspec

from node import clock, jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind, Priority, TakenJob, enqueue
from node.models import Intake, IntakeFailure, IntakeState, Portable
from node.services.portability import applying
from node.services.portability.applying import Target
from node.services.portability.exports import FORMATS
from node.services.portability.reading import Cells, Entry, Reading, key
from node.text import tables

NOT_FOUND = "Record not found"
KEPT_MS = 7 * clock.DAY
_READY_MS = clock.DAY
_REMOVED_AT_ONCE = 50
_FAILURES_AT_ONCE = 500
_MAX_NAME_CHARS = 200
_MAX_PROBLEM_CHARS = 500

_encode = msgspec.json.encode
_decode_entries = msgspec.json.Decoder(list[Entry]).decode
_decode_cells = msgspec.json.Decoder(Cells).decode
_decode_names = msgspec.json.Decoder(dict[str, str]).decode


class Preview(NamedTuple):
    """What would change: `new` and `known` of the file's entries, and what would end if it replaced all there is."""

    new: int
    known: int
    gone: int


class Work(NamedTuple):
    """What is left of an intake that runs."""

    id: int
    account_id: int
    kind: Portable
    entries: list[Entry]
    position: int


# ── its owner ──


def create(account_id: int, kind: Portable, reading: Reading, file_name: str) -> Intake:
    """To be looked at; one that was to be looked at before gives way."""
    Intake.delete().where(Intake.account == account_id, Intake.state == IntakeState.READY).execute()
    intake = Intake.create(
        account=account_id,
        kind=kind,
        file_name="".join(filter(str.isprintable, file_name))[:_MAX_NAME_CHARS],
        entries=_encode(reading.entries).decode(),
        total=len(reading.entries),
        failed=len(reading.unreadable),
        created_at=clock.now_ms(),
    )
    failures = [_failure(intake.id, one.line, one.cells, one.problem) for one in reading.unreadable]
    for start in range(0, len(failures), _FAILURES_AT_ONCE):
        IntakeFailure.insert_many(failures[start : start + _FAILURES_AT_ONCE]).execute()
    return intake


def get(account_id: int, intake_id: int) -> Intake:
    """NotFound for those of others. Without its entries."""
    row = _without_entries().where(Intake.id == intake_id, Intake.account == account_id).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def of_account(account_id: int) -> list[Intake]:
    """The latest first, without their entries."""
    return list(_without_entries().where(Intake.account == account_id).order_by(Intake.id.desc()))


def preview(account_id: int, intake_id: int) -> Preview:
    kind = Portable(get(account_id, intake_id).kind)
    wanted = {key(kind, entry.cells) for entry in _entries(intake_id)}
    there = applying.there(account_id, kind).keys()
    return Preview(new=len(wanted - there), known=len(wanted & there), gone=len(there - wanted))


def failures(account_id: int, intake_id: int, limit: int | None = None) -> list[IntakeFailure]:
    """In the order of the file."""
    query = IntakeFailure.select().where(IntakeFailure.intake == get(account_id, intake_id).id)
    return list(query.order_by(IntakeFailure.line, IntakeFailure.id).limit(limit))


def failures_file(account_id: int, intake_id: int) -> tuple[str, str]:
    """(its name, its text): to be mended, and brought once more."""
    known = FORMATS[Portable(get(account_id, intake_id).kind)]
    rows = [(_decode_cells(one.cells), one.problem) for one in failures(account_id, intake_id)]
    stem, _, ending = known.file_name.rpartition(".")
    name = f"{stem}_failures.{ending}"
    if known.is_json:
        return name, known.opening + known.text_of([cells for cells, _ in rows], is_first=True) + known.closing
    heading = [known.heading] if known.heading else []
    return name, tables.written([*heading, *((*cells, problem) for cells, problem in rows)])


def start(account_id: int, intake_id: int, *, replaces: bool) -> None:
    """Once: starting what runs changes nothing. Only one of an account runs. What was stopped goes on as it began."""
    intake = get(account_id, intake_id)
    if intake.state not in (IntakeState.READY, IntakeState.STOPPED):
        return
    running = Intake.select().where(Intake.account == account_id, Intake.state == IntakeState.RUNNING)
    if running.exists():
        raise Invalid("Another import is still running. Wait until it is done, or stop it.")
    replaces = replaces if intake.state == IntakeState.READY else intake.replaces
    Intake.update(state=IntakeState.RUNNING, replaces=replaces, finished_at=None).where(
        Intake.id == intake_id
    ).execute()
    enqueue(JobKind.TAKE_IN, intake_id, priority=Priority.BULK)


def delete(account_id: int, intake_id: int) -> None:
    """One that runs ends where it is; what it did stays."""
    Intake.delete().where(Intake.id == get(account_id, intake_id).id).execute()


def delete_old() -> int:
    """Run from time to time; how many went."""
    now = clock.now_ms()
    forgotten = (Intake.state == IntakeState.READY) & (Intake.created_at < now - _READY_MS)
    ended = Intake.state.in_((IntakeState.DONE, IntakeState.STOPPED))
    over = ended & (Intake.finished_at < now - KEPT_MS)
    count: int = Intake.delete().where(forgotten | over).execute()
    return count


# ── the job ──


def load(intake_id: int) -> Work | None:
    """None when there is nothing to do any more."""
    row = Intake.get_or_none((Intake.id == intake_id) & (Intake.state == IntakeState.RUNNING))
    if row is None:
        return None
    return Work(row.id, row.account_id, Portable(row.kind), _decode_entries(row.entries), row.position)


def take(work: Work, position: int, target: Target | None) -> bool:
    """Do what an entry asks for; False when somebody stopped it. A `NodeError` undoes all of it: `refuse` then."""
    if not _advance(work.id, position):
        return False
    cells = work.entries[position].cells
    applying.apply(work.account_id, work.kind, cells, 0 if target is None else target.id)
    if target is not None and key(work.kind, target.cells) != key(work.kind, cells):
        _rename(work.id, key(work.kind, cells), key(work.kind, target.cells))
    return True


def refuse(work: Work, position: int, problem: str) -> bool:
    """Note why it could not be done."""
    if not _advance(work.id, position, failed=1):
        return False
    entry = work.entries[position]
    IntakeFailure.insert(_failure(work.id, entry.line, entry.cells, problem)).execute()
    return True


def finish(job: TakenJob) -> bool:
    """After the last entry. False while there is more that has to end: to be called again."""
    row = Intake.get_or_none((Intake.id == job.subject) & (Intake.state == IntakeState.RUNNING))
    if row is not None and row.replaces and _end_some(row):
        return False
    jobs.finish(job)
    done = {"state": IntakeState.DONE, "finished_at": clock.now_ms(), "entries": "[]", "renamed": "{}"}
    Intake.update(done).where(Intake.id == job.subject).execute()
    return True


def given_up(job: TakenJob) -> None:
    here = (Intake.id == job.subject) & (Intake.state == IntakeState.RUNNING)
    Intake.update(state=IntakeState.STOPPED, finished_at=clock.now_ms()).where(here).execute()


def _end_some(row: Intake) -> int:
    """How many of those that are not in the file ended just now."""
    kind, names = Portable(row.kind), _decode_names(row.renamed)
    wanted = [entry.cells for entry in _decode_entries(row.entries)]
    keep = {names.get(name, name) for name in (key(kind, cells) for cells in wanted)}
    gone = [cells for name, cells in applying.there(row.account_id, kind).items() if name not in keep]
    for cells in gone[:_REMOVED_AT_ONCE]:
        applying.end(row.account_id, kind, cells)
    if kind is Portable.LISTS and not gone:
        applying.end_lists(row.account_id, {cells[0] for cells in wanted})
    ended = len(gone[:_REMOVED_AT_ONCE])
    Intake.update(removed=Intake.removed + ended).where(Intake.id == row.id).execute()
    return ended


def _advance(intake_id: int, position: int, failed: int = 0) -> bool:
    changes = {"position": position + 1, "failed": Intake.failed + failed}
    here = (Intake.id == intake_id) & (Intake.position == position) & (Intake.state == IntakeState.RUNNING)
    return bool(Intake.update(changes).where(here).execute())


def _rename(intake_id: int, in_file: str, here: str) -> None:
    names = _decode_names(Intake.select(Intake.renamed).where(Intake.id == intake_id).get().renamed)
    Intake.update(renamed=_encode({**names, in_file: here}).decode()).where(Intake.id == intake_id).execute()


def _entries(intake_id: int) -> list[Entry]:
    return _decode_entries(Intake.select(Intake.entries).where(Intake.id == intake_id).get().entries)


def _without_entries() -> Any:
    return Intake.select(*(field for field in Intake._meta.sorted_fields if field.name not in ("entries", "renamed")))


def _failure(intake_id: int, line: int, cells: Cells, problem: str) -> dict[str, Any]:
    return {
        "intake": intake_id,
        "line": line,
        "cells": _encode(cells).decode(),
        "problem": problem if len(problem) <= _MAX_PROBLEM_CHARS else problem[:_MAX_PROBLEM_CHARS],
    }
