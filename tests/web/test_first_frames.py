"""Moving pictures that were uploaded before their first frames were kept."""

import pytest

from node.errors import NotFound
from node.jobs import JobKind, TakenJob
from node.media.storage import Storage, new_key, still_key
from node.models import Account, CustomEmoji
from node.services.community import emoji, first_frames
from tests.factories import Person, in_unit
from tests.factories_posts import jobs_of
from tests.node.media.pictures import animation, opened, picture
from tests.web.conftest import Client
from web.files.first_frames import FrameMaker
from web.keys import STORAGE

JOB = TakenJob(1, JobKind.MAKE_STILLS, 0, "", 0)


@pytest.fixture
def storage(client: Client) -> Storage:
    return client.app[STORAGE]


def stored(storage: Storage, folder: str, data: bytes, mime: str = "image/gif") -> str:
    """As it was done then, whether it moves or not."""
    key = new_key(folder, mime)
    storage.put(key, data)
    return key


async def test_a_picture_that_moves_gets_its_first_frame_and_others_stay(storage: Storage, alice: Person) -> None:
    moving = stored(storage, "avatars", animation(".gif"))
    lying = stored(storage, "headers", picture(".png"), "image/png")
    with in_unit():
        Account.update(avatar_key=moving, header_key=lying).where(Account.id == alice.account.id).execute()
        emoji.create("wave", stored(storage, "emoji", animation(".gif")))

    await FrameMaker(storage).make(JOB)

    account, wave = Account.get_by_id(alice.account.id), CustomEmoji.get()
    assert account.header_key == lying
    for key in (account.avatar_key, wave.image_key):
        assert (opened(storage.get(key)).get_n_pages(), opened(storage.get(still_key(key))).get_n_pages()) == (3, 1)
    with pytest.raises(NotFound):
        storage.get(moving)
    assert jobs_of(JobKind.SEND_PROFILE) != []
    assert [one.key for one in first_frames.without()] == [lying]


async def test_what_cannot_be_read_or_is_gone_is_left_as_it_is(storage: Storage, alice: Person, bob: Person) -> None:
    broken, gone = stored(storage, "avatars", b"GIF89a"), new_key("avatars", "image/gif")
    with in_unit():
        for person, key in ((alice, broken), (bob, gone)):
            Account.update(avatar_key=key).where(Account.id == person.account.id).execute()

    await FrameMaker(storage).make(JOB)

    assert [Account.get_by_id(one.account.id).avatar_key for one in (alice, bob)] == [broken, gone]


async def test_who_changed_the_picture_meanwhile_keeps_the_new_one(storage: Storage, alice: Person) -> None:
    with in_unit():
        old = first_frames.Picture("avatar_key", alice.account.id, new_key("avatars", "image/gif"))
        assert not first_frames.replace(old, new_key("avatarsmoving", "image/gif"))

    assert Account.get_by_id(alice.account.id).avatar_key == ""
