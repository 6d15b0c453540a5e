"""Whoever follows a reference finds what it names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_FOLDERS = ("deploy", "docs", "federation", "node", "tests", "web")
_KINDS = {".css", ".html", ".js", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml", ""}
_FOREIGN = {"node_modules", "__pycache__"}

_NAMED = re.compile(r"(?<![\w.:/-])([\w-][\w./-]*\.md)\b")
_DECISION = re.compile(r"\bdocs/adr/(\d{4})\b")
_SECTION = re.compile(r"\b((?:docs/)?(?:FEDERATION|threat-model|conformance|reliability)\.md), ([A-Z][a-z]+)")


def texts() -> Iterator[tuple[Path, str]]:
    files = [path for path in ROOT.iterdir() if path.is_file()]
    files += [path for folder in _FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in files:
        if path.suffix in _KINDS and not _FOREIGN & set(path.parts) and not path.name.endswith(".min.js"):
            yield path, path.read_text("utf-8")


TEXTS = dict(texts())
_NAMES = {path.name for path in TEXTS if path.suffix == ".md"}


def is_there(name: str, beside: Path) -> bool:
    return (ROOT / name).is_file() or (beside.parent / name).is_file() or name in _NAMES


def test_no_file_names_a_document_that_does_not_exist() -> None:
    lost = {
        (str(path.relative_to(ROOT)), name)
        for path, text in TEXTS.items()
        for name in _NAMED.findall(text)
        if not is_there(name, path)
    }

    assert not lost


def test_no_file_names_a_decision_that_was_not_taken() -> None:
    taken = {path.name[:4] for path in (ROOT / "docs/adr").glob("[0-9]*.md")}
    named = {
        (str(path.relative_to(ROOT)), number) for path, text in TEXTS.items() for number in _DECISION.findall(text)
    }

    assert not {one for one in named if one[1] not in taken}


def test_no_file_names_a_section_that_its_document_does_not_have() -> None:
    cited = [(path, *found) for path, text in TEXTS.items() for found in _SECTION.findall(text)]
    sections = {
        name: re.findall(r"^#+ (?:\[?)(\w+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        for name in {name for _, name, _ in cited}
        if (ROOT / name).is_file()
    }

    assert not [(path, name, word) for path, name, word in cited if word not in sections.get(name, ())]


@pytest.mark.parametrize(("name", "there"), [("README", True), ("nowhere", False), ("../README", True)])
def test_what_is_there_is_told_from_what_is_not(name: str, there: bool) -> None:
    assert is_there(f"{name}.md", ROOT / "docs/architecture.md") is there
