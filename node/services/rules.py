"""The rules of this node, in their order."""

from node.errors import Invalid, NotFound
from node.models import Account, Role, Rule
from node.services import audit, roles

MAX_CHARS = 1_000
MAX_RULES = 100


def all_rules() -> list[Rule]:
    return list(Rule.select().order_by(Rule.position, Rule.id))


def add(text: str, hint: str, by: Account | None) -> Rule:
    """At the end."""
    roles.require(by, Role.ADMIN)
    rules = all_rules()
    if len(rules) >= MAX_RULES:
        raise Invalid(f"There can be {MAX_RULES} rules at most.")
    position = rules[-1].position + 1 if rules else 1
    rule = Rule.create(position=position, text=_checked(text, required=True), hint=_checked(hint))
    audit.record(by, "add.rule", rule.text)
    return rule


def change(rule_id: int, text: str, hint: str, position: int, by: Account | None) -> Rule:
    roles.require(by, Role.ADMIN)
    columns = {"text": _checked(text, required=True), "hint": _checked(hint), "position": position}
    if not Rule.update(**columns).where(Rule.id == rule_id).execute():
        raise NotFound("Record not found")
    audit.record(by, "change.rule", text)
    return Rule.get_by_id(rule_id)


def remove(rule_id: int, by: Account | None) -> None:
    roles.require(by, Role.ADMIN)
    rule = Rule.get_or_none(Rule.id == rule_id)
    if rule is None:
        raise NotFound("Record not found")
    Rule.delete().where(Rule.id == rule_id).execute()
    audit.record(by, "remove.rule", rule.text)


def _checked(text: str, *, required: bool = False) -> str:
    if required and not text.strip():
        raise Invalid("A rule needs a text.", {"text": "cannot be empty"})
    if len(text) > MAX_CHARS:
        raise Invalid(f"A rule can have {MAX_CHARS} characters at most.", {"text": "is too long"})
    return text.strip()
