"""Pictures, video, sound: the files are in storage under keys that nobody can guess, the facts are here."""

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class MediaAttachment(BaseModel):
    """Belongs to its account; attached once `status` is set. Remote ones have `remote_url`.

    Video and sound have `source_key`, the upload as it came, until they are made ready; then `file_key`, or `problem`.
    """

    account = reference(Account)
    account_id: int
    status = reference(Status, null=True)
    status_id: int | None
    position = peewee.IntegerField(default=0)
    kind = peewee.TextField()  # image, gifv, video, audio, unknown
    mime = peewee.TextField(default="")
    file_key = peewee.TextField(default="")
    thumb_key = peewee.TextField(default="")
    source_key = peewee.TextField(default="")
    problem = peewee.TextField(default="")
    remote_url = peewee.TextField(default="")
    thumb_remote_url = peewee.TextField(default="")
    description = peewee.TextField(default="")
    blurhash = peewee.TextField(default="")
    width = peewee.IntegerField(null=True)
    height = peewee.IntegerField(null=True)
    thumb_width = peewee.IntegerField(null=True)
    thumb_height = peewee.IntegerField(null=True)
    duration_seconds = peewee.FloatField(null=True)
    frame_rate = peewee.TextField(default="")  # "30000/1001"
    bitrate = peewee.IntegerField(null=True)  # bits a second
    focus_x = peewee.FloatField(null=True)
    focus_y = peewee.FloatField(null=True)
    size_bytes = peewee.BigIntegerField(default=0)
    created_at = peewee.BigIntegerField()
