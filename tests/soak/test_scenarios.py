"""Each scenario of `make soak` in its small form: judged by what happens, not by how fast."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.nursery import Nursery
from tests.soak.scenarios import SCENARIOS
from tests.soak.stage import use_nursery, use_server


@pytest.fixture(autouse=True)
def _how_nodes_begin(request: pytest.FixtureRequest, nursery: Nursery) -> Iterator[None]:
    """Quickly, and with a database where the run has them."""
    is_postgres = request.config.getoption("--database") == "postgres"
    use_server(request.getfixturevalue("postgres_url") if is_postgres else "")
    use_nursery(nursery)
    yield
    use_server("")
    use_nursery(None)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_a_small_form_of(name: str, tmp_path: Path) -> None:
    figures = await SCENARIOS[name].run(tmp_path, True)

    missed = [f"{one.name}: {one.value:g} ({one.bar})" for one in figures if not one.of_speed and not one.is_good]
    assert missed == []
