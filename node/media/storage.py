"""Where the files are: a local folder, or object storage through the same interface (obstore)."""

import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from node.config import Config
from node.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "application/octet-stream": "bin",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/json": "json",
}
_MIMES = {extension: mime for mime, extension in _EXTENSIONS.items()}
_KEY = re.compile(rf"[a-z]{{1,20}}/[a-z0-9]{{2}}/[a-z0-9]{{30}}\.(?:{'|'.join(_MIMES)})", re.ASCII)
ARCHIVES = "archives/"  # of what is its owner's alone
_MOVING, _STILL = "moving", "still"  # how folders end, of pictures with two files
AVATARS = "avatars"  # how their folders begin: there is one for first frames, too
_PREVIEWS, _LIGHT = "previews", "light"  # folders of thumbnails with two files
UPLOADS = "uploads/"  # of what is still to be worked on, which nobody is shown
_CHUNK_BYTES = 1 << 20
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def new_key(folder: str, mime: str) -> str:
    """`folder/ab/….webp`: 165 random bits, so that only who was told the address finds the file."""
    name = "".join(secrets.choice(_ALPHABET) for _ in range(32))
    return f"{folder}/{name[:2]}/{name[2:]}.{_EXTENSIONS[mime]}"


def moving_key(folder: str, mime: str) -> str:
    """For a picture that moves. Its name says so, and thereby where its first frame is: nothing else has to know."""
    return new_key(f"{folder}{_MOVING}", mime)


def still_key(key: str) -> str:
    """Where the first frame of a picture that moves is; of any other, the picture itself."""
    folder, slash, name = key.partition("/")
    return f"{folder.removesuffix(_MOVING)}{_STILL}{slash}{name}" if folder.endswith(_MOVING) else key


def preview_key(mime: str) -> str:
    """For a thumbnail that is here as AVIF, too. Its name says so, and thereby where that is."""
    return new_key(_PREVIEWS, mime)


def light_key(key: str) -> str:
    """Where a thumbnail is as AVIF; empty for what is here once."""
    folder, _, name = key.partition("/")
    return f"{_LIGHT}/{name.partition('.')[0]}.avif" if folder == _PREVIEWS else ""


def is_key(text: str) -> bool:
    """Whether `text` may be asked for at all; nothing else ever reaches the disk."""
    return _KEY.fullmatch(text) is not None


def mime_of(key: str) -> str:
    """The type that a file was stored with, never one that may hold scripts."""
    return _MIMES[key.rpartition(".")[2]]


class StoredFile(NamedTuple):
    key: str
    size_bytes: int
    modified_at: int


class Storage:
    """Blocks, on the disk or on the network: call it from a thread."""

    def __init__(self, store: "ObjectStore", base_url: str, folder: Path | None = None) -> None:
        self._store = store
        self._base_url = base_url
        self._folder = folder

    def put(self, key: str, data: bytes | Path) -> None:
        """From memory, or from a file of any size."""
        import obstore.exceptions

        try:
            self._store.put(_checked(key), data, attributes=self._attributes(key))
        except obstore.exceptions.BaseError as error:
            raise Unavailable("The file could not be stored. Try again later.") from error

    def get(self, key: str) -> bytes:
        """NotFound when there is no such file."""
        import obstore.exceptions

        try:
            return bytes(self._store.get(_checked(key)).bytes())
        except (FileNotFoundError, obstore.exceptions.NotFoundError) as error:
            raise NotFound("There is no such file.") from error
        except obstore.exceptions.BaseError as error:
            raise Unavailable("The file cannot be read just now.") from error

    def fetch(self, key: str, folder: Path) -> Path:
        """The file as one on this disk, copied into `folder` if it is elsewhere. NotFound when there is none."""
        import obstore.exceptions

        here = self.path(key)
        if here is not None:
            if not here.is_file():
                raise NotFound("There is no such file.")
            return here
        copy = folder / "fetched"
        try:
            with copy.open("wb") as file:
                for chunk in self._store.get(_checked(key)).stream(min_chunk_size=_CHUNK_BYTES):
                    file.write(chunk)
        except (FileNotFoundError, obstore.exceptions.NotFoundError) as error:
            raise NotFound("There is no such file.") from error
        except obstore.exceptions.BaseError as error:
            raise Unavailable("The file cannot be read just now.") from error
        return copy

    def size(self, key: str) -> int:
        """In bytes. NotFound when there is no such file."""
        import obstore.exceptions

        try:
            return int(self._store.head(_checked(key))["size"])
        except (FileNotFoundError, obstore.exceptions.NotFoundError) as error:
            raise NotFound("There is no such file.") from error
        except obstore.exceptions.BaseError as error:
            raise Unavailable("The file cannot be read just now.") from error

    def part(self, key: str, start: int, stop: int) -> bytes:
        """The bytes from `start` to before `stop` of a file that is there."""
        import obstore.exceptions

        try:
            return bytes(self._store.get_range(_checked(key), start=start, end=stop))
        except (FileNotFoundError, obstore.exceptions.BaseError) as error:
            raise Unavailable("The file cannot be read just now.") from error

    def delete(self, *keys: str) -> None:
        """Delete what is there; a file that is gone already is as good as deleted."""
        import obstore.exceptions

        for key in keys:
            try:
                self._store.delete(_checked(key))
            except (FileNotFoundError, obstore.exceptions.NotFoundError):
                pass
            except obstore.exceptions.BaseError as error:
                raise Unavailable("The file cannot be deleted just now.") from error

    def files(self) -> Iterator[StoredFile]:
        """Every file that was stored, in no order; whatever else lies there is not ours to look at."""
        import obstore.exceptions

        try:
            for page in self._store.list():
                for found in page:
                    if is_key(found["path"]):
                        modified_at = int(found["last_modified"].timestamp() * 1000)
                        yield StoredFile(found["path"], found["size"], modified_at)
        except obstore.exceptions.BaseError as error:
            raise Unavailable("The files cannot be listed just now.") from error

    def url(self, key: str) -> str:
        """The address to show; always ours, wherever the file is."""
        return f"{self._base_url}/media/{key}" if key else ""

    def path(self, key: str) -> Path | None:
        """The file on this disk, to be sent without a copy in memory; None when it is elsewhere."""
        return self._folder / _checked(key) if self._folder is not None else None

    def _attributes(self, key: str) -> dict[str, str] | None:
        # A file system has nowhere to keep them.
        if self._folder is not None:
            return None
        return {"Content-Type": mime_of(key), "Cache-Control": "public, max-age=31536000, immutable"}


def open_storage(config: Config) -> Storage:
    """Object storage when `media_url` names some (its credentials come from the usual `AWS_…`), else the folder."""
    return open_at(config.media_url or config.media_dir, config)


def open_at(place: str | Path, config: Config) -> Storage:
    """`s3://bucket/prefix`, or a folder, which is made."""
    from obstore.store import LocalStore, S3Store

    if isinstance(place, str) and "://" in place:
        store = S3Store.from_url(
            place,
            # Its own patience is three minutes, and somebody waits for this.
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        )
        return Storage(store, config.base_url)
    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True)
    return Storage(LocalStore(prefix=folder, automatic_cleanup=True), config.base_url, folder.resolve())


def _checked(key: str) -> str:
    if not is_key(key):
        raise NotFound("There is no such file.")
    return key
