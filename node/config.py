"""What a process must know before its database; read once, from `linnet.toml` and `LINNET_…`, then frozen.

What a community decides at run time is not here but in `node/services/settings.py`.
"""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from node.errors import NodeError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_PORT = 8420
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class ConfigError(NodeError):
    """Names the key, its value and the remedy."""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """See docs/configuration.md; a test keeps the two alike."""

    domain: str = f"localhost:{DEFAULT_PORT}"  # the part after @ in handles
    web_domain: str = f"localhost:{DEFAULT_PORT}"  # where pages, the API and actors live
    listen: str = f"127.0.0.1:{DEFAULT_PORT}"  # host:port or unix:path
    data_dir: Path = Path("data")
    database_url: str = "sqlite:///data/linnet.db"
    trusted_proxies: tuple[Network, ...] = ()
    outgoing_allow: tuple[Network, ...] = ()
    plain_http: bool = False
    rate_limits: bool = True
    secret_file: Path = Path("data/secret")
    media_url: str = ""  # object storage, such as s3://bucket/prefix; empty keeps media in the data folder
    smtp_url: str = ""  # smtp[s]://user:password@host:port; empty sends no mail
    mail_from: str = ""
    metrics_listen: str = ""  # host:port of a second listener with /metrics alone
    metrics_token: str = ""  # or: /metrics on the main listener for bearers of this
    log_level: str = "info"

    @property
    def scheme(self) -> str:
        return "http" if self.plain_http else "https"

    @property
    def base_url(self) -> str:
        """`https://web.domain`, without a slash at the end."""
        return f"{self.scheme}://{self.web_domain}"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def sqlite_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"

    @classmethod
    def for_tests(cls, **values: Any) -> "Config":
        """A config of `a.test` or the domain given, web domain alike, in-memory database unless told otherwise."""
        values.setdefault("domain", "a.test")
        values.setdefault("web_domain", values["domain"])
        values.setdefault("database_url", "sqlite:///:memory:")
        return cls(**values)


def load(environ: Mapping[str, str] = os.environ, file: Path | None = None) -> Config:
    """Defaults, then `linnet.toml` (`LINNET_CONFIG` names another), then `LINNET_…`; the later one wins."""
    values = _from_file(file or Path(environ.get("LINNET_CONFIG", "linnet.toml")), required=file is not None)
    for name, text in environ.items():
        if name.startswith("LINNET_") and name != "LINNET_CONFIG" and not name.startswith("LINNET_INTERNAL_"):
            key = name.removeprefix("LINNET_").lower()
            if key not in _READERS:
                raise ConfigError(_unknown(name, key, "LINNET_"))
            values[key] = _READERS[key](name, text)
    return _complete(values)


def _from_file(path: Path, *, required: bool) -> dict[str, Any]:
    if not path.exists():
        if required:
            raise ConfigError(f"The configuration file {path} does not exist.")
        return {}
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    values = {}
    for key, value in raw.items():
        if key not in _READERS:
            raise ConfigError(_unknown(f"{key} in {path}", key, ""))
        values[key] = _READERS[key](f"{key} in {path}", value)
    return values


def _complete(values: dict[str, Any]) -> Config:
    """Fill in what follows from what was said."""
    listen = values.setdefault("listen", f"127.0.0.1:{DEFAULT_PORT}")
    port = listen.rpartition(":")[2] if not listen.startswith("unix:") else str(DEFAULT_PORT)
    domain = values.setdefault("domain", values.get("web_domain", f"localhost:{port}"))
    web_domain = values.setdefault("web_domain", domain)
    data_dir = values.setdefault("data_dir", Path("data"))
    values.setdefault("database_url", f"sqlite:///{data_dir / 'linnet.db'}")
    values.setdefault("secret_file", data_dir / "secret")
    # A node that only this machine can reach has no certificate to offer.
    values.setdefault("plain_http", host_without_port(web_domain) in _LOOPBACK_NAMES)
    values.setdefault("mail_from", f"linnet@{host_without_port(domain)}")
    return Config(**values)


def host_without_port(domain: str) -> str:
    """`[::1]:80` → `[::1]`, `localhost:8420` → `localhost`"""
    return re.sub(r":\d+$", "", domain)


def _unknown(name: str, key: str, prefix: str) -> str:
    near = difflib.get_close_matches(key, _READERS, 1)
    known = (
        f"Did you mean {prefix}{near[0].upper() if prefix else near[0]}?" if near else "See docs/configuration.md."
    )
    return f"{name} is not a setting that Linnet knows. {known}"


# ── readers: (name to show, raw value) → value, or ConfigError ─────────────────────────────────────────────────────

_DOMAIN = re.compile(
    r"(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::\d{1,5})?"
)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{name} is {value!r}, but it must be text in quotes.")
    return value.strip()


def _domain(name: str, value: object) -> str:
    text = _text(name, value).lower().rstrip(".")
    try:
        text = (
            ":".join([text.partition(":")[0].encode("idna").decode(), *text.split(":")[1:]])
            if text[:1] != "["
            else text
        )
    except UnicodeError:
        text = ""
    if not _DOMAIN.fullmatch(text) or len(text) > 253:
        raise ConfigError(
            f"{name} is {value!r}, which is not a domain. Write only the name, such as social.example or"
            " localhost:8420, without https:// and without a path."
        )
    return text


def _listen(name: str, value: object) -> str:
    text = _text(name, value)
    if text.startswith("unix:") and len(text) > len("unix:"):
        return text
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigError(f"{name} is {value!r}, but it must be host:port, such as 127.0.0.1:8420, or unix:path.")
    return text


def _database_url(name: str, value: object) -> str:
    text = _text(name, value)
    if text.startswith("postgres://"):
        text = text.replace("postgres://", "postgresql://", 1)
    if not re.match(r"sqlite:///.|postgresql://", text):
        raise ConfigError(
            f"{name} does not name a database that Linnet speaks to. Write sqlite:///path/to/file.db or"
            " postgresql://user:password@host/database."
        )
    return text


def _networks(name: str, value: object) -> tuple[Network, ...]:
    parts = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise ConfigError(f"{name} is {value!r}, but it must be a list of networks, such as 10.0.0.0/8.")
    networks = []
    for part in parts:
        if part == "":
            continue
        try:
            networks.append(ipaddress.ip_network(part))
        except (ValueError, TypeError) as error:
            raise ConfigError(
                f"{name} holds {part!r}, which is not a network ({error}). Write addresses such as 127.0.0.0/8 or"
                " fd00::/8, separated by commas."
            ) from error
    return tuple(networks)


def _switch(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("1", "on", "true", "yes"):
        return True
    if word in ("0", "off", "false", "no", ""):
        return False
    raise ConfigError(f"{name} is {value!r}, but it must be on or off.")


def _path(name: str, value: object) -> Path:
    text = _text(name, value)
    if not text:
        raise ConfigError(f"{name} is empty, but it must be a path.")
    return Path(text).expanduser()


def _url(*schemes: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        text = _text(name, value)
        if text and not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ConfigError(f"{name} must begin with one of {', '.join(f'{s}://' for s in schemes)}.")
        return text

    return read


def _level(name: str, value: object) -> str:
    text = _text(name, value).lower()
    if text not in ("debug", "info", "warning", "error"):
        raise ConfigError(f"{name} is {value!r}, but it must be debug, info, warning or error.")
    return text


_READERS: dict[str, Callable[[str, object], Any]] = {
    "domain": _domain,
    "web_domain": _domain,
    "listen": _listen,
    "data_dir": _path,
    "database_url": _database_url,
    "trusted_proxies": _networks,
    "outgoing_allow": _networks,
    "plain_http": _switch,
    "rate_limits": _switch,
    "secret_file": _path,
    "media_url": _url("s3"),
    "smtp_url": _url("smtp", "smtps"),
    "mail_from": _text,
    "metrics_listen": _listen,
    "metrics_token": _text,
    "log_level": _level,
}
