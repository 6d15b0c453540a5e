"""FEDERATION.md says what is so: every activity, type of object, FEP and term, and none besides."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from federation.activities import RECEIVERS, undo
from federation.parse.composed import POSTS
from federation.render import activity, context

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "FEDERATION.md").read_text("utf-8")
NOTHING = "–"


def activities() -> dict[str, tuple[str, str]]:
    """What is said of each type: what of it is received, and what is sent."""
    rows = re.findall(r"^\| `([A-Za-z]+)` \| (.+?) \| (.+?) \|$", section("Activities"), re.MULTILINE)
    return {kind: (received, sent) for kind, received, sent in rows}


def section(title: str) -> str:
    found = re.search(rf"^##+ {title}\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None, f"There is no section {title}."
    return found[1]


def texts_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def words(cell: str) -> set[str]:
    """The types of objects that a cell names."""
    return set(re.findall(r"\b[A-Z]\w+", cell))


def test_it_has_the_sections_of_fep_67ff() -> None:
    for title in ("Supported federation protocols and standards", "Supported FEPs", "Additional documentation"):
        assert section(title).strip()


def test_each_activity_that_is_received_is_listed_and_no_other() -> None:
    assert {kind for kind, (received, _) in activities().items() if received != NOTHING} == set(RECEIVERS)


def test_each_activity_that_is_sent_is_listed_and_no_other() -> None:
    composing = [Path(activity.__file__), *(ROOT / "federation/compose").glob("*.py")]
    composed = {text for path in composing for text in texts_in(path)} & set(activities())

    assert {kind for kind, (_, sent) in activities().items() if sent != NOTHING} == composed


def test_each_type_that_becomes_a_post_is_listed_and_no_other() -> None:
    assert words(activities()["Create"][0]) == POSTS


def test_each_activity_that_can_be_undone_is_listed_and_no_other() -> None:
    assert words(activities()["Undo"][0]) == set(undo._UNDO)


def test_each_fep_that_is_listed_is_cited_in_the_code_and_each_that_is_cited_is_listed() -> None:
    listed = re.findall(r"^- FEP-([0-9a-f]{4}): ", section("Supported FEPs"), re.MULTILINE)
    sources = [path for package in ("node", "federation", "web") for path in (ROOT / package).rglob("*.py")]
    cited = {fep for path in sources for fep in re.findall(r"FEP-([0-9a-f]{4})", path.read_text("utf-8"))}

    assert len(listed) == len(set(listed))
    assert set(listed) - {"67ff"} == cited  # which is this document itself


def test_each_term_of_our_documents_is_listed_under_its_namespace_and_no_other() -> None:
    rows = re.findall(r"^\| `(https?://[^`]+)` \| (.+) \|$", section("Terms"), re.MULTILINE)
    listed = {f"{namespace}{term}": term for namespace, cell in rows for term in re.findall(r"`(\w+)`", cell)}
    sent = {name for _, names in context._USED.values() for name in names.split()}

    assert listed == {address_of(term): term for term in sent}


def address_of(name: str) -> str:
    """What a term stands for, without the prefix that shortens it. Our term is the last part of it."""
    term = context.TERMS[name]
    address = term["@id"] if isinstance(term, dict) else term
    prefix, _, rest = address.partition(":")
    prefixes = {"as": "https://www.w3.org/ns/activitystreams#"} | context.TERMS
    return f"{prefixes[prefix]}{rest}" if prefix in prefixes else address
