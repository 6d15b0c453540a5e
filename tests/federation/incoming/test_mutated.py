"""What other software really sends, with odd things at random places of it: 202 or 4xx, and no work that fails.

Each is signed by its sender and put into an inbox over HTTP. Half of what is read comes by fetching, so at times the
activity only names its object, and it is the origin that shows the odd document.
"""

import copy
import itertools
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.errors import Unavailable
from node.models import Account
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here
from tests.federation.incoming.stage import Stage
from tests.federation.incoming.test_wire import SOFTWARE
from tests.federation.places import holder_of, places

_EXAMPLES = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
_numbers = itertools.count(1)
# What is no activity is told by one of these.
_TELLING = ("Create", "Update", "Announce", "Add", "Delete", "Flag", "Undo")
_ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 1e308, 2**63 - 1, -(2**63), "", " ", [], {}, [[]], [None], [[["x"]]]),
    *({"id": {}}, {"id": None}, {"type": [{}, "Note"]}, {"type": {}}, {"href": ["x"]}, {"@value": "x"}, {"@id": "x"}),
    *("#", "/", "Note", "Person", "Create", "Public", "as:Public", PUBLIC, "bear:?u=x", "acct:a@b", "@a@b", ":x:"),
    *(
        "http://",
        "http://[::1]/",
        "http://127.0.0.1:1/x",
        "https://a.test/ap/users/1",
        "http://\u00e4/\u00f6",
        "data:,x",
    ),
    *("\x00", "\u202e", "\ud83d\ude00", "\udfff", "%00", "{uri}", "<p>x</p>", "<" * 200, "x" * 5000, "\n" * 500),
    *("9999-12-31T23:59:59Z", "0000-00-00", "2026-01-01T00:00:00+99:99", "PT9999999999H", "-P1D", "NaN"),
]


@pytest.fixture
async def stage(here: Here, there: Elsewhere, alice: Person, software: str) -> Stage:
    stage = Stage(here, there, alice, make_status(alice, "Which?"), software)
    await stage.meet()
    return stage


@st.composite
def spoiled(draw: st.DrawFn, document: Document) -> Document:
    """Up to four places hold something else: something odd, something from elsewhere in it, more of it, or nothing."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        where = draw(st.sampled_from(places(document) or [()]))
        if not where:
            break
        holder, key = holder_of(document, where)
        match draw(st.sampled_from(("odd", "moved", "list", "nested", "gone"))):
            case "odd":
                holder[key] = copy.deepcopy(draw(st.sampled_from(_ODD)))
            case "moved":
                other, name = holder_of(document, draw(st.sampled_from(places(document))))
                holder[key] = copy.deepcopy(other[name])
            case "list":
                holder[key] = [holder[key], *copy.deepcopy(draw(st.lists(st.sampled_from(_ODD), max_size=3)))]
            case "nested":
                holder[key] = {draw(st.sampled_from(("id", "type", "object", "href", "url", "name"))): holder[key]}
            case "gone":
                del holder[key]
    return document


@pytest.mark.parametrize("software", SOFTWARE)
@_EXAMPLES
@given(data=st.data())
async def test_whatever_arrives_is_taken_or_refused(stage: Stage, here: Here, data: st.DataObject) -> None:
    number = next(_numbers)
    name, sender = data.draw(st.sampled_from(stage.said()), label="file")
    whole = stage.files[name]
    if "actor" not in whole:
        whole = sender.does(data.draw(st.sampled_from(_TELLING)), whole)
    inner = whole.get("object")
    address = inner.get("id") if isinstance(inner, dict) else None
    if isinstance(address, str) and data.draw(st.booleans(), label="nobody knows it yet"):
        inner = inner | {"id": (address := f"{address}-{number}")}
    spoilt = data.draw(spoiled(whole | {"object": inner}), label="activity")
    if spoilt.get("id") == whole.get("id"):  # else it were known, and not looked at again
        spoilt["id"] = f"{sender.uri}/activities/odd-{number}"
    if isinstance(address, str) and data.draw(st.booleans(), label="is looked up"):
        stage.show(address, spoilt.get("object"))
        spoilt["object"] = address
    path = data.draw(st.sampled_from(("/ap/inbox", f"/ap/users/{stage.alice.account.id}/inbox")), label="inbox")
    body = json.dumps(spoilt).encode()

    answer = await here.post(body, here.signed(sender, body, path), path)
    await _work(here)

    assert answer == 202 or 400 <= answer < 500
    with in_unit():  # whoever said goodbye goes on
        Account.update(deleted_at=None).where(Account.domain != "").execute()


async def _work(here: Here) -> None:
    """Whatever a job raises but that a server is not to be had, which the queue tries again, is a bug."""
    while True:
        with suppress(Unavailable):
            return await here.work()
