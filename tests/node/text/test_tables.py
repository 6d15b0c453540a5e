"""CSV that no spreadsheet computes, and that comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.errors import Invalid
from node.text import tables

MOST = 100


def read(text: str) -> list[tuple[str, ...]]:
    return [cells for _, cells in tables.read(text.encode(), most_rows=MOST)]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_what_a_spreadsheet_would_compute_is_marked_as_text(cell: str) -> None:
    assert tables.harmless(cell) == f"'{cell}"
    assert tables.original(tables.harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["bob@x.test", "'tis", "1=1", "", "'"])
def test_other_cells_are_written_as_they_are(cell: str) -> None:
    assert tables.harmless(cell) == cell


@given(st.lists(st.lists(st.text("=+-@'\t,;\"ab é\n", max_size=6), min_size=2, max_size=3), max_size=4))
def test_every_table_comes_back(rows: list[list[str]]) -> None:
    kept = [tuple(cell.strip(" ") for cell in row) for row in rows]

    # The heading says what the separator is.
    assert read(tables.written([["a", "b"], *kept]))[1:] == [row for row in kept if any(row)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_one_of_the_first_line(separator: str) -> None:
    assert read(f"\ufeffa{separator}b\r\nc{separator}d,e") == [
        ("a", "b"),
        *([("c", "d", "e")] if separator == "," else [("c", "d,e")]),
    ]


def test_lines_are_numbered_as_an_editor_does() -> None:
    found = tables.read(b'a,b\n\n"c\nd",e\nf,g\n', most_rows=MOST)

    assert found == [(1, ("a", "b")), (3, ("c\nd", "e")), (5, ("f", "g"))]


@pytest.mark.parametrize("data", [b"\xff\xfea", b"a\n" * (MOST + 1), b'"' + b"x" * 200_000])
def test_what_is_no_table_or_a_longer_one_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        tables.read(data, most_rows=MOST)
    assert len(tables.read(b"a\n" * MOST, most_rows=MOST)) == MOST
