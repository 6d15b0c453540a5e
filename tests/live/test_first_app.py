"""docs/api.md, "An app, step by step": what stands there is typed into a shell, beside a fresh node."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.live.conftest import NewNode
from tests.live.visitor import authorization_code

_GUIDE = Path(__file__).parents[2] / "docs/api.md"
_ANY_NODE = "http://localhost:8420"


def steps() -> list[str]:
    chapter = _GUIDE.read_text("utf-8").partition("## An app, step by step")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def test_the_guide_works_as_it_stands(new_node: NewNode, tmp_path: Path) -> None:
    node = new_node().start()
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, **node.environ, "PATH": programs}
    typed = "".join(steps()).replace(_ANY_NODE, node.base_url)
    before, question, after = typed.partition("read -r CODE\n")
    shell = subprocess.Popen(
        ["bash", "-e"], cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert shell.stdin is not None
    assert shell.stdout is not None

    shell.stdin.write(before + question)
    shell.stdin.flush()
    address = next(line for line in shell.stdout if line.startswith(f"{node.base_url}/oauth/authorize"))
    code = authorization_code(address.strip(), "robin@mail.test", "somebody likes linnets")
    said, _ = shell.communicate(f"{code}\n{after}", timeout=120)

    assert shell.returncode == 0
    lines = said.splitlines()
    assert lines[0] == "robin"
    assert lines[1].startswith(f"{node.base_url}/@robin/")
    assert lines[2].lower().startswith("link: <")
    assert ("Text can't be blank" in lines[3], lines[3][-3:]) == (True, "422")
    assert "'mastodon': 11" in lines[4]
    assert lines[5].startswith("3.")
    assert lines[-1].endswith("401")
