"""Rule."""

from typing import Any

from node.models import Rule
from node.services.community import rules


def rule_entity(rule: Rule) -> dict[str, Any]:
    return {"id": str(rule.id), "text": rule.text, "hint": rule.hint, "translations": _translations(rule)}


def _translations(rule: Rule) -> dict[str, Any]:
    return {code: {"text": text, "hint": hint} for code, (text, hint) in rules.translations(rule).items()}
