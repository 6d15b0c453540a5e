"""Addresses of other servers' files, as our readers see them: always our own (docs/threat-model.md).

`/proxy/<signature>/<address in base64>`: only what this node has shown can be asked for, so that nobody else's
traffic goes through it. Avatars, headers, emoji and attachments that are not copied yet use these.
"""

import base64
import binascii
from functools import lru_cache

from node import secret as secrets
from node import site
from node.errors import NotFound
from node.media.storage import AVATARS, still_key
from node.services.community import settings
from node.services.community.settings import RemoteMedia

# Behind the address of a picture: its first frame, a copy that is no larger than pages show it, and one as small as faces.
STILL, SMALL, FACE = "/still", "/small", "/face"
_PURPOSE = "remote media"
_secret = b""


def use(secret: bytes) -> None:
    """Called beside `site.use`."""
    global _secret
    _secret = secret
    address.cache_clear()


@lru_cache(maxsize=20_000)
def address(remote_url: str) -> str:
    """Where our readers find `remote_url`."""
    encoded = base64.urlsafe_b64encode(remote_url.encode("utf-8", "surrogatepass")).decode().rstrip("=")
    return f"{site.base_url}/proxy/{secrets.sign(_secret, _PURPOSE, remote_url)}/{encoded}"


def original(signature: str, encoded: str) -> str:
    """The remote address; NotFound for what this node did not write."""
    try:
        padded = encoded + "=" * (-len(encoded) % 4)
        remote_url = base64.b64decode(padded.encode("ascii"), b"-_", validate=True).decode("utf-8")
    except (ValueError, binascii.Error) as error:
        raise NotFound("There is no such file.") from error
    if not secrets.is_signed(_secret, _PURPOSE, remote_url, signature):
        raise NotFound("There is no such file.")
    return remote_url


def shown(key: str, remote_url: str) -> str:
    """The address of a file that is stored here under `key`, or elsewhere; empty when there is none to be shown."""
    if key:
        return site.media_url(key)
    return address(remote_url) if remote_url and are_shown() else ""


def still(key: str, remote_url: str) -> str:
    """The same for the first frame, of what may move."""
    if key:
        return site.media_url(still_key(key))
    return f"{address(remote_url)}{STILL}" if remote_url and are_shown() else ""


def small(remote_url: str) -> str:
    """The same for a light copy of a picture elsewhere that lies still."""
    return f"{address(remote_url)}{SMALL}" if remote_url and are_shown() else ""


def face(still_url: str) -> str:
    """Of an avatar's first frame, here or elsewhere: the same as small as beside posts."""
    if still_url.endswith(STILL):
        return still_url.removesuffix(STILL) + FACE
    return still_url + FACE if still_url.startswith(site.media_url(AVATARS)) else still_url


def are_shown() -> bool:
    """Whether this node gives its readers files of other servers; what is rendered is remembered under the answer."""
    return settings.current().remote_media is not RemoteMedia.NONE
