"""A running node is asked as its own description says one may, and otherwise, by schemathesis.

Whatever comes: no 500, and an answer of the kind that the description names. What is made is the same in each run.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as openapi

from tests.live.conftest import NewNode
from tests.live.conversation import word
from tests.live.node import Node

_SCOPES = "read write follow push profile admin:read admin:write"
_CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
]
_EXAMPLES = {"get": 6, "post": 6, "put": 6, "patch": 6, "delete": 2}
# Whoever runs the node chooses a service for this, or none.
_OPTIONAL = "/api/v1/statuses/{id}/translate"
# What is longer is refused by the reader of HTTP, before it is known what is asked for and in which words to answer.
_LONGEST_ADDRESS = 8_190
# Each answer here is a whole stream, which does not end.
_ENDLESS = "/api/v1/streaming"


class Asker:
    """An administrator, and what exists to be asked about."""

    def __init__(self, node: Node) -> None:
        node.command("account", "create", "wren", "--password", "wren likes linnets", "--role", "admin")
        made = node.command("token", "create", "wren", "--app-name", "schemathesis", "--scopes", _SCOPES)
        self.node = node
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {made['access_token']}"
        self.answers: Counter[int] = Counter()  # by hundreds of their status
        self.ids = [self._make(path, body)["id"] for path, body in self._things()]

    def _things(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "statuses", {"status": f"#{word()}"}
        yield "statuses", {"status": "yes or no?", "poll": {"options": ["yes", "no"], "expires_in": 3600}}
        yield "lists", {"title": "friends"}
        yield "filters", {"phrase": "marmite", "context": ["home"]}

    def _make(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.session.post(f"{self.node.base_url}/api/v1/{path}", json=body, timeout=20)
        assert answer.ok, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def ask(self, case: Case, known_id: str | None) -> str:
        """What is wrong with the answer, or nothing."""
        if known_id is not None:
            case.path_parameters = dict.fromkeys(case.path_parameters or {}, known_id)
        answer = case.call(base_url=self.node.base_url, session=self.session, timeout=60)
        self.answers[answer.status_code // 100] += 1
        if len(answer.request.path_url) > _LONGEST_ADDRESS:
            return "" if answer.status_code == 400 else f"a long address was answered with {answer.status_code}"
        try:
            is_absent = answer.status_code == 503 and case.operation.path == _OPTIONAL
            case.validate_response(answer, checks=_CHECKS[1:] if is_absent else _CHECKS)
        except (AssertionError, FailureGroup) as error:
            return f"{case.method} {case.formatted_path}: {answer.status_code} {error}"
        return ""


@pytest.fixture(scope="module")
def asker(new_node: NewNode) -> Asker:
    node = new_node()
    node.people("mallory")
    return Asker(node.start())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("methods", [("get",), ("post", "put", "patch", "delete")])
def test_no_input_makes_an_answer_that_is_not_described(
    asker: Asker, methods: tuple[str, ...], mode: GenerationMode
) -> None:
    described = schemathesis.openapi.from_dict(
        requests.get(f"{asker.node.base_url}/api/openapi.json", timeout=20).json()
    )
    wrong: list[str] = []
    asker.answers.clear()
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.method not in methods or operation.path.startswith(_ENDLESS):
            continue
        if mode is GenerationMode.NEGATIVE and not (list(operation.query) or list(operation.body)):
            continue

        @settings(
            max_examples=_EXAMPLES[operation.method],
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode), st.sampled_from([None, *asker.ids]))
        def ask(case: Case, known_id: str | None) -> None:
            if problem := asker.ask(case, known_id):
                wrong.append(problem[:1000])

        with suppress(Unsatisfiable):  # there is nothing that could be wrong with it
            ask()

    # Most of what is refused is about things that do not exist; enough is not.
    assert asker.answers.total() > 100
    assert mode is GenerationMode.NEGATIVE or asker.answers[2] > 100, asker.answers
    assert not wrong, "\n".join(wrong[:20])
    assert asker.session.get(f"{asker.node.base_url}/api/v1/accounts/verify_credentials", timeout=20).ok
