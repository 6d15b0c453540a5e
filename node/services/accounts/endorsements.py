"""People whom somebody recommends on their profile. They are among those who are followed, and stay no longer."""

from node import clock
from node.errors import Invalid
from node.models import Endorsement
from node.models.rows import Insert
from node.paging import Page
from node.services.follows import rows
from node.speech import said

MAX_ENDORSED = 50
NOT_FOLLOWED = "Only people whom you follow can be recommended."

_INSERT = Insert(Endorsement, ignore=True)


def add(account_id: int, target_id: int) -> None:
    """Invalid for whom the account does not follow. Doing it twice changes nothing."""
    if rows.get(account_id, target_id) is None:
        raise Invalid(NOT_FOLLOWED)
    others = Endorsement.select().where(Endorsement.account == account_id, Endorsement.target != target_id)
    if others.count() >= MAX_ENDORSED:
        raise Invalid(
            said("You recommend %(most)s people already, which is as many as there can be.", most=MAX_ENDORSED)
        )
    _INSERT.run(account=account_id, target=target_id, created_at=clock.now_ms())


def remove(account_id: int, target_id: int) -> None:
    Endorsement.delete().where(Endorsement.account == account_id, Endorsement.target == target_id).execute()


def page(account_id: int, page: Page) -> list[tuple[int, int]]:
    """(id of the row, id of the account), the latest first."""
    query = Endorsement.select(Endorsement.id, Endorsement.target).where(Endorsement.account == account_id).tuples()
    return page.of(query, Endorsement.id)
