"""Each list, in the API and as a page, costs a fixed number of queries, however long it is.

Rows that nobody has seen are compared: what was rendered once is remembered and costs less.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from node import clock, ids
from node.models import Account, List, Role, Severity, Status, User, Visibility
from node.models.notification_policy import Decision
from node.services import follows, outbox
from node.services.access import invites, oauth, sessions
from node.services.collections import own as collections
from node.services.collections.own import CollectionChange
from node.services.community import announcements
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.interactions import bookmarks, favourites, pins, reblogs
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.notifications import policy as notification_policy
from node.services.relationships import blocks, domain_blocks, lists, mutes
from node.services.servers import domain_blocks as server_rules
from node.services.statuses import kept_drafts, scheduled
from node.services.statuses.drafts import Draft, PollDraft
from node.services.timelines import rebuild
from tests.factories import Person, in_unit, make_person, make_remote
from tests.factories_posts import make_follow, make_media, make_status
from tests.queries import counted_queries
from tests.web.conftest import Client, Headers
from web.pages import visitors

FEW, MANY = 1, 5

LISTS = [
    *("timelines/home", "timelines/public", "timelines/public?local=true", "timelines/public?remote=true"),
    *("timelines/public?only_media=true", "timelines/tag/tag", "timelines/tag/tag?any[]=other&none[]=third"),
    *("timelines/direct", "timelines/list/{list}", "lists/{list}/accounts", "conversations", "notifications"),
    *("accounts/{me}/statuses", "accounts/{me}/statuses?exclude_reblogs=true", "accounts/{me}/statuses?pinned=true"),
    *("accounts/{me}/followers", "accounts/{me}/following", "follow_requests", "favourites", "bookmarks"),
    *("statuses/{root}/context", "statuses/{root}/reblogged_by", "statuses/{root}/favourited_by"),
]
PAGES = [
    *("/home", "/public", "/public/local", "/tags/tag", "/notifications", "/bookmarks", "/favourites"),
    *("/lists/{list}", "/@alice", "/@alice/{root}", "/@alice/followers", "/@alice/following"),
    "/@alice/collections",
    *(
        "/explore",
        "/explore/tags",
        "/explore/links",
        "/people",
        "/home?order=oldest",
        "/lists",
        "/lists/{list}/members",
    ),
    *("/conversations", "/follow-requests", "/notifications?type=mention", "/collections", "/search?q=tag", "/about"),
    *("/@alice/replies", "/@alice/media", "/@alice/about", "/@alice/tagged/tag", "/statistics"),
    *("/@alice/{root}/favourites", "/@alice/{root}/reblogs", "/@alice/{root}/quotes", "/@alice.rss"),
]
# What somebody keeps for themselves, and what the staff decides.
OWN_PAGES = [
    *("/drafts", "/scheduled", "/announcements", "/reports", "/notifications/requests"),
    *("/settings/filters", "/settings/hidden", "/settings/sessions", "/settings/apps", "/settings/invites"),
    *(
        "/admin",
        "/admin/reports",
        "/admin/reports?resolved=1",
        "/admin/accounts",
        "/admin/sign-ups",
        "/admin/servers",
    ),
    *(
        "/admin/domains",
        "/admin/deliveries",
        "/admin/audit",
        "/admin/invites",
        "/admin/roles",
        "/admin/announcements",
    ),
]


@dataclass
class Scene:
    """Alice, who reads; somebody new says and does something of each kind, each time `fill` is called."""

    alice: Person
    root: Status
    list: List

    def fill(self, times: int) -> None:
        for _ in range(times):
            with in_unit():
                self._one(make_person(), make_remote())
        with in_unit():
            rebuild(self.alice.account.id)
        visitors.forget()

    def _one(self, here: Person, there: Account) -> None:
        alice = self.alice.account
        make_follow(alice, here)
        make_follow(alice, there)
        make_follow(here, alice)
        lists.add_members(alice.id, self.list.id, [here.account.id, there.id])
        picture = make_media(here)
        said = [
            make_status(here, "@alice Look. #tag", media_ids=(picture.id,)),
            make_status(here, "Which? #other", poll=PollDraft(options=("a", "b"), expires_in_ms=3_600_000)),
            make_status(here, "Yes.", in_reply_to_id=self.root.id),
            make_status(there, "From elsewhere."),
            make_status(here, "Hear, hear.", quoted_status_id=self.root.id),
            make_status(here, "@alice Between us.", visibility=Visibility.DIRECT),
        ]
        for status in said[:4]:
            favourites.add(alice.id, status.id)
            bookmarks.add(alice.id, status.id)
        reblogs.add(here.account.id, said[3].id)
        reblogs.add(here.account.id, self.root.id)
        reblogs.add(here.account.id, make_status(make_person(), "From somebody whom nobody here follows.").id)
        favourites.add(here.account.id, self.root.id)
        asking = make_person()
        follows.follow(asking.account.id, alice.id)
        Account.update(discoverable=True).where(Account.id == here.account.id).execute()
        collections.create(alice.id, CollectionChange(name="Birds", discoverable=True), [here.account.id])
        own = make_status(alice, "My own. #tag", media_ids=(make_media(alice).id,))
        if len(pins.of_account(alice.id, alice.id)) < 5:
            pins.add(alice.id, own.id)

    def path(self, template: str) -> str:
        return template.format(me=self.alice.account.id, root=self.root.id, list=self.list.id)


class Desk(Scene):
    """Alice, an administrator, keeps and decides something of each kind."""

    def _one(self, here: Person, there: Account) -> None:
        alice, post = self.alice.account, make_status(here, "Look. #tag")
        kept_drafts.keep(alice.id, kept_drafts.new_key(), {"text": "Half a thought"}, [make_media(alice).id])
        pictured = Draft(text="Later.", media_ids=(make_media(alice).id,))
        scheduled.schedule(alice.id, pictured, clock.now_ms() + clock.DAY)
        announcements.publish("Tomorrow we meet.", None, alice)
        reports.file(alice.id, Complaint(target_id=here.account.id, status_ids=(post.id,), comment="Spam?"))
        settled = reports.file(alice.id, Complaint(target_id=here.account.id, status_ids=(post.id,)))
        reports.resolve(settled.id, alice)
        notification_policy.change(alice.id, {"not_following": Decision.FILTER})
        make_status(make_person(), "@alice A word of a stranger.")
        terms = Terms(title="Sweets", contexts=("home",), action="warn")
        filters.create(alice.id, terms, [KeywordChange(keyword="marzipan")])
        blocks.block(alice.id, make_person().account.id)
        mutes.mute(alice.id, make_person().account.id)
        domain_blocks.add(alice.id, f"loud{there.id}.test")
        sessions.begin(self.alice.user.id, "192.0.2.7", "A browser")
        oauth.token_for(self.alice.user, alice, f"An app {there.id}", "read")
        invites.create(alice)
        asking = make_person()
        User.update(approved_at=None, sign_up_reason="Birds.").where(User.id == asking.user.id).execute()
        elsewhere = make_remote(domain=f"far{there.id}.test")
        server_rules.block(f"bad{there.id}.test", Severity.SUSPEND, server_rules.Terms(), alice)
        sent = outbox.Outgoing(id=ids.new_id(), actor_id=alice.id, body=b"{}")
        outbox.add(sent, {elsewhere.inbox: elsewhere.domain})
        make_person(role=Role.MODERATOR)


@pytest.fixture
def desk(alice: Person) -> Desk:
    with in_unit():
        User.update(role=Role.ADMIN).where(User.id == alice.user.id).execute()
        return Desk(alice, make_status(alice, "Hello."), lists.create(alice.account.id, "Friends"))


@pytest.fixture
def scene(alice: Person) -> Scene:
    with in_unit():
        Account.update(locked=True).where(Account.id == alice.account.id).execute()
        return Scene(alice, make_status(alice, "Hello."), lists.create(alice.account.id, "Friends"))


async def compare(scene: Scene, show: Callable[[], Awaitable[int]]) -> None:
    scene.fill(FEW)
    for _ in range(2):  # who asks is noted, and then remembered
        assert await show() == 200
    counts = []
    for times in (FEW, MANY):
        scene.fill(times)
        with counted_queries() as statements:
            assert await show() == 200
        counts.append(statements)
    few, many = counts

    # Not more for more. A short page may have asked, besides, whether there is anything else.
    assert len(many) <= len(few), "\n".join(many)


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_of_the_api(
    client: Client, scene: Scene, as_person: Callable[[Person], Headers], path: str
) -> None:
    headers = as_person(scene.alice)

    async def show() -> int:
        return (await client.get(f"/api/v1/{scene.path(path)}", headers=headers)).status

    await compare(scene, show)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page(client: Client, scene: Scene, browser: Callable[[Person], Headers], path: str) -> None:
    headers = browser(scene.alice)

    async def show() -> int:
        return (await client.get(scene.path(path), headers=headers)).status

    await compare(scene, show)


@pytest.mark.parametrize("path", OWN_PAGES)
async def test_a_page_of_ones_own(
    client: Client, desk: Desk, browser: Callable[[Person], Headers], path: str
) -> None:
    headers = browser(desk.alice)

    async def show() -> int:
        return (await client.get(path, headers=headers)).status

    await compare(desk, show)
