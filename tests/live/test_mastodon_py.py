"""Mastodon.py through its whole surface: each public method is called with sense, or it is said why not."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mastodon import Mastodon, StreamListener
from mastodon.errors import MastodonDeprecationWarning, MastodonNotFoundError, MastodonUnauthorizedError

from node.cli.sample_pictures import png
from tests.live import mastodon_py_chapters as chapters
from tests.live.conftest import NewNode
from tests.live.conversation import word
from tests.live.node import Node
from tests.live.other_site import other_site
from tests.live.visitor import authorization_code
from tests.live.waiting import until

_ALICE = "read write follow push profile admin:read admin:write"

NOT_CALLED = {
    "decode_blurhash": "asks no server, and needs a package besides",
    "get_status_length": "asks no server, and needs a package besides",
    "oauth_userinfo": "refuses addresses with http; the route is tested in web/test_oauth.py",
    "push_subscription_decrypt_push": "called by test_clients.py, with a service that takes messages",
    "reports": "asks for GET /api/v1/reports, which Mastodon took away in 2.5",
    "search_v1": "asks for /api/v1/search, which Mastodon took away in 3.0",
    "status_card": "asks for …/card, which Mastodon took away in 3.0",
    "stream_local": "Mastodon.py takes it away for public:local",
    "stream_open_websocket": "needs packages besides; masto.js speaks WebSocket in test_masto_js.py",
    "suggestions_v1": "asks for /api/v1/suggestions as it was before 3.4; v2 is called",
}


class Recorder:
    """Passes on and remembers what was called."""

    def __init__(self, client: Mastodon, called: set[str]) -> None:
        self._client, self._called = client, called

    def __getattr__(self, name: str) -> Any:
        self._called.add(name)
        return getattr(self._client, name)


class Cast:
    def __init__(self, node: Node) -> None:
        self.called: set[str] = set()
        self.node = node
        node.command("account", "create", "alice", "--password", "alice likes linnets", "--role", "admin")
        made = node.command("token", "create", "alice", "--app-name", "Mastodon.py", "--scopes", _ALICE)
        self.alice = self.client(made["access_token"])

    def client(self, token: str) -> Any:
        return Recorder(Mastodon(access_token=token, api_base_url=self.node.base_url), self.called)

    def newcomer(self) -> Any:
        return Recorder(chapters.app(self.node.base_url), self.called)

    def signed_in(self) -> Any:
        """Alice in an app that knows who it is."""
        app = chapters.app(self.node.base_url)
        app.access_token = self.alice.access_token
        return Recorder(app, self.called)


@pytest.fixture(scope="module")
def cast(new_node: NewNode) -> Iterator[Cast]:
    node = new_node()
    bob, carol = node.people("bob", "carol")
    cast = Cast(node.start())
    cast.bob, cast.carol = cast.client(bob.token), cast.client(carol.token)  # type: ignore[attr-defined]
    cast.bob_id, cast.carol_id = bob.id, carol.id  # type: ignore[attr-defined]
    with other_site() as site:
        cast.site = site  # type: ignore[attr-defined]
        chapters.talk_of(cast, f"{site}/storm")
        yield cast


def the_instance(one: Any, _: Any) -> None:
    assert one.instance().version == one.instance_v2().version
    with pytest.warns(MastodonDeprecationWarning):
        assert one.instance_v1().uri
    assert one.instance_nodeinfo().software.name == "linnet"
    assert one.instance_health()
    assert one.stream_healthy()
    assert one.retrieve_mastodon_version()
    assert one.verify_minimum_version("4.0.0")
    assert one.get_supported_version()
    assert one.get_approx_server_time()
    assert one.oauth_authorization_server_info()
    for name in ("activity", "domain_blocks", "languages", "peers", "rules", "translation_languages"):
        assert isinstance(getattr(one, f"instance_{name}")(), list | dict), name
    assert one.instance_extended_description() is not None
    assert isinstance(one.custom_emojis(), list)
    assert one.app_verify_credentials().name == "Mastodon.py"
    assert one.preferences()
    one.clear_caches()
    assert isinstance(one.annual_reports().annual_reports, list)
    assert one.annual_report_state(2025).state == "ineligible"
    one.annual_report_generate(2025)
    one.annual_report_read(2025)
    assert one.annual_report(2025).annual_reports == []


def accounts(one: Any, cast: Any) -> None:
    bob, carol = cast.bob_id, cast.carol_id
    me = one.account_verify_credentials()
    assert one.me().id == me.id
    assert one.account(bob).username == "bob"
    assert {row.username for row in one.accounts([bob, carol])} == {"bob", "carol"}
    assert str(one.account_lookup("bob").id) == bob
    assert one.account_update_credentials(display_name="Alice", note="hello").display_name == "Alice"
    assert one.account_update_credentials(avatar=png("kiln"), avatar_mime_type="image/png").avatar
    assert one.account_delete_avatar().id == one.account_delete_header().id == me.id
    assert one.profile().display_name == "Alice"
    assert one.profile_update(display_name="Alice A.").display_name == "Alice A."
    assert one.account_follow(bob).following
    assert cast.bob.account_follow(me.id).following
    assert one.account_relationships([bob])[0].followed_by
    assert [row.username for row in one.account_following(me.id)] == ["bob"]
    assert [row.username for row in one.account_followers(me.id)] == ["bob"]
    assert one.account_search("bo")[0].username == "bob"
    assert one.account_note_set(bob, "a friend").note == "a friend"
    assert one.account_pin(bob).endorsed
    assert one.account_endorse(bob).endorsed
    assert [row.username for row in one.endorsements()] == ["bob"]
    assert not one.account_unpin(bob).endorsed
    assert not one.account_unendorse(bob).endorsed
    assert one.account_familiar_followers([carol])[0].accounts == []
    assert not one.account_remove_from_followers(bob).followed_by
    assert one.account_mute(carol).muting
    assert [row.username for row in one.mutes()] == ["carol"]
    assert not one.account_unmute(carol).muting
    assert one.account_block(carol).blocking
    assert [row.username for row in one.blocks()] == ["carol"]
    assert not one.account_unblock(carol).blocking
    one.domain_block("loud.example")
    assert list(one.domain_blocks()) == ["loud.example"]
    one.domain_unblock("loud.example")
    assert isinstance(one.directory(), list)
    assert isinstance(one.suggestions(), list)
    assert isinstance(one.suggestions_v2(), list)
    one.suggestion_delete(carol)
    assert not one.account_unfollow(bob).following
    assert one.follows("bob")
    one.account_update_credentials(locked=True)
    for answer in ("authorize", "reject"):
        cast.carol.account_follow(me.id)
        assert [row.username for row in one.follow_requests()] == ["carol"]
        getattr(one, f"follow_request_{answer}")(carol)
        cast.carol.account_unfollow(me.id)
    one.account_update_credentials(locked=False)


def posts(one: Any, cast: Any) -> None:
    media = one.media_post(png("kiln"), mime_type="image/png", description="Four bowls")
    assert one.media_update(media, description="Five bowls").description == "Five bowls"
    assert one.media(media).description == "Five bowls"
    said = one.status_post(f"#{word()} bowls", media_ids=[media], language="en")
    answer = cast.bob.status_reply(said, "which?")
    assert one.toot("short").visibility == "public"
    assert one.status(said).id == said.id
    assert len(one.statuses([said.id, answer.id])) == 2
    assert [row.id for row in one.status_context(said).descendants] == [answer.id]
    assert one.get_async_refresh_info(one.status_context(said)) is None
    assert one.await_async_refresh(one.status_context(said)).descendants
    assert one.get_async_refresh_status("1").status == "finished"
    for verb, name in (("favourite", "favourited"), ("bookmark", "bookmarked"), ("mute", "muted"), ("pin", "pinned")):
        assert getattr(one, f"status_{verb}")(said)[name]
        if verb in ("favourite", "bookmark"):
            assert getattr(one, f"{verb}s")()[0].id == said.id
        if verb == "favourite":
            assert one.status_favourited_by(said)[0].username == "alice"
        assert not getattr(one, f"status_un{verb}")(said)[name]
    assert one.status_reblog(said).reblog.id == said.id
    assert one.status_reblogged_by(said)[0].username == "alice"
    assert not one.status_unreblog(said).reblogged
    assert one.status_update(said, "plates").content == "<p>plates</p>"
    assert one.status_source(said).text == "plates"
    assert len(one.status_history(said)) == 2
    assert one.status_update_quote_approval_policy(said, "public")
    quoting = cast.bob.status_post("look", quoted_status_id=said.id)
    assert [row.id for row in one.status_quotes(said)] == [quoting.id]
    assert one.status_quote_revoke(said, quoting).id
    asked = one.status_post("tea?", poll=one.make_poll(["yes", "no"], expires_in=3600))
    assert cast.bob.poll_vote(asked.poll, [0]).voted
    assert one.poll(asked.poll).votes_count == 1
    later = one.status_post("later", scheduled_at=datetime.now(UTC) + timedelta(hours=1))
    assert [row.id for row in one.scheduled_statuses()] == [later.id]
    assert one.scheduled_status(later).id == later.id
    assert one.scheduled_status_update(later, datetime.now(UTC) + timedelta(hours=2)).id == later.id
    one.scheduled_status_delete(later)
    assert one.status_delete(asked).id == asked.id


def timelines(one: Any, cast: Any) -> None:
    tag = word()
    for number in range(5):
        one.status_post(f"#{tag} {number}")
    assert len(one.timeline())
    assert len(one.timeline_home())
    assert len(one.timeline_public())
    assert len(one.timeline_local())
    assert one.timeline_is_available("public")
    first = one.timeline_hashtag(tag, limit=2)
    second = one.fetch_next(first)
    assert len(second) == 2
    assert second[0].id < first[-1].id
    assert [row.id for row in one.fetch_previous(second)] == [row.id for row in first]
    assert len(one.fetch_remaining(first)) == 5
    assert len(list(one.pagination_iterator(first))) == 5
    assert len(list(one.pagination_page_iterator(first))) >= 3
    assert one.get_pagination_info(first, "next")
    me = one.me()
    assert len(one.account_statuses(me, limit=3)) == 3
    assert one.tag(tag).name == tag
    assert one.tag_follow(tag).following
    assert one.followed_tags()[0].name == tag
    assert not one.tag_unfollow(tag).following
    assert one.tag_feature(tag).featuring
    assert not one.tag_unfeature(tag).featuring
    featured = one.featured_tag_create(tag)
    assert one.featured_tags()[0].name == tag == one.account_featured_tags(me)[0].name
    one.featured_tag_delete(featured)
    assert isinstance(one.featured_tag_suggestions(), list)
    friends = one.list_create("friends")
    one.list_accounts_add(friends, [cast.bob_id])
    assert [row.username for row in one.list_accounts(friends)] == ["bob"]
    assert isinstance(one.timeline_list(friends), list)
    assert one.account_lists(cast.bob_id)[0].id == one.lists()[0].id == one.list(friends).id
    assert one.list_update(friends, "good friends").title == "good friends"
    one.list_accounts_delete(friends, [cast.bob_id])
    one.list_delete(friends)
    assert one.markers_set("home", first[0])["home"].last_read_id == str(first[0].id)
    assert one.markers_get("home")
    assert one.search("bob").accounts
    assert one.search_v2(tag, exclude_unreviewed=False).hashtags
    assert not one.search_v2(tag).hashtags  # of its own accord it asks for what the staff has looked at
    for name in ("links", "statuses", "tags"):
        assert isinstance(getattr(one, f"trending_{name}")(), list)
    assert isinstance(one.trends(), list)


def notifications(one: Any, cast: Any) -> None:
    one.notifications_clear()
    for number in range(3):
        cast.bob.status_post(f"@alice {number}")
    until(lambda: len(one.notifications()) == 3, what="alice is told")
    newest = one.notifications()[0]
    assert one.notifications(id=newest.id).type == "mention"
    assert one.notifications_unread_count().count == one.unread_grouped_notifications_count() == 3
    group = one.grouped_notifications().notification_groups[0].group_key
    assert one.grouped_notification(group).notification_groups
    assert one.grouped_notification_accounts(group)[0].username == "bob"
    one.dismiss_grouped_notification(group)
    one.notifications_dismiss(one.notifications()[0])
    assert len(one.notifications()) == 1
    assert one.notifications_policy().for_not_followers == "accept"
    assert one.update_notifications_policy(for_not_followers="filter").for_not_followers == "filter"
    # Who was let through once is let through from then on.
    for name, ways in (("carol", ("dismiss", "dismiss_multiple", "accept")), ("bob", ("accept_multiple",))):
        for way in ways:
            getattr(cast, name).status_post(f"@alice {way}")
            request = until(lambda: one.notification_requests(), what="it is held back")[0]
            assert one.notification_request(request).account.username == name
            if way.endswith("_multiple"):
                getattr(one, f"{way}_notification_requests")([request.id])
            else:
                getattr(one, f"{way}_notification_request")(request.id)
    assert one.notifications_merged() in (True, False)
    one.update_notifications_policy(for_not_followers="accept")
    cast.bob.status_post("@alice between us", visibility="direct")
    talk = until(lambda: one.conversations(), what="the message comes")[0]
    assert not one.conversations_read(talk).unread
    keys = one.push_subscription_generate_keys()
    made = one.push_subscription_set("http://127.0.0.1:9/push", keys[1], mention_events=True)
    assert one.push_subscription().id == made.id == one.push_subscription_update(follow_events=True).id
    one.push_subscription_delete()


def phrases(one: Any, cast: Any) -> None:
    """Filters as they were, of one phrase each."""
    old = one.filter_create("marmite", ["home"])
    assert one.filter(old).phrase == "marmite" == one.filters()[0].phrase
    said = [cast.bob.status_post(f"{spread} on toast") for spread in ("marmite", "butter")]
    assert one.filters_apply(said, one.filters(), "home") == said[1:]
    assert one.filter_update(old, phrase="vegemite").phrase == "vegemite"
    one.filter_delete(old)


def filters(one: Any, cast: Any) -> None:
    with pytest.warns(MastodonDeprecationWarning):
        phrases(one, cast)
    made = one.create_filter_v2("Enough", ["home"], "warn")
    assert one.filter_v2(made).title == one.filters_v2()[0].title == "Enough"
    assert one.update_filter_v2(made, title="More").title == "More"
    keyword = one.add_filter_keyword_v2(made, "marmite")
    assert [row.keyword for row in one.filter_keywords_v2(made)] == ["marmite"]
    one.delete_filter_keyword_v2(keyword)
    status = one.add_filter_status_v2(made, one.status_post("enough"))
    assert one.filter_status_v2(status).id == one.filter_statuses_v2(made)[0].id
    one.delete_filter_status_v2(status)
    one.delete_filter_v2(made)


def staff(one: Any, cast: Any) -> None:
    bob = cast.bob_id
    since, until_then = datetime.now(UTC) - timedelta(days=2), datetime.now(UTC)
    assert {row["username"] for row in one.admin_accounts()} >= {"bob"}
    assert one.admin_accounts_v1() is not None
    assert one.admin_accounts_v2(origin="local")
    assert one.admin_account(bob).username == "bob"
    for action, undo in (("silence", "unsilence"), ("sensitive", "unsensitive"), ("disable", "enable")):
        one.admin_account_moderate(bob, action)
        assert getattr(one, f"admin_account_{undo}")(bob).username == "bob"
    one.admin_account_moderate(bob, "suspend")
    assert one.admin_account_unsuspend(bob).username == "bob"
    report = cast.carol.report(bob, comment="rude")
    assert [row.id for row in one.admin_reports()] == [report.id] == [one.admin_report(report).id]
    for verb in ("assign", "unassign", "resolve", "reopen"):
        assert getattr(one, f"admin_report_{verb}")(report).id == report.id
    block = one.admin_create_domain_block("loud.example", severity="silence")
    assert one.admin_domain_blocks(block.id).domain == one.admin_domain_blocks()[0].domain == "loud.example"
    assert one.admin_update_domain_block(block, severity="suspend").severity == "suspend"
    one.admin_delete_domain_block(block)
    allow = one.admin_create_domain_allow("friends.example")
    assert one.admin_domain_allow(allow).id == one.admin_domain_allows()[0].id
    one.admin_delete_domain_allow(allow)
    mail = one.admin_create_email_domain_block("spam.example")
    assert one.admin_email_domain_block(mail).id == one.admin_email_domain_blocks()[0].id
    one.admin_delete_email_domain_block(mail)
    network = one.admin_create_ip_block("192.0.2.0/24", "sign_up_block")
    assert one.admin_ip_block(network).id == one.admin_ip_blocks()[0].id
    assert one.admin_update_ip_block(network, comment="ours").comment == "ours"
    one.admin_delete_ip_block(network)
    address = one.admin_create_canonical_email_block(email="a@spam.example")
    assert one.admin_canonical_email_block(address).id == one.admin_canonical_email_blocks()[0].id
    assert one.admin_test_canonical_email_block("a@spam.example")
    one.admin_delete_canonical_email_block(address)
    for name in ("links", "statuses", "tags"):
        assert isinstance(getattr(one, f"admin_trending_{name}")(), list)
    assert one.admin_measures(since, until_then, active_users=True, new_users=True)
    assert one.admin_dimensions(since, until_then, languages=True)
    assert one.admin_retention(since, until_then)
    assert cast.node.command("account", "create", "gone", "--password", "gone likes linnets")
    gone = one.account_lookup("gone")
    one.admin_account_moderate(gone, "suspend")
    one.admin_account_delete(gone)
    assert isinstance(one.announcements(), list)
    for call in (
        lambda: one.announcement_dismiss(1),
        lambda: one.announcement_reaction_create(1, "👍"),
        lambda: one.announcement_reaction_delete(1, "👍"),
    ):
        with pytest.raises(MastodonNotFoundError):
            call()


def streams(one: Any, cast: Any) -> None:
    heard: list[str] = []

    class Ear(StreamListener):
        def on_update(self, status: Any) -> None:
            heard.append(status.content)

    friends = one.list_create("friends")
    for name, given in (
        ("user", ()),
        ("user_notifications", ()),
        ("public", ()),
        ("direct", ()),
        ("hashtag", ("linnets",)),
        ("list", (friends,)),
    ):
        before = len(heard)
        arguments = (*given, Ear()) if name != "list" else (friends, Ear())
        stream = getattr(one, f"stream_{name}")(*arguments, run_async=True)
        if name in ("user", "public", "hashtag"):

            def told() -> bool:
                one.status_post(f"#linnets {word()}")
                return len(heard) > before  # noqa: B023

            until(told, what=f"the stream {name} tells of it")
        stream.close()


CHAPTERS = (
    chapters.trends,
    the_instance,
    accounts,
    posts,
    timelines,
    notifications,
    filters,
    chapters.collections,
    staff,  # who is suspended is signed out
    streams,
    chapters.newcomers,
    chapters.other_sites,
    chapters.at_home,
)


def test_each_method_does_what_it_says_and_none_is_left_out_unsaid(cast: Cast) -> None:
    for chapter in CHAPTERS:
        chapter(cast.alice, cast)
    _sign_in_and_out(cast)
    public = {name for name, _ in inspect.getmembers(Mastodon, inspect.isfunction) if not name.startswith("_")}

    assert public - cast.called - NOT_CALLED.keys() == set()
    assert NOT_CALLED.keys() <= public


def _sign_in_and_out(cast: Cast) -> None:
    """The token of an app is given back; nothing opens with it any more."""
    base_url, nowhere = cast.node.base_url, "urn:ietf:wg:oauth:2.0:oob"
    client_id, client_secret = Mastodon.create_app("Mastodon.py", redirect_uris=nowhere, api_base_url=base_url)
    cast.called.add("create_app")
    client = Recorder(Mastodon(client_id, client_secret, api_base_url=base_url), cast.called)
    address = client.auth_request_url(redirect_uris=nowhere, allow_http=True)
    code = authorization_code(address, "bob@mail.test", "bob likes linnets")
    token = client.log_in(code=code, redirect_uri=nowhere, allow_http=True)
    assert client.me().username == "bob"

    client.revoke_access_token(allow_http=True)

    with pytest.raises(MastodonUnauthorizedError):
        cast.client(token).me()
