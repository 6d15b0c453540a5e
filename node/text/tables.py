"""Tables as CSV (RFC 4180), for spreadsheets and for other servers.

A spreadsheet takes a cell that begins with one of a few characters for a formula and runs it. Such a cell is written
with an apostrophe before it, which spreadsheets understand as "text", and read without it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from node.errors import Invalid
from node.speech import said

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARK = "'"
_SEPARATORS = ",;\t"


def written(rows: Iterable[Sequence[str]]) -> str:
    """`rows` as lines of CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: str) -> str:
    """`cell` as no spreadsheet computes it. What looks marked already is marked once more, so that it comes back."""
    return _MARK + cell if cell.lstrip(_MARK).startswith(_BEGINS_FORMULA) else cell


def original(cell: str) -> str:
    """What `harmless` was given."""
    is_marked = cell.startswith(_MARK) and cell.lstrip(_MARK).startswith(_BEGINS_FORMULA)
    return cell.removeprefix(_MARK) if is_marked else cell


def read(data: bytes, *, most_rows: int) -> list[tuple[int, tuple[str, ...]]]:
    """(number of the line, cells) of each row that is not empty; Invalid for what is no such table, or a longer one.

    Some spreadsheets put semicolons or tabs where others put commas.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("The file is not text in UTF-8. Save it as CSV in UTF-8 and try again.") from error
    rows: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in _lines(text):
        if any(cells):
            rows.append((line, cells))
        if len(rows) > most_rows:
            raise Invalid(said("The file has more than %(most)s lines. Please split it.", most=f"{most_rows:,}"))
    return rows


def _lines(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Invalid(
                said("Line %(line_num)s of the file cannot be read: it is no CSV.", line_num=reader.line_num)
            ) from error
        yield line, tuple(original(cell.strip(" ")) for cell in cells)
        line = reader.line_num + 1


def _separator(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return next((one for one in _SEPARATORS if one in first), ",")
