"""Activities around objects (ActivityPub, 6). Each function gives a whole document with its `@context`."""

from typing import Any

from federation.audience import PUBLIC, Addressing
from federation.render.context import context
from node import clock

Document = dict[str, Any]


def _activity(kind: str, activity_id: str, actor: str, obj: Any, to: Addressing) -> Document:
    """Plain: what it carries needs no terms beyond those of ActivityStreams."""
    return {
        "@context": context("activity"),
        "id": activity_id,
        "type": kind,
        "actor": actor,
        "to": to.to,
        "cc": to.cc,
        "object": obj,
    }


def create(note: Document) -> Document:
    document = _activity("Create", f"{note['id']}/activity", note["attributedTo"], note, _of(note))
    return document | {"@context": context("note"), "published": note["published"]}


def update_note(note: Document) -> Document:
    at = note.get("updated") or clock.iso(clock.now_ms())
    document = _activity("Update", f"{note['id']}#updates/{at}", note["attributedTo"], note, _of(note))
    return document | {"@context": context("note"), "published": at}


def update_actor(actor: Document, followers: str) -> Document:
    activity_id = f"{actor['id']}#updates/{clock.now_ms()}"
    document = _activity("Update", activity_id, actor["id"], _inner(actor), Addressing([PUBLIC], [followers]))
    return document | {"@context": context("actor")}


def move(activity_id: str, actor: str, target: str, followers: str) -> Document:
    return _activity("Move", activity_id, actor, actor, Addressing([followers], [])) | {"target": target}


def delete_note(actor: str, uri: str, to: Addressing) -> Document:
    # Some servers read nothing but an embedded Tombstone; all of them find the id in it.
    return _activity("Delete", f"{uri}#delete", actor, {"id": uri, "type": "Tombstone"}, to)


def delete_actor(actor: str) -> Document:
    return _activity("Delete", f"{actor}#delete", actor, actor, Addressing([PUBLIC], []))


def announce(
    uri: str, actor: str, object_uri: str, to: Addressing, *, at: int | None = None, stamp: str = ""
) -> Document:
    """`to` names the boosted author too: GoToSocial and others look for it there. `stamp` says that they agreed."""
    document = _activity("Announce", uri, actor, object_uri, to)
    if stamp:
        document |= {"@context": context("boost"), "announceAuthorization": stamp, "approvedBy": stamp}
    return document if at is None else document | {"published": clock.iso(at)}


def like(uri: str, actor: str, object_uri: str, author: str, stamp: str = "") -> Document:
    """With a `stamp`, which says that the author agreed."""
    document = _activity("Like", uri, actor, object_uri, Addressing([author], []))
    if not stamp:
        return document
    return document | {"@context": context("like"), "likeAuthorization": stamp, "approvedBy": stamp}


def like_request(activity_id: str, like: Document) -> Document:
    """GoToSocial's: the Like goes along, and counts once there is an Accept."""
    document = _activity("LikeRequest", activity_id, like["actor"], like["object"], _of(like))
    return document | {"@context": context("approval"), "instrument": _inner(like)}


def announce_request(activity_id: str, announce: Document, author: str) -> Document:
    """The same for a boost; only whoever is asked hears of it."""
    to = Addressing([author], [])
    document = _activity("AnnounceRequest", activity_id, announce["actor"], announce["object"], to)
    return document | {"@context": context("approval"), "instrument": _inner(announce)}


def reply_request(activity_id: str, note: Document, author: str) -> Document:
    """The same for an answer, which stands nowhere yet."""
    to = Addressing([author], [])
    document = _activity("ReplyRequest", activity_id, note["attributedTo"], note["inReplyTo"], to)
    return document | {"@context": context("request"), "instrument": note}


def react(uri: str, actor: str, object_uri: str, to: Addressing, content: str, tag: list[Document]) -> Document:
    """A Like for those who know nothing else (docs/adr/0020-emoji-reactions.md)."""
    document = _activity("Like", uri, actor, object_uri, to) | {"@context": context("reaction")}
    return document | {"content": content, "_misskey_reaction": content, "tag": tag}


def follow(uri: str, actor: str, target: str) -> Document:
    return _activity("Follow", uri, actor, target, Addressing([target], []))


def block(uri: str, actor: str, target: str) -> Document:
    return _activity("Block", uri, actor, target, Addressing([target], []))


def accept(activity_id: str, actor: str, follow_uri: str, follower: str) -> Document:
    return _answer("Accept", activity_id, actor, follow_uri, follower)


def reject(activity_id: str, actor: str, follow_uri: str, follower: str) -> Document:
    return _answer("Reject", activity_id, actor, follow_uri, follower)


def _answer(kind: str, activity_id: str, actor: str, follow_uri: str, follower: str) -> Document:
    # The Follow is embedded with plain strings for its actor and object: lists or objects there make peers drop it.
    followed = {"type": "Follow", "actor": follower, "object": actor}
    if follow_uri:
        followed = {"id": follow_uri} | followed
    return _activity(kind, activity_id, actor, followed, Addressing([follower], []))


def quote_request(activity_id: str, actor: str, quoted: str, note: Document, author: str) -> Document:
    """The whole note goes along: whoever is asked may not be able to read it otherwise (FEP-044f)."""
    document = _activity("QuoteRequest", activity_id, actor, quoted, Addressing([author], []))
    return document | {"@context": context("request"), "instrument": note}


def answer_request(kind: str, activity_id: str, actor: str, asker: str, request: Document | str) -> Document:
    """Accept or Reject of a QuoteRequest or a ReplyRequest, or of an answer that came without one."""
    return _activity(kind, activity_id, actor, request, Addressing([asker], [])) | {"@context": context("approval")}


def feature_request(activity_id: str, actor: str, account: str, collection: str) -> Document:
    """FEP-7aa9"""
    document = _activity("FeatureRequest", activity_id, actor, account, Addressing([account], []))
    return document | {"@context": context("featured"), "instrument": collection}


def answer_feature(kind: str, activity_id: str, actor: str, asker: str, request: Document) -> Document:
    return _activity(kind, activity_id, actor, request, Addressing([asker], [])) | {"@context": context("featured")}


def add_featured(actor: str, obj: Document, collection: str, followers: str) -> Document:
    """A collection of accounts onto the profile, or an account into a collection."""
    return _pin("Add", actor, _inner(obj), collection, followers) | {"@context": context("featured")}


def update_featured(actor: str, collection: Document, followers: str) -> Document:
    activity_id = f"{collection['id']}#updates/{clock.now_ms()}"
    document = _activity("Update", activity_id, actor, _inner(collection), Addressing([PUBLIC], [followers]))
    return document | {"@context": context("featured")}


def delete_stamp(actor: str, stamp: str, to: Addressing) -> Document:
    return _activity("Delete", f"{stamp}#delete", actor, stamp, to)


def undo(done: Document) -> Document:
    """The undone activity is embedded: Threads, GoToSocial and Misskey do not look a bare id up."""
    document = _activity("Undo", f"{done['id']}/undo", done["actor"], _inner(done), _of(done))
    return document | {"@context": done["@context"]}


def add(actor: str, obj: str | Document, collection: str, followers: str) -> Document:
    return _pin("Add", actor, obj, collection, followers)


def remove(actor: str, obj: str | Document, collection: str, followers: str) -> Document:
    return _pin("Remove", actor, obj, collection, followers)


def _pin(kind: str, actor: str, obj: str | Document, collection: str, followers: str) -> Document:
    """The id of a post, or a whole hashtag."""
    activity_id = f"{actor}#{kind.lower()}s/{clock.now_ms()}"
    document = _activity(kind, activity_id, actor, obj, Addressing([PUBLIC], [followers])) | {"target": collection}
    return document if isinstance(obj, str) else document | {"@context": context("collection")}


def flag(activity_id: str, actor: str, objects: list[str], comment: str, target: str) -> Document:
    return _activity("Flag", activity_id, actor, objects, Addressing([target], [])) | {"content": comment}


def vote(activity_id: str, actor: str, question: str, owner: str, title: str) -> Document:
    """One choice: a Note with a name and no content, addressed to the poll's owner."""
    body = {
        "id": activity_id,
        "type": "Note",
        "name": title,
        "attributedTo": actor,
        "inReplyTo": question,
        "to": [owner],
        "cc": [],
    }
    return _activity("Create", f"{activity_id}/activity", actor, body, Addressing([owner], []))


def _of(document: Document) -> Addressing:
    return Addressing(document["to"], document["cc"])


def _inner(document: Document) -> Document:
    """As it stands inside of another one, whose `@context` holds for both."""
    return {name: value for name, value in document.items() if name != "@context"}
