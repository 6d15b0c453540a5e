"""What documents say is shown by a test names one that exists; no activity, software, fault or page is left out."""

import re
from pathlib import Path

import pytest

from federation.activities import RECEIVERS
from tests.soak.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
CONFORMANCE = (ROOT / "docs/conformance.md").read_text()
RELIABILITY = (ROOT / "docs/reliability.md").read_text()
PAGES = (ROOT / "docs/pages.md").read_text()

_TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
_SCENARIO = re.compile(r"soak((?:,? `\w+`)+)")


def rows(text: str, heading: str) -> list[str]:
    """The rows of the table below a heading."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return table[2:]


FAULTS = [line for line in RELIABILITY.splitlines() if re.match(r"\| R\d", line)]
TABLES = [line for text in (CONFORMANCE, PAGES) for line in text.splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("text", [CONFORMANCE, RELIABILITY, PAGES], ids=["conformance", "reliability", "pages"])
def test_each_test_that_is_named_exists(text: str) -> None:
    found = _TEST.findall(text)
    missing = [f"{path}::{name}" for path, name in found if f"def {name}(" not in _source(path)]

    assert found
    assert missing == []
    assert text.count("::test_") == len(found)


def _source(path: str) -> str:
    file = ROOT / "tests" / path
    return file.read_text() if file.exists() else ""


def test_each_row_names_a_test() -> None:
    headings = ("| What |", "| Activity |", "| Software |", "| Page |")
    without = [row for row in TABLES if not row.startswith(headings) and not _TEST.search(row)]

    assert without == []


@pytest.mark.parametrize("direction", ["arrive", "are sent"])
def test_each_activity_has_its_rows(direction: str) -> None:
    shown = {
        name
        for row in rows(CONFORMANCE, f"Activities that {direction}")
        for name in re.findall(r"\| `(\w+)` \|", row)
    }
    named = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", (ROOT / "FEDERATION.md").read_text(), re.MULTILINE)
    sent = {name for name, out in named if out.strip() != "–"}

    assert shown == (set(RECEIVERS) if direction == "arrive" else sent)


def test_each_software_has_its_row() -> None:
    shown = {row.split("|")[1].strip() for row in rows(CONFORMANCE, "Software")}

    assert shown == {path.name for path in (ROOT / "tests/federation/wire").iterdir() if path.is_dir()}


def test_each_template_is_in_the_row_of_its_page() -> None:
    folder = ROOT / "web/templates"
    named = {str(path.relative_to(folder)) for path in folder.rglob("*.html")}
    pieces = ("layout/", "parts/", "settings/layout.html", "gallery.html")

    assert {name for name in named if not name.startswith(pieces) and f"`{name}`" not in PAGES} == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda row: row.split("|")[1].strip())
def test_each_fault_is_shown_by_a_test_or_a_scenario(fault: str) -> None:
    played = {name for names in _SCENARIO.findall(fault) for name in re.findall(r"\w+", names)}

    assert _TEST.search(fault) or played
    assert played <= set(SCENARIOS)


def test_no_fault_is_left_out() -> None:
    numbers = [row.split("|")[1].strip() for row in FAULTS]

    assert numbers == [f"R{number}" for number in range(1, 33)]


def test_each_scenario_is_named_where_its_rules_are() -> None:
    for name, scenario in SCENARIOS.items():
        for rule in scenario.RULES.split(", "):
            assert any(row.startswith(f"| {rule} ") and f"`{name}`" in row for row in FAULTS), f"{rule}: {name}"
