"""Whatever is asked through the API costs a number of queries that does not grow with what there is.

Each route that is read, and most of those that write, are asked with two of everything and with six, as if for the
first time: nothing is remembered from before.
"""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from node import clock
from node.models import (
    Account,
    AllowedDomain,
    Announcement,
    Approval,
    ApprovalState,
    Collection,
    Conversation,
    CustomEmoji,
    DomainBlock,
    Filter,
    FilterKeyword,
    FilterStatus,
    FollowRequest,
    List,
    MediaAttachment,
    Notification,
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
from node.services.accounts import endorsements, featured_tags
from node.services.approvals.policies import Choice, Choices
from node.services.caching.cache import Cache, Kept
from node.services.caching.remembered import Remembered
from node.services.collections import items
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
from tests.factories import Person, in_unit, make_person
from tests.factories_posts import make_media, make_status
from tests.queries import counted_queries
from tests.web.api import test_push
from tests.web.conftest import ALL_SCOPES, Client, Headers
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
    "/api/v1/notifications/": Notification,
    "/api/v1/media/": MediaAttachment,
    "/api/v1/polls/": Poll,
    "/api/v1/lists/": List,
    "/api/v1/collections/": Collection,
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
WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "statuses", {"status": "Hello @bob. #tag https://news.test/storm"}),
    ("PUT", "statuses/{made}", {"status": "Hello again @bob. #tag"}),
    ("PUT", "statuses/{made}/interaction_policy", {"quote_approval_policy": "followers"}),
    *(("POST", f"statuses/{{made}}/{verb}", {}) for verb in ("favourite", "unfavourite", "reblog", "unreblog")),
    *(("POST", f"statuses/{{root}}/{verb}", {}) for verb in ("bookmark", "unbookmark", "mute", "unmute")),
    *((method, "statuses/{made}/emoji_reactions/🐝", {}) for method in ("PUT", "DELETE")),
    ("DELETE", "statuses/{made}", {}),
    ("POST", "statuses", {"status": "Later.", "scheduled_at": "{tomorrow}"}),
    ("PUT", "scheduled_statuses/{id}", {"scheduled_at": "{tomorrow}"}),
    ("DELETE", "scheduled_statuses/{id}", {}),
    *(("POST", f"accounts/{{friend}}/{verb}", {}) for verb in ("follow", "endorse", "unendorse", "unfollow")),
    *(("POST", f"accounts/{{friend}}/{verb}", {}) for verb in ("mute", "unmute", "note", "block", "unblock")),
    ("POST", "accounts/{friend}/remove_from_followers", {}),
    *(("POST", f"follow_requests/{{id}}/{verb}", {}) for verb in ("authorize", "reject")),
    *(("POST", f"tags/another/{verb}", {}) for verb in ("follow", "unfollow", "feature", "unfeature")),
    *((method, "domain_blocks", {"domain": "some.test"}) for method in ("POST", "DELETE")),
    ("POST", "lists", {"title": "Another"}),
    ("PUT", "lists/{list}", {"title": "Friends", "exclusive": True}),
    *((method, "lists/{list}/accounts", {"account_ids": ["{friend}"]}) for method in ("POST", "DELETE")),
    ("POST", "collections", {"name": "More birds"}),
    ("PATCH", "collections/{id}", {"name": "Other birds"}),
    ("POST", "collections/{id}/items", {"account_id": "{friend}"}),
    ("DELETE", "collections/{id}", {}),
    ("POST", "/api/v2/filters", {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]}),
    ("PUT", "/api/v2/filters/{id}", {"title": "y"}),
    ("POST", "/api/v2/filters/{id}/keywords", {"keyword": "y"}),
    ("PUT", "/api/v2/filters/keywords/{id}", {"keyword": "z"}),
    ("DELETE", "/api/v2/filters/keywords/{id}", {}),
    ("DELETE", "/api/v2/filters/statuses/{id}", {}),
    ("POST", "filters", {"phrase": "xyz", "context": ["home"]}),
    ("POST", "markers", {"home": {"last_read_id": "1"}, "notifications": {"last_read_id": "1"}}),
    ("PATCH", "accounts/update_credentials", {"display_name": "Alice"}),
    ("PATCH", "profile", {"note": "Hello."}),
    ("PUT", "push/subscription", {"data": {"alerts": {"mention": True}}}),
    *((method, "announcements/{id}/reactions/🐝", {}) for method in ("PUT", "DELETE")),
    ("POST", "announcements/{id}/dismiss", {}),
    *(("POST", f"conversations/{{id}}/{verb}", {}) for verb in ("read", "unread")),
    ("DELETE", "conversations/{id}", {}),
    ("PATCH", "/api/v2/notifications/policy", {"for_bots": "filter"}),
    *(("POST", f"notifications/requests/{{id}}/{verb}", {}) for verb in ("accept", "dismiss")),
    ("POST", "notifications/{id}/dismiss", {}),
    *(("POST", f"interaction_requests/{{id}}/{verb}", {}) for verb in ("authorize", "reject")),
    ("POST", "reports", {"account_id": "{friend}"}),
    *(("POST", f"admin/accounts/{{friend}}/{verb}", {"type": "silence"}) for verb in ("action", "unsilence")),
    ("PUT", "admin/reports/{id}", {"category": "spam"}),
    *(("POST", f"admin/reports/{{id}}/{verb}", {}) for verb in ("assign_to_self", "unassign", "resolve", "reopen")),
    ("PUT", "admin/domain_blocks/{id}", {"severity": "silence"}),
    ("DELETE", "admin/domain_blocks/{id}", {}),
    ("POST", "admin/domain_allows", {"domain": "new.test"}),
    ("DELETE", "admin/domain_allows/{id}", {}),
    ("PUT", "admin/ip_blocks/{id}", {"comment": "x"}),
    *(("DELETE", f"admin/{kind}_blocks/{{id}}", {}) for kind in ("ip", "email_domain", "canonical_email")),
    ("POST", "admin/canonical_email_blocks/test", {"email": "x@mail.test"}),
    ("PUT", "admin/tags/{id}", {"trendable": False}),
    ("POST", "admin/trends/tags/{id}/approve", {}),
    (
        "POST",
        "admin/measures",
        {"keys": ["active_users", "new_users", "interactions", "opened_reports"], **_AROUND_NOW},
    ),
    ("POST", "admin/dimensions", {"keys": ["languages", "sources", "servers", "space_usage"], **_AROUND_NOW}),
    ("POST", "admin/retention", {"frequency": "day", **_AROUND_NOW}),
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
        items.add(alice, Collection.select().order_by(Collection.id).first().id, birder.id)
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

    def prepare(self) -> None:
        """What each `fill` adds to."""
        poll = PollDraft(options=("a", "b"), expires_in_ms=3_600_000)
        make_media(self.alice)
        make_status(self.alice, "Which?", poll=poll)
        self._asking = make_status(self.alice, "Ask first.", policy=Choices(quote=Choice.MANUAL))
        settings.change({"terms": "Be kind.", "privacy_policy": "Nothing is kept."}, None)
        completion.begin(self.root.id)
        for timeline in ("home", "notifications"):
            markers.set_read(self.alice.account.id, timeline, 0)

    def wishes(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        friend = Account.get(Account.username == "bob").id
        words = {
            "{friend}": str(friend),
            "{day}": clock.iso(clock.now_ms()),
            "{tomorrow}": clock.iso(clock.now_ms() + clock.DAY),
        }
        for method, path, body in WRITES:
            made = Status.select().where(Status.account == self.alice.account.id).order_by(Status.id.desc()).first()
            names = {"{made}": made.id, "{root}": self.root.id, "{list}": self.list.id, "{friend}": friend}
            at, sent = path, msgspec.json.encode(body).decode()
            for name, an_id in names.items():
                at = at.replace(name, str(an_id))
            for name, word in words.items():
                sent = sent.replace(name, word)
            yield method, self._named(at if at.startswith("/") else f"/api/v1/{at}"), msgspec.json.decode(sent)

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
            "/api/v1/admin/accounts/": str(self.alice.account.id),
            "/api/v1/statuses/": str(self.root.id),
            "/api/v1/pleroma/statuses/": str(self.root.id),
            "/api/v1_alpha/async_refreshes/": "1",
        }[prefix]


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
def everything(alice: Person) -> Everything:
    with in_unit():
        User.update(role=Role.ADMIN).where(User.id == alice.user.id).execute()
        Account.update(locked=True, discoverable=True).where(Account.id == alice.account.id).execute()
        made = Everything(alice, make_status(alice, "Hello."), lists.create(alice.account.id, "Friends"))
        made.prepare()
        return made


async def test_whatever_is_asked_costs_a_fixed_number_of_queries(
    client: Client, everything: Everything, bob: Person, as_person: AsPerson
) -> None:
    me = as_person(everything.alice, f"{ALL_SCOPES} admin:read admin:write")
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
        for (method, path, body), (_, told, _) in zip(everything.wishes(), WRITES, strict=True):
            forget()
            with counted_queries() as statements:
                response = await client.request(method, path, json=body, headers=me)
            assert response.status == 200, (method, path, response.status, await response.text())
            name = f"{method} {told}"
            asked[f"{name} again" if name in asked else name] = statements
        return asked

    with in_unit():
        Account.update(discoverable=True).where(Account.id == bob.account.id).execute()
    assert (await client.post(test_push.PATH, json=test_push.wish(), headers=me)).status == 200
    assert len(GETS) > 100
    everything.fill(2)
    few = await ask()
    everything.fill(4)
    many = await ask()

    grown = {told: len(asked) - len(few[told]) for told, asked in many.items()}
    # Each of the staff is told of a report, and each `fill` brings a moderator; each member of a new name.
    assert {told: more for told, more in grown.items() if more > 0} == {
        "POST reports": 4,
        "PATCH collections/{id}": 2,
    }
