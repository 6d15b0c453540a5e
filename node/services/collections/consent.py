"""Who may put whom into a collection: what an account says of it, and what that means for somebody."""

from node.models import Account
from node.services.approvals import policies
from node.services.approvals.policies import ANYONE, NOBODY, Answer, Choice, Permission, Relation
from node.services.follows import rows as follow_rows
from node.services.relationships.relations import either_blocks

# To these somebody is added, or asked.
ASKED = (Answer.AUTOMATIC, Answer.MANUAL, Answer.UNKNOWN)


def permission(account: Account) -> Permission | None:
    """None: nothing was said, and so nobody may ask (FEP-7aa9). Who lives here and chose nothing has Mastodon's rule."""
    if account.feature_policy:
        return policies.read_permission(account.feature_policy)
    if not account.is_local:
        return None
    if not account.discoverable:
        return NOBODY
    return policies.permission_of(Choice.FOLLOWERS) if account.locked else ANYONE


def text_of(choice: Choice | None) -> str:
    """As it is stored with an account; None is the rule for who does not choose."""
    return "" if choice is None else policies.write_permission(policies.permission_of(choice))


def choice_of(account: Account) -> Choice | None:
    return policies.read_permission(account.feature_policy).choice if account.feature_policy else None


def judge(asker_id: int, account: Account) -> Answer:
    """What `account` says to being featured by `asker_id`."""
    if account.is_gone or not account.is_confirmed:
        return Answer.DENIED
    said = permission(account)
    if asker_id == account.id:
        return Answer.AUTOMATIC
    if either_blocks(asker_id, account.id):
        return Answer.DENIED
    if said is None:
        return Answer.MISSING
    relation = Relation(
        follows=follow_rows.get(asker_id, account.id) is not None,
        followed=follow_rows.get(account.id, asker_id) is not None,
    )
    return policies.judge(said, relation)


def in_general(account: Account) -> Answer:
    """The same as far as it can be told without knowing who asks."""
    said = permission(account)
    if said is None:
        return Answer.MISSING
    if said == NOBODY:
        return Answer.DENIED
    answer = policies.judge(said, Relation())
    return Answer.UNKNOWN if answer is Answer.DENIED else answer
