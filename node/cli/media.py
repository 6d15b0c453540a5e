"""`linnet media …`"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import click

from node import clock
from node.cli.opening import opened
from node.cli.output import json_option, show, show_all
from node.errors import NotFound
from node.media import scratch
from node.media.storage import light_key, open_at, open_storage, still_key
from node.models import Account, Archive, CustomEmoji, MediaAttachment, Restoration
from node.services.community import pictures
from web.files.remote_files import RemoteFiles, bounds_now, remote_folder

# Uploads of the last hours may belong to a post that is being written.
_GRACE_MS = 6 * clock.HOUR


_REMOTE = "remote"
_KEYS = (MediaAttachment.file_key, MediaAttachment.thumb_key, MediaAttachment.source_key)


@click.group()
def media() -> None:
    """Stored pictures."""


@media.command()
@json_option
def usage(as_json: bool) -> None:
    """Show how many files of each kind there are, and how large they are together."""
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    with opened() as config:
        for key, size_bytes, _ in open_storage(config).files():
            kind = key.partition("/")[0]
            counts[kind] += 1
            sizes[kind] += size_bytes
        counts[_REMOTE], sizes[_REMOTE] = RemoteFiles(remote_folder(config)).usage()
    rows = [{"kind": kind, "files": counts[kind], "bytes": sizes[kind]} for kind in sorted(counts)]
    show_all([*rows, {"kind": "all", "files": counts.total(), "bytes": sizes.total()}], as_json, nothing="")


@media.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@json_option
def prune(dry_run: bool, as_json: bool) -> None:
    """Delete files that nothing refers to any more, and copies of remote ones beyond their bounds."""
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
        answer = {"deleted" if not dry_run else "unused": len(unused), "bytes": sum(size for _, size in unused)}
        if not dry_run:
            answer["copies"], answer["bytes_of_copies"] = RemoteFiles(remote_folder(config)).prune(bounds_now())
    show(answer, as_json)


@media.command()
@click.option("--from", "source", help="A folder or s3://bucket/prefix; without, where files are kept now.")
@click.option("--to", "target", help="The same, for where they go.")
@json_option
def move(source: str | None, target: str | None, as_json: bool) -> None:
    """Copy all files to another place: s3://bucket/prefix, or a folder.

    What is there already is left alone, so a move that was interrupted goes on where it was. The node may run
    meanwhile; afterwards change its media_url, restart it, and run this once more with --from for what came between.
    """
    if (source is None) == (target is None):
        raise click.UsageError("Say either --to or --from.")
    with opened() as config:
        here = open_storage(config)
        old, new = (here, open_at(target, config)) if target else (open_at(source or "", config), here)
        there = {file.key: file.size_bytes for file in new.files()}
        missing = [file for file in old.files() if there.get(file.key) != file.size_bytes]
        with (
            tempfile.TemporaryDirectory(dir=scratch.folder(config)) as folder,
            click.progressbar(missing, label="Copying", hidden=as_json) as files,
        ):
            for file in files:
                # One that was deleted meanwhile is nothing to copy.
                with suppress(NotFound):
                    new.put(file.key, old.fetch(file.key, Path(folder)))
    show(
        {"copied": len(missing), "bytes": sum(file.size_bytes for file in missing), "there_before": len(there)},
        as_json,
    )


def _used() -> Iterator[str]:
    for row in MediaAttachment.select(*_KEYS).tuples().iterator():
        yield from (file for key in row for file in (key, light_key(key)))
    for row in Account.select(Account.avatar_key, Account.header_key).tuples().iterator():
        yield from _both(row)
    for row in Restoration.select(Restoration.file_key).tuples().iterator():
        yield from row
    for row in Archive.select(Archive.file_key).tuples().iterator():
        yield from row
    yield from _both(pictures.keys())
    for row in CustomEmoji.select(CustomEmoji.image_key).tuples().iterator():
        yield from _both(row)


def _both(keys: Iterable[str]) -> Iterator[str]:
    """Of pictures that move, the first frames, too."""
    for key in keys:
        yield from (key, still_key(key))
