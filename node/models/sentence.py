"""A column for what is said to somebody later, who may read another language than whoever it happened to."""

from typing import Any

import peewee

from node import speech


class SentenceField(peewee.TextField):
    """A sentence of ours with what was put into it (node/speech.py), so that it can still be said in any language."""

    def db_value(self, value: Any) -> Any:
        return speech.kept(value) if isinstance(value, str) else value

    def python_value(self, value: Any) -> Any:
        return speech.of_kept(value) if isinstance(value, str) else value
