"""How old somebody must be to join. They say when they were born, and that is looked at and not kept."""

import re
from datetime import date

from node import clock
from node.speech import said

MISSING = "Please say when you were born."
NO_DATE = "Please write the day on which you were born like 2001-12-31."
TOO_YOUNG = "You must be %(years)s years old to join."

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_OLDEST = 130


def complaint(text: str, least: int) -> str:
    """What is wrong with this day of birth where people must be `least` years old; empty for nothing."""
    if not text.strip():
        return MISSING
    years = _age(text.strip())
    if years is None or not 0 <= years <= _OLDEST:
        return NO_DATE
    return "" if years >= least else said(TOO_YOUNG, years=least)


def _age(text: str) -> int | None:
    match = _DAY.match(text)
    if match is None:
        return None
    try:
        born = date(*map(int, match.groups()))
    except ValueError:
        return None
    today = clock.now().date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
