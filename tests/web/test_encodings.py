"""Which codings of a body somebody takes (web/encodings.py)."""

import gzip

import pytest
from aiohttp.test_utils import make_mocked_request

from web import encodings
from web.encodings import takes_gzip


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("GZip;q=0.5", True),
        ("br;q=1.0, gzip; q=0.001", True),
        ("*", True),
        ("br, *;q=0.1", True),
        ("", False),
        ("identity", False),
        ("x-gzips", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("br, *;q=0", False),
        ("," * 10_000 + "gzip", False),
    ],
)
def test_what_is_accepted(accepted: str, takes: bool) -> None:
    assert takes_gzip(make_mocked_request("GET", "/", headers={"Accept-Encoding": accepted})) is takes


def test_who_says_nothing_takes_nothing() -> None:
    assert not takes_gzip(make_mocked_request("GET", "/"))


def test_what_is_packed_is_the_same_and_of_many_lengths() -> None:
    page = b"<p>What a reader reads.</p>" * 500

    packed = [encodings.packed(page) for _ in range(50)]

    assert {gzip.decompress(one) for one in packed} == {page}
    assert len({len(one) for one in packed}) > 10
    assert max(len(one) for one in packed) < len(page) / 5
