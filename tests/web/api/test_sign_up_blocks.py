"""Networks and addresses with which nobody signs up."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.errors import Forbidden, Invalid
from node.models import Role, SignUpBlock, User
from node.services.access import emails, registration
from node.services.access.registration import SignUp
from node.services.community import housekeeping, settings
from node.services.moderation import sign_up_blocks
from tests.factories import Person, make_person, rsa_keys
from tests.web.conftest import ALL_SCOPES, Client, Headers

ROOT = "/api/v1/admin"
KINDS = {
    "ip_blocks": {"ip": "192.0.2.77/24", "severity": "sign_up_block", "comment": "spam"},
    "email_domain_blocks": {"domain": "Spam.Example"},
    "canonical_email_blocks": {"email": "A.Nna+x@good.example"},
}


@pytest.fixture
def ask(client: Client, as_person: Callable[..., Headers]) -> Callable[..., Any]:
    staff = as_person(make_person("mod", role=Role.MODERATOR), f"{ALL_SCOPES} admin:read admin:write")

    async def send(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        response = await client.request(method, f"{ROOT}/{path}", headers=staff, json=body)
        assert response.status == status, await response.text()
        return await response.json()

    return send


def sign_up(ip: str, email: str) -> User:
    wish = SignUp(username="newcomer", password_hash="x", agreement=True, ip=ip, email=email)
    return registration.sign_up(wish, rsa_keys())


@pytest.mark.parametrize("kind", KINDS)
async def test_blocks_are_made_shown_and_removed(ask: Any, kind: str) -> None:
    made = await ask("POST", kind, KINDS[kind])
    again = await ask("POST", kind, KINDS[kind])
    path = f"{kind}/{made['id']}"

    assert made == again == await ask("GET", path) == (await ask("GET", kind))[0]
    await ask("DELETE", path)
    await ask("GET", path, status=404)
    assert await ask("GET", kind) == []


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("ip_blocks", {"ip": "nowhere", "severity": "sign_up_block"}, 422),
        ("ip_blocks", {"ip": "192.0.2.1"}, 422),
        ("ip_blocks", {"ip": "192.0.2.1", "severity": "nothing"}, 400),
        ("ip_blocks", {"ip": "127.0.0.0/8", "severity": "no_access"}, 422),
        ("ip_blocks", {"ip": "192.0.2.1", "severity": "sign_up_block", "comment": "x" * 2000}, 422),
        ("email_domain_blocks", {"domain": "no domain"}, 422),
        ("canonical_email_blocks", {}, 422),
        ("canonical_email_blocks", {"canonical_email_hash": "x" * 64}, 422),
    ],
)
async def test_what_makes_no_sense_is_refused(ask: Any, kind: str, body: Any, status: int) -> None:
    await ask("POST", kind, body, status=status)

    assert SignUpBlock.select().count() == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_one_kind_is_not_found_under_another(ask: Any, kind: str) -> None:
    made = await ask("POST", kind, KINDS[kind])

    for other in KINDS.keys() - {kind}:
        await ask("GET", f"{other}/{made['id']}", status=404)
        await ask("DELETE", f"{other}/{made['id']}", status=404)


@pytest.mark.parametrize(
    ("kind", "wrong", "refusal"),
    [
        ("ip_blocks", ("192.0.2.1", "eve@good.example"), Forbidden),
        ("email_domain_blocks", ("198.51.100.1", "eve@mail.spam.example"), Invalid),
        ("canonical_email_blocks", ("198.51.100.1", "an.na+y@GOOD.example"), Invalid),
    ],
)
async def test_who_is_blocked_cannot_sign_up_and_others_can(
    ask: Any, kind: str, wrong: tuple[str, str], refusal: type[Exception]
) -> None:
    await ask("POST", kind, KINDS[kind])
    await store.write(settings.change, {"registrations": "open"}, None)

    with pytest.raises(refusal):
        await store.write(sign_up, *wrong)
    assert (await store.write(sign_up, "198.51.100.1", "eve@good.example")).approved_at is not None


async def test_some_networks_only_need_a_yes_and_the_narrower_rule_counts(ask: Any) -> None:
    await ask("POST", "ip_blocks", KINDS["ip_blocks"])
    await ask("POST", "ip_blocks", {"ip": "192.0.2.8/29", "severity": "sign_up_requires_approval"})
    await store.write(settings.change, {"registrations": "open"}, None)

    assert (await store.write(sign_up, "192.0.2.9", "eve@good.example")).approved_at is None


async def test_a_rule_is_changed_and_ends(ask: Any) -> None:
    made = await ask("POST", "ip_blocks", KINDS["ip_blocks"] | {"expires_in": 3600})
    changed = await ask("PUT", f"ip_blocks/{made['id']}", {"comment": "other"})

    assert (changed["comment"], changed["severity"], changed["expires_at"]) == (
        "other",
        "sign_up_block",
        made["expires_at"],
    )
    with clock.frozen(clock.now_ms() + 2 * clock.HOUR):
        assert sign_up_blocks.severity_for("192.0.2.1") is None
        assert (await store.write(housekeeping.tidy))["sign_up_blocks"] == 1


async def test_nobody_shuts_themselves_out_by_changing_a_rule(ask: Any) -> None:
    made = await ask("POST", "ip_blocks", {"ip": "127.0.0.0/8", "severity": "sign_up_block"})

    await ask("PUT", f"ip_blocks/{made['id']}", {"severity": "no_access"}, status=422)

    assert (await ask("GET", f"ip_blocks/{made['id']}"))["severity"] == "sign_up_block"


async def test_an_address_is_tested_and_cannot_be_taken_later_either(ask: Any, alice: Person) -> None:
    made = await ask("POST", "canonical_email_blocks", KINDS["canonical_email_blocks"])

    found = await ask("POST", "canonical_email_blocks/test", {"email": "anna@good.example"})
    other = await ask("POST", "canonical_email_blocks/test", {"email": "other@good.example"})

    assert (found, other) == ([made], [])
    with pytest.raises(Invalid):
        await store.write(emails.change, alice.user, "anna@good.example")
