"""Web Push: who is to be told while the app is closed, and the key by which push services know this node."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.oauth import Token
from node.store.base import BaseModel, reference


class PushPolicy(StrEnum):
    """Whose doings are worth a message; the client API's words."""

    ALL = "all"
    FOLLOWED = "followed"
    FOLLOWER = "follower"
    NONE = "none"


class PushSubscription(BaseModel):
    """One for each access token, and gone with it."""

    token = reference(Token, unique=True)
    token_id: int
    account = reference(Account)
    account_id: int
    endpoint = peewee.TextField()
    p256dh = peewee.TextField()
    auth = peewee.TextField()
    standard = peewee.BooleanField(default=False)  # RFC 8291; else the draft before it
    policy = peewee.TextField(default=PushPolicy.ALL)
    alerts = peewee.TextField(default="")  # kinds of notifications, with a blank between
    sealed_token = peewee.TextField()  # the access token, for the app to know whom a message is for (ADR 17)
    refusals = peewee.IntegerField(default=0)  # in a row
    created_at = peewee.BigIntegerField()


class PushKey(BaseModel):
    """The VAPID key. There is one row."""

    private_pem = peewee.TextField()
    public_key = peewee.TextField()
    created_at = peewee.BigIntegerField()
