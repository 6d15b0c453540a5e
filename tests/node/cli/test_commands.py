"""The other commands, and what holds for all of them."""

import json
import os
import pty
import pwd
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from node import clock, store
from node import config as configuration
from node.jobs import JobKind, enqueue
from node.media.storage import Storage, light_key, new_key, open_at, open_storage, preview_key
from node.models import Account, Destination, Job, MediaAttachment
from node.services import outbox
from node.services.outbox import Outcome, Outgoing
from tests.node.cli.conftest import Run, store_open


def test_domains_are_blocked_listed_and_unblocked(with_alice: Run) -> None:
    made = with_alice(
        "domain", "block", "Loud.Example", "--severity", "silence", "--comment", "spam", "--json"
    ).answer

    assert (made["domain"], made["severity"], made["comment"]) == ("loud.example", "silence", "spam")
    assert [row["domain"] for row in with_alice("domain", "list", "--json").answer] == ["loud.example"]
    with_alice("domain", "unblock", "loud.example")
    assert with_alice("domain", "list", "--json").answer == []


def test_domains_are_allowed_listed_and_taken_off_the_list(with_alice: Run) -> None:
    assert with_alice("domain", "allow", "Friends.Example", "--json").answer["domain"] == "friends.example"
    assert [row["domain"] for row in with_alice("domain", "allowed", "--json").answer] == ["friends.example"]

    with_alice("domain", "unallow", "friends.example")

    assert with_alice("domain", "allowed", "--json").answer == []
    assert with_alice("domain", "unallow", "friends.example").code == 1


@pytest.mark.parametrize("name", ["not a domain", "https://loud.example", "a.test", ""])
def test_what_is_no_domain_or_our_own_cannot_be_blocked(with_alice: Run, name: str) -> None:
    outcome = with_alice("domain", "block", name)

    assert outcome.code == 1
    assert outcome.complained.startswith("Error: ")
    assert with_alice("domain", "list", "--json").answer == []


def test_a_domain_that_is_not_blocked_cannot_be_unblocked(with_alice: Run) -> None:
    assert with_alice("domain", "unblock", "fine.example").code == 1


def test_settings_are_read_and_changed(with_alice: Run) -> None:
    with_alice("settings", "set", "max_characters", "140")

    assert with_alice("settings", "get", "max_characters", "--json").answer == {"max_characters": 140}
    assert with_alice("settings", "get", "--json").answer["title"] == "Linnet"
    assert "hush" not in with_alice("settings", "set", "translation_key", "hush").said
    assert with_alice("settings", "get", "--json").answer["translation_key"] == "set"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("max_charakters", "140", "linnet settings get"),
        ("max_characters", "many", "a number"),
        ("max_characters", "0", "500"),
        ("registrations", "sometimes", "closed, approval, invite, open"),
        ("public_timelines", "perhaps", "on or off"),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_what_can(with_alice: Run, name: str, value: str, told: str) -> None:
    before = with_alice("settings", "get", "--json").answer

    outcome = with_alice("settings", "set", name, value)

    assert outcome.code == 1
    assert told in outcome.complained
    assert with_alice("settings", "get", "--json").answer == before


def test_a_job_that_was_given_up_is_listed_and_tried_again(with_alice: Run) -> None:
    with store_open(), store.transaction():
        enqueue(JobKind.SEND_MAIL, payload={"to": "x@mail.test", "subject": "", "text": ""})
        Job.update(failed_at=clock.now_ms(), due_at=clock.LATEST_MS, error="NetworkFailure: no").execute()
    listed = with_alice("job", "list", "--failed", "--json").answer

    assert [(row["kind"], row["error"]) for row in listed] == [("send_mail", "NetworkFailure: no")]
    assert with_alice("job", "retry", "12345").code == 1
    assert with_alice("job", "retry", listed[0]["id"], "--json").answer == {"retried": 1}
    assert with_alice("job", "list", "--failed", "--json").answer == []


def test_servers_are_listed_tried_paused_resumed_and_dropped(with_alice: Run) -> None:
    with store_open(), store.transaction():
        alice = Account.get(Account.username == "alice")
        for number in range(2):
            outgoing = Outgoing(id=number + 1, actor_id=alice.id, body=b"{}")
            outbox.add(outgoing, {"https://far.test/inbox": "far.test"})
        Destination.update(software="mastodon", software_version="4.7.1").execute()
        (lease,) = outbox.lease(1, hosts=1, failing=0)
        outbox.settle(lease, 1, Outcome(failure="far.test cannot be reached: its name has no address."))
    (listed,) = with_alice("destination", "list", "--json").answer

    assert (listed["host"], listed["state"], listed["pending"], listed["failures"]) == ("far.test", "alive", 2, 1)
    assert listed["last_error"] == "far.test cannot be reached: its name has no address."
    assert listed["next_try_at"] > listed["last_error_at"]
    assert (listed["last_success_at"], listed["software"]) == (None, "mastodon 4.7.1")
    assert with_alice("destination", "pause", "FAR.test", "--json").answer["state"] == "paused"
    assert with_alice("destination", "resume", "far.test", "--json").answer["state"] == "alive"
    assert with_alice("destination", "retry", "far.test", "--json").answer["failures"] == 0
    assert with_alice("destination", "drop", "far.test", input="n\n").code == 1
    assert with_alice("destination", "drop", "far.test", "--yes", "--json").answer == {
        "host": "far.test",
        "dropped": 2,
    }
    assert with_alice("destination", "list", "--waiting", "--json").answer == []
    assert "Nothing waits." in with_alice("destination", "list", "--waiting").said


@pytest.mark.parametrize("verb", ["retry", "pause", "resume", "drop"])
def test_a_server_that_is_not_known_is_told_with_where_to_look(with_alice: Run, verb: str) -> None:
    outcome = with_alice("destination", verb, "nowhere.test", *(["--yes"] if verb == "drop" else []))

    assert outcome.code == 1
    assert "linnet destination list" in outcome.complained


def usage(with_alice: Run) -> dict[str, tuple[int, int]]:
    rows = with_alice("media", "usage", "--json").answer
    return {row["kind"]: (row["files"], row["bytes"]) for row in rows}


def test_files_move_to_another_place_and_an_interrupted_move_goes_on(with_alice: Run, tmp_path: Path) -> None:
    here = open_storage(configuration.load())
    keys = [new_key("media", "video/mp4"), new_key("avatars", "image/png"), new_key("media", "image/webp")]
    for key in keys:
        here.put(key, key.encode())
    there = open_at(tmp_path / "there", configuration.load())
    there.put(keys[0], keys[0].encode())
    there.put(keys[1], b"half")  # as if it had been cut off

    moved = with_alice("media", "move", "--to", str(tmp_path / "there"), "--json").answer
    again = with_alice("media", "move", "--to", str(tmp_path / "there"), "--json").answer
    here.delete(keys[2])
    back = with_alice("media", "move", "--from", str(tmp_path / "there"), "--json").answer

    assert (moved["copied"], moved["there_before"]) == (2, 2)
    assert [there.get(key) for key in keys] == [key.encode() for key in keys]
    assert (again["copied"], back["copied"]) == (0, 1)
    assert here.get(keys[2]) == keys[2].encode()


def test_a_move_needs_one_other_place(with_alice: Run) -> None:
    assert with_alice("media", "move").code == 2
    assert with_alice("media", "move", "--to", "a", "--from", "b").code == 2


def test_files_that_nothing_refers_to_are_counted_and_then_deleted(with_alice: Run) -> None:
    storage = open_storage(configuration.load())
    new = new_key("media", "image/webp")
    storage.put(new, b"12345")
    put_yesterday(storage)

    assert usage(with_alice) == {"media": (2, 10), "remote": (0, 0), "all": (2, 10)}
    assert with_alice("media", "prune", "--dry-run", "--json").answer == {"unused": 1, "bytes": 5}
    assert with_alice("media", "prune", "--json").answer == {
        "deleted": 1,
        "bytes": 5,
        "copies": 0,
        "bytes_of_copies": 0,
    }
    assert usage(with_alice)["all"] == (1, 5)
    assert storage.get(new) == b"12345"


def test_a_thumbnail_that_is_shown_is_kept_in_both_types(with_alice: Run) -> None:
    storage, shown, gone = open_storage(configuration.load()), preview_key("image/webp"), preview_key("image/webp")
    for key in (shown, light_key(shown), gone, light_key(gone)):
        put_yesterday(storage, key)
    with store_open(), store.transaction():
        alice = Account.get(Account.username == "alice")
        MediaAttachment.create(account=alice.id, kind="image", thumb_key=shown, created_at=clock.now_ms())

    assert with_alice("media", "prune", "--json").answer["deleted"] == 2
    assert {file.key for file in storage.files()} == {shown, light_key(shown)}


def put_yesterday(storage: Storage, key: str = "") -> None:
    """A file of long enough ago to be sure that nothing will refer to it."""
    key = key or new_key("media", "image/webp")
    storage.put(key, b"12345")
    yesterday = clock.now_ms() / 1000 - 86_400
    path = storage.path(key)
    assert path is not None
    os.utime(path, (yesterday, yesterday))


@pytest.mark.parametrize(("options", "shown"), [((), True), (("--json",), False)])
def test_long_work_shows_on_a_terminal_how_far_it_is(with_alice: Run, options: tuple[str, ...], shown: bool) -> None:
    put_yesterday(open_storage(configuration.load()))
    ours, theirs = pty.openpty()

    subprocess.run([sys.executable, "-m", "node", "media", "prune", *options], stdout=theirs, check=True)
    os.close(theirs)
    said = os.read(ours, 65_536)
    os.close(ours)

    assert (b"Deleting" in said and b"100%" in said) is shown
    assert b"deleted" in said


def test_a_first_start_says_what_it_does_until_it_is_ready(data_dir: Path) -> None:
    ours, theirs = pty.openpty()
    words = ["account", "create", "alice", "--password", "likes linnets", "--json"]

    with subprocess.Popen([sys.executable, "-m", "node", *words], stdout=subprocess.PIPE, stderr=theirs) as started:
        os.close(theirs)
        told = _all_of(ours)
        answer, _ = started.communicate()

    assert b"Preparing the database" in told
    assert b"100%" in told
    assert json.loads(answer)["username"] == "alice"


def _all_of(terminal: int) -> bytes:
    """What was written to it until nobody holds its other end; it has room for little at a time."""
    told = b""
    with open(terminal, "rb", buffering=0) as end, suppress(OSError):  # so Linux says that it is closed
        while piece := end.read(4_096):
            told += piece
    return told


def test_the_schema_goes_forward_says_so_and_goes_back(run: Run) -> None:
    applied = run("migrate", "--json").answer["applied"]

    assert applied[0].startswith("0001")
    assert run("migrate", "--json").answer == {"applied": []}
    assert run("migrate", "--to", "0000_nothing").code == 1
    assert run("migrate", "--to", applied[-3], "--json").answer == {"reverted": applied[:-3:-1]}
    assert run("migrate", "--status", "--json").answer["pending"] == applied[-2:]
    assert run("account", "list").code == 1
    assert run("migrate", "--json").answer == {"applied": applied[-2:]}
    assert run("account", "list", "--json").answer == []


@pytest.mark.parametrize("arguments", [("account", "list"), ("migrate", "--status"), ("doctor",)])
def test_where_no_node_is_it_is_said_and_nothing_is_left(
    run: Run, data_dir: Path, arguments: tuple[str, ...]
) -> None:
    outcome = run(*arguments)

    assert outcome.code == 1
    assert f"There is no node in {data_dir / 'linnet.db'}." in outcome.said + outcome.complained
    assert "linnet migrate" in outcome.said + outcome.complained
    assert not data_dir.exists()


def test_a_database_without_a_schema_is_refused_with_the_remedy(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "linnet.db").touch()

    outcome = run("account", "list")

    assert outcome.code == 1
    assert "linnet migrate" in outcome.complained


def test_a_new_node_says_where_it_is_made_for_its_user_and_group_alone(run: Run, data_dir: Path) -> None:
    outcome = run("account", "create", "alice", "--password", "likes linnets")

    assert (
        f"A new node, https://a.test, is made in {data_dir / 'linnet.db'}. Its people are NAME@a.test for good."
        in outcome.complained
    )
    assert data_dir.stat().st_mode & 0o007 == 0
    assert "A new node" not in run("account", "create", "bob", "--password", "likes linnets").complained


@pytest.mark.parametrize("name", ["linnet.db", "linnet.db.lock"])
def test_files_of_another_user_are_told_with_whose_they_are(
    with_alice: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("LINNET_DATA_DIR", data_dir.name)  # seen from inside: root's folders may be closed to others
    data_dir.parent.chmod(0o755)
    data_dir.chmod(0o777)
    (data_dir / "linnet.db").chmod(0o666)
    (data_dir / name).unlink()
    (data_dir / name).symlink_to("/etc/passwd")

    with nobody():
        outcome = with_alice("account", "list")

    assert outcome.code == 1
    assert f"{name} belongs to root" in outcome.complained
    assert "Run linnet as the user of the node." in outcome.complained


@contextmanager
def nobody() -> Iterator[None]:
    """Root may open everything, so for a while nobody asks; whoever else runs the tests, does so as they are."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_full_disk_ends_commands_with_a_sentence(with_alice: Run, data_dir: Path) -> None:
    with no_room():
        changed = with_alice("settings", "set", "terms", "x" * 50_000)
    shutil.rmtree(data_dir)
    with no_room():
        made = with_alice("migrate")

    assert changed.code == made.code == 1
    assert "its disk is full" in changed.complained
    assert "its disk is full" in made.complained
    assert with_alice("migrate", "--json").answer["applied"]


@contextmanager
def no_room() -> Iterator[None]:
    """No file may become longer than what SQLite shares between processes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (32_768, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_domain_is_fixed_at_the_first_start(with_alice: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINNET_DOMAIN", "b.test")

    outcome = with_alice("account", "list")

    assert outcome.code == 1
    assert "belongs to the node a.test" in outcome.complained
    assert "LINNET_DOMAIN" in outcome.complained


def test_a_wrong_configuration_ends_every_command_with_key_value_and_remedy(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINNET_LISTEN", "8420")

    for arguments in (["serve"], ["account", "list"], ["migrate"]):
        outcome = run(*arguments)

        assert outcome.code == 1
        assert "LINNET_LISTEN is '8420'" in outcome.complained
        assert "127.0.0.1:8420" in outcome.complained


def test_a_database_that_is_not_there_is_told_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("sqlite:////proc/no/such/file.db", "postgresql://nobody@127.0.0.1:9/none", "postgresql://["):
        monkeypatch.setenv("LINNET_DATABASE_URL", url)
        for arguments in (["account", "list"], ["migrate"], ["serve"], ["worker"]):
            outcome = run(*arguments)

            assert outcome.code == 1
            assert "LINNET_DATABASE_URL" in outcome.complained


@pytest.mark.parametrize(
    ("domain", "told"),
    [
        ("a.test", "Another address: LINNET_LISTEN=127.0.0.1:"),
        ("", "A second node beside it: LINNET_LISTEN=127.0.0.1:"),
    ],
)
def test_an_address_that_is_taken_is_told_before_anything_starts(
    run: Run, monkeypatch: pytest.MonkeyPatch, domain: str, told: str
) -> None:
    if domain:
        monkeypatch.setenv("LINNET_DOMAIN", domain)
    else:
        monkeypatch.delenv("LINNET_DOMAIN")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("LINNET_LISTEN", f"127.0.0.1:{taken.getsockname()[1]}")

        outcome = run("serve")

    assert outcome.code == 1
    assert f"Is Linnet running already? {told}" in outcome.complained


@pytest.mark.parametrize("processes", [[], ["--web", "2"]])
@pytest.mark.parametrize(
    ("key", "value"), [("LINNET_METRICS_LISTEN", "256.0.0.1:9000"), ("LINNET_SECRET_FILE", "/proc/none/secret")]
)
def test_what_would_end_each_process_is_told_before_any_starts(
    run: Run, monkeypatch: pytest.MonkeyPatch, key: str, value: str, processes: list[str]
) -> None:
    monkeypatch.setenv("LINNET_LISTEN", f"unix:{key}.sock")
    monkeypatch.setenv(key, value)

    outcome = run("serve", *processes)

    assert outcome.code == 1
    assert value in outcome.complained


@pytest.mark.parametrize("more", [["--web", "2"], ["--workers", "1"]])
def test_the_gallery_is_shown_by_one_process(run: Run, more: list[str]) -> None:
    outcome = run("serve", "--dev", *more)

    assert outcome.code == 2
    assert "--dev is for one process" in outcome.complained


def test_the_doctor_says_what_is_wrong_and_what_to_do(with_alice: Run, data_dir: Path) -> None:
    (data_dir / "secret").write_text("00" * 32)
    (data_dir / "secret").chmod(0o644)

    outcome = with_alice("doctor", "--json")

    findings = {row["check"]: row for row in json.loads(outcome.said)}
    assert outcome.code == 1
    assert findings["database"]["ok"]
    assert "chmod 600" in findings["secret"]["says"]
    assert "linnet account create" in findings["administrator"]["says"]
    assert not findings["answers"]["ok"]


def test_that_nobody_listens_is_told_in_plain_words(
    with_alice: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_dir / "secret").write_text("00" * 32)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"127.0.0.1:{taken.getsockname()[1]}"
    monkeypatch.setenv("LINNET_DOMAIN", nobody)

    findings = {row["check"]: row for row in json.loads(with_alice("doctor", "--json").said)}

    assert findings["answers"]["says"] == (
        f"http://{nobody} does not answer: it does not accept connections."
        " Does the node run (linnet serve), and does the name lead to it?"
    )


def test_the_version_is_told(run: Run) -> None:
    assert run("version", "--json").answer["linnet"] == "0.1.0"


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    assert run("acount").code == 2


def test_the_program_can_be_started_as_a_module(data_dir: Path) -> None:
    ended = subprocess.run([sys.executable, "-m", "node", "--help"], capture_output=True, check=True)

    assert b"serve" in ended.stdout


def test_relays_are_added_listed_and_removed(with_alice: Run) -> None:
    made = with_alice("relay", "add", "https://relay.example/inbox", "--json").answer
    assert (made["kind"], made["state"]) == ("mastodon", "waiting")
    assert with_alice("relay", "add", "https://other.example/actor", "--json").answer["kind"] == "litepub"
    assert with_alice("relay", "add", "https://other.example/actor").code == 1
    assert with_alice("relay", "add", "relay.example").code == 1
    assert with_alice("relay", "add", "https://a.test/inbox").code == 1

    with_alice("relay", "remove", "https://relay.example/inbox")

    assert [row["address"] for row in with_alice("relay", "list", "--json").answer] == ["https://other.example/actor"]
    assert with_alice("relay", "remove", "https://relay.example/inbox").code == 1
