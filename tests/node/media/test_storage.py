from pathlib import Path

import pytest
from obstore.store import MemoryStore

from node import clock
from node.config import Config
from node.errors import NotFound, Unavailable
from node.media.storage import Storage, is_key, mime_of, new_key, open_storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage(Config.for_tests(data_dir=tmp_path))


def test_what_was_put_is_got_until_deleted(storage: Storage) -> None:
    key = new_key("media", "image/webp")

    storage.put(key, b"bytes")

    assert storage.get(key) == b"bytes"
    path = storage.path(key)
    assert path is not None
    assert path.read_bytes() == b"bytes"
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(NotFound):
        storage.get(key)
    assert not path.exists()


def test_files_are_listed_with_size_and_time_and_nothing_else_is(storage: Storage, tmp_path: Path) -> None:
    before = clock.now_ms() - 2_000
    keys = {new_key("media", "image/webp"): 3, new_key("avatars", "image/png"): 5}
    for key, size_bytes in keys.items():
        storage.put(key, b"x" * size_bytes)
    (tmp_path / "media" / "notes.txt").write_text("somebody else's")

    files = list(storage.files())

    assert {file.key: file.size_bytes for file in files} == keys
    assert all(before < file.modified_at < clock.now_ms() + 2_000 for file in files)


def test_object_storage_works_alike() -> None:
    storage = Storage(MemoryStore(), "https://a.test")
    key = new_key("media", "image/png")

    storage.put(key, b"x")

    assert storage.get(key) == b"x"
    assert storage.path(key) is None
    assert [file.key for file in storage.files()] == [key]
    storage.delete(key)
    with pytest.raises(NotFound):
        storage.get(key)


def test_object_storage_that_does_not_answer_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ENDPOINT_URL": "http://127.0.0.1:9", "ALLOW_HTTP": "true", "REGION": "x"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    storage = open_storage(Config.for_tests(media_url="s3://bucket/prefix"))
    key = new_key("media", "image/png")

    for use in (storage.get, storage.delete, lambda key: storage.put(key, b"x")):
        with pytest.raises(Unavailable):
            use(key)


def test_keys_cannot_be_guessed_and_tell_their_type() -> None:
    keys = {new_key("media", "image/jpeg") for _ in range(100)}

    assert len(keys) == 100
    assert all(is_key(key) and mime_of(key) == "image/jpeg" for key in keys)


def test_the_address_is_on_our_own_domain(storage: Storage) -> None:
    key = new_key("media", "image/png")

    assert storage.url(key) == f"https://a.test/media/{key}"
    assert storage.url("") == ""


@pytest.mark.parametrize(
    "key", ["", "../secret", "media/../../secret", "/etc/passwd", "media/ab/x.png", "media/ab/" + "c" * 30 + ".svg"]
)
def test_nothing_but_a_key_reaches_the_disk(storage: Storage, key: str) -> None:
    assert not is_key(key)
    for use in (storage.get, storage.path, storage.delete):
        with pytest.raises(NotFound):
            use(key)
    with pytest.raises(NotFound):
        storage.put(key, b"x")
