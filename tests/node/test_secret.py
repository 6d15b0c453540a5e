"""The secret is made once, stays, and signs."""

from pathlib import Path

import msgspec
import pytest

from node import secret
from node.config import Config, ConfigError


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    """Its secret is its own, and is not made yet."""
    return msgspec.structs.replace(config, secret_file=tmp_path / "secret")


def test_the_secret_stays_the_same(config: Config) -> None:
    first = secret.load(config)

    assert secret.load(config) == first
    assert len(first) == 32


def test_only_its_owner_can_read_the_file(config: Config) -> None:
    secret.load(config)

    assert config.secret_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in config.secret_file.parent.iterdir()] == ["secret"]


@pytest.mark.parametrize("content", ["", "not hexadecimal", "abcd"])
def test_a_broken_file_is_refused_with_its_name(config: Config, content: str) -> None:
    config.secret_file.write_text(content)

    with pytest.raises(ConfigError, match="secret"):
        secret.load(config)


def test_a_folder_that_cannot_be_made_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    config = Config.for_tests(data_dir=tmp_path, secret_file=tmp_path / "file" / "secret")

    with pytest.raises(ConfigError, match="cannot be used"):
        secret.load(config)


def test_a_signature_is_for_one_purpose_one_message_and_one_node() -> None:
    signature = secret.sign(b"ours", "form", "message")

    assert secret.is_signed(b"ours", "form", "message", signature)
    assert not secret.is_signed(b"theirs", "form", "message", signature)
    assert not secret.is_signed(b"ours", "proxy", "message", signature)
    assert not secret.is_signed(b"ours", "form", "another", signature)
    assert not secret.is_signed(b"ours", "form", "message", "é\ud800")
