"""Keys in people's telephones and computers that open their login (WebAuthn)."""

import peewee

from node.models.user import User
from node.store.base import BaseModel, reference


class Passkey(BaseModel):
    """`credential` is what the authenticator made, public key included; it says nothing that must be kept secret."""

    user = reference(User)
    user_id: int
    credential_id = peewee.TextField(unique=True)  # base64url
    credential = peewee.TextField()  # base64
    name = peewee.TextField()
    sign_count = peewee.BigIntegerField(default=0)  # 0: the authenticator does not count
    asked_at = peewee.BigIntegerField(default=0)  # of the last challenge it answered: an answer is good once
    created_at = peewee.BigIntegerField()
    used_at = peewee.BigIntegerField(null=True)
