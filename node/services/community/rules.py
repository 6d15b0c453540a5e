"""The rules of this node, in their order, and in other languages.

Those are typed as lines, `de: Sei freundlich. | Wir duzen uns.`: the language, the rule, and more about it.
"""

import re

import msgspec

from node.errors import Invalid, NotFound
from node.models import Account, Role, Rule
from node.services.moderation import audit, roles
from node.speech import said

MAX_CHARS = 1_000
MAX_RULES = 100
MAX_TRANSLATIONS = 50

_LINE = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2})\s*:(.+)", re.ASCII)


def all_rules() -> list[Rule]:
    return list(Rule.select().order_by(Rule.position, Rule.id))


def translations(rule: Rule) -> dict[str, tuple[str, str]]:
    """By language: the rule, and more about it."""
    return msgspec.json.decode(rule.translations, type=dict[str, tuple[str, str]])


def translation_lines(rule: Rule) -> str:
    """As they are typed."""
    found = translations(rule).items()
    return "\n".join(f"{code}: {text} | {hint}" if hint else f"{code}: {text}" for code, (text, hint) in found)


def parse_translations(lines: str) -> dict[str, tuple[str, str]]:
    """Invalid for what is no translation."""
    found = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            raise Invalid(
                "A translation is a line such as: de: Sei freundlich. | Wir duzen uns.",
                {"translations": "is not a language, a colon and a text"},
            )
        text, _, hint = match[2].partition("|")
        found[match[1]] = (_checked(text, required=True), _checked(hint))
    if len(found) > MAX_TRANSLATIONS:
        raise Invalid(
            said("A rule can be in %(most)s more languages at most.", most=MAX_TRANSLATIONS),
            {"translations": "are too many"},
        )
    return found


def add(text: str, hint: str, by: Account | None) -> Rule:
    """At the end."""
    roles.require(by, Role.ADMIN)
    rules = all_rules()
    if len(rules) >= MAX_RULES:
        raise Invalid(said("There can be %(most)s rules at most.", most=MAX_RULES))
    position = rules[-1].position + 1 if rules else 1
    rule = Rule.create(position=position, text=_checked(text, required=True), hint=_checked(hint))
    audit.record(by, "add.rule", rule.text)
    return rule


def translate(rule_id: int, lines: str, by: Account | None) -> None:
    """What is typed takes the place of all translations."""
    roles.require(by, Role.ADMIN)
    encoded = msgspec.json.encode(parse_translations(lines)).decode()
    Rule.update(translations=encoded).where(Rule.id == rule_id).execute()


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
        raise Invalid(said("A rule can have %(most)s characters at most.", most=MAX_CHARS), {"text": "is too long"})
    return text.strip()
