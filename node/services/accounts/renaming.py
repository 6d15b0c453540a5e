"""Another name for an account of this node: its id and its uri stay, so that followers here and elsewhere do too.

The old name leads to the account for a year and is never anybody else's; its owner may have it back.
"""

import peewee

from node import clock, site
from node.errors import Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.models import Account, Act, FormerName, Status
from node.services.access import signed_in
from node.services.accounts.local import NAME_TAKEN
from node.services.accounts.lookup import NOT_FOUND, by_id
from node.services.community import settings
from node.services.moderation import audit
from node.services.organisations import deeds
from node.text.names import check_local_name, fold_name

ONCE_IN_MS = 30 * clock.DAY


def rename(account_id: int, wish: str, by: int | None = None) -> Account:
    """Invalid says why the name cannot be had, or that it is too soon. The name it has already changes nothing.

    `by` is the account of who does it for an organisation.
    """
    account = by_id(account_id)
    if account is None or not account.is_local or account.is_gone or account.uri == site.instance_actor_uri():
        raise NotFound(NOT_FOUND)
    name = check_local_name(wish)
    if name == account.username:
        return account
    if clock.now_ms() < may_rename_at(account):
        raise _refused("Your name was changed a short while ago. It can be changed once in 30 days.")
    key = fold_name(name)
    if key in map(fold_name, settings.current().reserved_names):
        raise _refused("This name is kept for the node itself. Choose another one.")
    _take(account, key)
    url = site.profile_url(name)
    values = {"username": name, "username_key": key, "url": url, "version": Account.version + 1}
    Account.update(**values).where(Account.id == account.id).execute()
    # Addresses of posts have the name in them.
    own = (Status.account == account.id) & Status.reblog_of.is_null()
    address = peewee.Value(f"{url}/").concat(Status.id.cast("TEXT"))
    Status.update(url=address, version=Status.version + 1).where(own).execute()
    audit.record(account, "rename.account", account.uri, {"from": account.username, "to": name})
    deeds.record(account.id, by, Act.RENAMED, detail=account.username)
    signed_in.account_changed(account.id)
    enqueue(JobKind.SEND_PROFILE, account.id, once=True)
    return by_id(account.id) or account


def may_rename_at(account: Account) -> int:
    last = audit.latest("rename.account", account.uri)
    return 0 if last is None else last.created_at + ONCE_IN_MS


def _take(account: Account, key: str) -> None:
    """The name, if it is free or was this account's, and the old one is kept."""
    former = FormerName.get_or_none(FormerName.username_key == key)
    holder = Account.get_or_none((Account.username_key == key) & (Account.domain == ""))
    if (former is not None and former.account != account.id) or (holder is not None and holder.id != account.id):
        raise _refused(NAME_TAKEN)
    FormerName.delete().where(FormerName.username_key == key).execute()
    if account.username_key != key:
        FormerName.create(
            username=account.username,
            username_key=account.username_key,
            account=account.id,
            created_at=clock.now_ms(),
        )


def _refused(message: str) -> Invalid:
    return Invalid(message, {"username": message})
