"""Yes or no between two accounts: the questions that many services ask first."""

from node.models import AccountDomainBlock, Block
from node.store import Prepared, param

_BLOCK = Prepared(
    lambda: Block.select(Block.account).where(
        ((Block.account == param("one")) & (Block.target == param("other")))
        | ((Block.account == param("other")) & (Block.target == param("one")))
    ),
    lambda account_id: int(account_id),
)
_DOMAIN = Prepared(
    lambda: AccountDomainBlock.select(AccountDomainBlock.id).where(
        (AccountDomainBlock.account == param("account")) & (AccountDomainBlock.domain == param("domain"))
    ),
    lambda row_id: int(row_id),
)


def either_blocks(one_id: int, other_id: int) -> bool:
    return _BLOCK.first(one=one_id, other=other_id) is not None


def blocks(account_id: int, target_id: int) -> bool:
    return account_id in _BLOCK.all(one=account_id, other=target_id)


def domain_is_blocked(account_id: int, domain: str) -> bool:
    """Whether `account_id` wants to see nothing of `domain`."""
    return domain != "" and _DOMAIN.first(account=account_id, domain=domain) is not None
