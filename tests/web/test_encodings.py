"""Which codings of a body somebody takes (web/encodings.py)."""

import pytest
from aiohttp.test_utils import make_mocked_request

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
