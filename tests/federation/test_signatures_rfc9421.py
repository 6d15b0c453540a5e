"""RFC 9421: what we send as the second knock, and what of it we believe."""

import base64
import datetime
import hashlib
import re
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519, RSA_PSS_SHA512, RSA_V1_5_SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.signatures import ReceivedRequest, SignatureClaim, Style, parse_signature, rfc9421
from node import clock, keys
from node.config import Config
from node.errors import BadInput, Unauthorized
from tests.federation import signed
from tests.federation.signed import ACTOR, BODY, INBOX, KEY_ID, NOW, Wire

CONFIG = Config.for_tests(domain="a.test")
REFUSED = (BadInput, Unauthorized)


class Keys(HTTPSignatureKeyResolver):
    """What the independent library wants to sign and verify with."""

    def __init__(self, pair: keys.KeyPair) -> None:
        self.pair = pair

    def resolve_private_key(self, key_id: str) -> bytes:
        return self.pair.private_pem.encode()

    def resolve_public_key(self, key_id: str) -> bytes:
        return self.pair.public_pem.encode()


class Message:
    def __init__(self, method: str, url: str, headers: dict[str, str]) -> None:
        self.method, self.url, self.headers = method, url, headers


def by_library(
    *,
    method: str = "POST",
    url: str = INBOX,
    covered: tuple[str, ...] = ("@method", "@target-uri", "content-digest"),
    pair: keys.KeyPair | None = None,
    algorithm: Any = RSA_V1_5_SHA256,
    include_alg: bool = False,
    signed_at: int = NOW,
    body: bytes = BODY,
    host: str = "a.test",
    **parameters: Any,
) -> Wire:
    """A request signed without our code."""
    headers = {"Host": host, "Content-Type": "application/activity+json"}
    if method == "POST":
        headers["Content-Digest"] = content_digest(body)
    HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=Keys(pair or signed.rsa())).sign(
        Message(method, url, headers),
        key_id=KEY_ID,
        created=datetime.datetime.fromtimestamp(signed_at / 1000, datetime.UTC),
        covered_component_ids=covered,
        include_alg=include_alg,
        use_existing_digest=method == "POST",
        **parameters,
    )
    return Wire(method, re.sub("^https://[^/]*", "", url), headers, body if method == "POST" else b"")


def content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def claim_of(wire: Wire) -> SignatureClaim:
    return parse_signature(wire.received(), CONFIG, NOW)


def is_believed(wire: Wire, pair: keys.KeyPair | None = None) -> bool:
    try:
        return claim_of(wire).verify(signed.public(pair or signed.rsa()))
    except REFUSED:
        return False


def outgoing(url: str, body: bytes | None) -> Wire:
    with clock.frozen(NOW):
        return signed.outgoing(url, body, Style.RFC9421)


# ── out ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_is_signed_in_the_form_that_mastodon_wants() -> None:
    wire = outgoing(INBOX, BODY)

    assert wire.headers["Content-Digest"] == content_digest(BODY)
    assert wire.headers["Signature-Input"] == (
        f'sig1=("@method" "@target-uri" "content-digest");created={NOW // 1000};keyid="{KEY_ID}"'
    )
    assert re.fullmatch("sig1=:[A-Za-z0-9+/]+=*:", wire.headers["Signature"])
    assert "Digest" not in wire.headers


def test_a_get_signs_method_and_target() -> None:
    wire = outgoing(ACTOR, None)

    assert wire.headers["Signature-Input"].startswith('sig1=("@method" "@target-uri");created=')
    assert "Content-Digest" not in wire.headers


@pytest.mark.parametrize("url", [INBOX, "https://a.test/x?page=1&q=%C3%BC"])
def test_the_library_agrees_with_what_we_sign(url: str) -> None:
    wire = signed.outgoing(url, BODY, Style.RFC9421)

    HTTPMessageVerifier(signature_algorithm=RSA_V1_5_SHA256, key_resolver=Keys(signed.rsa())).verify(
        Message("POST", url, wire.headers), body=BODY
    )


def test_an_ed25519_key_signs_the_new_way_and_is_believed() -> None:
    with clock.frozen(NOW):
        wire = signed.outgoing(INBOX, BODY, Style.RFC9421, pair=signed.ed25519())

    assert is_believed(wire, signed.ed25519())
    assert not is_believed(wire, signed.rsa())


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ('sig1=("@method" "@target-uri" "content-digest");created;keyid', True),
        ('sig1=("@method" "@target-uri")', True),
        ('sig1=("@method" "@target-uri" "@authority");created', True),
        ('sig1=("@method" "@authority" "x-token")', False),
        ("nonsense", False),
        ("", False),
        (None, False),
        ("sig1=(" + '"@method" ' * 1000 + ")", False),
    ],
)
def test_what_a_peer_asks_for_is_understood(header: str | None, accepted: bool) -> None:
    assert (rfc9421.asked_for(header) is not None) is accepted


def test_what_a_peer_asks_for_is_signed_and_verified_by_the_library() -> None:
    asked = rfc9421.asked_for(
        'sig1=("@method" "@target-uri" "@authority" "content-digest");created;nonce="n-1";tag="t"'
    )
    assert asked == rfc9421.Asked(("@authority",), "n-1", "t")
    headers = {"Content-Digest": content_digest(BODY)}

    rfc9421.sign(KEY_ID, signed.rsa().private_pem, method="POST", url=INBOX, headers=headers, now_ms=NOW, asked=asked)

    stated = headers["Signature-Input"]
    assert stated.startswith('sig1=("@method" "@target-uri" "content-digest" "@authority");')
    assert 'nonce="n-1"' in stated
    assert 'tag="t"' in stated
    with clock.frozen(NOW):
        assert is_believed(Wire("POST", "/ap/inbox", headers | {"Host": "a.test"}, BODY), signed.rsa())


def test_the_form_in_which_fedify_signs_is_believed() -> None:
    headers = {"Content-Digest": content_digest(BODY), "Host": "a.test", "Date": "Tue, 24 Nov 2026 18:39:51 GMT"}
    asked = rfc9421.Asked(("@authority", "host", "date"))

    rfc9421.sign(KEY_ID, signed.rsa().private_pem, method="POST", url=INBOX, headers=headers, now_ms=NOW, asked=asked)

    with clock.frozen(NOW):
        assert is_believed(Wire("POST", "/ap/inbox", headers, BODY), signed.rsa())


# ── in ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "covered",
    [
        ("@method", "@target-uri", "content-digest"),
        ("@method", "@path", "@authority", "content-digest"),
        ("content-digest", "@target-uri", "@method", "content-type", "host"),
        ("@method", "@target-uri", "@scheme", "@query", "@request-target", "@path", "@authority", "content-digest"),
    ],
)
@pytest.mark.parametrize("include_alg", [True, False])
def test_what_the_library_signs_is_believed(covered: tuple[str, ...], include_alg: bool) -> None:
    wire = by_library(covered=covered, include_alg=include_alg, url="https://a.test/ap/inbox?x=%20y")

    assert is_believed(wire)
    assert claim_of(wire).key_id == KEY_ID
    assert claim_of(wire).signed_at == NOW
    assert not is_believed(wire, signed.other_rsa())


def test_optional_parameters_are_covered_and_do_no_harm() -> None:
    wire = by_library(
        nonce="n (1), 2", tag="fediverse", expires=datetime.datetime.fromtimestamp(NOW / 1000 + 60, datetime.UTC)
    )

    assert is_believed(wire)
    changed = wire.headers["Signature-Input"].replace("n (1), 2", "n (2), 2")
    assert not is_believed(wire.with_header("Signature-Input", changed))


def test_ed25519_keys_are_believed_under_their_own_name_alone() -> None:
    for include_alg in (True, False):
        wire = by_library(algorithm=ED25519, pair=signed.ed25519(), include_alg=include_alg)
        assert is_believed(wire, signed.ed25519())
        assert not is_believed(wire, signed.rsa())


def test_the_stated_algorithm_must_agree_with_the_key() -> None:
    wire = by_library()

    for name in ("ed25519", "hmac-sha256", "rsa-pss-sha512", "none"):
        stated = wire.headers["Signature-Input"] + f';alg="{name}"'
        assert not is_believed(wire.with_header("Signature-Input", stated))
    assert not is_believed(by_library(algorithm=RSA_PSS_SHA512, include_alg=True))
    assert not is_believed(by_library(algorithm=RSA_PSS_SHA512))


def test_a_get_needs_no_digest_and_a_post_does() -> None:
    assert is_believed(by_library(method="GET", url=ACTOR, covered=("@method", "@target-uri")))
    assert not is_believed(by_library(covered=("@method", "@target-uri")))


@pytest.mark.parametrize(
    "covered",
    [
        ("@target-uri", "content-digest"),
        ("@method", "content-digest"),
        ("@method", "@path", "content-digest"),
        ("@method", "@authority", "content-digest"),
    ],
)
def test_each_needed_component_must_be_covered(covered: tuple[str, ...]) -> None:
    with pytest.raises(Unauthorized):
        claim_of(by_library(covered=covered))


def test_another_path_method_host_or_body_is_refused() -> None:
    wire = by_library()

    assert is_believed(wire)
    assert not is_believed(Wire("POST", "/ap/users/1/inbox", wire.headers, BODY))
    assert not is_believed(Wire("POST", "/ap/inbox?x=1", wire.headers, BODY))
    assert not is_believed(Wire("PUT", "/ap/inbox", wire.headers, BODY))
    assert not is_believed(Wire("POST", "/ap/inbox", wire.headers, BODY + b" "))
    assert not is_believed(wire.with_header("Content-Digest", content_digest(b"other")))
    assert not is_believed(wire.with_header("Host", "other.test"))
    assert not is_believed(by_library(host="other.test", url="https://other.test/ap/inbox"))


@pytest.mark.parametrize(
    ("offset_ms", "accepted"),
    [
        (-119 * clock.MINUTE, True),
        (-121 * clock.MINUTE, False),
        (39 * clock.MINUTE, True),
        (41 * clock.MINUTE, False),
    ],
)
def test_signatures_are_good_for_two_hours_and_clocks_may_be_40_minutes_ahead(offset_ms: int, accepted: bool) -> None:
    assert is_believed(by_library(signed_at=NOW + offset_ms)) is accepted


def test_a_stated_end_is_honoured() -> None:
    def ending(seconds: int) -> Wire:
        return by_library(expires=datetime.datetime.fromtimestamp(NOW // 1000 + seconds, datetime.UTC))

    assert is_believed(ending(60))
    assert not is_believed(ending(-60))


def test_a_signature_must_say_when_it_was_created() -> None:
    wire = by_library()
    undated = re.sub(r";created=\d+", "", wire.headers["Signature-Input"])

    with pytest.raises(Unauthorized):
        claim_of(wire.with_header("Signature-Input", undated))


def test_several_digests_must_all_be_right() -> None:
    right, sha512 = content_digest(BODY), base64.b64encode(hashlib.sha512(BODY).digest()).decode()

    for header, accepted in [
        (f"{right}, sha-512=:{sha512}:", True),
        (f"{right}, unixsum=:AAAA:", True),
        (f"{right}, sha-512=:AAAA:", False),
        ("unixsum=:AAAA:", False),
        (f"{right}, {right}", False),
        (right.upper(), False),
        (right.replace(":", ""), False),
    ]:
        wire = by_library()
        wire = Wire(wire.method, wire.target, wire.headers | {"Content-Digest": header}, BODY)
        if accepted:
            claim_of(wire)
        else:
            with pytest.raises(REFUSED):
                claim_of(wire)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "nonsense",
        lambda text: f'{text}, other=("@method");created=1',
        lambda text: text.replace('"@method"', '"@method";req'),
        lambda text: text.replace('"content-digest"', '"content-digest";sf'),
        lambda text: text.replace('"@method"', '"@method" "@method"'),
        lambda text: text.replace('"@method"', '"@method" "@status"'),
        lambda text: text.replace('"@method"', '"@method" "@query-param"'),
        lambda text: text.replace('"@method"', '"@method" "x-missing"'),
        lambda text: text.replace('"content-digest"', '"Content-Digest"'),
        lambda text: text.replace('"@method"', "@method"),
        lambda text: text + f";created={NOW // 1000}",
        lambda text: text + ';keyid="https://peer.example/users/mallory#main-key"',
        lambda text: text + ";unknown=1",
        lambda text: re.sub(r"created=\d+", 'created="now"', text),
        lambda text: re.sub(r"created=\d+", "created=-5", text),
        lambda text: re.sub(r"created=\d+", "created=" + "9" * 400, text),
        lambda text: re.sub('keyid="[^"]*"', 'keyid=""', text),
        lambda text: re.sub('keyid="', 'keyid="acct:', text),
        lambda text: re.sub(';keyid="[^"]*"', "", text),
        lambda text: re.sub("^[a-z0-9]+=", "other=", text),
        lambda text: text + ";nonce=" + '"' + "x" * 10_000 + '"',
        lambda text: text.replace('"@method"', '"@method" ' + " ".join(f'"x{n}"' for n in range(500))),
        lambda text: text.replace("(", ""),
    ],
)
def test_odd_signature_inputs_are_refused_and_break_nothing(change: Any) -> None:
    wire = by_library(label="sig1")

    assert is_believed(wire)
    assert not is_believed(wire.with_header("Signature-Input", change(wire.headers["Signature-Input"])))


@pytest.mark.parametrize(
    "value", ["", "sig1", "sig1=AAAA", "sig1=:%%:", "sig1=:A:", "sig1=::", "sig1=:AAAA:, b=:AAAA:"]
)
def test_odd_signatures_are_refused_and_break_nothing(value: str) -> None:
    assert not is_believed(by_library(label="sig1").with_header("Signature", value))


def test_a_request_with_signature_input_is_never_tried_the_old_way() -> None:
    with clock.frozen(NOW):
        old = signed.outgoing(INBOX, BODY)

    assert is_believed(old)
    assert not is_believed(old.with_header("Signature-Input", 'sig1=("@method")'))


@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "Content-Digest", "Host"])
def test_a_header_that_stands_there_twice_proves_nothing(name: str) -> None:
    wire = by_library()
    twice = Wire(
        wire.method, wire.target, wire.headers, BODY, ((name.lower().encode(), wire.headers[name].encode()),)
    )

    with pytest.raises(Unauthorized):
        claim_of(twice)


UNTOUCHED = by_library()


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"signature", b"signature-input", b"host", b"content-digest"]))
def test_any_bytes_in_any_header_are_answered_without_an_exception_of_ours(value: bytes, name: bytes) -> None:
    pairs = [pair for pair in UNTOUCHED.received().headers if pair[0].lower() != name]

    try:
        claim = parse_signature(ReceivedRequest("POST", "/ap/inbox", [*pairs, (name, value)], BODY), CONFIG, NOW)
        claim.verify(signed.public(signed.rsa()))
    except REFUSED:
        pass
