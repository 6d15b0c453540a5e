"""What each software sends, and the rows that come of it: `rows.txt` beside its payloads (tests/federation/wire)."""

import re

import pytest

from federation.parse.composed import POSTS
from node.services.statuses.drafts import PollDraft
from tests.factories import Person
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import Elsewhere, Here
from tests.federation.incoming.stage import Stage, is_actor
from tests.federation.wire_files import FOLDER, NAMES, wire

SOFTWARE = sorted(path.parent.name for path in FOLDER.glob("*/rows.txt"))
# Before anybody here has heard of who sends them.
FIRST = ("follow", "undo_follow")
# Other kinds of documents, refusals, and what needs more than two servers: tests of their own read these.
READ_ELSEWHERE = {
    "akkoma": {"direct_note"},
    "bridgy": {"note"},
    "gotosocial": {"main_key", "note_old_policy"},
    "hubzilla": {"portable_note"},
    "lemmy": {"outbox_page"},
    "mastodon": {
        "accept_quote_request",
        "featured",
        "move",
        "nodeinfo",
        "nodeinfo_elsewhere",
        "nodeinfo_links",
        "quote_request",
        "replies",
        "webfinger",
    },
    "mbin": {"note_public_in_cc"},
    "misskey": {"public_key", "question"},
    "peertube": {"webfinger"},
    "pixelfed": {"story"},
    "wordpress": {"nodeinfo", "webfinger"},
}


def score(software: str) -> list[tuple[str, set[str]]]:
    """The files to play, each with the rows that come and go."""
    steps: list[tuple[str, set[str]]] = []
    for line in (FOLDER / software / "rows.txt").read_text("utf-8").splitlines():
        if line.startswith("  "):
            steps[-1][1].add(line.strip())
        else:
            steps.append((line, set()))
    return steps


@pytest.mark.parametrize("software", SOFTWARE)
async def test_what_is_sent_becomes_these_rows(here: Here, there: Elsewhere, alice: Person, software: str) -> None:
    poll = PollDraft(options=("Bittern", "Coot"), expires_in_ms=3_600_000)
    stage = Stage(here, there, alice, make_status(alice, "Which?", poll=poll), software)
    has_met = False

    for name, expected in score(software):
        if name not in FIRST and not has_met:
            await stage.meet()
            has_met = True
        before = stage.rows()
        await stage.play(name)
        after = stage.rows()

        changes = {f"+ {line}" for line in after - before} | {f"- {line}" for line in before - after}
        assert changes == expected, f"{software}/{name}"


@pytest.mark.parametrize("software", SOFTWARE)
def test_each_software_has_an_actor_and_says_and_does_something(software: str) -> None:
    rows = {row for _, changes in score(software) for row in changes}

    assert any(is_actor(wire(name)) for name in names_of(software))
    assert any(" writes " in row for row in rows)
    assert any(" follows " in row or " likes" in row for row in rows)


def test_every_kind_of_post_is_sent_by_somebody() -> None:
    rows = (row for software in SOFTWARE for _, changes in score(software) for row in changes)

    assert {match[1] for row in rows if (match := re.search(r" writes \w+ (\w+):", row))} == POSTS


@pytest.mark.parametrize("software", SOFTWARE)
def test_each_payload_is_played_or_read_elsewhere(software: str) -> None:
    played = {name for name, _ in score(software)}
    rest = {name for name in names_of(software) if not is_actor(wire(name))}

    assert {name.partition("/")[2] for name in rest} - played == READ_ELSEWHERE.get(software, set())


def names_of(software: str) -> list[str]:
    return [name for name in NAMES if name.startswith(f"{software}/")]
