"""The threat model names tests and modules that exist, and for each refusal its twin."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/threat-model.md").read_text()
ROWS = [row for row in TEXT.splitlines() if row.startswith("| ") and not row.startswith("| Nobody … |")]

_TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
_MODULE = re.compile(r"`((?:node|federation|web)/[\w/.]*)`")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:60])
def test_each_rule_has_a_place_a_refusal_and_a_twin(row: str) -> None:
    _, _, places, refusals, twins, _ = row.split("|")

    assert _MODULE.findall(places)
    assert _TEST.findall(refusals)
    assert _TEST.findall(twins) or twins.strip() == "the same"
    for module in _MODULE.findall(places):
        assert (ROOT / module).exists(), module
    for path, name in _TEST.findall(row):
        assert f"def {name}(" in (ROOT / "tests" / path).read_text(), f"{path}::{name}"


def test_nothing_that_looks_like_a_test_is_overlooked() -> None:
    assert TEXT.count("::test_") == sum(len(_TEST.findall(row)) for row in ROWS)
