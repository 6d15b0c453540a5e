"""Who wants letters about notifications."""

import peewee

from node.models.account import Account
from node.models.user import User
from node.store.base import BaseModel, reference


class MailNotice(BaseModel):
    """`told_id` is the newest notification that a letter was about; the next one is not before `due_at`."""

    account = reference(Account, unique=True)
    account_id: int
    user = reference(User)
    user_id: int
    kinds = peewee.TextField()  # with a blank between
    told_id = peewee.BigIntegerField(default=0)
    due_at = peewee.BigIntegerField(index=True)
