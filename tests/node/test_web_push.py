"""Web Push on the wire: the example of RFC 8291, an independent decryptor (http-ece), and the VAPID signature."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from node import web_push
from node.errors import BadInput
from tests.pushed import Phone


def data_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_rfc_8291() -> None:
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    to = web_push.receiver(point, "BTBZMqHH6r4Tts7J_aSIgg")
    number = int.from_bytes(data_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    sender, salt = ec.derive_private_key(number, ec.SECP256R1()), data_of("DGv6ra1nlYgDCS1FRnbzlw")

    message = web_push._seal(b"When I grow up, I want to be a watermelon", to, sender, salt, True)

    assert web_push.to_text(message.body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6P"
        "Bru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("standard", [True, False])
@pytest.mark.parametrize("text", [b"", b"a linnet", b"x" * web_push.MOST_BYTES])
def test_others_can_decrypt_it(text: bytes, standard: bool) -> None:
    phone = Phone()

    message = web_push.encrypt(text, web_push.receiver(phone.p256dh, phone.auth), standard=standard)

    assert phone.decrypt(message.body, message.headers) == text
    assert len(message.body) <= 4096


@pytest.mark.parametrize("standard", [True, False])
def test_nobody_else_can(standard: bool) -> None:
    phone = Phone()
    message = web_push.encrypt(b"a linnet", web_push.receiver(phone.p256dh, phone.auth), standard=standard)

    with pytest.raises(http_ece.ECEException):
        Phone().decrypt(message.body, message.headers)


def test_what_is_too_long_is_not_sent() -> None:
    phone = Phone()

    with pytest.raises(ValueError, match="too long"):
        web_push.encrypt(b"x" * (web_push.MOST_BYTES + 1), web_push.receiver(phone.p256dh, phone.auth), standard=True)


def test_keys_may_come_in_either_alphabet_with_and_without_padding() -> None:
    phone = Phone()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for strip in ("", "="):
            texts = [encode(data_of(text)).decode().rstrip(strip or None) for text in (phone.p256dh, phone.auth)]
            assert web_push.receiver(*texts) == web_push.receiver(phone.p256dh, phone.auth)


@pytest.mark.parametrize(
    "p256dh",
    [
        "",
        "not base64!",
        "é",
        web_push.to_text(b"\x04" + b"\x00" * 64),  # not on the curve
        web_push.to_text(b"\x04" + b"\x01" * 64),
        web_push.to_text(b"\x02" + b"\x01" * 32),  # compressed
        web_push.to_text(b"\x00" * 65),
        "A" * 100_000,
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(p256dh: str) -> None:
    with pytest.raises(BadInput):
        web_push.receiver(p256dh, Phone().auth)


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_secret_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(BadInput):
        web_push.receiver(Phone().p256dh, web_push.to_text(b"x" * size))


@pytest.mark.parametrize("standard", [True, False])
def test_the_signature_is_of_the_key_that_apps_are_told(standard: bool) -> None:
    private_pem, public_key = web_push.generate()

    header = web_push.authorization(private_pem, public_key, {"aud": "https://push.test"}, standard=standard)

    token = header.removeprefix("WebPush ")
    if standard:
        token, _, key = header.removeprefix("vapid t=").partition(", k=")
        assert key == public_key
    signed, _, signature = token.rpartition(".")
    head, claims = map(data_of, signed.split("."))
    assert json.loads(head) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(claims) == {"aud": "https://push.test"}
    numbers = data_of(signature)
    der = encode_dss_signature(int.from_bytes(numbers[:32], "big"), int.from_bytes(numbers[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data_of(public_key))
    key.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
