"""Logs are lines that machines read, and hold no secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from aiohttp.http_exceptions import BadHttpMessage

from node import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is of the whole process: put back what other tests rely on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    logs._request_id.set("")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_off_a_terminal_each_line_is_json_with_the_id_of_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", human=False)
    request_id = logs.new_request_id()

    structlog.get_logger().info("delivered", host="remote.test")

    (line,) = lines(capsys)
    assert (line["event"], line["host"], line["request_id"]) == ("delivered", "remote.test", request_id)
    assert line["level"] == "info"


def test_libraries_come_out_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", human=False)

    logging.getLogger("aiohttp.server").warning("odd request")

    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("odd request", "warning")


@pytest.mark.parametrize("key", ["password", "client_secret", "access_token", "Authorization", "private_pem"])
def test_secrets_are_hidden(capsys: pytest.CaptureFixture[str], key: str) -> None:
    logs.configure("info", human=False)

    structlog.get_logger().info("signed in", **{key: "hunter2"})

    (line,) = lines(capsys)
    assert "hunter2" not in json.dumps(line)


def test_tracebacks_do_not_show_the_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    for human in (True, False):
        logs.configure("info", human=human)
        try:
            hidden = "hunter" + "2"
            raise ValueError(len(hidden))
        except ValueError:
            structlog.get_logger().exception("failed")

        text = capsys.readouterr().err
        assert "ValueError" in text
        assert "hunter2" not in text


def test_what_strangers_send_is_no_error_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", human=False)

    try:
        raise BadHttpMessage("no head of a request")
    except BadHttpMessage:
        logging.getLogger("aiohttp.server").exception("Error handling request")

    assert capsys.readouterr().err == ""


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning", human=False)

    structlog.get_logger().info("small talk")

    assert capsys.readouterr().err == ""
