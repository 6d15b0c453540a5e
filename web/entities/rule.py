"""Rule."""

from typing import Any

from node.models import Rule


def rule_entity(rule: Rule) -> dict[str, Any]:
    return {"id": str(rule.id), "text": rule.text, "hint": rule.hint, "translations": {}}
