"""How each value of the configuration is read: (name to show, raw value) → value, or ConfigError."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from node.errors import NodeError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ConfigError(NodeError):
    """Names the key, its value and the remedy."""


_DOMAIN = re.compile(
    r"(?:\[([0-9a-f:.]+)\]|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::([0-9]{1,5}))?"
)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{name} is {value!r}, but it must be text in quotes.")
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", value.strip()):
        raise ConfigError(f"{name} is {value!r}, but it must be one line of text in UTF-8.")
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
    if len(text) > 253 or not _is_domain(text):
        raise ConfigError(
            f"{name} is {value!r}, which is not a domain. Write only the name, such as social.example or"
            " localhost:8420, without https:// and without a path."
        )
    return text


def _is_domain(text: str) -> bool:
    parts = _DOMAIN.fullmatch(text)
    if parts is None:
        return False
    address, port = parts.groups()
    try:
        return (address is None or bool(ipaddress.IPv6Address(address))) and (port is None or _is_port(port))
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,5}", text)) and 0 < int(text) < 65536


def _listen(name: str, value: object) -> str:
    text = _text(name, value)
    if text.startswith("unix:") and len(text) > len("unix:"):
        return text
    return _host_and_port(name, text, ", or unix:path")


def _second_listen(name: str, value: object) -> str:
    text = _text(name, value)
    return text and _host_and_port(name, text, "")


def _host_and_port(name: str, text: str, otherwise: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not _is_port(port):
        raise ConfigError(f"{name} is {text!r}, but it must be host:port, such as 127.0.0.1:8420{otherwise}.")
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
            # It would take a number for an address.
            networks.append(ipaddress.ip_network(part if isinstance(part, str) else repr(part)))
        except ValueError as error:
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
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ConfigError(f"{name} is {text!r}, but nobody of that name has a home folder here.") from error


def _url(*schemes: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        text = _text(name, value)
        if text and not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ConfigError(f"{name} must begin with one of {', '.join(f'{s}://' for s in schemes)}.")
        try:
            parts = urlsplit(text)
            is_whole = not text or (bool(parts.hostname) and parts.port != 0)
        except ValueError:
            is_whole = False
        if not is_whole:  # not shown: there may be a password in it
            raise ConfigError(f"{name} names no host that can be reached. See docs/configuration.md.")
        return text

    return read


def _mail_address(name: str, value: object) -> str:
    text = _text(name, value)
    if not re.fullmatch(r"[^@]+@[^@\s]+", text):
        raise ConfigError(f"{name} is {value!r}, but it must be a mail address, such as linnet@social.example.")
    return text


def _level(name: str, value: object) -> str:
    text = _text(name, value).lower()
    if text not in ("debug", "info", "warning", "error"):
        raise ConfigError(f"{name} is {value!r}, but it must be debug, info, warning or error.")
    return text


READERS: dict[str, Callable[[str, object], Any]] = {
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
    "mail_from": _mail_address,
    "metrics_listen": _second_listen,
    "metrics_token": _text,
    "log_level": _level,
}
