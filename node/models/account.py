"""Anyone who can post: a local account or a remote actor."""

from enum import StrEnum

import peewee

from node.store.base import BaseModel, reference


class ActorKind(StrEnum):
    """The actor types of ActivityStreams (vocabulary, section 3.2)."""

    PERSON = "Person"
    SERVICE = "Service"
    GROUP = "Group"
    ORGANIZATION = "Organization"
    APPLICATION = "Application"


class Standing:
    """What follows from a few columns of an account, for whole rows and for `Glance`."""

    __slots__ = ()
    domain: str
    suspended_at: int | None
    deleted_at: int | None
    created_at: int

    @property
    def is_local(self) -> bool:
        return self.domain == ""

    @property
    def is_gone(self) -> bool:
        """Suspended or deleted: nothing of it is shown or believed."""
        return self.suspended_at is not None or self.deleted_at is not None

    @property
    def is_waiting(self) -> bool:
        """A newcomer, suspended from birth until somebody lets it in (services/access/registration.py): not yet there."""
        return self.is_local and self.suspended_at is not None and self.suspended_at == self.created_at


class Account(Standing, BaseModel):
    """`domain` is empty for local accounts. Deleted accounts keep their row, so that a name is never given again."""

    username = peewee.TextField()
    username_key = peewee.TextField()  # casefolded: names differ by more than case
    domain = peewee.TextField(default="")  # as in the handle; may differ from the host of `uri`
    uri = peewee.TextField(unique=True)
    url = peewee.TextField(default="")
    kind = peewee.TextField(default=ActorKind.PERSON)

    display_name = peewee.TextField(default="")
    note = peewee.TextField(default="")  # sanitised HTML
    note_source = peewee.TextField(default="")
    fields = peewee.TextField(default="[]")  # JSON: [{"name", "value", "source", "verified_at"}]
    emoji = peewee.TextField(default="[]")  # JSON: the shortcodes used in name, note and fields
    also_known_as = peewee.TextField(default="[]")  # JSON: uris
    attribution_domains = peewee.TextField(default="[]")  # JSON: sites that may name it as an author
    feature_policy = peewee.TextField(default="")  # JSON: who may put it into collections; empty: nothing was said
    avatar_key = peewee.TextField(default="")  # a stored file
    avatar_remote_url = peewee.TextField(default="")
    avatar_description = peewee.TextField(default="")
    header_key = peewee.TextField(default="")
    header_remote_url = peewee.TextField(default="")
    header_description = peewee.TextField(default="")

    locked = peewee.BooleanField(default=False)
    discoverable = peewee.BooleanField(default=False)
    indexable = peewee.BooleanField(default=False)  # FEP-5feb: its public posts may be found by their words
    # GoToSocial: who is not signed in is not to read its posts to everybody, or those that are unlisted.
    hides_public = peewee.BooleanField(default=False)
    hides_unlisted = peewee.BooleanField(default=False)
    hide_collections = peewee.BooleanField(default=False)
    # What its profile has sections for: pictures, pictures of its answers, what it recommends.
    show_media = peewee.BooleanField(default=True)
    show_media_replies = peewee.BooleanField(default=True)
    show_featured = peewee.BooleanField(default=True)
    memorial = peewee.BooleanField(default=False)
    moved_to = reference("self", null=True, on_delete="SET NULL")
    moved_to_id: int | None

    inbox = peewee.TextField(default="")
    shared_inbox = peewee.TextField(default="")
    outbox = peewee.TextField(default="")
    followers_uri = peewee.TextField(default="")
    following_uri = peewee.TextField(default="")
    featured_uri = peewee.TextField(default="")

    silenced_at = peewee.BigIntegerField(null=True)
    suspended_at = peewee.BigIntegerField(null=True)
    sensitized_at = peewee.BigIntegerField(null=True)  # all its media are shown behind a warning
    deleted_at = peewee.BigIntegerField(null=True)

    statuses_count = peewee.IntegerField(default=0)
    followers_count = peewee.IntegerField(default=0)
    following_count = peewee.IntegerField(default=0)
    last_status_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()
    # When a remote actor was last read from its origin; null until WebFinger has confirmed its handle.
    fetched_at = peewee.BigIntegerField(null=True)
    version = peewee.IntegerField(default=1)  # grows with each change of what is shown; keys cached renderings

    class Meta:
        indexes = ((("username_key", "domain"), True),)

    @property
    def is_confirmed(self) -> bool:
        """Not somebody of whom nothing is known yet but a key (services/accounts/remote.py, `introduce`)."""
        return self.is_local or self.fetched_at is not None


class SigningKey(BaseModel):
    """The key pair of a local account; apart from it, so that reading accounts never reads secrets."""

    account = reference(Account, unique=True)
    private_pem = peewee.TextField()  # RSA, for requests
    public_pem = peewee.TextField()
    ed25519_pem = peewee.TextField()  # private; for proofs in documents (FEP-8b32)
    created_at = peewee.BigIntegerField()


class FormerName(BaseModel):
    """What a local account was called before; nobody else is ever called so (services/accounts/renaming.py)."""

    username = peewee.TextField()
    username_key = peewee.TextField(unique=True)
    account = reference(Account)
    account_id: int
    created_at = peewee.BigIntegerField()


class RemoteKey(BaseModel):
    """A public key that its owner lists and that lists its owner (both directions were checked)."""

    key_id = peewee.TextField(unique=True)
    account = reference(Account)
    kind = peewee.TextField()  # rsa or ed25519
    public_pem = peewee.TextField()
    fetched_at = peewee.BigIntegerField()
