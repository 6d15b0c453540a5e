"""Everything that people set for themselves."""

from typing import Any

import pyotp
import pytest

from node import clock, passwords, site, store
from node.jobs import JobKind
from node.models import Account, Invite, RecoveryCode, Role, Session, Token, User, Visibility
from node.services.access import attempts, invites, preferences, two_factor
from node.services.community import settings
from node.services.relationships import blocks, mutes
from node.services.relationships import domain_blocks as account_domain_blocks
from node.services.statuses import cards
from node.services.statuses.cards import CardFacts
from tests.factories import PASSWORD, Person, in_unit, make_person, payload_of, waiting_jobs
from tests.node.media.pictures import animation, opened, picture
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor

PAGES = (
    "/settings",
    "/settings/profile",
    "/settings/privacy",
    "/settings/interactions",
    "/settings/appearance",
    "/settings/posting",
    "/settings/notifications",
    "/settings/account",
    "/settings/account/delete",
    "/settings/deletion",
    "/settings/moving",
    "/settings/sessions",
    "/settings/two-factor",
    "/settings/passkeys",
    "/settings/apps",
    "/settings/invites",
    "/settings/filters",
    "/settings/filters/new",
    "/settings/hidden",
)
FORMS = (
    "/settings/profile",
    "/settings/privacy",
    "/settings/interactions",
    "/settings/profile/tags",
    "/settings/appearance",
    "/settings/posting",
    "/settings/notifications",
    "/settings/notifications/mail",
    "/settings/account/email",
    "/settings/account/password",
    "/settings/account/delete",
    "/settings/deletion",
    "/settings/moving/name",
    "/settings/moving/aliases",
    "/settings/moving/aliases/remove",
    "/settings/moving/move",
    "/settings/moving/stay",
    "/settings/sessions/1/end",
    "/settings/sessions/end-others",
    "/settings/two-factor/begin",
    "/settings/two-factor/confirm",
    "/settings/two-factor/codes",
    "/settings/two-factor/disable",
    "/settings/passkeys",
    "/settings/passkeys/begin",
    "/settings/passkeys/1/remove",
    "/settings/apps",
    "/settings/apps/1/revoke",
    "/settings/invites",
    "/settings/invites/1/expire",
    "/settings/filters",
    "/settings/filters/1",
    "/settings/filters/1/show",
    "/settings/filters/1/delete",
)
SCRIPT = "<script>alert(1)</script>\" onfocus='x"


@pytest.fixture(autouse=True)
def forgiven() -> None:
    attempts.forget()


def fresh(person: Person) -> User:
    return User.get_by_id(person.user.id)


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_is_for_who_is_signed_in_and_kept_nowhere(
    visitor: Visitor, reader: Visitor, path: str
) -> None:
    page, refused = await reader.get(path), await visitor.get(path)

    assert page.status == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert refused.location == f"/auth/sign-in?next={path}"


@pytest.mark.parametrize("path", FORMS)
async def test_each_form_must_be_ours_and_of_somebody(visitor: Visitor, reader: Visitor, path: str) -> None:
    assert (await reader.post(path, {"password": PASSWORD})).status == 403
    assert (await visitor.post(path)).location == "/auth/sign-in?next=/home"
    assert Session.select().count() == 1


async def test_settings_begin_with_a_way_to_each_of_them(reader: Visitor) -> None:
    page = await reader.get("/settings")

    paths = [str(link.attributes["href"]) for link in page.tree.css("main a")]
    assert "/statistics" in paths
    assert {(path, (await reader.get(path)).status) for path in paths} == {(path, 200) for path in paths}


async def test_an_apps_token_opens_no_settings(client: Client, alice: Person, as_person: Any) -> None:
    response = await client.get("/settings/account", headers=as_person(alice))

    assert response.status == 303


# ── profile ──


async def test_a_profile_is_saved_with_its_lines(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/profile")

    page = await reader.send(
        form,
        "/settings/profile",
        display_name="Alice A.",
        note="I draw maps. #maps",
        field_name=["Site", "", "Pronouns"],
        field_value=["https://alice.test", "", "she"],
    )

    account = Account.get_by_id(alice.account.id)
    assert page.location == "/settings/profile"
    assert (account.display_name, account.note_source) == ("Alice A.", "I draw maps. #maps")
    # What the page does not ask about stays.
    assert (account.locked, account.indexable) == (alice.account.locked, alice.account.indexable)
    shown = await reader.follow(page)
    assert "Your profile is saved." in shown.words("[role=status]")
    values = [node.attributes.get("value") for node in shown.tree.css('[name="field_value"]')]
    assert values[:3] == ["https://alice.test", "she", ""]


async def test_who_finds_and_follows_somebody_is_saved(reader: Visitor, alice: Person) -> None:
    page = await reader.get("/settings/privacy")

    saved = await reader.send(page, "/settings/privacy", locked="on", hide_collections="on", discoverable=None)

    account = Account.get_by_id(alice.account.id)
    assert saved.location == "/settings/privacy"
    assert (account.locked, account.hide_collections, account.discoverable) == (True, True, False)
    assert account.display_name == alice.account.display_name
    shown = await reader.follow(saved)
    assert [node.attributes["name"] for node in shown.tree.css("[role=switch][checked]")] == [
        "locked",
        "hide_collections",
        "show_media",
        "show_media_replies",
        "show_featured",
    ]


async def test_sites_that_may_name_an_author_are_kept(reader: Visitor, alice: Person) -> None:
    page = await reader.get("/settings/privacy")
    await reader.send(page, "/settings/privacy", attribution_domains="https://blog.example/\nnews.example")
    wrong = await reader.send(page, "/settings/privacy", attribution_domains="!")

    assert Account.get_by_id(alice.account.id).attribution_domains == '["blog.example","news.example"]'
    assert "is not a domain" in wrong.error("attribution_domains")


async def test_sites_whose_pages_name_somebody_are_told_until_they_may(reader: Visitor, alice: Person) -> None:
    with in_unit():
        for page in ("https://blog.example/1", "https://blog.example/2", "https://www.news.example/"):
            card_id = cards.of_words(f'<a href="{page}">Read</a>', Visibility.PUBLIC, has_media=False)
            assert card_id is not None
            cards.receive(card_id, CardFacts(url=page, title="A page", author_id=alice.account.id))

    page = await reader.get("/settings/privacy")
    await reader.send(page, "/settings/privacy", attribution_domains="news.example")
    after = await reader.get("/settings/privacy")

    assert "name you as an author: www.news.example, blog.example" in page.text
    assert "name you as an author: blog.example" in after.text


async def test_pictures_are_stored_and_taken_away(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/profile")
    await reader.send(
        form, "/settings/profile", avatar=picture(".png"), avatar_description="A lighthouse", header=picture(".png")
    )
    with_picture = Account.get_by_id(alice.account.id)

    await reader.send(await reader.get("/settings/profile"), "/settings/profile", remove_avatar="on")
    without = Account.get_by_id(alice.account.id)

    assert with_picture.avatar_key.startswith("avatars/")
    assert with_picture.avatar_description == "A lighthouse"
    assert (without.avatar_key, without.header_key) == ("", with_picture.header_key)


async def test_a_moving_picture_rests_on_its_first_frame(reader: Visitor, alice: Person, client: Client) -> None:
    form = await reader.get("/settings/profile")
    await reader.send(form, "/settings/profile", avatar=animation(".gif"), header=animation(".gif"))

    page = await reader.get("/@alice")

    for selector in ("main .av", ".banner img"):
        shown = page.tree.css_first(selector).attributes
        for name, frames in (("src", 1), ("data-moving", 3)):
            file = await client.get(str(shown[name]).removeprefix("https://a.test"))
            assert opened(await file.read()).get_n_pages() == frames
    face = page.tree.css_first("main .av").attributes
    await reader.send(await reader.get("/settings/profile"), "/settings/profile", remove_avatar="on")
    assert "data-moving" not in (await reader.get("/@alice")).tree.css_first("main .phead .av").attributes
    for name in ("src", "data-moving"):  # both files go
        assert (await client.get(str(face[name]).removeprefix("https://a.test"))).status == 404


async def test_what_is_no_picture_is_refused_and_the_rest_stays_typed(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/profile")

    page = await reader.send(form, "/settings/profile", display_name="New", avatar=b"<svg onload=alert(1)>")

    assert page.status == 422
    assert page.words(".error")
    assert page.value("display_name") == "New"
    assert Account.get_by_id(alice.account.id).display_name == ""


async def test_a_profile_that_is_too_long_changes_nothing(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/profile")

    page = await reader.send(form, "/settings/profile", display_name="x" * 51, note="short", locked="on")

    assert page.status == 422
    assert page.error("display_name") == "This is too long (maximum is 50 characters)."
    assert page.value("note") == "short"
    assert not Account.get_by_id(alice.account.id).locked


async def test_whatever_is_typed_into_a_profile_is_text(reader: Visitor) -> None:
    form = await reader.get("/settings/profile")

    page = await reader.follow(
        await reader.send(
            form,
            "/settings/profile",
            display_name=SCRIPT,
            note=SCRIPT,
            avatar_description=SCRIPT,
            field_name=[SCRIPT],
            field_value=[SCRIPT],
        )
    )

    assert page.value("display_name") == SCRIPT
    assert page.value("note") == SCRIPT
    assert page.value("field_value") == SCRIPT
    assert all(node.attributes.get("src") for node in page.tree.css("script"))
    assert not page.tree.css("[onfocus]")


# ── preferences ──


async def test_appearance_is_kept_and_shows_at_once(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/appearance")

    page = await reader.follow(
        await reader.send(
            form, "/settings/appearance", theme="dark", text_size="120", font="serif", more_contrast="on"
        )
    )

    chosen = preferences.of(fresh(alice))
    assert (chosen.theme, chosen.text_size, chosen.font, chosen.more_contrast) == ("dark", 120, "serif", True)
    html = page.tree.css_first("html")
    assert html is not None
    assert html.attributes["data-theme"] == "dark"


@pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"text_size": "9000"}, {"text_size": "x"}, {"font": "<b>"}])
async def test_what_cannot_be_chosen_changes_nothing(reader: Visitor, alice: Person, wrong: dict[str, str]) -> None:
    form = await reader.get("/settings/appearance")

    page = await reader.send(form, "/settings/appearance", **({"density": "compact"} | wrong))

    assert page.status == 422
    assert page.error()
    assert fresh(alice).preferences == "{}"


async def test_posting_defaults_are_kept(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/posting")
    await reader.send(
        form,
        "/settings/posting",
        posting_visibility="private",
        posting_language="de",
        posting_content_type="text/markdown",
        reading_expand_media="show_all",
        posting_sensitive="on",
    )

    chosen = preferences.of(fresh(alice))
    assert (chosen.posting_visibility, chosen.posting_language) == ("private", "de")
    assert (chosen.posting_content_type, chosen.reading_expand_media) == ("text/markdown", "show_all")
    assert (chosen.posting_sensitive, chosen.reading_expand_spoilers) == (True, False)

    await reader.send(
        await reader.get("/settings/posting"), "/settings/posting", posting_visibility="", posting_language=""
    )
    assert preferences.of(fresh(alice)).posting_visibility is None


async def test_older_posts_and_moving_pictures_wait_for_who_wants_that(reader: Visitor, alice: Person) -> None:
    before = await reader.get("/settings/posting")
    await reader.send(before, "/settings/posting", reading_endless=None, reading_autoplay_gifs="on")

    after = await reader.get("/home")

    assert not {"data-paged", "data-moves"} & set(before.tree.css_first("body").attributes)
    assert {"data-paged", "data-moves"} <= set(after.tree.css_first("body").attributes)
    assert preferences.of(fresh(alice)).reading_endless is False


# ── account ──


async def test_a_new_address_is_asked_whether_it_is_theirs(
    reader: Visitor, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "sends_mail", True)
    form = await reader.get("/settings/account")

    page = await reader.follow(
        await reader.send(form, "/settings/account/email", email="new@mail.test", password=PASSWORD)
    )

    assert "new@mail.test" in page.words(".notice")
    assert fresh(alice).email == "alice@mail.test"
    assert payload_of(waiting_jobs(JobKind.SEND_MAIL)[0])["to"] == "new@mail.test"


async def test_without_mail_an_address_is_changed_at_once(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/account")

    await reader.send(form, "/settings/account/email", email="new@mail.test", password=PASSWORD)

    assert fresh(alice).email_key == "new@mail.test"


async def test_an_address_needs_the_password_and_to_be_one(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/account")

    wrong = await reader.send(form, "/settings/account/email", email="new@mail.test", password="guess")
    none = await reader.send(form, "/settings/account/email", email="nothing", password=PASSWORD)

    assert (wrong.status, none.status) == (422, 422)
    assert wrong.value("email") == "new@mail.test"
    assert none.error("email") == "This is not an e-mail address."
    assert fresh(alice).email == "alice@mail.test"


async def test_a_new_password_signs_everything_else_out(
    reader: Visitor, client: Client, alice: Person, token: Any
) -> None:
    other, _ = Visitor(client).sign_in(alice), token(alice)
    form = await reader.get("/settings/account")

    page = await reader.send(form, "/settings/account/password", old_password=PASSWORD, password="a new one, long")

    assert page.location == "/settings/account"
    assert passwords.verify(fresh(alice).password_hash, "a new one, long")
    assert (await reader.get("/settings/account")).status == 200
    assert (await other.get("/settings/account")).status == 303
    assert not Token.select().exists()


async def test_a_new_password_needs_the_old_one(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/account")

    page = await reader.send(form, "/settings/account/password", old_password="guess", password="a new one, long")
    short = await reader.send(form, "/settings/account/password", old_password=PASSWORD, password="short")

    assert page.error("old_password") == "This is not your password."
    assert short.error("password") == "A password needs 8 characters at least."
    assert passwords.verify(fresh(alice).password_hash, PASSWORD)


async def test_guessing_the_password_of_an_open_session_comes_to_an_end(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/account/delete")
    for _ in range(10):
        await reader.send(form, "/settings/account/delete", password="guess")

    page = await reader.send(form, "/settings/account/delete", password=PASSWORD)

    assert page.status == 429
    assert Account.get_by_id(alice.account.id).deleted_at is None


async def test_an_account_is_deleted_with_its_password(reader: Visitor, alice: Person) -> None:
    form = await reader.get("/settings/account/delete")
    assert "nobody will ever have the name @alice here again" in form.words(".lead")

    wrong = await reader.send(form, "/settings/account/delete", password="guess")
    page = await reader.send(form, "/settings/account/delete", password=PASSWORD)

    assert wrong.error("password") == "This is not your password."
    assert page.location == "/"
    assert not reader.is_signed_in
    assert Account.get_by_id(alice.account.id).deleted_at is not None
    assert len(waiting_jobs(JobKind.SEND_ACCOUNT_DELETE)) == 1


async def test_the_last_administrator_cannot_leave(client: Client) -> None:
    admin = make_person("ada", role=Role.ADMIN)
    visitor = Visitor(client).sign_in(admin)

    form = await visitor.get("/settings/account/delete")
    page = await visitor.send(form, "/settings/account/delete", password=PASSWORD)

    assert page.status == 422
    assert "last administrator" in page.error()
    assert Account.get_by_id(admin.account.id).deleted_at is None


# ── sessions and apps ──


async def test_sessions_are_listed_and_ended(reader: Visitor, client: Client, alice: Person) -> None:
    other = Visitor(client).sign_in(alice)
    last = Session.select().order_by(Session.id.desc()).first()
    page = await reader.get("/settings/sessions")

    await reader.press(page, f"/settings/sessions/{last.id}/end")

    listed = [" ".join(row.text().split()) for row in page.tree.css(".rows li")]
    assert sorted("This one" in row for row in listed) == [False, True]
    assert all("a browser" in row and "127.0.0.1" in row and "since" in row for row in listed)
    assert (await other.get("/settings/sessions")).status == 303
    assert (await reader.get("/settings/sessions")).status == 200


async def test_all_other_sessions_end_together(reader: Visitor, client: Client, alice: Person) -> None:
    others = [Visitor(client).sign_in(alice) for _ in range(3)]

    await reader.press(await reader.get("/settings/sessions"), "/settings/sessions/end-others")

    assert [(await other.get("/settings/sessions")).status for other in others] == [303] * 3
    assert Session.select().count() == 1


async def test_sessions_of_others_do_not_exist(reader: Visitor, other: Visitor, bob: Person) -> None:
    theirs = Session.get(Session.user == bob.user.id)
    page = await reader.get("/settings/account")

    fields = {"csrf": page.value("csrf")}
    missing = await reader.post("/settings/sessions/1/end", fields)
    foreign = await reader.post(f"/settings/sessions/{theirs.id}/end", fields)

    assert (missing.status, foreign.status) == (404, 404)
    assert missing.words("main") == foreign.words("main")
    assert (await other.get("/settings/sessions")).status == 200


async def test_an_app_is_listed_with_what_it_may_do_and_its_access_taken_back(
    reader: Visitor, alice: Person, token: Any
) -> None:
    token(alice, "read write:statuses")
    row = Token.get()
    page = await reader.get("/settings/apps")
    assert "Tester" in page.words(".rows")
    assert "Post, edit, boost and delete for you" in page.words(".grants")

    await reader.press(page, f"/settings/apps/{row.id}/revoke")

    assert not Token.select().exists()


async def test_apps_of_others_stay_as_they_are(reader: Visitor, bob: Person, token: Any) -> None:
    token(bob)
    page = await reader.get("/settings/account")

    await reader.post(f"/settings/apps/{Token.get().id}/revoke", {"csrf": page.value("csrf")})

    assert Token.select().count() == 1


# ── the second factor ──


async def begin(reader: Visitor) -> tuple[Any, pyotp.TOTP]:
    page = await reader.send(await reader.get("/settings/two-factor"), "/settings/two-factor/begin")
    secret = page.tree.css_first("#secret")
    assert secret is not None
    assert page.tree.css_first(".qrbox svg") is not None
    return page, pyotp.TOTP(str(secret.attributes["value"]))


async def test_a_second_factor_is_set_up_with_a_code(reader: Visitor, alice: Person) -> None:
    page, totp = await begin(reader)

    codes = await reader.send(page, "/settings/two-factor/confirm", code=totp.now())

    assert codes.status == 200
    assert len(codes.tree.css(".codes li")) == two_factor.RECOVERY_CODES
    assert two_factor.is_enabled(fresh(alice))
    assert "10 recovery codes" in (await reader.get("/settings/two-factor")).words(".notice")


async def test_a_wrong_code_shows_the_same_secret_again(reader: Visitor, alice: Person) -> None:
    page, totp = await begin(reader)

    again = await reader.send(page, "/settings/two-factor/confirm", code="no code")

    assert again.status == 422
    assert again.error("code")
    secret = again.tree.css_first("#secret")
    assert secret is not None
    assert secret.attributes["value"] == totp.secret
    assert not two_factor.is_enabled(fresh(alice))


async def test_nothing_is_confirmed_that_was_not_begun(reader: Visitor) -> None:
    form = await reader.get("/settings/two-factor")

    page = await reader.post("/settings/two-factor/confirm", {"csrf": form.value("csrf"), "code": "123456"})

    assert page.status == 422
    assert not RecoveryCode.select().exists()


async def test_new_codes_and_switching_off_need_the_password(reader: Visitor, alice: Person) -> None:
    page, totp = await begin(reader)
    await reader.send(page, "/settings/two-factor/confirm", code=totp.now())
    old = {row.code_hash for row in RecoveryCode.select()}
    form = await reader.get("/settings/two-factor")

    assert (await reader.send(form, "/settings/two-factor/codes", password="guess")).status == 422
    assert (await reader.send(form, "/settings/two-factor/disable", password="guess")).status == 422
    assert {row.code_hash for row in RecoveryCode.select()} == old

    await reader.send(form, "/settings/two-factor/codes", password=PASSWORD)
    assert not {row.code_hash for row in RecoveryCode.select()} & old

    await reader.send(form, "/settings/two-factor/disable", password=PASSWORD)
    assert not two_factor.is_enabled(fresh(alice))
    assert not RecoveryCode.select().exists()


async def test_who_has_a_second_factor_does_not_begin_another(reader: Visitor, alice: Person) -> None:
    page, totp = await begin(reader)
    await reader.send(page, "/settings/two-factor/confirm", code=totp.now())

    again = await reader.post("/settings/two-factor/begin", {"csrf": page.value("csrf")})

    assert again.status == 422
    assert fresh(alice).totp_secret == totp.secret


# ── invitations ──


async def test_people_invite_where_the_community_lets_them(reader: Visitor) -> None:
    with store.transaction():
        settings.change({"invites_from": "user"}, None)
    page = await reader.send(await reader.get("/settings/invites"), "/settings/invites", max_uses="5", ttl="86400")

    invite = Invite.get()
    assert invite.max_uses == 5
    assert 0 < (invite.expires_at or 0) - clock.now_ms() <= clock.DAY
    listed = await reader.follow(page)
    assert f"{site.base_url}/invite/{invite.code}" in listed.words(".rows")

    await reader.press(listed, f"/settings/invites/{invite.id}/expire")
    assert "Over" in (await reader.get("/settings/invites")).words(".rows")


async def test_elsewhere_they_are_told_who_does(reader: Visitor) -> None:
    page = await reader.get("/settings/invites")
    tried = await reader.post("/settings/invites", {"csrf": page.value("csrf"), "max_uses": "", "ttl": "0"})

    assert "Only the staff" in page.words("main")
    assert tried.status == 403
    assert not Invite.select().exists()


@pytest.mark.parametrize(
    "typed", [{"max_uses": "x"}, {"max_uses": "0"}, {"max_uses": "9" * 30}, {"ttl": "-1"}, {"ttl": ""}]
)
async def test_odd_invitations_are_refused(reader: Visitor, typed: dict[str, str]) -> None:
    with store.transaction():
        settings.change({"invites_from": "user"}, None)

    page = await reader.send(await reader.get("/settings/invites"), "/settings/invites", **typed)

    assert page.status == 422
    assert page.error()
    assert not Invite.select().exists()


async def test_invitations_of_others_do_not_exist(reader: Visitor) -> None:
    with store.transaction():
        invite = invites.create(make_person("ada", role=Role.ADMIN).account)
    page = await reader.get("/settings/invites")

    answer = await reader.post(f"/settings/invites/{invite.id}/expire", {"csrf": page.value("csrf")})

    assert answer.status == 404
    assert (Invite.get().expires_at or 0) > clock.now_ms()


# ── what is hidden ──


async def test_muted_blocked_and_hidden_are_listed(reader: Visitor, alice: Person, bob: Person, remote: Any) -> None:
    carol = remote("carol")
    with store.transaction():
        mutes.mute(alice.account.id, bob.account.id, duration_seconds=3600)
        blocks.block(alice.account.id, carol.id)
        account_domain_blocks.add(alice.account.id, "loud.test")

    page = await reader.get("/settings/hidden")

    words = page.words("main")
    assert all(text in words for text in ("bob", "@carol@remote.test", "loud.test"))


async def test_where_nothing_is_hidden_the_page_says_so(reader: Visitor) -> None:
    assert "Nobody." in (await reader.get("/settings/hidden")).words("main")
