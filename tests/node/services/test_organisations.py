"""Organisations: who makes them, who becomes a member, what each role may do to the others, and how it ends."""

import pytest

from node import store
from node.errors import Forbidden, Invalid, NotFound
from node.models import (
    Account,
    Act,
    ActorKind,
    AuthorizationCode,
    Deed,
    MailNotice,
    MemberInvitation,
    MemberRole,
    Membership,
    Role,
    User,
)
from node.paging import Page
from node.services import accounts
from node.services.access import oauth, sessions, signed_in
from node.services.community import settings
from node.services.moderation import decisions as moderation
from node.services.moderation import members as staff_members
from node.services.moderation import roles
from node.services.organisations import deeds, invitations, making, members
from node.services.relationships import blocks
from tests.factories import Person, in_unit, make_person, make_remote, rsa_keys
from tests.factories_organisations import join, make_organisation

OWNER, EDITOR, WRITER = MemberRole.OWNER, MemberRole.EDITOR, MemberRole.WRITER


def make(person: Person, name: str = "society") -> Account:
    with in_unit():
        return making.make(person.user, name, "The Society", rsa_keys())


def invite(owner: Person, account_id: int, person: Person, role: MemberRole = EDITOR) -> int:
    """The invitation."""
    with in_unit():
        invitations.invite(owner.user.id, account_id, f"@{person.account.username}", role)
    return int(MemberInvitation.get(MemberInvitation.invited == person.account.id).id)


def acts(account_id: int) -> list[str]:
    return [row.act for row in deeds.page(account_id, Page(limit=40))][::-1]


# ── making ──


def test_who_makes_an_organisation_owns_it(alice: Person) -> None:
    account = make(alice)

    assert account.kind == ActorKind.ORGANIZATION
    assert account.display_name == "The Society"
    assert [(one.account.id, one.role) for one in members.of(account.id)] == [(alice.account.id, OWNER)]
    assert [place.role for place in members.places_of(alice.user.id)] == [MemberRole.SELF, OWNER]
    assert acts(account.id) == [Act.MADE]


def test_the_community_decides_who_makes_organisations(alice: Person) -> None:
    with store.transaction():
        settings.change({"organisations_from": "moderator"}, None)

    with pytest.raises(Forbidden, match="staff"):
        make(alice)
    assert make(make_person("mod", role=Role.MODERATOR)).is_local


def test_nobody_owns_more_than_a_few(alice: Person) -> None:
    for number in range(making.MAX_OWNED):
        make(alice, f"society{number}")

    with pytest.raises(Invalid, match="as many"):
        make(alice, "one_more")


@pytest.mark.parametrize("name", ["bob", "admin", "no name", "", "kept"])
def test_an_organisation_needs_a_name_that_is_free(alice: Person, bob: Person, name: str) -> None:
    with store.transaction():
        settings.change({"reserved_names": ["kept"]}, None)

    with pytest.raises(Invalid):
        make(alice, name)


# ── becoming a member ──


def test_somebody_is_asked_and_becomes_a_member_by_saying_yes(alice: Person, bob: Person) -> None:
    account = make(alice)

    invitation = invite(alice, account.id, bob)
    assert [one.account.id for one in invitations.to(bob.account.id)] == [account.id]
    with pytest.raises(NotFound):
        members.role_of(bob.user.id, account.id)

    with store.transaction():
        assert invitations.accept(bob.user.id, invitation) == account.id

    assert members.role_of(bob.user.id, account.id) is EDITOR
    assert invitations.to(bob.account.id) == []
    assert acts(account.id) == [Act.MADE, Act.INVITED, Act.JOINED]


def test_an_invitation_is_answered_by_whom_it_is_for_alone(alice: Person, bob: Person) -> None:
    account = make(alice)
    invitation = invite(alice, account.id, bob)

    for answer in (invitations.accept, invitations.decline):
        with pytest.raises(NotFound), store.transaction():
            answer(make_person().user.id, invitation)
    with store.transaction():
        invitations.decline(bob.user.id, invitation)
    with pytest.raises(NotFound), store.transaction():
        invitations.accept(bob.user.id, invitation)


def test_what_was_taken_back_cannot_be_accepted(alice: Person, bob: Person) -> None:
    account = make(alice)
    invitation = invite(alice, account.id, bob)

    with store.transaction():
        invitations.withdraw(alice.user.id, account.id, invitation)

    with pytest.raises(NotFound), store.transaction():
        invitations.accept(bob.user.id, invitation)


def test_asked_again_the_newest_role_counts(alice: Person, bob: Person) -> None:
    account = make(alice)
    invite(alice, account.id, bob)

    invitation = invite(alice, account.id, bob, WRITER)
    with store.transaction():
        invitations.accept(bob.user.id, invitation)

    assert members.role_of(bob.user.id, account.id) is WRITER


def test_only_people_of_this_node_are_invited(alice: Person, bob: Person) -> None:
    account, other = make(alice), make(alice, "other")
    make_remote("carol", "remote.test")
    disabled, blocking = make_person("dora"), make_person("emil")
    with in_unit():
        moderation.disable(disabled.user.id, None)
        blocks.block(blocking.account.id, account.id)

    for handle in ("nobody", "carol@remote.test", other.username, "dora", "emil", "", "@"):
        with pytest.raises(Invalid, match="nobody of this name"), store.transaction():
            invitations.invite(alice.user.id, account.id, handle, EDITOR)
    with pytest.raises(Invalid, match="no role"), store.transaction():
        invitations.invite(alice.user.id, account.id, "bob", MemberRole.SELF)
    with pytest.raises(Invalid, match="member already"), store.transaction():
        invitations.invite(alice.user.id, account.id, "alice", EDITOR)


@pytest.mark.parametrize("role", [EDITOR, WRITER, None])
def test_owners_alone_deal_with_members(alice: Person, bob: Person, role: MemberRole | None) -> None:
    account, carol = make(alice), make_person("carol")
    if role is not None:
        join(bob, account.id, role)
    join(carol, account.id, WRITER)
    refusal = NotFound if role is None else Forbidden
    who = bob.user.id

    for deed in (
        lambda: invitations.invite(who, account.id, make_person().account.username, EDITOR),
        lambda: invitations.withdraw(who, account.id, 1),
        lambda: members.change_role(who, account.id, carol.account.id, EDITOR),
        lambda: members.remove(who, account.id, carol.account.id),
    ):
        with pytest.raises(refusal), store.transaction():
            deed()

    with store.transaction():
        members.change_role(alice.user.id, account.id, carol.account.id, EDITOR)
        members.remove(alice.user.id, account.id, carol.account.id)
    with pytest.raises(NotFound):
        members.role_of(carol.user.id, account.id)


# ── the last owner ──


def test_the_last_owner_stays_until_there_is_another(alice: Person, bob: Person) -> None:
    account = make(alice)
    join(bob, account.id, EDITOR)

    for deed in (
        lambda: members.leave(alice.user.id, account.id),
        lambda: members.remove(alice.user.id, account.id, alice.account.id),
        lambda: members.change_role(alice.user.id, account.id, alice.account.id, EDITOR),
        lambda: members.refuse_last_owner(alice.user.id),
    ):
        with pytest.raises(Invalid, match="last owner"), store.transaction():
            deed()
    with store.transaction():
        members.change_role(alice.user.id, account.id, bob.account.id, OWNER)
        members.refuse_last_owner(alice.user.id)
        members.leave(alice.user.id, account.id)

    assert [one.account.id for one in members.of(account.id)] == [bob.account.id]


def test_whoever_is_deleted_hands_over(alice: Person, bob: Person) -> None:
    account = make(alice)
    join(make_person("carol"), account.id, WRITER)
    join(bob, account.id, EDITOR)

    with store.transaction():
        moderation.delete(alice.account.id, None)

    assert members.role_of(bob.user.id, account.id) is OWNER
    assert User.get_or_none(User.id == alice.user.id) is None
    assert [one.account.username for one in members.of(account.id)] == ["bob", "carol"]


def test_an_organisation_that_is_deleted_leaves_its_members_their_own(alice: Person, bob: Person) -> None:
    society = make_organisation(alice)
    join(bob, society.account.id, WRITER)
    invite(alice, society.account.id, make_person("carol"))
    token = sessions.open(society.user, society.account, "", "")

    with store.transaction():
        accounts.delete_local(society.account.id)

    assert {place.account.username for place in members.places_of(alice.user.id)} == {"alice"}
    assert Membership.select().where(Membership.account == society.account.id).count() == 0
    assert MemberInvitation.select().count() == Deed.select().where(Deed.account == society.account.id).count() == 0
    found = sessions.by_token(token)
    assert found is not None
    assert found.account.id == alice.account.id


# ── acting ──


def test_a_browser_acts_as_one_account_at_a_time(alice: Person) -> None:
    society = make_organisation(alice)
    token = sessions.open(alice.user, alice.account, "", "")
    before = sessions.by_token(token)
    assert before is not None
    assert (before.capacity.accounts, before.capacity.by) == (2, None)

    with store.transaction():
        sessions.switch(alice.user.id, before.session.id, society.account.id)

    after = sessions.by_token(token)
    assert after is not None
    assert after.account.id == society.account.id
    assert (after.capacity.role, after.capacity.by) == (OWNER, alice.account.id)


def test_nobody_switches_to_an_account_of_others(alice: Person, bob: Person) -> None:
    society = make_organisation(alice)
    found = sessions.by_token(sessions.open(bob.user, bob.account, "", ""))
    assert found is not None

    for other in (society.account.id, alice.account.id, 1):
        with pytest.raises(Forbidden), store.transaction():
            sessions.switch(bob.user.id, found.session.id, other)


def test_nobody_signs_in_by_the_name_of_an_organisation(alice: Person, unit: None) -> None:
    make_organisation(alice)

    assert sessions.authenticate("society") is None
    found = sessions.authenticate("alice")
    assert found is not None
    assert found.id == alice.user.id


def test_staff_acts_as_persons_alone(unit: None) -> None:
    ada = make_person("ada", role=Role.ADMIN)
    society = make_organisation(ada)

    assert roles.of(society.account.id) is Role.USER
    assert roles.accounts_with(Role.MODERATOR) == [ada.account.id]
    assert staff_members.of([society.account])[0].user is None


@pytest.mark.parametrize("end", ["removed", "left", "disabled", "suspended", "deleted", "organisation suspended"])
def test_who_is_a_member_no_more_loses_access_at_once(alice: Person, bob: Person, end: str) -> None:
    make_organisation(alice)
    account = accounts.find("society")
    assert account is not None
    member = join(bob, account.id, EDITOR)
    app, _ = oauth.register_app("Tester", [oauth.OUT_OF_BAND], "read")
    _, token = oauth.token_for(member.user, member.account, "Script", "read")
    wish = oauth.Wish(client_id=app.client_id, redirect_uri=oauth.OUT_OF_BAND)
    oauth.grant_code(wish, bob.user.id, account.id)
    browser = sessions.open(member.user, member.account, "", "")
    MailNotice.create(account=account.id, user=bob.user.id, kinds="mention", due_at=0)
    assert oauth.identify(token) is not None

    with store.transaction():
        match end:
            case "removed":
                members.remove(alice.user.id, account.id, bob.account.id)
            case "left":
                members.leave(bob.user.id, account.id)
            case "disabled":
                moderation.disable(bob.user.id, None)
            case "suspended":
                moderation.suspend(bob.account.id, None)
            case "deleted":
                moderation.delete(bob.account.id, None)
            case _:
                moderation.suspend(account.id, None)

    assert oauth.identify(token) is None
    found = sessions.by_token(browser)
    assert found is None or found.account.id == bob.account.id
    assert (found is not None) is (end in ("removed", "left", "organisation suspended"))
    assert AuthorizationCode.select().where(AuthorizationCode.account == account.id).count() == 0 or end in (
        "disabled",
        "suspended",
    )
    if end != "disabled":
        assert MailNotice.select().count() == 0
    capacity = signed_in.person(alice.user.id, account.id)
    assert capacity is not None


def test_codes_and_tokens_are_for_accounts_of_the_login(alice: Person, bob: Person) -> None:
    society = make_organisation(alice)
    app, _ = oauth.register_app("Tester", [oauth.OUT_OF_BAND], "read")
    wish = oauth.Wish(client_id=app.client_id, redirect_uri=oauth.OUT_OF_BAND)

    with pytest.raises(Forbidden), store.transaction():
        oauth.grant_code(wish, bob.user.id, society.account.id)
    with store.transaction():
        code = oauth.grant_code(wish, alice.user.id, society.account.id)
        _, text = oauth.exchange(app, code, oauth.OUT_OF_BAND)

    found = oauth.identify(text)
    assert found is not None
    assert found.account_id == society.account.id


def test_a_code_of_a_disabled_login_gives_a_token_that_is_worth_nothing(alice: Person, bob: Person) -> None:
    member = join(bob, make_organisation(alice).account.id, EDITOR)
    app, _ = oauth.register_app("Tester", [oauth.OUT_OF_BAND], "read")
    wish = oauth.Wish(client_id=app.client_id, redirect_uri=oauth.OUT_OF_BAND)
    with store.transaction():
        code = oauth.grant_code(wish, bob.user.id, member.account.id)
        moderation.disable(bob.user.id, None)
        _, text = oauth.exchange(app, code, oauth.OUT_OF_BAND)

    with pytest.raises(Forbidden, match="disabled"):
        oauth.identify(text)


def test_deeds_go_after_a_year(alice: Person, unit: None) -> None:
    society = make_organisation(alice)
    deeds.record(society.account.id, alice.account.id, Act.POSTED, status_id=1)
    assert deeds.forget_old() == 0
    Deed.update(created_at=1).execute()

    assert deeds.forget_old() == 1
