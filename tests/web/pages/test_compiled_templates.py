"""What was compiled of templates is kept for the next process, and never shown in place of what the template says."""

import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from web.rendering.compiled import Compiled


class Process(Environment):
    """Another one each time; `compiled` counts."""

    def __init__(self, folder: Path, maker: Path) -> None:
        super().__init__(loader=FileSystemLoader(folder), bytecode_cache=Compiled(maker), autoescape=True)
        self.compiled = 0

    def compile(self, *given: Any, **more: Any) -> Any:
        self.compiled += 1
        return super().compile(*given, **more)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    made = tmp_path / "templates"
    made.mkdir()
    (made / "page.html").write_text("Linnets {{ what }}")
    return made


@pytest.fixture
def maker(tmp_path: Path) -> Path:
    path = tmp_path / "environment.py"
    path.write_text("trim_blocks = True")
    return path


def shown(process: Process) -> tuple[str, int]:
    return process.get_template("page.html").render(what="sing"), process.compiled


def test_the_next_process_need_not_compile(folder: Path, maker: Path) -> None:
    assert shown(Process(folder, maker)) == ("Linnets sing", 1)
    assert shown(Process(folder, maker)) == ("Linnets sing", 0)


def test_a_template_that_says_something_else_is_compiled_anew(folder: Path, maker: Path) -> None:
    shown(Process(folder, maker))

    (folder / "page.html").write_text("Siskins {{ what }}")

    assert shown(Process(folder, maker)) == ("Siskins sing", 1)
    assert shown(Process(folder, maker)) == ("Siskins sing", 0)


def test_all_is_compiled_anew_when_the_environment_is_made_otherwise(folder: Path, maker: Path) -> None:
    shown(Process(folder, maker))

    maker.write_text("trim_blocks = False")

    assert shown(Process(folder, maker)) == ("Linnets sing", 1)


@pytest.mark.parametrize("left", [0, 5, 40, 100])
def test_what_was_spoilt_is_made_anew(folder: Path, maker: Path, left: int) -> None:
    shown(Process(folder, maker))
    path = Path(cache_from_source(f"{folder}/page.html.py"))
    whole = path.read_bytes()

    path.write_bytes(whole[:left])

    assert shown(Process(folder, maker)) == ("Linnets sing", 1)
    assert path.read_bytes() == whole


def test_where_nothing_can_be_written_each_process_compiles_for_itself(folder: Path, maker: Path) -> None:
    (folder / "__pycache__").write_text("a file where the folder would be")

    assert [shown(Process(folder, maker)) for _ in range(2)] == [("Linnets sing", 1)] * 2


def test_nothing_is_written_where_python_is_told_to_write_nothing(
    folder: Path, maker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert shown(Process(folder, maker)) == ("Linnets sing", 1)
    assert [path.name for path in folder.iterdir()] == ["page.html"]
