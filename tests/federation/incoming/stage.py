"""Plays the wire files of some software: its server on loopback, its people, and what they send to our node.

In the files our node is `linnet.example`, whose user 7 wrote status 44: here these are alice and a post of hers. The
software's own host becomes that of the server; the keys are replaced by real ones; all else stays as it is written.
"""

import json
from collections.abc import Iterator
from typing import Any

from aiohttp import web
from yarl import URL

from federation.context import Budget
from federation.finding import resolve
from federation.parse import strict_json
from federation.parse.as2 import id_of, many
from federation.parse.note import is_post
from node import clock
from node.models import (
    Account,
    Approval,
    Block,
    EmojiReaction,
    Favourite,
    Follow,
    FollowRequest,
    MediaAttachment,
    Pin,
    Poll,
    PollVote,
    Report,
    Status,
)
from node.services.community import settings
from node.text.plain import plain_text
from tests.factories import Person, in_unit, rsa_keys
from tests.factories_posts import make_follow
from tests.federation.incoming.fediverse import ACTIVITY_JSON, Document, Elsewhere, Here, Somebody
from tests.federation.wire_files import FOLDER

ACTORS = {"Application", "Group", "Organization", "Person", "Service"}
_KEY_DOCUMENTS = ("main_key", "public_key")


class Stage:
    def __init__(self, here: Here, there: Elsewhere, alice: Person, post: Status, software: str) -> None:
        self.here = here
        self.alice = alice
        self._there = there
        self._served: dict[str, Document] = {}
        texts = {path.stem: path.read_text("utf-8") for path in (FOLDER / software).glob("*.json")}
        own = next(host for text in texts.values() if (host := _host_of_actor(json.loads(text))))
        names = {
            "https://linnet.example/ap/users/7/statuses/44": post.uri,
            "https://linnet.example/ap/users/7": alice.account.uri,
            "https://linnet.example": here.base,
            f"https://{own}": there.url(""),
            f"@{own}": f"@{there.authority}",
        }
        self.files = {name: strict_json.loads(_renamed(text, names).encode()) for name, text in texts.items()}
        with in_unit():  # a page that is looked at a second later is a matter of its own (test_previews.py)
            settings.change({"no_preview_domains": ["example"]}, None)
        self.actors = {one["id"]: self._give_key(one) for one in self.files.values() if is_actor(one)}
        for one in self.actors.values():
            there.handle(f"{one['preferredUsername']}@{there.authority}", one["id"])
            key_id = self._key_of(one)["id"]
            if "://" in key_id:
                self._serve(one, key_id)
        for name, document in self.files.items():
            # An Update says only that the origin has something new; it is the Create that the origin shows.
            for one in _documents_in(document) if "update" not in name else ():
                self._serve(one, one["id"])
            if name in _KEY_DOCUMENTS:
                self._serve(self._give_key(document), id_of(document.get("publicKey")) or document["id"])
        for one in self.actors.values():
            self._serve(one, one["id"])

    async def meet(self) -> None:
        """Alice follows everybody there; whoever is about to accept that is asked."""
        accepting = id_of(self.files.get("accept_follow", {}).get("actor"))
        for uri, actor in self.actors.items():
            account = await resolve.account(self.here.fed, uri, budget=Budget(9))
            if uri == accepting:
                with in_unit():
                    FollowRequest.create(
                        account=self.alice.account.id,
                        target=account.id,
                        uri=f"{self.alice.account.uri}/follows/3",
                        created_at=clock.now_ms(),
                    )
            elif actor["type"] != "Application":
                make_follow(self.alice, account)

    async def play(self, name: str) -> None:
        """An activity is delivered by whose it is; a post is looked up by somebody here."""
        document = self.files[name]
        if is_post(document):
            await resolve.status(self.here.fed, document["id"], Budget(20))
            await self.here.work()
            return
        actor = self.actors[id_of(document["actor"])]
        await self.here.receive(self._somebody(actor), document)

    def said(self) -> list[tuple[str, Somebody]]:
        """The files that somebody there may send, as they are or within an activity, and who."""
        found = []
        for name, document in sorted(self.files.items()):
            whose = document.get("actor") or document.get("attributedTo") or document.get("id")
            actor = next((self.actors[id_of(one)] for one in many(whose) if id_of(one) in self.actors), None)
            if actor is not None:
                found.append((name, self._somebody(actor)))
        return found

    def show(self, address: str, document: Any) -> None:
        """At `address` is that instead, or nothing if it is no object."""
        self._served.pop(URL(address).path_qs, None)
        if isinstance(document, dict):
            self._serve(document, address)

    def rows(self) -> set[str]:
        """What is stored of what people did, a line for each, by their names; the software's own server is `there`."""
        return {line.replace(self._there.url(""), "there") for line in _rows()}

    def _somebody(self, actor: Document) -> Somebody:
        return Somebody(actor["id"], actor["preferredUsername"], rsa_keys(), self._key_of(actor)["id"])

    def _give_key(self, document: Document) -> Document:
        if "publicKey" in document:
            self._key_of(document)["publicKeyPem"] = rsa_keys().public_pem
        elif "publicKeyPem" in document:
            document["publicKeyPem"] = rsa_keys().public_pem
        return document

    def _key_of(self, actor: Document) -> Document:
        return many(actor["publicKey"])[0]  # type: ignore[no-any-return]

    def _serve(self, document: Document, address: str) -> None:
        """By path and query: those of WordPress differ in nothing else."""
        if address.startswith(self._there.url("/")):
            url = URL(address)
            self._served[url.path_qs] = document
            self._there.on(url.path, self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        document = self._served.get(str(request.rel_url))
        if document is None:
            return web.Response(status=404)
        body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams"} | document).encode()
        return web.Response(body=body, content_type=ACTIVITY_JSON)


def _renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def is_actor(document: Document) -> bool:
    return document.get("type") in ACTORS and "inbox" in document and "preferredUsername" in document


def _host_of_actor(document: Document) -> str:
    return URL(document["id"]).host or "" if is_actor(document) else ""


def _documents_in(document: Any) -> Iterator[Document]:
    """The document and those embedded in it that have an address of their own."""
    if type(document) is not dict:
        return
    for name in ("object", "instrument"):
        yield from _documents_in(document.get(name))
    uri = document.get("id")
    if type(uri) is str and "#" not in uri and len(document) > 3 and document.get("type") != "Tombstone":
        yield document


# ── what came of it ────────────────────────────────────────────────────────────────────────────────────────────────


def _rows() -> set[str]:
    names = {one.id: one.username for one in Account.select()}
    found = {f"{names[one.account_id]} follows {names[one.target_id]}" for one in Follow.select()}
    found |= {f"{names[one.account_id]} asks to follow {names[one.target_id]}" for one in FollowRequest.select()}
    found |= {f"{names[one.account_id]} blocks {names[one.target_id]}" for one in Block.select()}
    found |= {f"{names[one.account_id]} likes" for one in Favourite.select()}
    found |= {f"{names[one.account_id]} reacts {one.emoji.partition('@')[0]}" for one in EmojiReaction.select()}
    found |= {f"{names[one.account_id]} pins" for one in Pin.select()}
    found |= {f"{names[one.account_id]} votes {one.choice}" for one in PollVote.select()}
    found |= {f"{names[one.account_id]} reports {names[one.target_id]}: {one.comment!r}" for one in Report.select()}
    found |= {f"{one.username} is gone" for one in Account.select().where(Account.deleted_at.is_null(False))}
    for status in Status.select().where(~Status.local):
        author = names[status.account_id]
        if status.reblog_of_id:
            found.add(f"{author} boosts {names[Status.get_by_id(status.reblog_of_id).account_id]}")
        else:
            found.add(f"{author} writes {described(status)}")
    return found


def described(status: Status) -> str:
    media = MediaAttachment.select().where(MediaAttachment.status == status.id).order_by(MediaAttachment.position)
    poll = Poll.get_or_none(Poll.status == status.id)
    options = json.loads(poll.options) if poll is not None else []
    quote = Approval.get_or_none(Approval.status == status.id, Approval.kind == "quote")
    parts = [
        f"{status.visibility} {status.kind}: {' '.join(plain_text(status.content).split())}",
        f"warning {status.spoiler_text}" if status.spoiler_text else "",
        "sensitive" if status.sensitive else "",
        f"in {status.language}" if status.language else "",
        "answers" if status.in_reply_to_uri or status.in_reply_to_id else "",
        *(f"{one.kind} {one.description}".strip() for one in media),
        "poll " + ", ".join(f"{one['title']} {one['votes']}" for one in options) if options else "",
        f"quotes, {quote.state}" if quote is not None else "",
        "edited" if status.edited_at else "",
    ]
    return " | ".join(part for part in parts if part)
