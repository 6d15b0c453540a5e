"""The rules of this node, in their order."""

from node.errors import Invalid, NotFound
from node.models import Account, Role, Rule
from node.services.moderation import audit, roles

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


def change(rule_id: int, text: str, hint: str, position: int | None, by: Account | None) -> Rule:
    """`position` counts from 1; the others make room. None leaves it where it is."""
    roles.require(by, Role.ADMIN)
    columns = {"text": _checked(text, required=True), "hint": _checked(hint)}
    if not Rule.update(**columns).where(Rule.id == rule_id).execute():
        raise NotFound("Record not found")
    if position is not None:
        _move(rule_id, position)
    audit.record(by, "change.rule", columns["text"])
    return Rule.get_by_id(rule_id)


def _move(rule_id: int, position: int) -> None:
    order = [rule.id for rule in all_rules() if rule.id != rule_id]
    order.insert(max(position - 1, 0), rule_id)
    for place, an_id in enumerate(order, start=1):
        Rule.update(position=place).where(Rule.id == an_id).execute()


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
