"""Web Push: who is to be told while the app is closed, and the key by which push services know this node."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.oauth import Token
from node.models.user import Session
from node.store.base import BaseModel, reference


class PushPolicy(StrEnum):
    """Whose doings are worth a message; the client API's words."""

    ALL = "all"
    FOLLOWED = "followed"
    FOLLOWER = "follower"
    NONE = "none"


class PushSubscription(BaseModel):
    """One for each access token, or for each session of a browser, and gone with it."""

    token = reference(Token, null=True, unique=True)
    token_id: int | None
    session = reference(Session, null=True, unique=True)
    session_id: int | None
    account = reference(Account)
    account_id: int
    endpoint = peewee.TextField()
    p256dh = peewee.TextField()
    auth = peewee.TextField()
    standard = peewee.BooleanField(default=False)  # RFC 8291; else the draft before it
    policy = peewee.TextField(default=PushPolicy.ALL)
    alerts = peewee.TextField(default="")  # kinds of notifications, with a blank between
    # The access token, for the app to know whom a message is for (ADR 17); browsers have none.
    sealed_token = peewee.TextField()
    # Minutes of the day between which nothing is sent, by the clocks of a time zone (browsers).
    quiet_from = peewee.IntegerField(null=True)
    quiet_until = peewee.IntegerField(null=True)
    time_zone = peewee.TextField(default="")
    refusals = peewee.IntegerField(default=0)  # in a row
    created_at = peewee.BigIntegerField()


class PushKey(BaseModel):
    """The VAPID key. There is one row."""

    private_pem = peewee.TextField()
    public_key = peewee.TextField()
    created_at = peewee.BigIntegerField()
