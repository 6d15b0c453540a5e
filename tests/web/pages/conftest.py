"""Browsers of several people. `visitor` is nobody yet, `reader` is Alice, who is signed in, `other` is Bob."""

import pytest

from tests.factories import Person
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor
from web.pages import visitors


@pytest.fixture
def visitor(client: Client) -> Visitor:
    visitors.forget()
    return Visitor(client)


@pytest.fixture
def reader(client: Client, alice: Person) -> Visitor:
    visitors.forget()
    return Visitor(client).sign_in(alice)


@pytest.fixture
def other(client: Client, bob: Person) -> Visitor:
    return Visitor(client).sign_in(bob)
