"""Who may not sign up, by the network or by the address that they name; and from which networks nobody is answered."""

from enum import StrEnum

import peewee

from node.store.base import BaseModel


class SignUpBlockKind(StrEnum):
    NETWORK = "network"
    EMAIL_DOMAIN = "email_domain"
    EMAIL = "email"


class SignUpSeverity(StrEnum):
    """The words of the client API."""

    APPROVAL = "sign_up_requires_approval"
    BLOCK = "sign_up_block"
    NO_ACCESS = "no_access"  # no request at all is answered


class SignUpBlock(BaseModel):
    """`value` is a network (192.0.2.0/24), a domain, or the hash of an address, which is kept of nobody in clear."""

    kind = peewee.TextField()
    value = peewee.TextField()
    severity = peewee.TextField(default=SignUpSeverity.BLOCK)
    comment = peewee.TextField(default="")
    expires_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("kind", "value"), True),)
