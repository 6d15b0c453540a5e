"""Clients that others wrote: Mastodon.py and toot sign in, post, read, reply, follow somebody elsewhere, and listen."""

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from mastodon import Mastodon, StreamListener

from node.cli.sample_pictures import png
from tests.live.conversation import People, word
from tests.live.nursery import Nursery
from tests.live.visitor import authorization_code
from tests.live.waiting import PATIENCE_SECONDS, until

_OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_SCOPES = ["read", "write", "follow", "push"]
_WIDE = ("--max-width", "200")


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("picture") / "bowls.png"
    file.write_bytes(png("kiln"))
    return file


# ── Mastodon.py ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def mastodon(people: People) -> Mastodon:
    """Signed in as alice."""
    base_url = people.alice.base_url
    client_id, client_secret = Mastodon.create_app(
        "Mastodon.py", scopes=_SCOPES, redirect_uris=_OUT_OF_BAND, api_base_url=base_url
    )
    client = Mastodon(client_id, client_secret, api_base_url=base_url)
    address = client.auth_request_url(redirect_uris=_OUT_OF_BAND, scopes=_SCOPES, allow_http=True)
    code = authorization_code(address, "alice@mail.test", "alice likes linnets")
    client.log_in(code=code, redirect_uri=_OUT_OF_BAND, scopes=_SCOPES, allow_http=True)
    return client


class Ear(StreamListener):
    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.opened = threading.Event()

    def on_update(self, status: Any) -> None:
        self.heard.append(status)

    def handle_heartbeat(self) -> None:
        self.opened.set()


@pytest.fixture
def ear(mastodon: Mastodon) -> Iterator[Ear]:
    ear = Ear()
    stream = mastodon.stream_user(ear, run_async=True)
    yield ear
    # It closes with the next heartbeat, which nobody needs to wait for.
    threading.Thread(target=stream.close, daemon=True).start()


def test_mastodon_py_signs_in_posts_with_a_picture_reads_and_replies(
    mastodon: Mastodon, people: People, picture: Path
) -> None:
    assert mastodon.account_verify_credentials().acct == "alice"
    media = mastodon.media_post(picture.read_bytes(), mime_type="image/png", description="Four bowls")
    said = mastodon.status_post(f"bowls {word()}", media_ids=[media], visibility="public")

    answer = mastodon.status_reply(said, f"one is broken {word()}")

    home = mastodon.timeline_home()
    assert [one.id for one in home[:2]] == [answer.id, said.id]
    assert home[1].media_attachments[0].description == "Four bowls"
    assert [one.id for one in mastodon.status_context(said).descendants] == [answer.id]


def test_mastodon_py_follows_somebody_elsewhere_and_hears_what_they_say(
    mastodon: Mastodon, people: People, ear: Ear
) -> None:
    found = mastodon.account_search(people.bob.handle, resolve=True)[0]
    mastodon.account_follow(found)
    until(lambda: mastodon.account_relationships(found)[0].following, what="bob's node accepts")
    assert ear.opened.wait(PATIENCE_SECONDS)

    said = people.bob.say(f"hear {word()}")

    until(lambda: said["uri"] in [status.uri for status in ear.heard], what="it comes by the stream")
    until(lambda: said["uri"] in [status.uri for status in mastodon.timeline_home()])


class PushService(ThreadingHTTPServer):
    """Takes every message that comes to it."""

    def __init__(self) -> None:
        self.messages: list[tuple[dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Taking)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/push"


class _Taking(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append((dict(self.headers), body))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def push_service() -> Iterator[PushService]:
    with PushService() as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


def test_mastodon_py_is_told_by_web_push_and_reads_it(
    mastodon: Mastodon, people: People, push_service: PushService
) -> None:
    private, public = mastodon.push_subscription_generate_keys()
    made = mastodon.push_subscription_set(push_service.endpoint, public, mention_events=True, policy="all")
    assert made.server_key == mastodon.instance_v2().configuration.vapid.public_key
    assert mastodon.push_subscription().id == made.id
    text = f"can you hear me {word()}"

    people.mallory.say(f"@alice {text}")

    until(lambda: push_service.messages, what="the message comes")
    headers, body = push_service.messages[0]
    told = mastodon.push_subscription_decrypt_push(body, private, headers["Encryption"], headers["Crypto-Key"])
    assert told.access_token == mastodon.access_token
    assert told.notification_type == "mention"
    assert text in told.body
    assert text in mastodon.notifications(id=told.notification_id).status.content
    assert mastodon.push_subscription_update(mention_events=False, follow_events=True).alerts.follow
    mastodon.push_subscription_delete()


# ── toot ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Toot:
    """The program, with a configuration of its own."""

    def __init__(self, nursery: Nursery, folder: Path) -> None:
        self._nursery = nursery
        self._environ = os.environ | {"XDG_CONFIG_HOME": str(folder), "HOME": str(folder), "NO_COLOR": "1"}

    def __call__(self, *arguments: str) -> str:
        run = self._nursery.run(*_WIDE, *arguments, env=self._environ, seconds=PATIENCE_SECONDS)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["toot", *_WIDE, *arguments],
            executable=Path(os.sys.executable).with_name("toot"),  # type: ignore[attr-defined]
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def toot(people: People, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toot]:
    """Signed in as mallory, by hand."""
    with Nursery("toot.cli", "cli") as nursery:
        toot = Toot(nursery, tmp_path_factory.mktemp("toot"))
        _sign_in(toot, people)
        yield toot


def _sign_in(toot: Toot, people: People) -> None:
    signing_in = toot.start("login", "--instance", people.mallory.base_url)
    assert signing_in.stdin is not None
    assert signing_in.stdout is not None
    signing_in.stdin.write("n\n")
    signing_in.stdin.flush()
    line = next(line for line in signing_in.stdout if line.startswith("http"))
    code = authorization_code(line.strip(), "mallory@mail.test", "mallory likes linnets")
    said, complained = signing_in.communicate(f"{code}\n", timeout=PATIENCE_SECONDS)
    assert "Successfully logged in" in said, complained


def test_toot_signs_in_posts_with_a_picture_reads_and_replies(toot: Toot, people: People, picture: Path) -> None:
    text, answer = word(), word()
    assert "@mallory" in toot("whoami")

    posted = json.loads(toot("post", text, "--media", str(picture), "--description", "Four bowls", "--json"))
    toot("post", answer, "--reply-to", posted["id"])

    assert posted["media_attachments"][0]["description"] == "Four bowls"
    assert text in toot("timelines", "home", "--no-pager")
    assert answer in toot("thread", posted["id"])


def test_toot_follows_somebody_elsewhere_and_reads_them(toot: Toot, people: People) -> None:
    toot("follow", people.eve.handle)
    until(lambda: re.search(r"@eve", toot("following", "mallory")), what="eve is followed")
    text = word()

    people.eve.say(text)

    until(lambda: text in toot("timelines", "home", "--no-pager"), what="eve's post is at home")


def test_toot_does_to_a_post_what_it_can_and_takes_it_back(toot: Toot, people: People) -> None:
    posted = json.loads(toot("post", word(), "--poll-option", "yes", "--poll-option", "no", "--json"))
    verbs = {"favourite": "favourited", "bookmark": "bookmarked", "reblog": "reblogged", "pin": "pinned"}
    for verb, name in verbs.items():
        toot(verb, posted["id"])
        assert people.mallory.get(f"/api/v1/statuses/{posted['id']}")[name]
        if verb == "reblog":
            assert "mallory" in toot("reblogged-by", posted["id"])
        toot(f"un{verb}", posted["id"])
    assert "yes" in toot("status", posted["id"])

    toot("delete", posted["id"])

    assert people.mallory.ask("GET", f"/api/v1/statuses/{posted['id']}").status_code == 404


def test_toot_keeps_lists_tags_and_what_one_does_not_want_to_read(toot: Toot, people: People) -> None:
    tag, title = word(), word()
    toot("lists", "create", title)
    toot("lists", "add", title, people.eve.handle)
    assert "eve" in toot("lists", "accounts", title)
    toot("lists", "remove", title, people.eve.handle)
    toot("lists", "delete", title)
    assert title not in toot("lists", "list")
    toot("tags", "follow", tag)
    assert tag in toot("tags", "followed")
    toot("tags", "unfollow", tag)
    for verb, listed in (("mute", "muted"), ("block", "blocked")):
        toot(verb, people.eve.handle)
        assert "eve" in toot(listed)
        toot(f"un{verb}", people.eve.handle)
    assert "eve" in toot("search", people.eve.handle, "--resolve")
    assert "eve" in toot("whois", people.eve.handle)
    assert people.mallory.node.domain.partition(":")[0] in toot("instance")
    toot("update-account", "--display-name", "Mallory M.")
    assert "Mallory M." in toot("whoami")
    toot("notifications")
