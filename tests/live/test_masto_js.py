"""masto.js, the library of Elk and Phanpy: signs in by the real pages, posts, uploads, reads, and listens."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from node import config as configuration
from node import store
from node.cli.opening import opened
from node.cli.sample_pictures import png
from node.services.community import announcements
from tests.live.conversation import People, word
from tests.live.node import Node, Person
from tests.live.node_js import command, what_is_missing
from tests.live.visitor import authorization_code
from tests.live.waiting import until
from tests.logging_kept import logging_kept

if reason := what_is_missing("masto"):
    pytest.skip(reason, allow_module_level=True)

_OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_SCOPES = "read write follow push"


class App:
    """A process that runs tests/interop/app.mjs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, call: str, *arguments: Any) -> Any:
        answer = self.try_to(call, *arguments)
        assert "error" not in answer, f"{call}: {answer}"
        return answer["result"]

    def try_to(self, call: str, *arguments: Any) -> dict[str, Any]:
        """What became of it: `result`, or `error` and `status`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"call": call, "arguments": arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the app ended with {self._process.wait(30)} at {call}"
        return json.loads(line)  # type: ignore[no-any-return]

    def sign_in(self, base_url: str, name: str) -> str:
        """As apps do: register, send the person to the page, and change the code for a token; the token."""
        made = self("rest.v1.apps.create", {"clientName": "Masto", "redirectUris": _OUT_OF_BAND, "scopes": _SCOPES})
        asked = {
            "client_id": made["clientId"],
            "redirect_uri": _OUT_OF_BAND,
            "response_type": "code",
            "scope": _SCOPES,
        }
        page = f"{base_url}/oauth/authorize?{urlencode(asked)}"
        grant = {
            "grantType": "authorization_code",
            "clientId": made["clientId"],
            "clientSecret": made["clientSecret"],
            "redirectUri": _OUT_OF_BAND,
            "code": authorization_code(page, f"{name}@mail.test", f"{name} likes linnets"),
            "scope": _SCOPES,
        }
        token = self("oauth.token.create", grant)["accessToken"]
        streaming = self("rest.v2.instance.fetch")["configuration"]["urls"]["streaming"]
        self("sign_in", {"accessToken": token, "streamingApiUrl": streaming})
        self._app = made
        return str(token)

    def revoke(self, token: str) -> None:
        app = {"clientId": self._app["clientId"], "clientSecret": self._app["clientSecret"]}
        self("oauth.revoke", app | {"token": token})

    def hears(self, kind: str, text: str) -> dict[str, Any]:
        """The event of this kind that holds the text, once it is there."""

        def found() -> dict[str, Any] | None:
            for event in self("heard"):
                if event["event"] == kind and text in json.dumps(event["payload"]):
                    return event  # type: ignore[no-any-return]
            return None

        return until(found, what=lambda: f"{kind} with {text} comes by the stream")  # type: ignore[return-value]


@contextmanager
def beside(node: Node) -> Iterator[None]:
    """As a command does, while the node runs: what is published is heard by its processes."""
    variables = {name: value for name, value in node.environ.items() if name.startswith("LINNET_")}
    with logging_kept(), opened(configuration.load(variables)), store.transaction():
        yield


@contextmanager
def running(base_url: str) -> Iterator[App]:
    process = subprocess.Popen(command("app.mjs", base_url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield App(process)
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def app(people: People) -> Iterator[App]:
    """Signed in as alice."""
    with running(people.alice.base_url) as app:
        app.sign_in(people.alice.base_url, "alice")
        yield app


def test_it_signs_in_posts_with_a_picture_reads_and_edits(app: App, tmp_path: Path) -> None:
    text, answer, better = word(), word(), word()
    (tmp_path / "bowls.png").write_bytes(png("kiln"))
    assert app("rest.v1.accounts.verifyCredentials")["acct"] == "alice"

    file = {"$file": str(tmp_path / "bowls.png")}
    media = app("rest.v2.media.create", {"file": file, "description": "Four bowls"})
    said = app("rest.v1.statuses.create", {"status": text, "mediaIds": [media["id"]], "visibility": "public"})
    reply = app("rest.v1.statuses.create", {"status": answer, "inReplyToId": said["id"]})
    edited = app(f"rest.v1.statuses.$select({reply['id']}).update", {"status": better})

    home = app("rest.v1.timelines.home.list", {"limit": 2})
    assert [one["id"] for one in home] == [reply["id"], said["id"]]
    assert home[1]["mediaAttachments"][0]["description"] == "Four bowls"
    assert better in edited["content"]
    thread = app(f"rest.v1.statuses.$select({said['id']}).context.fetch")
    assert [one["id"] for one in thread["descendants"]] == [reply["id"]]
    assert len(app(f"rest.v1.statuses.$select({reply['id']}).history.list")) == 2


def test_it_scrolls_through_all_pages(app: App, people: People) -> None:
    said = [app("rest.v1.statuses.create", {"status": f"{word()} {number}"})["id"] for number in range(5)]
    me = app("rest.v1.accounts.verifyCredentials")["id"]

    listing = f"rest.v1.accounts.$select({me}).statuses.list"
    pages = app("pages", {"call": listing, "arguments": [{"limit": 2, "minId": str(int(said[0]) - 1)}]})
    seen = [one["id"] for page in app("pages", {"call": listing, "arguments": [{"limit": 2}]}) for one in page]

    assert len(pages[0]) == 2
    assert seen[:5] == said[::-1]
    assert len(seen) == len(set(seen))


def test_what_it_does_to_a_post_and_takes_back(app: App) -> None:
    said = app("rest.v1.statuses.create", {"status": word()})["id"]
    post = f"rest.v1.statuses.$select({said})"

    done = [app(f"{post}.{verb}") for verb in ("favourite", "bookmark", "reblog", "pin")]
    undone = [app(f"{post}.{verb}") for verb in ("unfavourite", "unbookmark", "unreblog", "unpin")]
    app(f"{post}.remove")

    assert [done[0]["favourited"], done[1]["bookmarked"], done[2]["reblog"]["id"], done[3]["pinned"]] == [
        True,
        True,
        said,
        True,
    ]
    assert not any([undone[0]["favourited"], undone[1]["bookmarked"], undone[2]["reblogged"], undone[3]["pinned"]])
    assert app.try_to(f"{post}.fetch")["status"] == 404


def test_it_hears_posts_changes_deletions_and_notifications(app: App, people: People) -> None:
    tag, text, better, greeting = word(), word(), word(), word()
    app("listen", {"stream": "user"})
    app("listen", {"stream": "hashtag", "terms": {"tag": tag}})

    def say_and_hear() -> bool:
        """Subscribing has no answer, so ask until one comes."""
        people.alice.say(f"#{tag} {word()}")
        return {"user", "hashtag"} <= {one for event in app("heard") for one in event["stream"]}

    until(say_and_hear, what="both streams are open")

    said = app("rest.v1.statuses.create", {"status": text})
    app(f"rest.v1.statuses.$select({said['id']}).update", {"status": better})
    app(f"rest.v1.statuses.$select({said['id']}).remove")
    people.mallory.say(f"@alice {greeting}")

    assert app.hears("update", text)["payload"]["id"] == said["id"]
    assert app.hears("status.update", better)["payload"]["id"] == said["id"]
    assert app.hears("delete", said["id"])["payload"] == said["id"]
    assert app.hears("notification", greeting)["payload"]["type"] == "mention"


_STREAMS = (
    *("public", "public.media", "public.local", "public.local.media", "public.remote", "public.remote.media"),
    *("user", "user.notification", "hashtag", "hashtag.local", "list", "direct"),
)


def heard_on(app: App, text: str) -> set[str]:
    """The streams on which something came that holds the text."""
    return {event["stream"][0] for event in app("heard") if text in json.dumps(event["payload"])}


def with_picture(person: Person, text: str) -> None:
    made = person.ask("POST", "/api/v2/media", files={"file": ("bowls.png", png("kiln"), "image/png")}).json()
    person.say(text, media_ids=[made["id"]])


def test_it_hears_every_stream(app: App, people: People) -> None:
    tag, far, secret = word(), word(), word()
    friends = app("rest.v1.lists.create", {"title": "friends"})["id"]
    app(f"rest.v1.lists.$select({friends}).accounts.create", {"accountIds": [people.mallory.id]})
    terms = {"hashtag": {"tag": tag}, "hashtag.local": {"tag": tag}, "list": {"list": friends}}
    for stream in _STREAMS:
        app("listen", {"stream": stream, "terms": terms.get(stream)})
    of_here = {"public", "public:media", "public:local", "public:local:media", "hashtag", "hashtag:local", "list"}

    def say_and_hear() -> bool:
        """Subscribing has no answer, so ask until one comes."""
        with_picture(people.mallory, f"@alice #{tag}")
        return {*of_here, "user", "user:notification"} <= heard_on(app, tag)

    until(say_and_hear, what="what is said here is heard on each stream of here")
    with_picture(people.bob, f"@{people.alice.handle} {far}")
    people.mallory.say(f"@alice {secret}", visibility="direct")

    until(lambda: {"public:remote", "public:remote:media"} <= heard_on(app, far), what="bob is heard from elsewhere")
    until(lambda: heard_on(app, secret) >= {"direct"}, what="a message in private is heard")
    assert not heard_on(app, far) & {"public:local", "public:local:media", "hashtag:local"}
    assert heard_on(app, secret) <= {"direct", "user", "user:notification"}
    assert app.hears("conversation", secret)["payload"]["lastStatus"]["visibility"] == "direct"


def test_it_hears_of_filters_announcements_and_requests(app: App, people: People) -> None:
    news, asked = word(), word()
    app("listen", {"stream": "user"})

    def change_and_hear() -> bool:
        made = app("rest.v2.filters.create", {"title": word(), "context": ["home"]})
        app(f"rest.v2.filters.$select({made['id']}).remove")
        return any(event["event"] == "filters_changed" for event in app("heard"))

    until(change_and_hear, what="the stream tells of filters")

    with beside(people.alice.node):
        row = announcements.publish(news, None, None)
    assert app.hears("announcement", news)["payload"]["id"] == str(row.id)
    people.mallory.put(f"/api/v1/announcements/{row.id}/reactions/%F0%9F%91%8D")
    reaction = app.hears("announcement.reaction", str(row.id))["payload"]
    assert (reaction["name"], reaction["count"]) == ("👍", 1)
    with beside(people.alice.node):
        announcements.remove(row.id, None)
    # This library makes a number of the id, and JavaScript counts so far.
    assert app.hears("announcement.delete", str(row.id))["payload"] == row.id

    app("rest.v2.notifications.policy.update", {"forNotFollowing": "filter"})
    people.mallory.say(f"@alice {asked}")
    request = until(lambda: app("rest.v1.notifications.requests.list"), what="it is held back")[0]
    app(f"rest.v1.notifications.requests.$select({request['id']}).accept")
    app("rest.v2.notifications.policy.update", {"forNotFollowing": "accept"})
    until(
        lambda: any(event["event"] == "notifications_merged" for event in app("heard")),
        what="the stream tells that what was held back is there",
    )


def test_it_reads_notifications_in_groups_and_one_by_one(app: App, people: People) -> None:
    text = word()
    people.mallory.say(f"@alice {text}")
    until(lambda: text in json.dumps(app("rest.v1.notifications.list", {"limit": 1})), what="she is told")

    grouped = app("rest.v2.notifications.list", {"limit": 1})
    (newest,) = app("rest.v1.notifications.list", {"limit": 1})

    # `most_recent_notification_id` is a number in this API, and ours are beyond what JavaScript counts exactly.
    assert grouped["notificationGroups"][0]["pageMaxId"] == newest["id"]
    assert grouped["statuses"][0]["id"] == newest["status"]["id"]
    assert app(f"rest.v1.notifications.$select({newest['id']}).fetch")["type"] == "mention"
    app(f"rest.v1.notifications.$select({newest['id']}).dismiss")
    assert app.try_to(f"rest.v1.notifications.$select({newest['id']}).fetch")["status"] == 404


def test_a_refusal_is_told_with_its_reason(app: App) -> None:
    empty = app.try_to("rest.v1.statuses.create", {"status": ""})
    unknown = app.try_to("rest.v1.statuses.$select(1).fetch")

    assert (empty["status"], unknown["status"]) == (422, 404)
    assert unknown["error"] == "Record not found"


def test_a_token_that_was_revoked_opens_nothing(people: People) -> None:
    with running(people.alice.base_url) as app:
        token = app.sign_in(people.alice.base_url, "mallory")
        assert app("rest.v1.accounts.verifyCredentials")["acct"] == "mallory"

        app.revoke(token)

        assert app.try_to("rest.v1.accounts.verifyCredentials")["status"] == 401
