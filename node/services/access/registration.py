"""Becoming a member: by oneself as the community allows, or made by the operator.

Whoever still waits, for approval or for a confirmed address, has an account that is suspended from birth: it is shown
nowhere and can do nothing, and its name is kept. Rejected, it vanishes, for nobody has ever seen it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from node import clock, ids, site
from node.errors import Forbidden, Invalid, NotFound
from node.keys import KeyPair
from node.models import Account, Membership, NotificationKind, Role, SignUpSeverity, User
from node.paging import Page
from node.services import accounts
from node.services.access import ages, emails, invites, mail, signed_in
from node.services.access.attempts import network_of
from node.services.access.one_time_links import Purpose, use
from node.services.accounts import lookup as account_lookup
from node.services.accounts.local import NAME_TAKEN
from node.services.accounts.lookup import account_of
from node.services.community import settings
from node.services.community.settings import Registrations
from node.services.moderation import audit, letters, roles, sign_up_blocks
from node.services.notifications import telling as notifications
from node.speech import said
from node.text.names import check_local_name, fold_name

MAX_REASON_CHARS = 500
_PER_NETWORK_A_DAY = 5
# No network of strangers: whoever runs the node asks from here, or a proxy that hides who asks.
_THIS_MACHINE = (network_of("127.0.0.1"), network_of("::1"))

CONFIRMED = "This method is only available while the e-mail is awaiting confirmation"
_CLOSED = "This node does not take new members at the moment."
_INVITED_ONLY = "This node takes new members by invitation only."
_FULL = "Too many people have signed up here today. Please come back tomorrow."
NOT_AGREED = "Please accept the rules of this node."
NO_REASON = "Please say why you want to join."
NO_EMAIL = "Please give an e-mail address."
RESERVED = "This name is kept for the node itself. Choose another one."


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What somebody entered. The password was checked and hashed before (node/services/access/password.py)."""

    username: str
    password_hash: str
    email: str = ""
    reason: str = ""
    invite_code: str = ""
    locale: str = "en"
    ip: str = ""
    agreement: bool = False
    date_of_birth: str = ""  # as 2001-12-31; where the community asks for it


def check(wish: SignUp) -> None:
    """Forbidden or Invalid, as `sign_up` would say: before hashing the password and making keys, which take long."""
    rules = settings.current()
    _check_door(wish, rules)
    _check_limits(wish.ip, rules)
    wrong = _wrong_fields(wish, rules)
    if wrong:
        raise Invalid(" ".join(wrong.values()), wrong)


def sign_up(wish: SignUp, keys: KeyPair) -> User:
    """A new login with its account, which may have to wait (`is_waiting`). Forbidden or Invalid say what is wrong."""
    check(wish)
    rules = settings.current()
    invite = invites.redeem(wish.invite_code) if wish.invite_code else None
    email = emails.check(wish.email) if wish.email.strip() else None
    now = clock.now_ms()
    user = User.create(
        email=email,
        # Without letters nothing can be proven; the first to give a free address may sign in with it.
        email_key=emails.email_key(email) if email and not site.sends_mail and emails.is_free(email) else None,
        password_hash=wish.password_hash,
        locale=wish.locale[:20],
        sign_up_reason=wish.reason.strip(),
        sign_up_ip=wish.ip,
        invite=invite.id if invite else None,
        confirmed_at=None if email and site.sends_mail else now,
        approved_at=now
        if invite or (rules.registrations is Registrations.OPEN and not _needs_a_yes(wish.ip))
        else None,
        age_checked_at=now if rules.min_age else None,
        last_active_at=now,
        created_at=now,
    )
    _make_account(user, wish.username, keys, now)
    if email and site.sends_mail:
        emails.ask_to_confirm(user, email)
    if user.approved_at is None:
        _tell_moderators(wish)
    _activate_if_complete(user.id)
    return User.get_by_id(user.id)


def create(
    username: str,
    password_hash: str,
    keys: KeyPair,
    *,
    email: str = "",
    role: Role = Role.USER,
    by: Account | None = None,
    for_oneself: bool = False,
) -> User:
    """By the operator, by an administrator, or, as the first of these, for oneself: approved and confirmed."""
    roles.require(by, Role.ADMIN)
    address = emails.check(email) if email else None
    if address and not emails.is_free(address):
        raise Invalid(emails.TAKEN, {"email": emails.TAKEN})
    now = clock.now_ms()
    user = User.create(
        email=address,
        email_key=emails.email_key(address) if address else None,
        password_hash=password_hash,
        role=role,
        confirmed_at=now,
        approved_at=now,
        last_active_at=now,
        created_at=now,
    )
    account = _make_account(user, username, keys, now)
    audit.record(account if for_oneself else by, "create.account", audit.handle(account), {"role": role})
    return user


def ask_again(user_id: int, address: str | None) -> None:
    """Another letter to who still has to confirm an address, or has given a wrong one. Forbidden for everybody else."""
    user = User.get_or_none(User.id == user_id, User.confirmed_at.is_null())
    if user is None or user.email is None:
        raise Forbidden(CONFIRMED)
    if address:
        user.email = emails.check_new(address)
        User.update(email=user.email).where(User.id == user_id).execute()
    emails.ask_to_confirm(user, user.email)


def confirm_email(token: str) -> User:
    """With the token of a letter: the address is the login's. NotFound when the link is worth nothing (any more)."""
    link = use(Purpose.CONFIRM_EMAIL, token)
    emails.settle(link.user, link.detail)
    User.update(confirmed_at=clock.now_ms()).where(User.id == link.user, User.confirmed_at.is_null()).execute()
    signed_in.user_changed(link.user)
    _activate_if_complete(link.user)
    return User.get_by_id(link.user)


def approve(user_id: int, by: Account | None) -> User:
    """Doing it twice changes nothing."""
    roles.require(by, Role.MODERATOR)
    user, account = _waiting(user_id)
    if user.approved_at is None:
        User.update(approved_at=clock.now_ms()).where(User.id == user_id).execute()
        audit.record(by, "approve.account", audit.handle(account))
        signed_in.user_changed(user_id)
        _activate_if_complete(user_id)
        if user.email:
            text = said("You can sign in now: %(address)s", address=f"{site.base_url}/auth/sign-in")
            mail.send(user, said("welcome"), text)
    return User.get_by_id(user_id)


def reject(user_id: int, by: Account | None) -> None:
    """Login and account vanish. Invalid for people who were let in already: suspend those."""
    roles.require(by, Role.MODERATOR)
    user, account = _waiting(user_id)
    if user.approved_at is not None:
        raise Invalid("This person is a member already.")
    audit.record(by, "reject.account", audit.handle(account), {"reason": user.sign_up_reason})
    if user.email:
        mail.send(user, said("about your wish to join"), said("We are sorry: your wish to join was not granted."))
    User.delete().where(User.id == user_id).execute()
    Account.delete().where(Account.id == account.id).execute()


def pending(page: Page) -> list[tuple[User, Account]]:
    """Who waits for approval, newest first."""
    users = page.of(User.select().where(User.approved_at.is_null()), User.id)
    accounts_of_users = account_lookup.accounts_of([user.id for user in users])
    return [(user, account) for user in users if (account := accounts_of_users.get(user.id))]


def pending_count() -> int:
    return int(User.select().where(User.approved_at.is_null()).count())


def is_waiting(user: User) -> bool:
    return user.approved_at is None or user.confirmed_at is None


def _check_door(wish: SignUp, rules: settings.Settings) -> None:
    if wish.invite_code:
        invites.peek(wish.invite_code)
        if rules.registrations is Registrations.CLOSED:
            raise Forbidden(_CLOSED)
    elif rules.registrations is Registrations.CLOSED:
        raise Forbidden(_CLOSED)
    elif rules.registrations is Registrations.INVITE:
        raise Forbidden(_INVITED_ONLY)


def _check_limits(ip: str, rules: settings.Settings) -> None:
    if sign_up_blocks.severity_for(ip) in (SignUpSeverity.BLOCK, SignUpSeverity.NO_ACCESS):
        raise Forbidden("Nobody can sign up from this network.")
    today = User.select(User.sign_up_ip).where(User.id >= ids.first_id_at(clock.now_ms() - clock.DAY))
    networks = [network_of(user.sign_up_ip) for user in today if user.sign_up_ip]
    if rules.sign_ups_per_day and len(networks) >= rules.sign_ups_per_day:
        raise Forbidden(_FULL)
    if ip and network_of(ip) not in _THIS_MACHINE and networks.count(network_of(ip)) >= _PER_NETWORK_A_DAY:
        raise Forbidden("Several people have signed up from your network today. Please come back tomorrow.")


def _needs_a_yes(ip: str) -> bool:
    return sign_up_blocks.severity_for(ip) is SignUpSeverity.APPROVAL


def _wrong_fields(wish: SignUp, rules: settings.Settings) -> dict[str, str]:
    wrong = {}
    if not wish.agreement:
        wrong["agreement"] = NOT_AGREED
    if len(wish.reason) > MAX_REASON_CHARS:
        wrong["reason"] = f"Please say why in at most {MAX_REASON_CHARS} characters."
    needs_reason = rules.registrations is Registrations.APPROVAL and not wish.invite_code and rules.reason_required
    if needs_reason and not wish.reason.strip():
        wrong["reason"] = NO_REASON
    if rules.email_required and not wish.email.strip():
        wrong["email"] = NO_EMAIL
    elif wish.email.strip():
        wrong |= _complaint(emails.check_new, wish.email)
    if rules.min_age and (complaint := ages.complaint(wish.date_of_birth, rules.min_age)):
        wrong["date_of_birth"] = complaint
    return wrong | wrong_name(wish.username)


def wrong_name(username: str) -> dict[str, str]:
    """What is wrong with a name that a new account is to have, under `username`; empty if nothing is."""
    wrong = _complaint(check_local_name, username)
    if fold_name(username.strip()) in map(fold_name, settings.current().reserved_names):
        return {"username": RESERVED}
    if not wrong and account_lookup.is_taken(username.strip()):
        return {"username": NAME_TAKEN}
    return wrong


def _complaint(rule: Callable[[str], str], text: str) -> dict[str, str]:
    """What `rule` has against `text`."""
    try:
        rule(text)
    except Invalid as refusal:
        return refusal.fields
    return {}


def _make_account(user: User, username: str, keys: KeyPair, now: int) -> Account:
    account = accounts.create_local(username, keys=keys, at=now)
    Membership.create(user=user.id, account=account.id, created_at=now)
    if is_waiting(user):
        Account.update(suspended_at=account.created_at).where(Account.id == account.id).execute()
    return account


def _activate_if_complete(user_id: int) -> None:
    """The account of somebody who waits for nothing any more begins to exist for others."""
    user, account = _waiting(user_id)
    if is_waiting(user):
        return
    # A suspension by a moderator in the meantime bears another time, and stays.
    Account.update(suspended_at=None, version=Account.version + 1).where(
        Account.id == account.id, Account.suspended_at == Account.created_at
    ).execute()
    signed_in.account_changed(account.id)
    for staff_id in roles.accounts_with(Role.MODERATOR):
        notifications.notify(staff_id, NotificationKind.SIGN_UP, account.id)


def _waiting(user_id: int) -> tuple[User, Account]:
    user, account = User.get_or_none(User.id == user_id), account_of(user_id)
    if user is None or account is None:
        raise NotFound("There is no such login.")
    return user, account


def _tell_moderators(wish: SignUp) -> None:
    text = said(
        "%(name)s wants to join:\n\n%(reason)s\n\nDecide: %(address)s",
        name=wish.username,
        reason=wish.reason.strip(),
        address=f"{site.base_url}/admin/sign-ups",
    )
    letters.to_staff(said("somebody wants to join"), text)
