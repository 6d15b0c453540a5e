"""What a process must know before its database."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.config import Config, ConfigError, load


def write(folder: Path, text: str) -> Path:
    file = folder / "linnet.toml"
    file.write_text(text, "utf-8")
    return file


def test_nothing_said_is_a_node_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    config = load({})

    assert config.base_url == "http://localhost:8420"
    assert config.domain == "localhost:8420"
    assert config.is_sqlite
    assert config.sqlite_path == Path("data/linnet.db")
    assert config.rate_limits


def test_a_real_domain_speaks_https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    config = load({"LINNET_DOMAIN": "Social.Example."})

    assert (config.domain, config.web_domain, config.base_url) == (
        "social.example",
        "social.example",
        "https://social.example",
    )
    assert config.mail_from == "linnet@social.example"


def test_handles_and_pages_may_have_different_domains(tmp_path: Path) -> None:
    config = load({"LINNET_WEB_DOMAIN": "social.example.org"}, write(tmp_path, 'domain = "example.org"'))

    assert (config.domain, config.web_domain) == ("example.org", "social.example.org")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, 'domain = "file.test"\nrate_limits = false\ntrusted_proxies = ["10.0.0.0/8"]')

    config = load({"LINNET_DOMAIN": "env.test"}, file)

    assert config.domain == "env.test"
    assert not config.rate_limits
    assert [str(network) for network in config.trusted_proxies] == ["10.0.0.0/8"]


def test_the_file_can_be_named_by_the_environment(tmp_path: Path) -> None:
    file = write(tmp_path, 'domain = "file.test"')

    assert load({"LINNET_CONFIG": str(file)}).domain == "file.test"


def test_all_values_that_others_rely_on_are_read(tmp_path: Path) -> None:
    config = load(
        {
            "LINNET_DOMAIN": "127.0.0.1:9001",
            "LINNET_LISTEN": "unix:/run/linnet.sock",
            "LINNET_DATA_DIR": str(tmp_path),
            "LINNET_DATABASE_URL": "postgres://linnet@db/linnet",
            "LINNET_OUTGOING_ALLOW": "127.0.0.0/8, fd00::/8",
            "LINNET_PLAIN_HTTP": "1",
            "LINNET_RATE_LIMITS": "off",
            "LINNET_INTERNAL_SOMETHING": "is not ours to judge",
            "PATH": "/bin",
        },
        write(tmp_path, ""),
    )

    assert config.listen == "unix:/run/linnet.sock"
    assert config.database_url == "postgresql://linnet@db/linnet"
    assert len(config.outgoing_allow) == 2
    assert (config.scheme, config.rate_limits, config.data_dir) == ("http", False, tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("LINNET_DOMAN", "x.test", "Did you mean LINNET_DOMAIN?"),
        ("LINNET_XYZZY", "x", "docs/configuration.md"),
        ("LINNET_DOMAIN", "https://x.test", "without https://"),
        ("LINNET_DOMAIN", "x.test/path", "not a domain"),
        ("LINNET_DOMAIN", "", "not a domain"),
        ("LINNET_LISTEN", "8420", "host:port"),
        ("LINNET_LISTEN", "localhost:99999", "host:port"),
        ("LINNET_LISTEN", "unix:", "host:port"),
        ("LINNET_DOMAIN", "x.test:99999", "not a domain"),
        ("LINNET_DOMAIN", "x.test:0", "not a domain"),
        ("LINNET_DOMAIN", "x.test:٣", "not a domain"),
        ("LINNET_DOMAIN", "[:::]", "not a domain"),
        ("LINNET_WEB_DOMAIN", "x\n.test", "one line"),
        ("LINNET_DATA_DIR", "~no-such-person/data", "home folder"),
        ("LINNET_METRICS_LISTEN", "unix:/tmp/metrics", "host:port"),
        ("LINNET_SMTP_URL", "smtp://", "no host"),
        ("LINNET_SMTP_URL", "smtp://mail.test:99999", "no host"),
        ("LINNET_MEDIA_URL", "s3:///prefix", "no host"),
        ("LINNET_MAIL_FROM", "linnet", "mail address"),
        ("LINNET_DATABASE_URL", "mysql://x", "sqlite:///"),
        ("LINNET_TRUSTED_PROXIES", "10.0.0.1/8", "not a network"),
        ("LINNET_TRUSTED_PROXIES", "all", "not a network"),
        ("LINNET_PLAIN_HTTP", "maybe", "on or off"),
        ("LINNET_DATA_DIR", "", "path"),
        ("LINNET_SMTP_URL", "mail.test", "smtp://"),
        ("LINNET_LOG_LEVEL", "loud", "debug"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_a_remedy(tmp_path: Path, key: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load({key: value}, write(tmp_path, ""))

    assert key in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "domain = 5",
        "domian = 'x.test'",
        "domain =",
        "trusted_proxies = 5",
        "plain_http = 'x'",
        "outgoing_allow = [5]",
        "trusted_proxies = [true]",
    ],
)
def test_a_mistake_in_the_file_names_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"linnet\.toml"):
        load({}, write(tmp_path, text))


def test_a_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load({}, tmp_path / "other.toml")
    with pytest.raises(ConfigError, match="does not exist"):
        load({"LINNET_CONFIG": str(tmp_path / "other.toml")})
    with pytest.raises(ConfigError, match="cannot be read"):
        load({"LINNET_CONFIG": str(tmp_path)})

    assert load({"LINNET_CONFIG": os.devnull}).domain == "localhost:8420"


_words = st.text(max_size=20) | st.sampled_from(
    [
        *("localhost:8420", "social.example", "[::1]:80", "[::1", "xn--", "a..b", "é", "x" * 300, "host:٣", ":80"),
        *(
            "unix:",
            "unix:x",
            "~",
            "~root/x",
            "sqlite:///",
            "postgresql://[",
            "s3://b",
            "smtp://u:p@h:99999",
            "smtp://[",
        ),
        *("10.0.0.0/8", "10.0.0.1/8", "::/0", "1.2.3.4, ,5", "on", "0", "debug", "\udcff", "\0", "-", "%", "*"),
    ]
)
_keys = st.sampled_from(Config.__struct_fields__)
_values = st.recursive(
    _words | st.integers() | st.booleans() | st.floats(), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
EXAMPLES = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def told_by(read: Callable[[], Config]) -> str:
    """The message, if it is refused; else what is in every message."""
    try:
        read()
    except ConfigError as error:
        return str(error)
    return "LINNET_ linnet.toml"


@EXAMPLES
@given(st.dictionaries(_keys, _words, max_size=4))
def test_any_environment_is_a_configuration_or_a_message(values: dict[str, str]) -> None:
    environ = {f"LINNET_{key.upper()}": value for key, value in values.items()} | {"LINNET_CONFIG": os.devnull}
    assert "LINNET_" in told_by(lambda: load(environ))


@EXAMPLES
@given(st.dictionaries(_keys, _values, max_size=4))
def test_any_file_is_a_configuration_or_a_message(tmp_path: Path, values: dict[str, object]) -> None:
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    file = write(tmp_path, "\n".join(lines))
    told = told_by(lambda: load({}, file))
    assert "linnet.toml" in told or "LINNET_METRICS_LISTEN" in told


def test_figures_have_an_address_of_their_own(tmp_path: Path) -> None:
    environ = {"LINNET_LISTEN": "127.0.0.1:9000", "LINNET_METRICS_LISTEN": "127.0.0.1:9000"}
    with pytest.raises(ConfigError, match="LINNET_METRICS_TOKEN"):
        load(environ, write(tmp_path, ""))

    assert load(environ | {"LINNET_METRICS_LISTEN": "127.0.0.1:9001"}, write(tmp_path, "")).metrics_listen


def test_a_config_cannot_change() -> None:
    with pytest.raises(AttributeError):
        Config.for_tests().domain = "b.test"  # type: ignore[misc]
