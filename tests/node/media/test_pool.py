import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from node.errors import Invalid
from node.media.pool import Pool
from node.media.protocol import Request, Shape
from tests.node.media import pictures


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def request(data: bytes, kind: str = "image/png", max_pixels: int = 64_000_000) -> Request:
    return Request(
        shape=Shape.ATTACHMENT,
        kind=kind,
        data=data,
        max_pixels=max_pixels,
        target_pixels=1_000_000,
        animated=False,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_process_is_used_again(pool: Pool) -> None:
    pool.run(request(pictures.picture(".png")))
    first = pool.processes()

    pool.run(request(pictures.picture(".png")))

    assert pool.processes() == first


def test_a_process_without_work_ends() -> None:
    pool = Pool(idle_seconds=0.05)

    pool.run(request(pictures.picture(".png")))
    pids = pool.processes()

    wait_for(lambda: not pool.processes() and all(map(gone, pids)))


def test_a_process_that_died_is_replaced(pool: Pool) -> None:
    pool.run(request(pictures.picture(".png")))
    (pid,) = pool.processes()

    os.kill(pid, signal.SIGSEGV)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # with all of its threads, of which the first looks dead sooner

    assert pool.run(request(pictures.picture(".png"))).main


def test_a_picture_that_takes_too_long_is_refused_and_its_process_ended(pool: Pool) -> None:
    pool.run(request(pictures.picture(".png")))
    (pid,) = pool.processes()
    os.kill(pid, signal.SIGSTOP)  # it takes for ever

    with pytest.raises(Invalid, match="cannot be read"):
        pool.run(request(pictures.picture(".png")), timeout_seconds=0.05)

    assert pool.processes() == []
    wait_for(lambda: gone(pid))
    assert pool.run(request(pictures.picture(".png"))).main


def test_a_picture_larger_than_its_header_said_is_not_decoded(pool: Pool) -> None:
    with pytest.raises(Invalid):
        pool.run(request(pictures.picture(".png", 300, 300), max_pixels=300 * 299))


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"%PDF-1.4\n",
        b"P6 2 2 255 " + b"x" * 12,
        b"",
    ],
)
def test_other_decoders_of_the_library_are_shut(pool: Pool, data: bytes) -> None:
    with pytest.raises(Invalid):
        pool.run(request(data))


def test_the_process_knows_no_secret_and_may_write_no_file(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINNET_DATABASE_URL", "postgresql://node:secret@db/node")

    pool.run(request(pictures.picture(".png")))

    (pid,) = pool.processes()
    assert b"secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
    assert [line.split()[4] for line in limits if line.startswith("Max file size")] == ["0"]
    assert not [line for line in limits if line.startswith("Max address space") and "unlimited" in line]


def test_many_pictures_at_once_share_few_processes(pool: Pool) -> None:
    data = pictures.picture(".png")
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(bool(pool.run(request(data)).main))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [True] * 8
    assert 1 <= len(pool.processes()) <= 2
