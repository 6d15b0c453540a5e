"""Which names in a document of ours nothing defines: peers that expand JSON-LD drop them without a word."""

from typing import Any, Final

from federation.parse.as2 import ACTIVITYSTREAMS
from federation.proofs.proof import CONTEXT as DATA_INTEGRITY
from federation.render.context import MULTIKEY, SECURITY, WEBFINGER

# Of what these documents define, what we use.
_DEFINED: Final = {
    ACTIVITYSTREAMS: """
        id type actor object target result instrument to cc audience attributedTo attachment tag icon image url href rel
        mediaType name nameMap summary summaryMap content contentMap published updated deleted formerType endTime closed
        duration width height inReplyTo replies likes shares context oneOf anyOf first next partOf items orderedItems
        totalItems inbox outbox followers following preferredUsername endpoints sharedInbox
        Accept Add Announce Block Create Delete Flag Follow Like Move Reject Remove Undo Update
        Application Group Organization Person Service
        Collection CollectionPage OrderedCollection OrderedCollectionPage
        Audio Document Image Link Mention Note Question Tombstone Video""",
    SECURITY: "publicKey owner publicKeyPem",
    MULTIKEY: "assertionMethod controller publicKeyMultibase Multikey",
    WEBFINGER: "webfinger",
    DATA_INTEGRITY: (
        "DataIntegrityProof proof cryptosuite verificationMethod proofPurpose assertionMethod created proofValue"
    ),
}
# Their members are codes of languages.
_MAPS: Final = ("contentMap", "nameMap", "summaryMap")


def undefined_in(document: dict[str, Any]) -> set[str]:
    context = document["@context"]
    known: set[str] = set()
    for part in context if isinstance(context, list) else [context]:
        known |= set(part) if isinstance(part, dict) else set(_DEFINED[part].split())
    return _used_in(document) - known


def _used_in(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_used_in, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    kinds = value.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    for name, member in value.items():
        if not name.startswith("@"):
            found |= {name} | (set() if name in _MAPS else _used_in(member))
    return found
