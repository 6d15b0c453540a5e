"""The socket that a node listens on."""

import socket
from pathlib import Path

import pytest

from node.cli.listening import listeners, split_address
from node.config import Config
from node.errors import NodeError


def at(path: Path) -> Config:
    return Config.for_tests(listen=f"unix:{path}")


def test_a_unix_socket_is_for_its_user_and_group_alone(tmp_path: Path) -> None:
    (listener,) = listeners(at(tmp_path / "linnet.sock"))

    with listener:
        assert (tmp_path / "linnet.sock").stat().st_mode & 0o777 == 0o660


def test_what_a_killed_node_left_behind_is_replaced(tmp_path: Path) -> None:
    listeners(at(tmp_path / "linnet.sock"))[0].close()

    (listener,) = listeners(at(tmp_path / "linnet.sock"))

    with listener, socket.socket(socket.AF_UNIX) as client:
        assert client.connect_ex(str(tmp_path / "linnet.sock")) == 0


def test_the_socket_of_a_node_that_runs_is_left_alone(tmp_path: Path) -> None:
    (listener,) = listeners(at(tmp_path / "linnet.sock"))

    with listener, pytest.raises(NodeError, match="Is Linnet running already"):
        listeners(at(tmp_path / "linnet.sock"))


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")

    with pytest.raises(NodeError, match="LINNET_LISTEN"):
        listeners(at(tmp_path / "letter"))

    assert (tmp_path / "letter").read_text() == "dear"


def test_addresses_may_be_of_either_version() -> None:
    assert split_address("127.0.0.1:80") == ("127.0.0.1", 80)
    assert split_address("[::1]:8420") == ("::1", 8420)
