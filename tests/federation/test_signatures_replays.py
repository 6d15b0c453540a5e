"""The memory of what has had its effect."""

from federation.signatures import Replays, SignatureClaim
from node import clock
from tests.federation.signed import KEY_ID, NOW


def claim(signature: bytes, key_id: str = KEY_ID) -> SignatureClaim:
    return SignatureClaim(key_id, signature, (), NOW, (b"",), {})


def test_what_was_remembered_is_known_for_its_own_key_alone() -> None:
    replays = Replays()

    replays.remember(claim(b"one"), NOW)

    assert replays.is_known(claim(b"one"))
    assert not replays.is_known(claim(b"two"))
    assert not replays.is_known(claim(b"one", KEY_ID + "2"))


def test_it_is_known_for_as_long_as_its_signature_could_be_good() -> None:
    replays = Replays()
    replays.remember(claim(b"one"), NOW)

    replays.remember(claim(b"two"), NOW + 160 * clock.MINUTE)
    assert replays.is_known(claim(b"one"))

    replays.remember(claim(b"three"), NOW + 161 * clock.MINUTE)
    replays.remember(claim(b"four"), NOW + 400 * clock.MINUTE)
    assert not replays.is_known(claim(b"one"))


def test_its_size_is_bounded() -> None:
    replays = Replays(capacity=10)

    for number in range(1000):
        replays.remember(claim(b"%d" % number), NOW)

    assert sum(replays.is_known(claim(b"%d" % number)) for number in range(1000)) <= 10
    assert replays.is_known(claim(b"999"))
