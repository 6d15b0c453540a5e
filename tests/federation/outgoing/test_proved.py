"""What anybody may pass on carries a proof of whose word it is; what is not for everybody carries none (FEP-8b32)."""

import pytest

from federation.parse.actor import parse_actor
from federation.parse.keys import KeyForm
from federation.proofs import parse_proof
from federation.render.actor_document import actor_document
from node import clock, keys
from node.models import Account, SigningKey, Visibility
from node.services import accounts
from node.services.interactions import reblogs
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit, other_rsa_keys
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.speaking import Said, speak
from tests.queries import assert_query_count


@pytest.fixture
def followed(alice: Person, carol: Account) -> Person:
    make_follow(carol, alice)
    return alice


def listed_key(account: Account) -> tuple[str, keys.PublicKey]:
    """As a peer finds it in the actor's document."""
    document = actor_document(Account.get_by_id(account.id))
    assert document is not None
    (found,) = [key for key in parse_actor(document).keys if key.form is KeyForm.MULTIKEY]
    return found.key_id, keys.load_multikey(found.text)


def is_proved(said: Said, account: Account) -> bool:
    proof = parse_proof(said.document, clock.now_ms())
    key_id, public = listed_key(account)
    return proof is not None and proof.key_id == key_id and proof.verify(public)


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.UNLISTED])
async def test_an_open_post_its_edit_and_its_deletion_are_proved(followed: Person, visibility: Visibility) -> None:
    status = make_status(followed, "Hello.", visibility=visibility)
    (create,) = await speak()
    with in_unit():
        edits.edit(followed.account.id, status.id, Draft(text="Bye."))
    update = (await speak())[-1]
    with in_unit():
        deletion.delete(followed.account.id, status.id)
    delete = (await speak())[-1]

    assert [said.document["type"] for said in (create, update, delete)] == ["Create", "Update", "Delete"]
    assert is_proved(create, followed.account)
    assert is_proved(update, followed.account)
    assert is_proved(delete, followed.account) is (visibility is Visibility.PUBLIC or "proof" in delete.document)


async def test_a_boost_is_proved(followed: Person, bob: Person) -> None:
    status = make_status(bob, "Hello.")
    with in_unit():
        reblogs.add(followed.account.id, status.id)

    (announce,) = await speak()

    assert announce.document["type"] == "Announce"
    assert is_proved(announce, followed.account)


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DIRECT])
async def test_what_is_not_for_everybody_is_deniable(
    followed: Person, carol: Account, visibility: Visibility
) -> None:
    make_status(followed, "Psst @carol@remote.test", visibility=visibility)

    (create,) = await speak()

    assert create.document["type"] == "Create"
    assert "proof" not in create.document


async def test_what_was_changed_on_its_way_is_not_proved(followed: Person) -> None:
    make_status(followed, "Hello.")
    (create,) = await speak()
    create.document["object"]["content"] = "<p>A lie.</p>"

    assert not is_proved(create, followed.account)


async def test_new_keys_are_told_and_prove_from_then_on(followed: Person) -> None:
    account = followed.account
    before = listed_key(account)
    with in_unit():
        accounts.rotate_keys(account.id, other_rsa_keys())

    (update,) = await speak()

    assert (update.document["type"], update.document["object"]["id"]) == ("Update", account.uri)
    assert update.document["object"]["publicKey"]["publicKeyPem"] == other_rsa_keys().public_pem
    assert listed_key(account) != before
    assert is_proved(update, account)


async def test_a_proof_costs_one_query_for_all_who_get_it(followed: Person) -> None:
    with assert_query_count(1):
        assert accounts.signing_key(followed.account.id) is not None


def test_an_account_without_a_key_gets_one(alice: Person) -> None:
    """A backup may have been made without secrets."""
    with in_unit():
        SigningKey.delete().where(SigningKey.account == alice.account.id).execute()
        accounts.rotate_keys(alice.account.id, other_rsa_keys())

    assert listed_key(alice.account)
