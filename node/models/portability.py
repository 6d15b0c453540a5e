"""What people take away from a node, and bring to it."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.sentence import SentenceField
from node.models.status import Status
from node.store.base import BaseModel, reference


class Portable(StrEnum):
    """The lists that somebody may take along. The values are names of ours, in addresses too."""

    FOLLOWS = "follows"
    FOLLOWERS = "followers"  # these are for reading: nobody can be made to follow
    LISTS = "lists"
    BLOCKS = "blocks"
    MUTES = "mutes"
    DOMAIN_BLOCKS = "domain_blocks"
    BOOKMARKS = "bookmarks"
    FILTERS = "filters"


class IntakeState(StrEnum):
    READY = "ready"  # it was read, and its owner has not yet said what is to be done
    RUNNING = "running"
    STOPPED = "stopped"  # its job was given up: its owner may have it go on
    DONE = "done"


class Intake(BaseModel):
    """A list that `account` brought, on its way in: how far it is stands in the row, whatever is killed."""

    account = reference(Account)
    account_id: int
    kind = peewee.TextField()
    state = peewee.TextField(default=IntakeState.READY)
    replaces = peewee.BooleanField(default=False)  # what is not in the file is to end
    file_name = peewee.TextField(default="")
    entries = peewee.TextField()  # JSON: [line, cells] of each that could be read; emptied at the end
    total = peewee.IntegerField()
    position = peewee.IntegerField(default=0)  # entries that were dealt with
    failed = peewee.IntegerField(default=0)  # with the lines that could not be read
    removed = peewee.IntegerField(default=0)
    renamed = peewee.TextField(default="{}")  # JSON: key in the file, key here, where these differ
    created_at = peewee.BigIntegerField()
    finished_at = peewee.BigIntegerField(null=True)


class IntakeFailure(BaseModel):
    """A line that could not be read, or what it asks for not done."""

    intake = reference(Intake)
    intake_id: int
    line = peewee.IntegerField()
    cells = peewee.TextField()  # JSON
    problem = SentenceField()


class ArchiveState(StrEnum):
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class Archive(BaseModel):
    """All of an account in one file, which is there for a week."""

    account = reference(Account)
    account_id: int
    state = peewee.TextField(default=ArchiveState.MAKING)
    file_key = peewee.TextField(default="")
    size_bytes = peewee.BigIntegerField(default=0)
    statuses = peewee.IntegerField(default=0)
    left_out = peewee.IntegerField(default=0)  # files that had no room, or are gone
    problem = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()
    finished_at = peewee.BigIntegerField(null=True)


class RestorationState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Restoration(BaseModel):
    """An archive that `account` brought, on its way in."""

    account = reference(Account)
    account_id: int
    state = peewee.TextField(default=RestorationState.RUNNING)
    file_key = peewee.TextField()
    position = peewee.IntegerField(default=0)  # activities of its outbox that were dealt with
    restored = peewee.IntegerField(default=0)
    left_out = peewee.IntegerField(default=0)
    files_left_out = peewee.IntegerField(default=0)
    size_bytes = peewee.BigIntegerField(default=0)  # of what was stored of it
    problem = SentenceField(default="")
    created_at = peewee.BigIntegerField()
    finished_at = peewee.BigIntegerField(null=True)


class RestoredStatus(BaseModel):
    """Which post here was made of the post of that address, so that an archive that comes twice makes none twice."""

    account = reference(Account, index=False)
    account_id: int
    original_uri = peewee.TextField()
    status = reference(Status)
    status_id: int

    class Meta:
        indexes = ((("account", "original_uri"), True),)
