"""Moments and lengths of time, in words of the reader's language."""

from datetime import datetime, timedelta

from node import clock
from node.services.discovery.habits import PARTS_OF_DAY
from node.speech import said, say, say_number

# One message for each list: languages have these words in different forms, but all of them, and in this order.
_DAYS = said("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTHS = said("January February March April May June July August September October November December")
_HABITS = (
    said("most early on %(weekday)s (UTC)"),
    said("most on %(weekday)s morning (UTC)"),
    said("most on %(weekday)s afternoon (UTC)"),
    said("most on %(weekday)s evening (UTC)"),
)
_SHORT_DAYS = said("Mon Tue Wed Thu Fri Sat Sun")
_SHORT_MONTHS = said("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")


def ago(iso: str) -> str:
    """`12 min`, `3 h`, `yesterday`, `4 d`, `3 Nov`, `3 Nov 2024`; of the future, `in 2 h`."""
    ms = clock.parse_iso(iso)
    if ms is None:
        return ""
    passed = clock.now_ms() - ms
    if passed < -clock.MINUTE:
        return say("in %(time)s", time=_rough(-passed))
    if passed < clock.MINUTE:
        return say("now")
    if clock.DAY <= passed < 2 * clock.DAY:
        return say("yesterday")
    return _rough(passed) if passed < 7 * clock.DAY else date(iso)


def past(iso: str) -> str:
    """`ago` inside a sentence: `12 min ago`, `yesterday`, `on 3 Nov`."""
    ms = clock.parse_iso(iso)
    if ms is None:
        return ""
    passed = clock.now_ms() - ms
    if abs(passed) < clock.MINUTE:
        return say("just now")
    if passed < 0 or clock.DAY <= passed < 2 * clock.DAY:
        return ago(iso)
    return say("%(time)s ago", time=_rough(passed)) if passed < 7 * clock.DAY else say("on %(date)s", date=date(iso))


def when(iso: str) -> str:
    """`07:10` today, `yesterday 23:40`, `Mon 23:40` a few days before or after, else `3 Nov 23:40`, in UTC."""
    moment, now = _parse(iso), clock.now()
    if moment is None:
        return ""
    time = f"{moment:%H:%M}"
    days = (now.date() - moment.date()).days
    if days == 0:
        return time
    if days == 1:
        return say("yesterday %(time)s", time=time)
    return f"{weekday(iso) if abs(now - moment) < timedelta(days=6) else date(iso)} {time}"


def duration(ms: int) -> str:
    """`9 h 12 min`"""
    hours, minutes = divmod(max(ms, 0) // clock.MINUTE, 60)
    if hours >= 48:
        return say_number("%(num)s day", "%(num)s days", hours // 24)
    if hours:
        return say("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return say("%(minutes)s min", minutes=minutes)


def date(iso: str) -> str:
    """`3 Nov`, with the year unless it is this one."""
    when = _parse(iso)
    if when is None:
        return ""
    named = {"day": when.day, "month": _name_of(_SHORT_MONTHS, when.month)}
    if when.year == clock.now().year:
        return say("%(day)s %(month)s", **named)
    return say("%(day)s %(month)s %(year)s", **named, year=when.year)


def weekday(iso: str) -> str:
    """`Sun`"""
    when = _parse(iso)
    return "" if when is None else _name_of(_SHORT_DAYS, when.isoweekday())


def day(iso: str) -> str:
    """`Sunday 22 November`"""
    when = _parse(iso)
    if when is None:
        return ""
    named = {"weekday": _name_of(_DAYS, when.isoweekday()), "month": _name_of(_MONTHS, when.month)}
    return say("%(weekday)s %(day)s %(month)s", **named, day=when.day)


def month(iso: str) -> str:
    """`March 2024`"""
    when = _parse(iso)
    if when is None:
        return ""
    return say("%(month)s %(year)s", month=_name_of(_MONTHS, when.month), year=when.year)


def months(weeks: int) -> str:
    """`August to November`, the months of so many weeks up to now; one alone is itself."""
    last_ms = clock.now_ms()
    first_ms = last_ms - (weeks - 1) * 7 * clock.DAY
    first, last = (_name_of(_MONTHS, clock.from_ms(ms).month) for ms in (first_ms, last_ms))
    return first if first == last else say("%(first)s to %(last)s", first=first, last=last)


def habit(part_of_week: int) -> str:
    """When somebody posts most (node/services/discovery/habits.py): `most on Sunday evening (UTC)`."""
    day, part = divmod(part_of_week, PARTS_OF_DAY)
    return say(_HABITS[part], weekday=_name_of(_DAYS, day + 1))


def moment(iso: str) -> str:
    """`Sunday 22 November 2026, 07:10`, in UTC; the script shows the reader's own."""
    when = _parse(iso)
    if when is None:
        return ""
    return say(
        "%(weekday)s %(day)s %(month)s %(year)s, %(time)s",
        weekday=_name_of(_DAYS, when.isoweekday()),
        day=when.day,
        month=_name_of(_MONTHS, when.month),
        year=when.year,
        time=f"{when:%H:%M}",
    )


def _rough(ms: int) -> str:
    if ms < clock.HOUR:
        return say("%(minutes)s min", minutes=max(ms // clock.MINUTE, 1))
    if ms < clock.DAY:
        return say("%(hours)s h", hours=ms // clock.HOUR)
    return say("%(days)s d", days=ms // clock.DAY)


def _name_of(names: str, number: int) -> str:
    return say(names).split()[number - 1]


def _parse(iso: str | None) -> datetime | None:
    ms = clock.parse_iso(iso)
    return None if ms is None else clock.from_ms(ms)
