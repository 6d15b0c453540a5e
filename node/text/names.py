"""Names: which ones people here may take, and how names from anywhere are made safe to show."""

import re
from unicodedata import normalize

from node.errors import Invalid

MAX_LOCAL_NAME_CHARS = 30
MAX_DISPLAY_NAME_CHARS = 2_048  # our own are limited by a setting

_LOCAL_NAME = re.compile(r"[A-Za-z0-9_]+")

# Names that would look like the node itself speaking, like a part of its addresses, or like a role that others trust.
_RESERVED = """
    about abuse account accounts activity actor admin administrator admins all anonymous anybody anyone api app
    apps auth authorize autoconfig autodiscover billing blog bookmarks bot broadcasthost channel contact
    conversations daemon demo direct discover dns domain domains dpo emoji everybody everyone explore export
    favicon favourites federation feed feeds filters followers following ftp guest guests hashtag health help
    here home host hostmaster imap import inbox info instance instances invite invites is isatap it legal linnet
    list lists local localdomain localhost login logout mail mailerdaemon media me mention mentions metrics mob
    moderator moderators moderation mx my news nobody nodeinfo noreply notifications null oauth official
    operator operators ops outbox owner password pop pop3 post postmaster preferences press privacy profile
    proxy public register relay report reports robots root rules search secure security self service settings
    share shared signin signout signup site smtp ssladmin ssladministrator sslwebmaster staff static status
    statuses streaming support sysadmin sysadministrator sysop system tag tags team terms test timeline
    timelines trends undefined user users usenet uucp webfinger webmaster wellknown wpad www you
"""
RESERVED_NAMES = frozenset(_RESERVED.split())

# Overrides and isolates can turn the text around them; the marks for one direction are harmless and needed.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0001]"
)
# The joiners belong into scripts and emoji; a row of them, or of marks, belongs nowhere.
_MARK = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_MARKS_IN_A_ROW = re.compile(f"({_MARK}{{4}}){_MARK}+")


def check_local_name(text: str) -> str:
    """`text` as a name for a new account here, its spelling kept; Invalid says what is wrong with it."""
    name = text.strip()
    if not name:
        raise _invalid("Choose a name.")
    if not name.isascii() or not _LOCAL_NAME.fullmatch(name):
        raise _invalid("A name can have the letters A to Z, digits and underscores only.")
    if len(name) > MAX_LOCAL_NAME_CHARS:
        raise _invalid(f"A name can have {MAX_LOCAL_NAME_CHARS} characters at most.")
    if is_reserved(name):
        raise _invalid("This name is kept for the node itself. Choose another one.")
    return name


def is_reserved(name: str) -> bool:
    """Whether `name`, underscores and last digits aside, is kept for the node: `_admin_` and `admin1` deceive too."""
    folded = fold_name(name)
    return folded in RESERVED_NAMES or folded.replace("_", "").rstrip("0123456789") in RESERVED_NAMES


def fold_name(name: str) -> str:
    """The form in which names are compared: upper and lower case are one name."""
    return name.lower() if name.isascii() else normalize("NFKC", normalize("NFKC", name).casefold())


def clean_line(text: str, max_chars: int = MAX_DISPLAY_NAME_CHARS) -> str:
    """One line of plain text for display: without control and direction characters, spaces made single."""
    line = _INVISIBLE.sub("", text[: 4 * max_chars])
    line = _MARKS_IN_A_ROW.sub(r"\1", line)
    return " ".join(line.split())[:max_chars].rstrip()


def clean_display_name(text: str, max_chars: int = MAX_DISPLAY_NAME_CHARS) -> str:
    """A display name safe to stand beside others; empty when nothing visible is left, and the handle stands in."""
    name = clean_line(text, max_chars)
    return name if any(char.isprintable() and not char.isspace() for char in name) else ""


def _invalid(message: str) -> Invalid:
    return Invalid(message, {"username": message})
