"""Remembers which signed requests have had their effect, for as long as their signatures would still be good."""

from hashlib import blake2b

from federation.signatures.claim import LONGEST_FUTURE_MS, LONGEST_PAST_MS, SignatureClaim

# No signature is accepted for longer than this after it was first seen.
_LIFETIME_MS = LONGEST_PAST_MS + LONGEST_FUTURE_MS


class Replays:
    """Two generations of bounded size: the older is dropped when it is past, or when the newer is full.

    Only for requests that change something: RSA signatures of the same second are equal, so two GETs are no replay,
    and a peer that repeats a POST in that second after a 503 is none either. Hence `remember` when the effect is
    durable, and answer what `is_known` as if it were the first time. Behind it, for all processes together, activity ids
    are unique in the database, and one that was taken back counts again only if it was signed later.
    """

    def __init__(self, capacity: int = 200_000) -> None:
        self._half = max(capacity // 2, 1)
        self._new: set[bytes] = set()
        self._old: set[bytes] = set()
        self._turned_at = 0

    def is_known(self, claim: SignatureClaim) -> bool:
        mark = _mark(claim)
        return mark in self._new or mark in self._old

    def remember(self, claim: SignatureClaim, now_ms: int) -> None:
        if len(self._new) >= self._half or now_ms - self._turned_at > _LIFETIME_MS:
            self._new, self._old = set(), self._new
            self._turned_at = now_ms
        self._new.add(_mark(claim))

    def forget(self) -> None:
        self._new, self._old = set(), set()


def _mark(claim: SignatureClaim) -> bytes:
    return blake2b(
        claim.signature, digest_size=16, key=blake2b(claim.key_id.encode(), digest_size=32).digest()
    ).digest()
