"""What the staff decides about people here, what they are told of it, and what they say to it."""

import pytest

from node import clock, site
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind
from node.models import (
    Account,
    AccountWarning,
    Appeal,
    AppealState,
    AuditEntry,
    Decision,
    MediaAttachment,
    Notification,
    NotificationKind,
    Role,
    Status,
    StatusEdit,
    Tombstone,
    User,
    WarningAction,
)
from node.paging import Page
from node.services.accounts import view as account_view
from node.services.moderation import account_warnings, appeals, decisions, evidence, judging, reports, warning_rows
from node.services.moderation.account_warnings import Notice
from node.services.moderation.reports import Complaint
from node.services.notifications import policy as notification_policy
from node.services.notifications import telling as notifications
from tests.factories import Person, befriend, make_person, make_remote, payload_of, waiting_jobs
from tests.factories_posts import make_media, make_status

pytestmark = pytest.mark.usefixtures("unit")

OF_ACCOUNT = [
    (WarningAction.SILENCE, Account, "silenced_at"),
    (WarningAction.SENSITIVE, Account, "sensitized_at"),
    (WarningAction.SUSPEND, Account, "suspended_at"),
    (WarningAction.DISABLE, User, "disabled_at"),
]


@pytest.fixture
def mod(unit: None) -> Account:
    return make_person("mod", role=Role.MODERATOR).account


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "sends_mail", True)


def judge(
    person: Person, action: WarningAction, by: Account | None, text: str = "Be kind.", **notice: object
) -> None:
    judging.judge(person.account.id, action, Notice(text=text, **notice), by)  # type: ignore[arg-type]


def is_marked(person: Person, model: type, column: str) -> bool:
    row_id = person.user.id if model is User else person.account.id
    return getattr(model.get_by_id(row_id), column) is not None  # type: ignore[attr-defined]


def told(person: Person) -> list[str]:
    return [row.kind for row in notifications.page(person.account.id, Page(limit=10))]


def letters() -> list[dict[str, str]]:
    return [payload_of(job) for job in waiting_jobs(JobKind.SEND_MAIL)]


@pytest.mark.parametrize(("action", "model", "column"), OF_ACCOUNT)
def test_a_decision_is_told_with_its_reason_and_once(
    alice: Person, mod: Account, action: WarningAction, model: type, column: str
) -> None:
    judge(alice, action, mod)
    judge(alice, action, mod, "Once more.")

    (row,) = AccountWarning.select()
    assert (row.account_id, row.target_id, row.action, row.text) == (mod.id, alice.account.id, action, "Be kind.")
    assert is_marked(alice, model, column)
    (notification,) = Notification.select()
    assert (notification.kind, notification.sender_id, notification.warning_id) == (
        NotificationKind.MODERATION_WARNING,
        alice.account.id,
        row.id,
    )


def test_what_is_not_to_be_told_leaves_no_notice(alice: Person, mod: Account) -> None:
    judging.judge(alice.account.id, WarningAction.SILENCE, Notice(text="Spam?"), mod, told=False)

    assert not AccountWarning.select().exists()
    assert not Notification.select().exists()
    assert Account.get_by_id(alice.account.id).silenced_at is not None
    assert [row.action for row in AuditEntry.select().order_by(AuditEntry.id)] == ["silence.account", "note.account"]


def test_people_elsewhere_are_judged_and_not_told(mod: Account) -> None:
    carol = make_remote("carol")

    judging.judge(carol.id, WarningAction.SILENCE, Notice(text="Spam"), mod)

    assert Account.get_by_id(carol.id).silenced_at is not None
    assert not AccountWarning.select().exists()


def test_words_alone_are_told_and_no_words_are_nothing(alice: Person, mod: Account) -> None:
    judge(alice, WarningAction.NONE, mod, " ")
    assert told(alice) == []

    judge(alice, WarningAction.NONE, mod)
    assert told(alice) == ["moderation_warning"]


def test_no_policy_holds_a_decision_back(alice: Person, mod: Account) -> None:
    notification_policy.change(alice.account.id, dict.fromkeys(notification_policy.NAMES, Decision.DROP))

    judge(alice, WarningAction.SILENCE, mod)

    assert told(alice) == ["moderation_warning"]


@pytest.mark.parametrize("action", list(WarningAction))
def test_nobody_is_judged_by_somebody_who_does_not_stand_above(alice: Person, action: WarningAction) -> None:
    status = make_status(alice)
    for by in (make_person().account, alice.account):
        with pytest.raises(Forbidden):
            judge(alice, action, by, status_ids=(status.id,))

    assert not AccountWarning.select().exists()
    assert Status.select().count() == 1


def test_a_letter_says_what_was_done_and_why(alice: Person, mod: Account, mails: None) -> None:
    judge(alice, WarningAction.SUSPEND, mod, by_mail=True)

    (letter,) = letters()
    assert letter["to"] == alice.user.email
    assert "Your account is suspended." in letter["text"]
    assert "Be kind." in letter["text"]
    assert f"/decisions/{AccountWarning.get().id}" in letter["text"]
    assert "mod" not in letter["text"].replace("moderat", "")


def test_without_a_wish_for_it_or_a_proven_address_there_is_no_letter(
    alice: Person, bob: Person, mod: Account, mails: None
) -> None:
    User.update(email_key=None).where(User.id == bob.user.id).execute()

    judge(alice, WarningAction.SILENCE, mod)
    judge(bob, WarningAction.SILENCE, mod, by_mail=True)

    assert letters() == []


def test_too_many_words_and_reports_about_others_are_refused(alice: Person, bob: Person, mod: Account) -> None:
    report = reports.file(alice.account.id, Complaint(target_id=bob.account.id))

    with pytest.raises(Invalid):
        judge(alice, WarningAction.SILENCE, mod, "m" * (account_warnings.MAX_CHARS + 1))
    with pytest.raises(NotFound):
        judge(alice, WarningAction.SILENCE, mod, report_id=report.id)

    assert Account.get_by_id(alice.account.id).silenced_at is None
    judge(bob, WarningAction.SILENCE, mod, report_id=report.id)
    assert reports.get(report.id).resolved_at is not None
    assert AccountWarning.get().report_id == report.id


def test_the_farewell_of_a_deleted_account_is_a_letter(alice: Person, mod: Account, mails: None) -> None:
    judging.delete(alice.account.id, Notice(text="Enough.", by_mail=True), mod)

    (letter,) = letters()
    assert "Enough." in letter["text"]
    assert Account.get_by_id(alice.account.id).deleted_at is not None


# ── single posts ──


def test_posts_are_deleted_with_their_pictures_and_read_as_they_were(
    alice: Person, bob: Person, mod: Account
) -> None:
    picture = make_media(alice, description="A coin")
    status, other = make_status(alice, "Buy!", media_ids=(picture.id,)), make_status(bob, "Hello")
    kept = make_status(alice, "Kept")

    judge(alice, WarningAction.DELETE_STATUSES, mod, status_ids=(status.id, other.id, 1))

    assert {row.id for row in Status.select()} == {other.id, kept.id}
    assert not MediaAttachment.select().exists()
    assert Tombstone.select().where(Tombstone.uri == status.uri).exists()
    warning = AccountWarning.get()
    assert account_warnings.status_ids(warning) == [status.id]
    (seen,) = evidence.read(warning).values()
    assert (seen.text, seen.media) == ("Buy!", ["A coin"])
    with clock.frozen(clock.now_ms() + 91 * clock.DAY):
        assert evidence.forget_old() == 1
    assert evidence.read(AccountWarning.get()) == {}


def test_pictures_of_posts_are_put_behind_a_warning_as_an_edit(alice: Person, mod: Account) -> None:
    carol = make_remote("carol")
    befriend(carol, alice.account)
    plain = make_status(alice, "No picture")
    shown = make_status(alice, "A #picture", media_ids=(make_media(alice).id,))

    judge(alice, WarningAction.MARK_STATUSES_AS_SENSITIVE, mod, status_ids=(plain.id, shown.id))

    assert [row.id for row in Status.select().where(Status.sensitive)] == [shown.id]
    assert account_warnings.status_ids(AccountWarning.get()) == [shown.id]
    assert StatusEdit.get().sensitive == 0
    assert [job.subject for job in waiting_jobs(JobKind.SEND_EDIT)] == [shown.id]
    with pytest.raises(Invalid):
        judge(alice, WarningAction.MARK_STATUSES_AS_SENSITIVE, mod, status_ids=(plain.id, shown.id))


def test_posts_of_people_elsewhere_go_here_alone(alice: Person, mod: Account) -> None:
    carol = make_remote("carol")
    one, two = make_status(carol, "One"), make_status(carol, "Two")

    judging.judge(carol.id, WarningAction.DELETE_STATUSES, Notice(status_ids=(one.id,)), mod)

    assert [row.id for row in Status.select()] == [two.id]
    assert waiting_jobs(JobKind.SEND_DELETE) == []


def test_no_posts_are_no_decision(alice: Person, bob: Person, mod: Account) -> None:
    with pytest.raises(Invalid):
        judge(alice, WarningAction.DELETE_STATUSES, mod, status_ids=(make_status(bob).id,))

    assert Status.select().count() == 1


# ── objecting ──


def object_to(person: Person, text: str = "I was.") -> Appeal:
    return appeals.appeal(person.account.id, AccountWarning.get().id, text)


@pytest.mark.parametrize(("action", "model", "column"), OF_ACCOUNT)
def test_a_granted_objection_undoes_what_was_done_and_is_told(
    alice: Person, mod: Account, mails: None, action: WarningAction, model: type, column: str
) -> None:
    judge(alice, action, mod)
    first = Notification.get().id
    made = object_to(alice)

    appeals.grant(made.id, mod)

    assert not is_marked(alice, model, column)
    assert Appeal.get().state == AppealState.APPROVED
    assert told(alice) == ["moderation_warning"]
    assert Notification.get().id > first
    assert [one["to"] for one in letters()] == ["mod@mail.test", "alice@mail.test"]
    assert "grant.appeal" in [row.action for row in AuditEntry.select()]
    assert account_view.load([alice.account.id])


def test_a_refused_objection_leaves_all_as_it_is_and_is_told(alice: Person, mod: Account, mails: None) -> None:
    judge(alice, WarningAction.SILENCE, mod)
    made = object_to(alice)

    appeals.refuse(made.id, mod)
    appeals.grant(made.id, mod)

    assert is_marked(alice, Account, "silenced_at")
    assert warning_rows.get(alice.account.id, AccountWarning.get().id).appeal.state == AppealState.REJECTED  # type: ignore[union-attr]
    assert "stays with its decision" in letters()[-1]["text"]
    assert appeals.waiting_count() == 0


def test_a_warning_before_pictures_is_taken_away_again(alice: Person, mod: Account) -> None:
    one, two = (make_status(alice, media_ids=(make_media(alice).id,)) for _ in range(2))
    judge(alice, WarningAction.MARK_STATUSES_AS_SENSITIVE, mod, status_ids=(one.id, two.id))

    appeals.grant(object_to(alice).id, mod)

    assert not Status.select().where(Status.sensitive).exists()


def test_what_was_undone_meanwhile_stays_undone(alice: Person, mod: Account) -> None:
    judge(alice, WarningAction.SILENCE, mod)
    made = object_to(alice)
    decisions.unsilence(alice.account.id, mod)

    appeals.grant(made.id, mod)

    assert not is_marked(alice, Account, "silenced_at")


def test_one_objects_once_in_time_in_some_words_and_to_what_is_ones_own(
    alice: Person, bob: Person, mod: Account
) -> None:
    judge(alice, WarningAction.SILENCE, mod)
    for text in (" ", "m" * (appeals.MAX_CHARS + 1)):
        with pytest.raises(Invalid):
            object_to(alice, text)
    with pytest.raises(NotFound):
        object_to(bob)
    with clock.frozen(clock.now_ms() + 21 * clock.DAY), pytest.raises(Forbidden):
        object_to(alice)
    object_to(alice)
    with pytest.raises(Forbidden):
        object_to(alice)

    assert Appeal.select().count() == 1


def test_only_who_stands_above_answers_objections(alice: Person, mod: Account) -> None:
    judge(alice, WarningAction.SILENCE, mod)
    made = object_to(alice)

    with pytest.raises(Forbidden):
        appeals.grant(made.id, make_person().account)
    with pytest.raises(NotFound):
        appeals.grant(1, mod)

    assert Appeal.get().state == AppealState.PENDING
