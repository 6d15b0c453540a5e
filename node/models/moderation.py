"""Reports, domain blocks, and the record of who decided what."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class Severity(StrEnum):
    NOOP = "noop"
    SILENCE = "silence"
    SUSPEND = "suspend"


class DomainBlock(BaseModel):
    """Holds for the domain and everything under it."""

    domain = peewee.TextField(unique=True)
    severity = peewee.TextField(default=Severity.SILENCE)
    reject_media = peewee.BooleanField(default=False)
    reject_reports = peewee.BooleanField(default=False)
    private_comment = peewee.TextField(default="")
    public_comment = peewee.TextField(default="")
    obfuscate = peewee.BooleanField(default=False)
    created_at = peewee.BigIntegerField()
    expires_at = peewee.BigIntegerField(null=True)


class AllowedDomain(BaseModel):
    """Spoken with where only some are, together with everything under it."""

    domain = peewee.TextField(unique=True)
    created_at = peewee.BigIntegerField()


class RelayKind(StrEnum):
    MASTODON = "mastodon"  # named by its inbox; what it passes on is posted as it came
    LITEPUB = "litepub"  # named by its actor; it announces ids


class RelayState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Relay(BaseModel):
    """A server that passes public posts on among those that subscribe to it."""

    address = peewee.TextField(unique=True)  # as it was named: an inbox, or an actor
    kind = peewee.TextField()
    inbox = peewee.TextField(default="")  # empty until the actor was read
    actor_uri = peewee.TextField(default="")  # who speaks for it: known once it has answered
    state = peewee.TextField(default=RelayState.WAITING)
    created_at = peewee.BigIntegerField()


class Report(BaseModel):
    account = reference(Account)  # who reports; the instance actor of a remote node
    account_id: int
    target = reference(Account)
    target_id: int
    uri = peewee.TextField(default="")
    category = peewee.TextField(default="other")
    comment = peewee.TextField(default="")
    status_ids = peewee.TextField(default="[]")  # JSON
    rule_ids = peewee.TextField(default="[]")  # JSON
    collection_ids = peewee.TextField(default="[]")  # JSON
    evidence = peewee.TextField(default="[]")  # JSON: its posts as they were (services/moderation/evidence.py)
    forwarded = peewee.BooleanField(default=False)
    assigned = reference(Account, null=True, on_delete="SET NULL", index=False)
    assigned_id: int | None
    resolved_at = peewee.BigIntegerField(null=True)
    resolved_by = reference(Account, null=True, on_delete="SET NULL", index=False)
    resolved_by_id: int | None
    created_at = peewee.BigIntegerField()


class ReportNote(BaseModel):
    """What somebody of the staff tells the others about a report."""

    report = reference(Report)
    report_id: int
    account = reference(Account, null=True, on_delete="SET NULL")
    account_id: int | None
    text = peewee.TextField()
    created_at = peewee.BigIntegerField()


class AuditEntry(BaseModel):
    """Written by each administrative service in its own transaction; `account` is empty for the command line."""

    account = reference(Account, null=True, on_delete="SET NULL")
    account_id: int | None
    action = peewee.TextField()  # verb.noun, such as suspend.account
    target = peewee.TextField()  # shown as it was: a handle, a domain, a report's number
    detail = peewee.TextField(default="{}")  # JSON
    created_at = peewee.BigIntegerField()


class Rule(BaseModel):
    position = peewee.IntegerField(default=0)
    text = peewee.TextField()
    hint = peewee.TextField(default="")
    translations = peewee.TextField(default="{}")  # JSON: {language: [text, hint]}


class SitePicture(BaseModel):
    """A picture of the node itself; which ones there are: node/services/community/pictures.py."""

    kind = peewee.TextField(unique=True)
    file_key = peewee.TextField()
    small_key = peewee.TextField(default="")
    blurhash = peewee.TextField(default="")  # of the banner


class Setting(BaseModel):
    """What a community decides; node/services/community/settings.py knows the keys and their defaults."""

    key = peewee.TextField(unique=True)
    value = peewee.TextField()  # JSON
