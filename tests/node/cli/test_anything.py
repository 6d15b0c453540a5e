"""Whatever is typed: an answer or a message, an exit code that scripts can use, and never a traceback."""

import json
from collections.abc import Iterator

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.cli.main import linnet
from tests.node.cli.conftest import Run

# Those that go on until they are stopped are tried in test_commands.py and tests/live.
_STAY = {"serve", "worker", "demo"}

_known = st.sampled_from(
    [
        *("alice", "@alice", "alice@a.test", "alice@elsewhere.test", "loud.example", "*.test", "xn--", "[::1]"),
        *("0", "-1", "5", "1e9", "٣", "9223372036854775807", "9223372036854775808", "9" * 30),
        *("user", "admin", "read", "read read", "silence", "0001_initial", "max_characters", "title", "rules", "on"),
        *("", " ", "-", "--", "..", "\n", "\t", "\u202e", "🐦", "\udcff", "x" * 5000),
    ]
)
# Arguments cannot hold NUL; bytes that are no text arrive as lone surrogates.
_words = _known | st.text(st.characters(exclude_characters="\0"), max_size=20)


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        elif name not in _STAY:
            yield (*path, name), command


@pytest.mark.parametrize(("path", "command"), [pytest.param(*one, id=" ".join(one[0])) for one in commands(linnet)])
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_each_command_takes_anything(
    with_alice: Run, path: tuple[str, ...], command: click.Command, data: st.DataObject
) -> None:
    words: list[str] = []
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "as_json" and data.draw(st.booleans()):
            words += [option.opts[0]] if option.is_flag else [option.opts[0], data.draw(_words)]
    arguments = [data.draw(_words) for one in command.params if isinstance(one, click.Argument)]

    outcome = with_alice(*path, "--json", *words, "--", *arguments)

    assert outcome.code in (0, 1, 2)
    if outcome.said:
        json.loads(outcome.said)
    else:
        assert "Error: " in outcome.complained


def test_what_is_no_text_is_wrong_usage_and_what_is_goes_in(with_alice: Run) -> None:
    assert with_alice("settings", "set", "title", "a\udcff").code == 2
    assert with_alice("settings", "set", "title", "Vögel", "--json").answer == {"title": "Vögel"}


@pytest.mark.parametrize("arguments", [["job", "retry"], ["token", "revoke", "alice"]])
def test_a_number_that_no_database_holds_is_wrong_usage(with_alice: Run, arguments: list[str]) -> None:
    assert with_alice(*arguments, str(2**63)).code == 2
    assert with_alice(*arguments, str(2**63 - 1)).code == 1
