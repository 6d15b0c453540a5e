"""Browsers of several people. `visitor` is nobody yet, `reader` is Alice, who is signed in, `other` is Bob; `ada` is an
administrator, whose browser is `admin`."""

import pytest

from node.models import Role
from node.services.access import attempts
from tests.factories import Person, make_person
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


@pytest.fixture
def ada(db: None) -> Person:
    attempts.forget()
    return make_person("ada", role=Role.ADMIN)


@pytest.fixture
def admin(client: Client, ada: Person) -> Visitor:
    return Visitor(client).sign_in(ada)


@pytest.fixture
def moderator(client: Client) -> Visitor:
    return Visitor(client).sign_in(make_person("mod", role=Role.MODERATOR))
