"""Files in object storage, spoken to over HTTP: moto's server takes the place of S3."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from moto.server import ThreadedMotoServer

from node import config as configuration
from node.config import Config
from node.errors import NotFound
from node.media.storage import Storage, new_key, open_at, open_storage
from tests.node.cli.conftest import Run

_PLACE = "s3://linnets/files"
_SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """Empty; known to commands as well."""
    for name, value in {"ENDPOINT_URL": server, "ALLOW_HTTP": "true", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    requests.post(f"{server}/moto-api/reset", timeout=10).raise_for_status()
    requests.put(f"{server}/linnets", headers=_SIGNED, timeout=10).raise_for_status()
    return open_at(_PLACE, Config.for_tests())


def test_what_was_put_is_got_whole_in_parts_and_as_a_file_until_deleted(
    bucket: Storage, tmp_path: Path, server: str
) -> None:
    key, data = new_key("media", "video/mp4"), bytes(range(256)) * 8_000
    (tmp_path / "upload").write_bytes(data)

    bucket.put(key, tmp_path / "upload")

    assert bucket.path(key) is None
    assert (bucket.get(key), bucket.size(key), bucket.part(key, 300, 310)) == (data, len(data), data[300:310])
    assert bucket.fetch(key, tmp_path).read_bytes() == data
    assert [(file.key, file.size_bytes) for file in bucket.files()] == [(key, len(data))]
    told = requests.get(f"{server}/linnets/files/{key}", headers=_SIGNED, timeout=10).headers
    assert (told["Content-Type"], "immutable" in told["Cache-Control"]) == ("video/mp4", True)
    bucket.delete(key)
    bucket.delete(key)
    assert list(bucket.files()) == []
    for use in (bucket.get, bucket.size, lambda gone: bucket.fetch(gone, tmp_path)):
        with pytest.raises(NotFound):
            use(key)


def test_files_move_to_object_storage_and_back_and_an_interrupted_move_goes_on(
    with_alice: Run, bucket: Storage
) -> None:
    here = open_storage(configuration.load())
    keys = [new_key("media", "video/mp4"), new_key("avatars", "image/png"), new_key("media", "image/webp")]
    for key in keys:
        here.put(key, key.encode())
    bucket.put(keys[0], keys[0].encode())
    bucket.put(keys[1], b"half")  # as if it had been cut off

    moved = with_alice("media", "move", "--to", _PLACE, "--json").answer
    again = with_alice("media", "move", "--to", _PLACE, "--json").answer
    here.delete(*keys)
    back = with_alice("media", "move", "--from", _PLACE, "--json").answer

    assert (moved["copied"], moved["there_before"], again["copied"], back["copied"]) == (2, 2, 0, 3)
    assert [bucket.get(key) for key in keys] == [key.encode() for key in keys] == [here.get(key) for key in keys]
