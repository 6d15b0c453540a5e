"""docs/api.md, "An app, step by step": what stands there is typed into a shell, beside a fresh node."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.live.conftest import NewNode
from tests.live.visitor import authorization_code
from tests.live.waiting import PATIENCE_SECONDS

_GUIDE = Path(__file__).parents[2] / "docs/api.md"
_ANY_NODE = "http://localhost:8420"


def steps() -> list[str]:
    chapter = _GUIDE.read_text("utf-8").partition("## An app, step by step")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


@contextmanager
def shell(environment: dict[str, str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """It ends at the end of the block, and so does what it began: a stream that says nothing would be waited for."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    running = subprocess.Popen(["sh", "-e"], cwd=folder, env=environment, text=True, start_new_session=True, **pipes)
    late = threading.Timer(2 * PATIENCE_SECONDS, os.killpg, (running.pid, signal.SIGKILL))
    late.daemon = True
    late.start()
    try:
        yield running
    finally:
        late.cancel()
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def test_the_guide_works_as_it_stands(new_node: NewNode, tmp_path: Path) -> None:
    node = new_node().start()
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, **node.environ, "PATH": programs}
    typed = "".join(steps()).replace(_ANY_NODE, node.base_url)
    before, question, after = typed.partition("read -r CODE\n")
    with shell(environment, tmp_path) as sh:
        assert sh.stdin is not None
        assert sh.stdout is not None

        sh.stdin.write(before + question)
        sh.stdin.flush()
        address = next(line for line in sh.stdout if line.startswith(f"{node.base_url}/oauth/authorize"))
        code = authorization_code(address.strip(), "robin@mail.test", "somebody likes linnets")
        said, _ = sh.communicate(f"{code}\n{after}", timeout=PATIENCE_SECONDS)

    assert sh.returncode == 0
    lines = said.splitlines()
    assert lines[0] == "robin"
    assert lines[1].startswith(f"{node.base_url}/@robin/")
    assert lines[2].lower().startswith("link: <")
    assert ("Text can't be blank" in lines[3], lines[3][-3:]) == (True, "422")
    assert "'mastodon': 11" in lines[4]
    assert lines[5].startswith("3.")
    assert lines[-1].endswith("401")
