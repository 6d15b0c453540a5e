"""ZIP files of strangers: what is broken or too large is refused, and nothing is unpacked beyond its limit."""

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from node.errors import Invalid
from node.media import archives


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def items_of(outbox: bytes, name: str = "outbox.json") -> list[Any]:
    with archives.opened(zipped({name: outbox})) as archive:
        return list(archives.items(archive, "outbox.json"))


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"hello" * 100, zipped({"a": b"x"})[:-30], b"PK\x05\x06" + b"\xff" * 18, b"PK\x03\x04" * 99],
    ids=["nothing", "two letters", "a text", "cut short", "an end alone", "beginnings alone"],
)
def test_what_is_no_archive_is_refused(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    for source in (data, file):
        with pytest.raises(Invalid):
            archives.opened(source)

    file.write_bytes(zipped({"a": b"x"}))
    with archives.opened(file) as archive:
        assert archives.member(archive, "a", 1) == b"x"


@pytest.mark.parametrize(("place", "form", "value"), [(10, "<H", 65_000), (12, "<L", 1 << 30)])
def test_a_directory_without_end_is_not_even_read(place: int, form: str, value: int) -> None:
    data = bytearray(zipped({"a": b"x"}))
    struct.pack_into(form, data, data.rfind(b"PK\x05\x06") + place, value)

    with pytest.raises(Invalid, match="too many"):
        archives.opened(bytes(data))


def test_a_directory_of_the_large_form_is_refused_whatever_the_usual_end_says() -> None:
    """Python reads that one instead, and it may be as long as the file."""
    plain = zipped({str(number): b"x" for number in range(50)})
    end = plain.rfind(b"PK\x05\x06")
    (directory_bytes, directory_at) = struct.unpack_from("<LL", plain, end + 12)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 50, 50, directory_bytes, directory_at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    usual = bytearray(plain[end:])
    struct.pack_into("<2H2L", usual, 8, 0, 0, 0, 0)
    data = plain[:end] + large + locator + bytes(usual)
    with zipfile.ZipFile(io.BytesIO(data)) as believed:
        assert len(believed.namelist()) == 50

    with pytest.raises(Invalid):
        archives.opened(data)


def test_a_member_is_unpacked_up_to_its_limit_whatever_it_says_of_its_size() -> None:
    bomb = zipped({"bomb": bytes(50 << 20), "small": b"x" * 100})
    with archives.opened(bomb) as archive:
        assert archives.member(archive, "bomb", 100) is None
        assert archives.member(archive, "small", 100) == b"x" * 100
        for name in ("../../etc/passwd", "/etc/passwd", "nothing", ""):
            assert archives.member(archive, name, 100) is None


def test_members_that_are_broken_or_packed_in_a_way_that_costs_memory_are_none() -> None:
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with archives.opened(zipped({"a": b"x"}, method)) as archive:
            assert archives.member(archive, "a", 100) is None
    data = bytearray(zipped({"a": bytes(range(256)) * 100}))
    data[60:120] = b"\xff" * 60
    with archives.opened(bytes(data)) as archive:
        assert archives.member(archive, "a", 100_000) is None


def test_items_are_read_one_after_the_other() -> None:
    wanted = [{"n": number, "text": "ä" * 40_000} for number in range(20)] + [1, "]", [2], None]

    assert items_of(json.dumps({"id": "outbox.json", "orderedItems": wanted}).encode()) == wanted
    assert items_of(b'{"orderedItems": []}') == []
    assert items_of(b'{"orderedItems":[12345678,\n 9 ] , "totalItems": 2}') == [12345678, 9]


@pytest.mark.parametrize(
    "outbox",
    [
        b"",
        b"{}",
        b'{"orderedItems"',
        b'{"orderedItems":[1,',
        b'{"orderedItems":[{"a":}]}',
        b'{"orderedItems":["' + b"x" * (2 << 20) + b'"]}',
        b'{"orderedItems":' + b"[" * 200_000,
        b'{"orderedItems":[' + b"9" * 10_000 + b"]}",
    ],
)
def test_an_outbox_that_cannot_be_read_ends_with_a_sentence(outbox: bytes) -> None:
    with pytest.raises(Invalid):
        items_of(outbox)


def test_an_outbox_is_read_up_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = b'{"orderedItems":[' + b",".join([b"1"] * 100_000) + b"]}"
    assert len(items_of(outbox)) == 100_000

    monkeypatch.setattr(archives, "_MOST_TEXT_BYTES", 100_000)
    with pytest.raises(Invalid, match="too large"):
        items_of(outbox)
    with pytest.raises(Invalid):
        items_of(outbox, name="other.json")
