"""Finds what is said to people: in templates by Babel, in Python by how it is said (docs/adr/0037-languages.md).

In Python these are sentences:

- what `said`, `say` and `say_number` are given;
- texts in refusals (`Invalid("…")`), and what is told after a form (`done`);
- `title`, `text` and `button` of a question before something dangerous;
- descriptions of settings; constants that are a sentence.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_from_file

ROOT = Path(__file__).parents[2]
_SOURCES = (
    "node/services/**/*.py", "node/text/*.py", "node/media/*.py", "web/*.py",
    "web/pages/**/*.py", "web/oauth/authorize.py", "web/rendering/*.py", "web/files/*.py",
    "federation/finding/*.py", "federation/translation/*.py", "federation/archives/*.py",
)  # fmt: skip
_SAID = frozenset({"said", "say"})
_REFUSALS = frozenset(
    {
        "BadInput",
        "Forbidden",
        "Gone",
        "Invalid",
        "NotFound",
        "TooLarge",
        "TooMany",
        "TooSlow",
        "Unauthorized",
        "Unavailable",
    }
)
_QUESTIONS = frozenset({"title", "text", "button"})
_SENTENCE = re.compile(r"[A-Z].* .*[.?!]\Z", re.DOTALL)
# What only programs are told.
_OF_APPS = re.compile(r"Validation failed")
_FOR_PROGRAMS = frozenset(
    {
        "federation/finding/keys.py",
        "node/services/access/oauth.py",
        "node/services/access/scopes.py",
        "web/brackets.py",
        "web/params.py",
        "web/files/passing.py",
        "web/files/remote_files.py",
        "web/files/remote_media.py",
        "web/viewer.py",
    }
)


class Message(NamedTuple):
    file: str
    line: int
    text: str | tuple[str, str]  # one, many


def messages() -> Iterator[Message]:
    yield from _of_templates()
    for pattern in _SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if _name(path) not in _FOR_PROGRAMS:
                yield from _of_python(path)


def _of_templates() -> Iterator[Message]:
    options = {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
    for path in sorted((ROOT / "web/templates").rglob("*.html")):
        if path.name == "gallery.html":  # for tests alone
            continue
        with_line = extract_from_file("jinja2.ext:babel_extract", str(path), options=options)
        for line, text, _, _ in with_line:
            yield Message(_name(path), line, text if isinstance(text, str) else (text[0], text[1]))


def _of_python(path: Path) -> Iterator[Message]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            found += _of_call(node)
        elif isinstance(node, ast.Assign) and _is_sentence(node.value):
            found.append(_text(node.value))
    for line, text in sorted(set(found), key=lambda one: (one[0], str(one[1]))):
        yield Message(_name(path), line, text)


def _of_call(call: ast.Call) -> list[tuple[int, str | tuple[str, str]]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _SAID and call.args:
        return _texts(call.args[0])
    if name == "say_number":
        (line, one), (_, many) = _text(call.args[0]), _text(call.args[1])
        return [(line, (one, many))]
    if name in _REFUSALS:
        return [one for part in call.args for one in _texts(part) if not _OF_APPS.match(one[1])]
    if name == "done":
        return [one for part in call.args[2:] for one in _texts(part)]
    if name == "act":
        return [one for part in call.args[2:3] for one in _texts(part)]
    if name in ("ask", "confirm", "question"):
        return [one for part in call.keywords if part.arg in _QUESTIONS for one in _texts(part.value)]
    if name == "Meta":
        return [one for part in call.keywords if part.arg == "description" for one in _texts(part.value)]
    return []


def _texts(node: ast.expr) -> list[tuple[int, str]]:
    """What may be meant: the text, one of two, or the texts by field."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        return [_text(node)]
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    if isinstance(node, ast.Dict):
        return [one for value in node.values for one in _texts(value)]
    return []


def _text(node: ast.expr) -> tuple[int, str]:
    assert isinstance(node, ast.Constant)
    return node.lineno, node.value


def _is_sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_SENTENCE.match(node.value))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
