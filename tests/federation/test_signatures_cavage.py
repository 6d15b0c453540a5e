"""draft-cavage-12: what we send, and what of it we believe. Each refusal stands beside its positive twin."""

import base64
import hashlib
import hmac
import re
from email.utils import formatdate

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.signatures import ReceivedRequest, SignatureClaim, Style, parse_signature
from federation.signatures.cavage import parse_date
from federation.signatures.httpsig_library import httpsig
from node import clock, keys
from node.config import Config
from node.errors import BadInput, Unauthorized
from tests.federation import signed
from tests.federation.signed import ACTOR, BODY, INBOX, KEY_ID, NOW, Wire

CONFIG = Config.for_tests(domain="a.test")
REFUSED = (BadInput, Unauthorized)


def claim_of(wire: Wire, now_ms: int = NOW) -> SignatureClaim:
    return parse_signature(wire.received(), CONFIG, now_ms)


def is_believed(wire: Wire, pair: keys.KeyPair | None = None) -> bool:
    """Whether the request convinces us that the holder of `pair` sent it."""
    try:
        return claim_of(wire).verify(signed.public(pair or signed.rsa()))
    except REFUSED:
        return False


def post(url: str = INBOX, body: bytes = BODY) -> Wire:
    with clock.frozen(NOW):
        return signed.outgoing(url, body)


def get(url: str = ACTOR, style: Style = Style.CAVAGE) -> Wire:
    with clock.frozen(NOW):
        return signed.outgoing(url, None, style)


def by_hand(
    *,
    method: str = "POST",
    target: str = "/ap/inbox",
    covered: str = "(request-target) host date digest",
    algorithm: str | None = "rsa-sha256",
    pair: keys.KeyPair | None = None,
    sign: object = None,
    body: bytes = BODY,
    extra: str = "",
    **headers: str,
) -> Wire:
    """A request signed without our code; `extra` are further parameters, `headers` override."""
    values = {
        "host": "a.test",
        "date": formatdate(NOW // 1000, usegmt=True),
        "digest": "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode(),
        "content-type": "application/activity+json",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    stated = dict(re.findall(r'(\w+)="?([^",]+)"?', extra))
    lines = []
    for name in covered.split():
        if name == "(request-target)":
            lines.append(f"{name}: {method.lower()} {target}")
        elif name.startswith("("):
            lines.append(f"{name}: {stated[name[1:-1]]}")
        else:
            lines.append(f"{name}: {values[name]}")
    text = "\n".join(lines).encode("latin-1")
    signature = sign(text) if callable(sign) else keys.load_private((pair or signed.rsa()).private_pem).sign(text)
    parts = [f'keyId="{KEY_ID}"']
    if algorithm is not None:
        parts.append(f'algorithm="{algorithm}"')
    parts += [f'headers="{covered}"', *([extra] if extra else [])]
    parts.append(f'signature="{base64.b64encode(signature).decode()}"')
    return Wire(method, target, values | {"signature": ",".join(parts)}, body)


# ── out ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_is_signed_in_the_exact_form_that_every_peer_reads() -> None:
    wire = post()

    assert wire.headers["Host"] == "a.test"
    assert wire.headers["Date"] == "Tue, 24 Nov 2026 18:39:51 GMT"
    assert wire.headers["Digest"] == "SHA-256=" + base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    assert wire.headers["Content-Type"] == "application/activity+json"
    assert re.fullmatch(
        rf'keyId="{KEY_ID}",algorithm="rsa-sha256",headers="\(request-target\) host date digest content-type",'
        r'signature="[A-Za-z0-9+/]+=*"',
        wire.headers["Signature"],
    )


def test_a_get_signs_target_host_and_date() -> None:
    wire = get()

    assert 'headers="(request-target) host date"' in wire.headers["Signature"]
    assert "Digest" not in wire.headers
    assert "Content-Type" not in wire.headers


def test_the_signed_host_has_its_port_unless_it_is_the_schemes_own() -> None:
    assert get("https://a.test:8443/x").headers["Host"] == "a.test:8443"
    assert get("https://a.test:443/x").headers["Host"] == "a.test"
    assert get("http://[::1]:8420/x").headers["Host"] == "[::1]:8420"


def test_each_signature_has_a_fresh_date() -> None:
    with clock.frozen(NOW):
        first = signed.outgoing(INBOX, BODY)
    with clock.frozen(NOW + 1000):
        second = signed.outgoing(INBOX, BODY)

    assert first.headers["Date"] != second.headers["Date"]
    assert first.headers["Signature"] != second.headers["Signature"]


@pytest.mark.parametrize("wire", [post(), get(), get("https://a.test/x?page=1")])
def test_httpsig_agrees_with_what_we_sign(wire: Wire) -> None:
    verifier = httpsig.HeaderVerifier(
        wire.headers,
        signed.rsa().public_pem,
        required_headers=["(request-target)", "host", "date"],
        method=wire.method,
        path=wire.target,
        host=None,
        sign_header="signature",
    )

    assert verifier.verify()


def test_an_ed25519_key_does_not_sign_the_old_way() -> None:
    with pytest.raises(ValueError, match="RSA"):
        signed.outgoing(INBOX, BODY, pair=signed.ed25519())


# ── in: what is believed ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_claim_names_its_key_and_time() -> None:
    claim = claim_of(post())

    assert claim.key_id == KEY_ID
    assert claim.signed_at == NOW
    assert claim.covered == ("(request-target)", "host", "date", "digest", "content-type")


def test_our_own_posts_and_gets_are_believed() -> None:
    assert is_believed(post())
    assert is_believed(get())


def test_what_httpsig_signs_is_believed() -> None:
    signer = httpsig.HeaderSigner(
        KEY_ID,
        signed.rsa().private_pem,
        algorithm="rsa-sha256",
        headers=["(request-target)", "host", "date", "digest"],
        sign_header="signature",
    )
    headers = {name: value for name, value in post().headers.items() if name != "Signature"}

    wire = Wire("POST", "/ap/inbox", dict(signer.sign(headers, method="POST", path="/ap/inbox")), BODY)

    assert is_believed(wire)


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "RSA-SHA256", "hs2019", None])
def test_the_usual_names_of_rsa_sha256_are_believed(algorithm: str | None) -> None:
    assert is_believed(by_hand(algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["hs2019", "rsa-sha512"])
def test_sha512_is_believed_where_the_name_allows_it(algorithm: str) -> None:
    wire = by_hand(algorithm=algorithm, sign=rsa_sha512)

    assert is_believed(wire)
    assert not is_believed(by_hand(algorithm="rsa-sha256", sign=rsa_sha512))


def rsa_sha512(text: bytes) -> bytes:
    key = keys.load_private(signed.rsa().private_pem).key
    assert isinstance(key, RSAPrivateKey)
    return key.sign(text, padding.PKCS1v15(), hashes.SHA512())


@pytest.mark.parametrize("algorithm", ["ed25519", "hs2019", None])
def test_an_ed25519_key_is_believed_under_names_that_agree_with_it(algorithm: str | None) -> None:
    assert is_believed(by_hand(algorithm=algorithm, pair=signed.ed25519()), signed.ed25519())
    assert not is_believed(by_hand(algorithm="rsa-sha256", pair=signed.ed25519()), signed.ed25519())


def test_created_stands_in_for_date() -> None:
    covered = "(request-target) (created) host digest"

    assert is_believed(by_hand(covered=covered, algorithm="hs2019", extra=f"created={NOW // 1000}"))
    assert not is_believed(by_hand(covered=covered, algorithm="rsa-sha256", extra=f"created={NOW // 1000}"))


def test_a_get_signed_without_its_query_is_believed_but_a_post_is_not() -> None:
    target = "/ap/users/1/outbox?page=1"

    assert is_believed(get(f"https://a.test{target}"))
    assert is_believed(get(f"https://a.test{target}", Style.CAVAGE_PATH))
    with clock.frozen(NOW):
        assert not is_believed(signed.outgoing("https://a.test/ap/inbox?x=1", BODY, Style.CAVAGE_PATH))


def test_a_second_digest_algorithm_beside_ours_does_no_harm() -> None:
    sha256 = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    sha512 = base64.b64encode(hashlib.sha512(BODY).digest()).decode()

    assert is_believed(by_hand(digest=f"sha-256={sha256}"))
    assert is_believed(by_hand(digest=f"MD5=abcd,SHA-256={sha256}"))
    assert is_believed(by_hand(digest=f"SHA-512={sha512}, SHA-256={sha256}"))
    assert not is_believed(by_hand(digest=f"SHA-512={sha256}, SHA-256={sha256}"))
    assert not is_believed(by_hand(digest=f"SHA-256={sha256},sha-256={sha256}"))
    assert not is_believed(by_hand(digest="MD5=abcd"))


def test_blanks_around_parameters_and_values_do_no_harm() -> None:
    wire = post()

    assert is_believed(wire.with_header("Signature", wire.headers["Signature"].replace(",", " , ")))
    assert is_believed(wire.with_header("Date", f"  {wire.headers['Date']} "))


# ── in: what is not ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_without_a_signature_is_refused() -> None:
    with pytest.raises(Unauthorized):
        claim_of(post().without("Signature"))


def test_another_key_than_the_signers_does_not_verify() -> None:
    assert not is_believed(post(), signed.other_rsa())
    assert not is_believed(post(), signed.ed25519())


def test_another_path_method_host_or_body_is_refused() -> None:
    wire = post()

    assert is_believed(wire)
    assert not is_believed(Wire("POST", "/ap/users/1/inbox", wire.headers, BODY))
    assert not is_believed(Wire("POST", "/ap/inbox?x=1", wire.headers, BODY))
    assert not is_believed(Wire("PUT", "/ap/inbox", wire.headers, BODY))
    assert not is_believed(Wire("GET", "/ap/inbox", wire.headers, BODY))
    assert not is_believed(Wire("POST", "/ap/inbox", wire.headers, BODY + b" "))
    assert not is_believed(Wire("POST", "/ap/inbox", wire.headers, b""))
    assert not is_believed(wire.with_header("Host", "other.test"))


def test_a_request_for_another_host_is_refused_though_its_signature_is_good() -> None:
    assert is_believed(by_hand(host="A.TEST"))
    assert is_believed(by_hand(host="a.test:443"))
    assert not is_believed(by_hand(host="other.test"))
    assert not is_believed(by_hand(host="a.test:8443"))
    assert not is_believed(by_hand(host=""))


@pytest.mark.parametrize("dropped", ["(request-target)", "host", "date", "digest"])
def test_each_needed_header_must_be_covered(dropped: str) -> None:
    whole = "(request-target) host date digest"
    covered = " ".join(name for name in whole.split() if name != dropped)

    assert is_believed(by_hand(covered=whole))
    with pytest.raises(Unauthorized):
        claim_of(by_hand(covered=covered))


def test_a_signature_that_names_no_headers_covers_the_date_alone() -> None:
    wire = by_hand()

    with pytest.raises(Unauthorized):
        claim_of(wire.with_header("signature", re.sub(r'headers="[^"]*",', "", wire.headers["signature"])))


@pytest.mark.parametrize("name", ["host", "date", "digest", "content-type", "signature"])
def test_a_signed_header_that_stands_there_twice_proves_nothing(name: str) -> None:
    wire = by_hand(covered="(request-target) host date digest content-type")
    twice = Wire(wire.method, wire.target, wire.headers, wire.body, ((name.encode(), wire.headers[name].encode()),))

    assert is_believed(wire)
    with pytest.raises(Unauthorized):
        claim_of(twice)


def test_a_signed_header_that_is_missing_proves_nothing() -> None:
    wire = by_hand(covered="(request-target) host date digest content-type")

    with pytest.raises(Unauthorized):
        claim_of(wire.without("content-type"))


def test_a_name_that_is_covered_twice_is_refused() -> None:
    assert not is_believed(by_hand(covered="(request-target) host date digest digest"))


@pytest.mark.parametrize(
    "algorithm", ["hmac-sha256", "hmac-sha512", "rsa-sha1", "none", "ecdsa-sha256", "rsa-pss-sha512", "x" * 500]
)
def test_algorithms_that_prove_nothing_are_refused(algorithm: str) -> None:
    with pytest.raises(Unauthorized):
        claim_of(by_hand(algorithm=algorithm))


def test_an_hmac_with_the_public_key_as_its_secret_proves_nothing() -> None:
    def forge(text: bytes) -> bytes:
        return hmac.new(signed.rsa().public_pem.encode(), text, hashlib.sha256).digest()

    for algorithm in ("hmac-sha256", "hs2019", "rsa-sha256", None):
        assert not is_believed(by_hand(algorithm=algorithm, sign=forge))


@pytest.mark.parametrize(
    ("offset_ms", "accepted"),
    [
        (0, True),
        (-119 * clock.MINUTE, True),
        (-121 * clock.MINUTE, False),
        (39 * clock.MINUTE, True),
        (41 * clock.MINUTE, False),
        (-20 * 365 * clock.DAY, False),
    ],
)
def test_signatures_are_good_for_two_hours_and_clocks_may_be_40_minutes_ahead(offset_ms: int, accepted: bool) -> None:
    signed_at = (NOW + offset_ms) // 1000

    assert is_believed(by_hand(date=formatdate(signed_at, usegmt=True))) is accepted
    assert (
        is_believed(
            by_hand(
                covered="(request-target) host (created) digest", algorithm="hs2019", extra=f"created={signed_at}"
            )
        )
        is accepted
    )


def test_a_stated_end_is_honoured_whether_or_not_it_is_covered() -> None:
    assert is_believed(by_hand(extra=f"expires={NOW // 1000 + 60}"))
    assert not is_believed(by_hand(extra=f"expires={NOW // 1000 - 60}"))
    assert not is_believed(
        by_hand(covered="(request-target) host date digest (expires)", extra=f"expires={NOW // 1000 - 60}")
    )


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Tue, 24 Nov 2026",
        "2026-11-24T18:39:51Z",
        "Di, 24 Nov 2026 18:39:51 GMT",
        "Tue, 24 Nov 2026 18:39:51 +0200",
        "Tue, 99 Nov 2026 18:39:51 GMT",
        "Tue, 24 Nov 2026 99:39:51 GMT",
        "Tue, 24 Nov 0000 18:39:51 GMT",
        "Tue, 24 Nov 2026 18:39:51 GMT" * 50,
    ],
)
def test_dates_that_cannot_be_read_are_refused(date: str) -> None:
    with pytest.raises(REFUSED):
        claim_of(by_hand(date=date))


def test_dates_are_read_in_the_form_of_http() -> None:
    assert parse_date(b"Tue, 24 Nov 2026 18:39:51 GMT") == NOW
    assert parse_date(b"Thu, 1 Jan 1970 00:00:00 UTC") == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "nonsense",
        lambda text: text + ',keyId="https://peer.example/users/mallory#main-key"',
        lambda text: 'signature="AAAA",' + text,
        lambda text: text.replace("keyId", "keyid"),
        lambda text: text.replace('keyId="', 'keyId="acct:'),
        lambda text: text.replace('keyId="', 'keyId="\t'),
        lambda text: text.replace('keyId="', 'keyId="' + "x" * 3000),
        lambda text: re.sub('keyId="[^"]*"', 'keyId=""', text),
        lambda text: text.replace('signature="', 'signature="%'),
        lambda text: text.replace('signature="', 'signature="ü'),
        lambda text: re.sub('signature="[^"]*"', 'signature=""', text),
        lambda text: re.sub(',signature="[^"]*"', "", text),
        lambda text: text.replace('"', "'"),
        lambda text: text + ',x="' + "y" * 10_000 + '"',
        lambda text: text.replace("(request-target)", "(request-target) " + " ".join(map(str, range(200)))),
        lambda text: text.replace('",', '"'),
        lambda text: text.replace("rsa-sha256", 'rsa-sha256\\"'),
    ],
)
def test_odd_signature_headers_are_refused_and_break_nothing(change: object) -> None:
    wire = by_hand()

    assert is_believed(wire)
    assert not is_believed(wire.with_header("signature", change(wire.headers["signature"])))  # type: ignore[operator]


def test_a_target_that_is_no_path_is_refused() -> None:
    assert not is_believed(by_hand(target="https://a.test/ap/inbox"))
    assert not is_believed(by_hand(target="*"))


def test_one_flipped_bit_of_the_signature_is_enough() -> None:
    wire = by_hand()
    claim = claim_of(wire)
    flipped = bytes([claim.signature[0] ^ 1]) + claim.signature[1:]

    text = wire.headers["signature"].replace(
        base64.b64encode(claim.signature).decode(), base64.b64encode(flipped).decode()
    )

    assert not is_believed(wire.with_header("signature", text))


UNTOUCHED = post()


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"signature", b"date", b"host", b"digest"]))
def test_any_bytes_in_any_header_are_answered_without_an_exception_of_ours(value: bytes, name: bytes) -> None:
    pairs = [pair for pair in UNTOUCHED.received().headers if pair[0].lower() != name]

    try:
        claim = parse_signature(ReceivedRequest("POST", "/ap/inbox", [*pairs, (name, value)], BODY), CONFIG, NOW)
        claim.verify(signed.public(signed.rsa()))
    except REFUSED:
        pass
