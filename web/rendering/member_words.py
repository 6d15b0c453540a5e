"""Sentences for roles in organisations, and for what members did."""

from typing import NamedTuple

from node.models import Act, MemberRole
from node.speech import said, say


class Known(NamedTuple):
    name: str
    explanation: str


MEMBER_ROLES: dict[str, Known] = {
    MemberRole.OWNER: Known(said("Owner"), said("Everything: members and roles, deletion, moving, settings")),
    MemberRole.EDITOR: Known(said("Editor"), said("Posts, answers and follows, and changes the profile")),
    MemberRole.WRITER: Known(said("Writer"), said("Writes drafts, which an editor posts")),
}

_DEEDS: dict[str, str] = {
    Act.MADE: said("made the organisation"),
    Act.POSTED: said("posted"),
    Act.EDITED: said("edited a post"),
    Act.DELETED: said("deleted a post"),
    Act.BOOSTED: said("boosted a post"),
    Act.PROFILE: said("changed the profile"),
    Act.INVITED: said("invited %(name)s as %(role)s"),
    Act.JOINED: said("became a member"),
    Act.LEFT: said("left the organisation"),
    Act.REMOVED: said("removed %(name)s"),
    Act.ROLE: said("gave %(name)s the role %(role)s"),
    Act.RENAMED: said("changed the name of the organisation, which was @%(former)s"),
    Act.MOVED: said("moved the organisation to %(name)s"),
    Act.STAYED: said("took back that the organisation has moved"),
}


def member_choices() -> list[tuple[str, str, str]]:
    """For `radios`."""
    return [(code, say(known.name), say(known.explanation)) for code, known in MEMBER_ROLES.items()]


def deed(act: str, name: str, detail: str) -> str:
    """What follows the name of who did it. `name` is to whom it was done, `detail` a role or a former name."""
    known = MEMBER_ROLES.get(detail)
    someone = f"@{name}" if name else say("somebody who is not here any more")
    return say(_DEEDS.get(act, act), name=someone, role="" if known is None else say(known.name), former=detail)
