"""Who wants letters about notifications: for their own account, and each member for an organisation."""

import peewee

from node.models.account import Account
from node.models.user import User
from node.store.base import BaseModel, reference


class MailNotice(BaseModel):
    """`told_id` is the newest notification that a letter was about; the next one is not before `due_at`."""

    account = reference(Account, index=False)
    account_id: int
    user = reference(User)
    user_id: int
    kinds = peewee.TextField()  # with a blank between
    told_id = peewee.BigIntegerField(default=0)
    due_at = peewee.BigIntegerField(index=True)

    class Meta:
        indexes = ((("account", "user"), True),)
