"""Applications and what people allowed them. Secrets are kept as hashes (node/passwords.py)."""

import peewee

from node.models.account import Account
from node.models.user import User
from node.store.base import BaseModel, reference


class Application(BaseModel):
    name = peewee.TextField()
    website = peewee.TextField(default="")
    redirect_uris = peewee.TextField()  # one a line, compared exactly
    scopes = peewee.TextField()
    client_id = peewee.TextField(unique=True)
    secret_hash = peewee.TextField()
    created_at = peewee.BigIntegerField()
    used_at = peewee.BigIntegerField(null=True)  # by any of its tokens; null if nobody ever let it in


class AuthorizationCode(BaseModel):
    """Good once, for one client, one redirect and one PKCE verifier (RFC 6749, RFC 7636)."""

    code_hash = peewee.TextField(unique=True)
    application = reference(Application)
    user = reference(User)
    account = reference(Account)
    redirect_uri = peewee.TextField()
    scopes = peewee.TextField()
    code_challenge = peewee.TextField(default="")
    expires_at = peewee.BigIntegerField()


class Token(BaseModel):
    """An access token; without `user` it speaks for the application alone. Revoking deletes the row."""

    token_hash = peewee.TextField(unique=True)
    application = reference(Application)
    user = reference(User, null=True)
    account = reference(Account, null=True)
    scopes = peewee.TextField()
    created_at = peewee.BigIntegerField()
    used_at = peewee.BigIntegerField(null=True)


class IdempotencyKey(BaseModel):
    """`Idempotency-Key` of a post: the same key of the same token answers with the same status."""

    token = reference(Token, index=False)
    key = peewee.TextField()
    status_id = peewee.BigIntegerField()
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("token", "key"), True),)
