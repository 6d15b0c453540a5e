"""Words that the staff uses again and again when it tells people what it decided."""

from node.errors import Invalid, NotFound
from node.models import Account, Role, WarningPreset
from node.services.moderation import audit, roles
from node.services.moderation.account_warnings import MAX_CHARS
from node.speech import said

MAX_PRESETS = 50
MAX_TITLE_CHARS = 100


def all_presets() -> list[WarningPreset]:
    """By title."""
    return list(WarningPreset.select().order_by(WarningPreset.title, WarningPreset.id))


def with_preset(preset_id: int | None, text: str) -> str:
    """`text` after the words of the preset. NotFound if there is none such."""
    if preset_id is None:
        return text
    return "\n\n".join(filter(None, (_get(preset_id).text, text.strip())))


def add(title: str, text: str, by: Account | None) -> WarningPreset:
    roles.require(by, Role.ADMIN)
    if WarningPreset.select().count() >= MAX_PRESETS:
        raise Invalid(said("There can be %(most)s of them at most.", most=MAX_PRESETS))
    made = WarningPreset.create(**_checked(title, text))
    audit.record(by, "add.warning_preset", made.title)
    return made


def change(preset_id: int, title: str, text: str, by: Account | None) -> None:
    roles.require(by, Role.ADMIN)
    columns = _checked(title, text)
    if not WarningPreset.update(**columns).where(WarningPreset.id == preset_id).execute():
        raise NotFound("Record not found")
    audit.record(by, "change.warning_preset", columns["title"])


def remove(preset_id: int, by: Account | None) -> None:
    """What was told with it stays as it was told."""
    roles.require(by, Role.ADMIN)
    preset = _get(preset_id)
    WarningPreset.delete().where(WarningPreset.id == preset_id).execute()
    audit.record(by, "remove.warning_preset", preset.title)


def _get(preset_id: int) -> WarningPreset:
    preset: WarningPreset | None = WarningPreset.get_or_none(WarningPreset.id == preset_id)
    if preset is None:
        raise NotFound("Record not found")
    return preset


def _checked(title: str, text: str) -> dict[str, str]:
    found = {"title": title.strip(), "text": text.strip()}
    for name, most in (("title", MAX_TITLE_CHARS), ("text", MAX_CHARS)):
        if not found[name]:
            raise Invalid("Please fill this in.", {name: "Please fill this in."})
        if len(found[name]) > most:
            sentence = said("Please say it in at most %(most)s characters.", most=most)
            raise Invalid(sentence, {name: sentence})
    return found
