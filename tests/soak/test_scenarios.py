"""Each scenario of `make soak` in its small form: judged by what happens, not by how fast."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.scenarios import SCENARIOS
from tests.soak.stage import use_server


@pytest.fixture(autouse=True)
def _where_nodes_keep_things(request: pytest.FixtureRequest) -> Iterator[None]:
    is_postgres = request.config.getoption("--database") == "postgres"
    use_server(request.getfixturevalue("postgres_url") if is_postgres else "")
    yield
    use_server("")


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_small_form_of(name: str, tmp_path: Path) -> None:
    figures = await SCENARIOS[name].run(tmp_path, True)

    missed = [f"{one.name}: {one.value:g} ({one.bar})" for one in figures if not one.of_speed and not one.is_good]
    assert missed == []
