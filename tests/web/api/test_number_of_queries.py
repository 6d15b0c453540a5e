"""Whatever is asked through the API costs a number of queries that does not grow with what there is.

Each route that is read, and each that writes, is asked with two of everything and with six, as if for the first
time: nothing is remembered from before. What was taken away by then was two, and is four.
"""

import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import msgspec
import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestServer

from node import clock, site
from node.config import Config
from node.models import (
    Account,
    AllowedDomain,
    Announcement,
    Application,
    Approval,
    ApprovalState,
    Collection,
    CollectionItem,
    Conversation,
    CustomEmoji,
    DomainBlock,
    FeaturedTag,
    Filter,
    FilterKeyword,
    FilterStatus,
    FollowRequest,
    ItemState,
    List,
    MediaAttachment,
    Membership,
    Notification,
    NotificationKind,
    NotificationRequest,
    Pin,
    Poll,
    PreviewCard,
    Report,
    Role,
    ScheduledStatus,
    SignUpBlock,
    SignUpBlockKind,
    SignUpSeverity,
    Status,
    User,
)
from node.paging import Page
from node.services import completion
from node.services.access import oauth
from node.services.accounts import endorsements, featured_tags
from node.services.approvals.policies import Choice, Choices
from node.services.caching.cache import Cache, Kept
from node.services.caching.remembered import Remembered
from node.services.collections import items
from node.services.collections import own as collections
from node.services.collections.own import CollectionChange
from node.services.community import announcements, rules, settings
from node.services.discovery import tags
from node.services.filters import changes as filters
from node.services.interactions import polls, reactions
from node.services.moderation import sign_up_blocks
from node.services.notifications import requests as notification_requests
from node.services.relationships import lists
from node.services.servers import allowed_domains
from node.services.statuses import cards, edits
from node.services.statuses.cards import CardFacts
from node.services.statuses.drafts import Draft, PollDraft
from node.services.timelines import markers
from tests.factories import Person, in_unit, make_person, make_remote
from tests.factories_posts import make_follow, make_media, make_status
from tests.federation.loopback import LOOPBACK, Peer
from tests.node.media.pictures import picture
from tests.queries import counted_queries
from tests.translators import Translator
from tests.web.api import test_push
from tests.web.api.test_sign_up import ENTRY
from tests.web.conftest import ALL_SCOPES, Client, Headers, complete_app
from tests.web.test_fixed_queries import LISTS, Desk, Scene
from web.api import ROUTES
from web.entities.tag import number_of

AsPerson = Callable[..., Headers]


def shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path.partition("?")[0])


# Lists of posts and of people are asked in each of their ways in tests/web/test_fixed_queries.py.
_ELSEWHERE = {shape(f"/api/v1/{path}") for path in LISTS} | {"/api/v1/timelines/tag/{}"}
GETS = sorted({route.path for route in ROUTES if route.method == "GET" and shape(route.path) not in _ELSEWHERE})

# What stands for `{id}`: the first of these, of which each `fill` makes more, or adds to it.
_FIRST: dict[str, Any] = {
    "/api/v1/announcements/": Announcement,
    "/api/v2/filters/": Filter,
    "/api/v2/filters/keywords/": FilterKeyword,
    "/api/v1/filters/": FilterKeyword,
    "/api/v2/filters/statuses/": FilterStatus,
    "/api/v1/scheduled_statuses/": ScheduledStatus,
    "/api/v1/media/": MediaAttachment,
    "/api/v1/polls/": Poll,
    "/api/v1/lists/": List,
    "/api/v1/admin/reports/": Report,
    "/api/v1/admin/domain_blocks/": DomainBlock,
    "/api/v1/admin/domain_allows/": AllowedDomain,
}
_BLOCKS = {
    "/api/v1/admin/ip_blocks/": SignUpBlockKind.NETWORK,
    "/api/v1/admin/email_domain_blocks/": SignUpBlockKind.EMAIL_DOMAIN,
    "/api/v1/admin/canonical_email_blocks/": SignUpBlockKind.EMAIL,
}
# What is asked besides the address. `{all}` are the ids of everybody here, `{posts}` those of all posts here.
_ASKED = {
    "/api/v1/accounts": ["{all}"],
    "/api/v1/accounts/lookup": ["acct=alice"],
    "/api/v1/accounts/search": ["q=per", "q=per&following=true"],
    "/api/v1/accounts/relationships": ["{all}"],
    "/api/v1/accounts/familiar_followers": ["{all}"],
    "/api/v1/statuses": ["{posts}"],
    "/api/v1/domain_blocks/preview": ["domain=remote.test"],
    "/api/v1/markers": ["timeline[]=home&timeline[]=notifications"],
    "/api/v1/timelines/link": ["url=https://news.test/storm"],
    "/api/v2/notifications": ["", "expand_accounts=partial_avatars", "supported_types[]=mention"],
    "/api/v2/search": [
        "q=tag",
        "q=per&type=accounts",
        "q=look&type=statuses",
        "q=from:me look",
        "q=birds&type=collections",
    ],
    "/api/v2/admin/accounts": ["", "origin=local&status=active", "permissions=staff", "role_ids[]=-99"],
    "/api/oembed": ["url={root}"],
}


_LARGEST = "largest-group"
_AROUND_NOW = {"start_at": "{day}", "end_at": "{day}"}
# What is done, and often undone: `{made}` is the post of the first line, `{friend}` is somebody, `{id}` what is read there.
# `Everything._find` says what the others are, each found when its turn comes.
WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "statuses", {"status": "Hello @bob. #tag https://news.test/storm"}),
    ("PUT", "statuses/{made}", {"status": "Hello again @bob. #tag"}),
    ("PUT", "statuses/{made}/interaction_policy", {"quote_approval_policy": "followers"}),
    *(("POST", f"statuses/{{made}}/{verb}", {}) for verb in ("favourite", "unfavourite", "reblog", "unreblog")),
    *(("POST", f"statuses/{{root}}/{verb}", {}) for verb in ("bookmark", "unbookmark", "mute", "unmute")),
    *(("POST", f"statuses/{{pinned}}/{verb}", {}) for verb in ("unpin", "pin")),
    ("POST", "statuses/{root}/translate", {"lang": "de"}),
    ("POST", "statuses/{root}/quotes/{quoting}/revoke", {}),
    *((method, "pleroma/statuses/{made}/reactions/{bee}", {}) for method in ("PUT", "DELETE")),
    *((method, "statuses/{made}/emoji_reactions/{bee}", {}) for method in ("PUT", "DELETE")),
    ("DELETE", "statuses/{made}", {}),
    ("POST", "statuses", {"status": "Later.", "scheduled_at": "{tomorrow}"}),
    ("POST", "polls/{poll}/votes", {"choices": [1]}),
    ("POST", "media", {"file": "bird.png"}),
    ("POST", "/api/v2/media", {"file": "bird.png"}),
    ("PUT", "media/{upload}", {"description": "A bird."}),
    ("DELETE", "media/{upload}", {}),
    ("PUT", "scheduled_statuses/{id}", {"scheduled_at": "{tomorrow}"}),
    ("DELETE", "scheduled_statuses/{id}", {}),
    *(("POST", f"accounts/{{friend}}/{verb}", {}) for verb in ("follow", "endorse", "unendorse")),
    *(("POST", f"accounts/{{friend}}/{verb}", {}) for verb in ("pin", "unpin", "unfollow")),
    *(("POST", f"accounts/{{friend}}/{verb}", {}) for verb in ("mute", "unmute", "note", "block", "unblock")),
    ("POST", "accounts/{friend}/remove_from_followers", {}),
    *(("POST", f"follow_requests/{{id}}/{verb}", {}) for verb in ("authorize", "reject")),
    *(("POST", f"tags/{{another}}/{verb}", {}) for verb in ("follow", "unfollow", "feature", "unfeature")),
    ("POST", "featured_tags", {"name": "third{round}"}),
    ("DELETE", "featured_tags/{featured}", {}),
    ("DELETE", "suggestions/{newest}", {}),
    *((method, "domain_blocks", {"domain": "some.test"}) for method in ("POST", "DELETE")),
    ("POST", "lists", {"title": "Another"}),
    ("PUT", "lists/{list}", {"title": "Friends", "exclusive": True}),
    *((method, "lists/{list}/accounts", {"account_ids": ["{friend}"]}) for method in ("POST", "DELETE")),
    ("DELETE", "lists/{last_list}", {}),
    ("POST", "collections", {"name": "More birds"}),
    ("PATCH", "collections/{id}", {"name": "Other birds"}),
    ("POST", "collections/{id}/items", {"account_id": "{friend}"}),
    ("DELETE", "collections/{id}/items/{item}", {}),
    ("POST", "collections/{of_others}/items/{mine}/revoke", {}),
    ("DELETE", "collections/{id}", {}),
    ("POST", "/api/v2/filters", {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]}),
    ("PUT", "/api/v2/filters/{id}", {"title": "y"}),
    ("POST", "/api/v2/filters/{id}/keywords", {"keyword": "y"}),
    ("PUT", "/api/v2/filters/keywords/{id}", {"keyword": "z"}),
    ("DELETE", "/api/v2/filters/keywords/{id}", {}),
    ("POST", "/api/v2/filters/{id}/statuses", {"status_id": "{made}"}),
    ("DELETE", "/api/v2/filters/statuses/{id}", {}),
    ("DELETE", "/api/v2/filters/{last_filter}", {}),
    ("POST", "filters", {"phrase": "xyz", "context": ["home"]}),
    ("PUT", "filters/{keyword}", {"phrase": "xyzzy", "context": ["home"]}),
    ("DELETE", "filters/{keyword}", {}),
    ("POST", "markers", {"home": {"last_read_id": "1"}, "notifications": {"last_read_id": "1"}}),
    ("PATCH", "accounts/update_credentials", {"display_name": "Alice {round}"}),
    ("PATCH", "profile", {"note": "Hello {round}."}),
    *(("DELETE", f"profile/{picture}", {}) for picture in ("avatar", "header")),
    ("DELETE", "push/subscription", {}),
    ("POST", "push/subscription", test_push.wish()),
    ("PUT", "push/subscription", {"data": {"alerts": {"mention": True}}}),
    *((method, "announcements/{id}/reactions/{bee}", {}) for method in ("PUT", "DELETE")),
    ("POST", "announcements/{id}/dismiss", {}),
    *(("POST", f"conversations/{{id}}/{verb}", {}) for verb in ("read", "unread")),
    ("DELETE", "conversations/{id}", {}),
    *((method, "/api/v2/notifications/policy", {"for_bots": "filter"}) for method in ("PATCH", "PUT")),
    *((method, "notifications/policy", {"filter_not_followers": False}) for method in ("PATCH", "PUT")),
    *(("POST", f"notifications/requests/{{id}}/{verb}", {}) for verb in ("accept", "dismiss")),
    ("POST", "notifications/requests/accept", {"id": ["{half}"]}),
    ("POST", "notifications/requests/dismiss", {"id": ["{rest}"]}),
    ("POST", "notifications/{id}/dismiss", {}),
    ("POST", "/api/v2/notifications/{group}/dismiss", {}),
    *(("POST", f"annual_reports/{{past}}/{verb}", {}) for verb in ("generate", "read")),
    *(("POST", f"interaction_requests/{{id}}/{verb}", {}) for verb in ("authorize", "reject")),
    ("POST", "reports", {"account_id": "{friend}"}),
    *(("POST", f"admin/accounts/{{friend}}/{verb}", {"type": "silence"}) for verb in ("action", "unsilence")),
    *(("POST", f"admin/accounts/{{friend}}/{verb}", {"type": "disable"}) for verb in ("action", "enable")),
    *(("POST", f"admin/accounts/{{friend}}/{verb}", {"type": "sensitive"}) for verb in ("action", "unsensitive")),
    *(("POST", f"admin/accounts/{{villain}}/{verb}", {"type": "suspend"}) for verb in ("action", "unsuspend")),
    ("POST", "admin/accounts/{villain}/action", {"type": "suspend"}),
    ("DELETE", "admin/accounts/{villain}", {}),
    *(("POST", f"admin/accounts/{{waiting}}/{verb}", {}) for verb in ("approve", "reject")),
    ("PUT", "admin/reports/{id}", {"category": "spam"}),
    *(("POST", f"admin/reports/{{id}}/{verb}", {}) for verb in ("assign_to_self", "unassign", "resolve", "reopen")),
    ("POST", "admin/domain_blocks", {"domain": "{crowd}", "severity": "suspend"}),
    ("PUT", "admin/domain_blocks/{id}", {"severity": "silence"}),
    ("DELETE", "admin/domain_blocks/{id}", {}),
    ("POST", "admin/domain_allows", {"domain": "new{round}.test"}),
    ("DELETE", "admin/domain_allows/{id}", {}),
    ("POST", "admin/ip_blocks", {"ip": "198.51.100.{round}", "severity": "sign_up_block"}),
    ("POST", "admin/email_domain_blocks", {"domain": "{crowd}"}),
    ("POST", "admin/canonical_email_blocks", {"email": "x@{crowd}"}),
    ("PUT", "admin/ip_blocks/{id}", {"comment": "x"}),
    *(("DELETE", f"admin/{kind}_blocks/{{id}}", {}) for kind in ("ip", "email_domain", "canonical_email")),
    ("POST", "admin/canonical_email_blocks/test", {"email": "x@mail.test"}),
    ("PUT", "admin/tags/{id}", {"trendable": False}),
    *(("POST", f"admin/trends/tags/{{id}}/{verb}", {}) for verb in ("reject", "approve")),
    *(("POST", f"admin/trends/statuses/{{root}}/{verb}", {}) for verb in ("reject", "approve")),
    *(("POST", f"admin/trends/links/{{card}}/{verb}", {}) for verb in ("reject", "approve")),
    (
        "POST",
        "admin/measures",
        {"keys": ["active_users", "new_users", "interactions", "opened_reports"], **_AROUND_NOW},
    ),
    ("POST", "admin/dimensions", {"keys": ["languages", "sources", "servers", "space_usage"], **_AROUND_NOW}),
    ("POST", "admin/retention", {"frequency": "day", **_AROUND_NOW}),
    ("POST", "apps", {"client_name": "Another", "redirect_uris": oauth.OUT_OF_BAND}),
    ("POST", "accounts", ENTRY | {"username": "newcomer{round}", "email": "newcomer{round}@mail.test"}),
    ("POST", "emails/confirmations", {"email": "corrected{round}@mail.test"}),
    ("POST", "notifications/clear", {}),
]


class Everything(Desk):
    """Alice, an administrator, reads; of all that she can be shown, each `fill` adds some."""

    def _one(self, here: Person, there: Account) -> None:
        Desk._one(self, here, there)
        Scene._one(self, here, there)
        alice, boss = self.alice.account.id, self.alice.account
        number = here.account.id
        said = make_status(here, "A storm. https://news.test/storm #tag")
        cards.receive(
            PreviewCard.get(PreviewCard.key == "https://news.test/storm").id,
            CardFacts(url="https://news.test/storm", title="A storm"),
        )
        make_status(here, "May I?", quoted_status_id=self._asking.id)
        edits.edit(alice, self.root.id, Draft(text=f"Hello, {number}."))
        reactions.add(here.account.id, self.root.id, "🐦")
        polls.vote(here.account.id, Poll.select().order_by(Poll.id).first().id, [0])
        word = Filter.select().order_by(Filter.id).first()
        filters.add_keyword(alice, word.id, f"word{number}")
        filters.add_status(alice, word.id, said.id)
        birder = make_person(discoverable=True).account
        items.add(alice, _own(self, Collection), birder.id)
        lists.create(alice, f"More {number}")
        Account.update(discoverable=True).where(Account.id == here.account.id).execute()
        endorsements.add(alice, here.account.id)
        featured_tags.add(alice, f"word{number}")
        tags.follow(alice, f"word{number}")
        CustomEmoji.create(shortcode=f"bird{number}", image_key="k", updated_at=1)
        announcements.react(alice, announcements.all_of_them()[0].id, "🐦")
        rules.add(f"Rule {number}", "", boss)
        allowed_domains.allow(f"good{number}.test", boss)
        network = f"2001:db8:{number % 65_535:x}::/48"
        sign_up_blocks.add(SignUpBlockKind.NETWORK, network, boss, severity=SignUpSeverity.BLOCK)
        sign_up_blocks.add(SignUpBlockKind.EMAIL_DOMAIN, f"mail{number}.test", boss)
        sign_up_blocks.add(SignUpBlockKind.EMAIL, sign_up_blocks.email_hash(f"x@mail{number}.test"), boss)
        collections.create(here.account.id, CollectionChange(name="Friends", discoverable=True), [alice])
        for _ in range(2):
            make_status(make_person(), "@alice A word of another stranger.")
        make_status(self.villain, "Hello.")
        make_follow(here, self.villain)
        make_follow(here, make_remote(domain=self.crowd))
        with clock.frozen(int(clock.parse_iso(f"{self.past}-07-01") or 0)):
            make_status(boss, "In those days. #tag")

    def prepare(self) -> None:
        """What each `fill` adds to."""
        self.round = 1
        self.villain = make_person("villain1")
        poll = PollDraft(options=("a", "b"), expires_in_ms=3_600_000)
        make_media(self.alice)
        make_status(self.alice, "Which?", poll=poll)
        self._asking = make_status(self.alice, "Ask first.", policy=Choices(quote=Choice.MANUAL))
        texts = {"terms": "Be kind.", "privacy_policy": "Nothing is kept."}
        settings.change({"registrations": "open", **texts}, None)
        completion.begin(self.root.id)
        for timeline in ("home", "notifications"):
            markers.set_read(self.alice.account.id, timeline, 0)

    @property
    def crowd(self) -> str:
        """A domain with an account for each `fill` of this round."""
        return f"crowd{self.round}.test"

    @property
    def past(self) -> int:
        """A year in which alice wrote something for each `fill` of this round."""
        return 2020 + self.round

    def wishes(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """What is done, each written once what was before it is done. Then a new round begins."""
        for method, path, body in WRITES:
            at = self._filled(path if path.startswith("/") else f"/api/v1/{path}")
            yield method, self._named(at), msgspec.json.decode(self._filled(msgspec.json.encode(body).decode()))
        self.round += 1
        self.villain = make_person(f"villain{self.round}")

    def _filled(self, text: str) -> str:
        def word(found: re.Match[str]) -> str:
            find = _FOUND.get(found[1])
            return found[0] if find is None else str(find(self))

        return re.sub(r"\{(\w+)\}", word, text)

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Each way of asking, and how it is written now."""
        people = "&".join(f"id[]={row.id}" for row in Account.select().where(Account.domain == ""))
        posts = "&".join(f"id[]={row.id}" for row in Status.select().order_by(Status.id).limit(40))
        for path in GETS:
            at = self._named(path)
            for query in _ASKED.get(path, [""]):
                asked = query.format(all=people, posts=posts, root=self.root.url)
                yield f"GET {path} {query}", f"{at}?{asked}" if asked else at

    def _named(self, path: str) -> str:
        prefix = path.partition("{")[0]
        return re.sub(r"\{(\w+)\}", lambda found: self._name(prefix, found[1]), path)

    def _name(self, prefix: str, name: str) -> str:
        if name in ("hashtag", "name"):
            return "tag"
        if name == "emoji":
            return "🐦"
        if name == "date":
            return clock.iso(clock.now_ms())[:10]
        if name == "year":
            return "2025"
        if name == "group_key":
            return _LARGEST
        if prefix in ("/api/v1/admin/tags/", "/api/v1/admin/trends/tags/"):
            return number_of("tag")
        if prefix == "/api/v1/notifications/requests/":
            return str(notification_requests.page(self.alice.account.id, Page(limit=40))[-1].id)
        if prefix == "/api/v1/conversations/":
            own = Conversation.select().where(Conversation.account == self.alice.account.id)
            return str(own.order_by(Conversation.id.desc()).first().id)
        if prefix == "/api/v1/follow_requests/":
            return str(FollowRequest.select().order_by(FollowRequest.id).first().account_id)
        if prefix == "/api/v1/interaction_requests/":
            waiting = Approval.select().where(Approval.state == ApprovalState.PENDING)
            return str(waiting.order_by(Approval.id).first().id)
        if prefix in _BLOCKS:
            found = SignUpBlock.select().where(SignUpBlock.kind == _BLOCKS[prefix])
            return str(found.order_by(SignUpBlock.id).first().id)
        if prefix in _FIRST:
            return str(_FIRST[prefix].select().order_by(_FIRST[prefix].id).first().id)
        return {
            "/api/v1/accounts/": str(self.alice.account.id),
            "/api/v1/notifications/": str(_own(self, Notification, Notification.kind == NotificationKind.MENTION)),
            "/api/v1/collections/": str(_own(self, Collection)),
            "/api/v1/admin/accounts/": str(self.alice.account.id),
            "/api/v1/statuses/": str(self.root.id),
            "/api/v1/pleroma/statuses/": str(self.root.id),
            "/api/v1_alpha/async_refreshes/": "1",
        }[prefix]


def _first(model: Any, *conditions: Any) -> int:
    return int(model.select().where(model.id > 0, *conditions).order_by(model.id).first().id)


def _last(model: Any, *conditions: Any) -> int:
    return int(model.select().where(model.id > 0, *conditions).order_by(model.id.desc()).first().id)


def _requests(here: Everything) -> list[str]:
    found = NotificationRequest.select().where(NotificationRequest.account == here.alice.account.id)
    return [str(row.id) for row in found.order_by(NotificationRequest.id)]


def _quoting(here: Everything) -> int:
    """A post that quotes the one of alice that everybody speaks of."""
    return int(Approval.get(Approval.target == here.root.id, Approval.state == ApprovalState.ACCEPTED).status_id)


def _own(here: Everything, model: Any, *conditions: Any) -> int:
    """The first of alice."""
    return _first(model, model.account == here.alice.account.id, *conditions)


def _listing(here: Everything) -> CollectionItem:
    """Where alice is in a collection of somebody else's."""
    listing: CollectionItem = CollectionItem.get(
        CollectionItem.account == here.alice.account.id, CollectionItem.state == ItemState.ACCEPTED
    )
    return listing


_FOUND: dict[str, Callable[[Everything], object]] = {
    "another": lambda here: f"another{here.round}",
    "bee": lambda _: "🐝",
    "card": lambda _: PreviewCard.get(PreviewCard.key == "https://news.test/storm").id,
    "crowd": lambda here: here.crowd,
    "day": lambda _: clock.iso(clock.now_ms()),
    "featured": lambda _: _last(FeaturedTag),
    "friend": lambda _: Account.get(Account.username == "bob").id,
    "group": lambda _: _LARGEST,
    "half": lambda here: '","'.join(_requests(here)[::2]),
    "item": lambda here: _first(CollectionItem, CollectionItem.collection == _own(here, Collection)),
    "keyword": lambda _: _last(FilterKeyword),
    "last_filter": lambda _: _last(Filter),
    "last_list": lambda _: _last(List),
    "list": lambda here: here.list.id,
    "made": lambda here: _last(Status, Status.account == here.alice.account.id),
    "mine": lambda here: _listing(here).id,
    "newest": lambda here: _last(Account, Account.discoverable, Account.domain == ""),
    "of_others": lambda here: _listing(here).collection_id,
    "past": lambda here: here.past,
    "pinned": lambda _: Pin.select().order_by(Pin.id).first().status_id,
    "poll": lambda here: _last(Poll),
    "quoting": _quoting,
    "rest": lambda here: '","'.join(_requests(here)),
    "root": lambda here: here.root.id,
    "round": lambda here: here.round,
    "tomorrow": lambda _: clock.iso(clock.now_ms() + clock.DAY),
    "upload": lambda here: _last(MediaAttachment, MediaAttachment.account == here.alice.account.id),
    "villain": lambda here: here.villain.account.id,
    "waiting": lambda _: (
        Membership.select(Membership.account)
        .where(Membership.user == _first(User, User.approved_at.is_null()))
        .scalar()
    ),
}


def forget_all() -> Callable[[], None]:
    """A function that takes away what any module remembers."""
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in ("node", "federation", "web")]
    found = [one for module in ours for one in vars(module).values() if isinstance(one, (Cache, Kept, Remembered))]
    assert len(found) > 10

    def forget() -> None:
        for one in found:
            if isinstance(one, Remembered):
                one._young, one._old = {}, {}
            elif isinstance(one, Kept):
                one.forget()
            else:
                one.clear()

    return forget


@pytest.fixture
async def translator() -> AsyncIterator[Translator]:
    async with Peer() as peer:
        yield Translator(peer)


@pytest.fixture
async def client(db: None, config: Config, translator: Translator) -> AsyncIterator[Client]:
    """Of a node that has somebody to translate for it."""
    open_config = msgspec.structs.replace(config, outgoing_allow=(LOOPBACK,), plain_http=True)
    translator.choose("libretranslate")
    async with complete_app(open_config) as app, Client(TestServer(app)) as client:
        yield client


@pytest.fixture
def everything(alice: Person) -> Everything:
    with in_unit():
        User.update(role=Role.ADMIN).where(User.id == alice.user.id).execute()
        Account.update(locked=True, discoverable=True).where(Account.id == alice.account.id).execute()
        made = Everything(
            alice, make_status(alice, "Hello.", language="en"), lists.create(alice.account.id, "Friends")
        )
        made.prepare()
        return made


def _form() -> FormData:
    form = FormData()
    form.add_field("file", picture(".png"), filename="bird.png", content_type="image/png")
    return form


async def test_whatever_is_asked_costs_a_fixed_number_of_queries(
    client: Client,
    everything: Everything,
    bob: Person,
    as_person: AsPerson,
    app_row: Application,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    me = as_person(everything.alice, f"{ALL_SCOPES} admin:read admin:write")
    with in_unit():
        app = {"Authorization": f"Bearer {oauth.client_token(app_row, 'read write')[1]}"}
    forget = forget_all()

    async def ask() -> dict[str, list[str]]:
        asked: dict[str, list[str]] = {}
        largest = await (await client.get("/api/v2/notifications", headers=me)).json()
        group = max(largest["notification_groups"], key=lambda one: one["notifications_count"])["group_key"]
        for told, address in everything.addresses():
            forget()
            with counted_queries() as statements:
                response = await client.get(address.replace(_LARGEST, group), headers=me)
            assert response.status == 200, (address, response.status, await response.text())
            asked[told] = statements
        by = {"POST accounts": app}
        for (method, path, body), (_, told, _) in zip(everything.wishes(), WRITES, strict=True):
            name = f"{method} {told}"
            sent: dict[str, Any] = {"data": _form()} if "file" in body else {"json": body}
            forget()
            with counted_queries() as statements:
                response = await client.request(
                    method, path.replace(_LARGEST, group), headers=by.get(name, me), **sent
                )
            assert response.status in (200, 202), (method, path, response.status, await response.text())
            asked[f"{name} again" if name in asked else name] = statements
            if name == "POST accounts":  # Who came in by it waits for a letter.
                by["POST emails/confirmations"] = {
                    "Authorization": f"Bearer {(await response.json())['access_token']}"
                }
        return asked

    monkeypatch.setattr(site, "sends_mail", True)
    with in_unit():
        Account.update(discoverable=True).where(Account.id == bob.account.id).execute()
    assert (await client.post(test_push.PATH, json=test_push.wish(), headers=me)).status == 200
    assert len(GETS) > 100
    everything.fill(2)
    few = await ask()
    everything.fill(4)
    many = await ask()

    grown = {told: len(asked) - len(few[told]) for told, asked in many.items()}
    # Each of the staff is told of a report and a new member, and each `fill` brings a moderator; each member of a new
    # name; each here of follows that end as a domain is blocked, who then gets a new feed, as whoever followed somebody
    # here that is deleted.
    assert {told: more for told, more in grown.items() if more > 0} == {
        "POST reports": 4,
        "POST admin/accounts/{waiting}/approve": 4,
        "PATCH collections/{id}": 2,
        "POST admin/domain_blocks": 4 * 2,
        "DELETE admin/accounts/{villain}": 2,
    }


def test_every_route_is_counted() -> None:
    """What only reads is found in the table of routes; what writes has to be written down."""
    written = {(method, shape(path if path.startswith("/") else f"/api/v1/{path}")) for method, path, _ in WRITES}

    assert {(route.method, shape(route.path)) for route in ROUTES if route.method != "GET"} == written
