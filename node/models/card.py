"""What a page that a status links to says of itself."""

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class PreviewCard(BaseModel):
    """Of one page, however many statuses link to it; or of one author's word about a page.

    `key` is the address of the page; where the author of a status sent the preview along, the author's id and a space
    stand before it, so that nobody describes a page for others. `fetched_at` is null while nothing is known.
    """

    key = peewee.TextField(unique=True)
    url = peewee.TextField()
    title = peewee.TextField(default="")  # empty: there is nothing to show
    description = peewee.TextField(default="")
    provider_name = peewee.TextField(default="")
    provider_url = peewee.TextField(default="")
    author_name = peewee.TextField(default="")
    author_url = peewee.TextField(default="")
    # Whom the page names. Nobody else is told unless this account names the page's site in turn.
    author = reference(Account, null=True, on_delete="SET NULL")
    author_id: int | None
    image_url = peewee.TextField(default="")  # at its own server; readers get it from us
    image_description = peewee.TextField(default="")
    width = peewee.IntegerField(default=0)
    height = peewee.IntegerField(default=0)
    language = peewee.TextField(null=True)
    published_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()
    fetched_at = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "preview_card"
