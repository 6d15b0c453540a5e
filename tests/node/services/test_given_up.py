"""When a job is given up, whoever waits for what it was to make is told, and what can go on goes on."""

import msgspec
import pytest

from node import jobs
from node.cli.process import ENDINGS
from node.errors import NodeError
from node.jobs import JobKind, TakenJob
from node.models import (
    Archive,
    ArchiveState,
    Intake,
    IntakeState,
    Job,
    MediaAttachment,
    Portable,
    Restoration,
    RestorationState,
)
from node.services.portability import archives, intakes, reading, restorations
from node.services.statuses import media
from tests.factories import Person, waiting_jobs


def given_up(kind: JobKind) -> TakenJob:
    """The job of `kind` that waits, once it was tried too often."""
    (job,) = (job for job in jobs.take(1, 9) if job.kind == kind)
    assert jobs.postpone(msgspec.structs.replace(job, attempts=jobs.GIVE_UP_AFTER), NodeError("never"))
    ENDINGS[kind](job)
    assert Job.get_by_id(job.id).failed_at is not None
    return job


def test_an_archive_says_that_it_was_not_made_and_another_may_be_asked_for(unit: None, alice: Person) -> None:
    archives.ask(alice.account.id)

    given_up(JobKind.MAKE_ARCHIVE)

    archive = Archive.get()
    assert (archive.state, "once more" in archive.problem) == (ArchiveState.FAILED, True)
    another = archives.ask(alice.account.id)
    assert [job.subject for job in waiting_jobs(JobKind.MAKE_ARCHIVE) if not job.failed_at] == [another.id]


def test_a_restoration_ends_with_its_file_and_the_archive_may_come_again(unit: None, alice: Person) -> None:
    restorations.begin(alice.account.id, "scratch/one.zip")

    job = given_up(JobKind.RESTORE)

    row = restorations.latest(alice.account.id)
    assert row is not None
    assert (row.state, "once more" in row.problem) == (RestorationState.FAILED, True)
    assert Job.get(Job.kind == JobKind.END_ARCHIVE).payload == '{"file_key":"scratch/one.zip"}'
    # Somebody of the staff has it tried again: there is nothing to do any more, and nothing is said to be done.
    assert restorations.load(row.id) is None
    restorations.finish(job)
    assert Restoration.get().state == RestorationState.FAILED
    restorations.begin(alice.account.id, "scratch/two.zip")


@pytest.mark.parametrize("replaces", [False, True])
def test_an_import_stops_and_goes_on_where_it_stood_and_as_it_was_begun(
    unit: None, alice: Person, replaces: bool
) -> None:
    lines = reading.read(Portable.DOMAIN_BLOCKS, b"a.test\nb.test\nc.test\n")
    intake = intakes.create(alice.account.id, Portable.DOMAIN_BLOCKS, lines, "blocks.csv")
    intakes.start(alice.account.id, intake.id, replaces=replaces)
    work = intakes.load(intake.id)
    assert work is not None
    assert intakes.take(work, 0, None)

    given_up(JobKind.TAKE_IN)

    assert Intake.get().state == IntakeState.STOPPED
    assert intakes.load(intake.id) is None
    intakes.start(alice.account.id, intake.id, replaces=not replaces)
    again = intakes.load(intake.id)
    assert again is not None
    assert (again.position, Intake.get().replaces) == (1, replaces)
    assert [job.subject for job in waiting_jobs(JobKind.TAKE_IN) if not job.failed_at] == [intake.id]


def test_a_film_says_that_it_could_not_be_processed(unit: None, alice: Person) -> None:
    row = MediaAttachment.create(
        account=alice.account.id, kind="video", mime="video/mp4", source_key="film", created_at=1
    )
    assert media.is_in_work(row)
    jobs.enqueue(JobKind.MAKE_FILM, row.id)

    given_up(JobKind.MAKE_FILM)

    assert "once more" in MediaAttachment.get().problem
    assert media.to_make(row.id) is None
