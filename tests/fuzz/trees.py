"""Changes to documents that leave them JSON: bytes changed at random seldom get past the first brace."""

import copy
import json
import random
from typing import Any

import atheris

from tests.federation.places import holder_of, places
from tests.fuzz.samples import samples

OF_JSON = frozenset({"documents"})

_ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 2**63 - 1, "", " ", [], {}, [[]], [None], {"id": {}}, {"type": [{}]}),
    *(
        "https://b.example/x",
        "http://[::1]/",
        "https://b\u00fccher.example/\u00e4",
        "as:Public",
        "#",
        ":x:",
        "@a@b.example",
        "\u202e",
    ),
    *("9999-12-31T23:59:59Z", "0000-00-00", "2026-01-01T00:00:00+99:99", "PT9999999999H", "<p>x</p>", "x" * 5000),
]


def changed(data: bytes, max_size: int, seed: int) -> bytes:
    chance = random.Random(seed)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if type(document) is not dict or not document or chance.random() < 0.1:
        return atheris.Mutate(data, max_size)
    for _ in range(chance.randint(1, 4)):
        found = places(document)
        if not found:
            break
        holder, key = holder_of(document, chance.choice(found))
        holder[key] = _instead(holder[key], document, chance)
    whole = json.dumps(document).encode()
    return whole if len(whole) <= max_size else data


def _instead(value: Any, document: dict[str, Any], chance: random.Random) -> Any:
    kind = chance.randrange(6)
    if kind == 0:
        return [value, copy.deepcopy(chance.choice(_ODD))]
    if kind == 1:
        return {chance.choice(("id", "type", "href", "url", "name", "content")): value}
    if kind == 2:
        return _of_another(chance)
    if kind == 3 and type(value) is str:
        return atheris.Mutate(value.encode("utf-8", "replace"), 64).decode("utf-8", "replace")
    if kind == 4:
        holder, key = holder_of(document, chance.choice(places(document)))
        return json.loads(json.dumps(holder[key]))
    return copy.deepcopy(chance.choice(_ODD))


def _of_another(chance: random.Random) -> Any:
    other = json.loads(chance.choice(_OTHERS))
    holder, key = holder_of(other, chance.choice(places(other)))
    return holder[key]


_OTHERS = samples("documents")
