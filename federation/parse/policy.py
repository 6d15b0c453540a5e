"""Interaction policies: what an author says about who may reply, like, boost and quote (GoToSocial, FEP-044f).

They are advice for what we offer. Proof that something was allowed is a stamp, fetched from the author's host.
"""

from dataclasses import dataclass

from federation.parse.as2 import Document
from federation.parse.audience import parse_addresses


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedPermission:
    """Uris of accounts or collections, Public in full: who is let in at once, and who is asked to wait."""

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedPolicy:
    """None: nothing was said. Of replies, likes and boosts that means anyone, of quotes nobody."""

    reply: ParsedPermission | None = None
    like: ParsedPermission | None = None
    announce: ParsedPermission | None = None
    quote: ParsedPermission | None = None
    feature: ParsedPermission | None = None
    is_old: bool = False  # in the words that GoToSocial had until 0.19


NO_POLICY = ParsedPolicy()


def parse_policy(value: object) -> ParsedPolicy:
    if type(value) is not dict:
        return NO_POLICY
    return ParsedPolicy(
        reply=_permission(value, "canReply"),
        like=_permission(value, "canLike"),
        announce=_permission(value, "canAnnounce"),
        quote=_permission(value, "canQuote"),
        feature=_permission(value, "canFeature"),
        is_old=any(
            type(rule) is dict and "automaticApproval" not in rule and "always" in rule for rule in value.values()
        ),
    )


def _permission(policy: Document, name: str) -> ParsedPermission | None:
    rule = policy.get(name)
    if type(rule) is not dict:
        return None
    # Until 0.19 GoToSocial called them `always` and `approvalRequired`.
    automatic = rule["automaticApproval"] if "automaticApproval" in rule else rule.get("always")
    manual = rule["manualApproval"] if "manualApproval" in rule else rule.get("approvalRequired")
    return ParsedPermission(automatic=parse_addresses(automatic), manual=parse_addresses(manual))
