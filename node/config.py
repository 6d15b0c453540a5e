"""What a process must know before its database; read once, from `linnet.toml` and `LINNET_…`, then frozen.

What a community decides at run time is not here but in `node/services/community/settings.py`.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from node.config_values import READERS, ConfigError, Network

__all__ = ["Config", "ConfigError", "Network", "host_without_port", "load"]

DEFAULT_PORT = 8420
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


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
    named = file or environ.get("LINNET_CONFIG")
    values = _from_file(Path(named or "linnet.toml"), required=bool(named))
    for name, text in environ.items():
        if name.startswith("LINNET_") and name != "LINNET_CONFIG" and not name.startswith("LINNET_INTERNAL_"):
            key = name.removeprefix("LINNET_").lower()
            if key not in READERS:
                raise ConfigError(_unknown(name, key, "LINNET_"))
            values[key] = READERS[key](name, text)
    return _complete(values)


def _from_file(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if required:
            raise ConfigError(f"The configuration file {path} does not exist.") from error
        return {}
    except OSError as error:
        raise ConfigError(f"The configuration file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    values = {}
    for key, value in raw.items():
        if key not in READERS:
            raise ConfigError(_unknown(f"{key} in {path}", key, ""))
        values[key] = READERS[key](f"{key} in {path}", value)
    return values


def _complete(values: dict[str, Any]) -> Config:
    """Fill in what follows from what was said."""
    listen = values.setdefault("listen", f"127.0.0.1:{DEFAULT_PORT}")
    port = listen.rpartition(":")[2] if not listen.startswith("unix:") else str(DEFAULT_PORT)
    if listen == values.get("metrics_listen"):
        raise ConfigError(
            f"LINNET_METRICS_LISTEN is {listen}, where the node itself listens. Choose another port, or let"
            " LINNET_METRICS_TOKEN guard /metrics there."
        )
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
    near = difflib.get_close_matches(key, READERS, 1)
    known = (
        f"Did you mean {prefix}{near[0].upper() if prefix else near[0]}?" if near else "See docs/configuration.md."
    )
    return f"{name} is not a setting that Linnet knows. {known}"
