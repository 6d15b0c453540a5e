import pytest

from node.media.blurhash import encode, is_blurhash


def test_what_we_encode_is_valid() -> None:
    assert is_blurhash(encode(bytes(range(48)) * 4, 8, 8))
    assert len(encode(b"\x80" * 3 * 32, 4, 8)) == 4 + 2 * 12


@pytest.mark.parametrize("text", ["LEHV6nWB2yk8pyo0adR*.7kCMdnj", "00OZZy"])
def test_a_complete_hash_is_valid(text: str) -> None:
    assert is_blurhash(text)


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "LEHV6",
        "LEHV6nWB2yk8pyo0adR*.7kCMdn",
        "LEHV6nWB2yk8pyo0adR*.7kCMdnjj",
        '"><script>',
        "L" * 5_000,
        "é" * 28,
    ],
)
def test_anything_else_is_not(value: object) -> None:
    assert not is_blurhash(value)
