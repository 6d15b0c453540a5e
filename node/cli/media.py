"""`linnet media …`"""

from collections.abc import Iterator

import click

from node import clock
from node.cli.opening import opened
from node.cli.output import json_option, show
from node.media.storage import open_storage
from node.models import Account, CustomEmoji, MediaAttachment

# Uploads of the last hours may belong to a post that is being written.
_GRACE_MS = 6 * clock.HOUR


_KEYS = (MediaAttachment.file_key, MediaAttachment.thumb_key, MediaAttachment.source_key)


@click.group()
def media() -> None:
    """Stored pictures."""


@media.command()
@json_option
def usage(as_json: bool) -> None:
    """Show how many files there are, and how large they are together."""
    with opened() as config:
        count = size = 0
        for _, size_bytes, _ in open_storage(config).files():
            count, size = count + 1, size + size_bytes
    show({"files": count, "bytes": size}, as_json)


@media.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@json_option
def prune(dry_run: bool, as_json: bool) -> None:
    """Delete files that nothing refers to any more."""
    with opened() as config:
        storage = open_storage(config)
        before = clock.now_ms() - _GRACE_MS
        files = [(key, size) for key, size, modified_at in storage.files() if modified_at < before]
        used = set(_used())
        unused = [(key, size) for key, size in files if key not in used]
        if not dry_run:
            with click.progressbar(unused, label="Deleting", hidden=as_json) as rows:
                for key, _ in rows:
                    storage.delete(key)
    show({"deleted" if not dry_run else "unused": len(unused), "bytes": sum(size for _, size in unused)}, as_json)


def _used() -> Iterator[str]:
    for row in MediaAttachment.select(*_KEYS).tuples().iterator():
        yield from row
    for row in Account.select(Account.avatar_key, Account.header_key).tuples().iterator():
        yield from row
    for row in CustomEmoji.select(CustomEmoji.image_key).tuples().iterator():
        yield from row
