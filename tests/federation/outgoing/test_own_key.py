"""The key by which the node asks others."""

import time

import pytest

from federation.context import Federation
from federation.http.door import Door
from node.config import Config
from node.models import Account
from node.services import accounts
from tests.factories import in_unit, other_rsa_keys


async def test_new_keys_of_the_node_are_used_without_a_restart(
    config: Config, instance_actor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Door(config) as door:
        fed = Federation(config=config, door=door)
        before = await fed.signer()
        with in_unit():
            accounts.rotate_keys(instance_actor.id, other_rsa_keys())
        assert await fed.signer() is before

        a_minute_later = time.monotonic() + 60
        monkeypatch.setattr(time, "monotonic", lambda: a_minute_later)

        assert await fed.signer() is not before
