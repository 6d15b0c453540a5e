"""Who is who, and what is hidden from whom.

Alice writes. Frida follows her, Dora is whom she writes to directly, Rolf follows her from another server. Nobody else
may know what she hides: not Bob, whom she does not know, not Blake, whom she blocks, not Susan, who is suspended, not
Rita elsewhere, and not a visitor.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from yarl import URL

from federation.signatures import OutgoingRequest, Signer, Style
from node import secret, store
from node.models import Account, Status, Visibility
from node.services.access import sessions
from node.services.moderation import decisions as moderation
from node.services.relationships import blocks, lists
from tests.factories import Person, befriend, make_person, make_remote, rsa_keys
from tests.factories_posts import make_media, make_status
from tests.privacy.answers import Reader
from tests.web.conftest import Client, Headers
from web import cookies, csrf
from web.keys import SECRET

# Nothing else in the suite's world holds these.
WORD = "hushhush"
TAG = "hushtag"
HIDDEN = f"{WORD} #{TAG}"

ACTIVITY = "application/activity+json"


@dataclass
class Cast:
    alice: Person
    frida: Person
    dora: Person
    bob: Person
    blake: Person
    susan: Person
    rita: Account
    rolf: Account
    parent: Status  # Alice's, for everybody
    other: Status  # Bob's, for everybody
    list_id: int  # Bob's, with himself in it
    hidden: dict[str, Status] = field(default_factory=dict)

    @property
    def nothing(self) -> int:
        """An id that nobody has, as long as the others."""
        return self.parent.id + 1


def assemble() -> Cast:
    """People who have written what everybody may read."""
    alice, frida, dora, bob, blake, susan = map(make_person, ("alice", "frida", "dora", "bob", "blake", "susan"))
    rita, rolf = make_remote("rita"), make_remote("rolf", "far.test")
    with store.transaction():
        Account.update(discoverable=True, indexable=True).where(Account.domain == "").execute()
        for follower in (frida.account, rolf):
            befriend(follower, alice.account)
        blocks.block(alice.account.id, blake.account.id)
        moderation.suspend(susan.account.id, None)
        birds = lists.create(bob.account.id, "Birds")
        lists.add_members(bob.account.id, birds.id, [bob.account.id])
    parent = make_status(alice, "Everybody may read this. #birds")
    other = make_status(bob, "So says Bob. #birds")
    return Cast(alice, frida, dora, bob, blake, susan, rita, rolf, parent, other, birds.id)


def private(cast: Cast) -> Status:
    return make_status(
        cast.alice,
        HIDDEN,
        visibility=Visibility.PRIVATE,
        in_reply_to_id=cast.parent.id,
        spoiler_text=f"{WORD} warning",
        media_ids=(make_media(cast.alice, description=f"{WORD} picture").id,),
    )


def direct(cast: Cast) -> Status:
    return make_status(cast.alice, f"@dora {HIDDEN}", visibility=Visibility.DIRECT, in_reply_to_id=cast.parent.id)


def local_only(cast: Cast) -> Status:
    return make_status(cast.alice, HIDDEN, local_only=True, in_reply_to_id=cast.parent.id)


KINDS: dict[str, Callable[[Cast], Status]] = {"private": private, "direct": direct, "local_only": local_only}


# ── how each of them asks ──────────────────────────────────────────────────────────────────────────────────────────


# Whoever has been here before is given no cookie anew, by which two answers would differ.
_KNOWN = "linnet_visitor=somebody"


def visitor(accept: str = "*/*") -> Reader:
    return Reader("a visitor", {"Cookie": _KNOWN, "Accept": accept})


def with_token(person: Person, token: Callable[..., str]) -> Reader:
    headers = {"Cookie": _KNOWN, "Authorization": f"Bearer {token(person)}"}
    return Reader(f"{person.account.username} with an app", headers)


def browsing(client: Client) -> Reader:
    """A visitor with a browser."""
    return Reader("a browser", _browser(client, *_KNOWN.split("=")))


def signed_in(client: Client, person: Person) -> Reader:
    with store.transaction():
        session = sessions.open(person.user, person.account, "127.0.0.1", "a browser")
    return Reader(f"{person.account.username} with a browser", _browser(client, cookies.SESSION, session))


def _browser(client: Client, name: str, value: str) -> Headers:
    return {
        "Accept": "text/html",
        "Cookie": f"{name}={value}",
        csrf.HEADER: secret.sign(client.app[SECRET], "form", value),
    }


def signing(account: Account) -> Callable[[str], Reader]:
    """Each request has a signature of its own."""

    def of(path: str) -> Reader:
        request = OutgoingRequest(URL(f"https://a.test{path}", encoded=True), None)
        headers = Signer(f"{account.uri}#main-key", rsa_keys().private_pem).headers(request, Style.CAVAGE)
        return Reader(f"{account.username}@{account.domain}", {**headers, "Accept": ACTIVITY, "Cookie": _KNOWN})

    return of
