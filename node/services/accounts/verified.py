"""Links in profiles whose pages link back: what is to be looked at, and what is known (docs/adr/0028-last-gaps.md).

Looking is federation's (federation/fetching/verifying.py). What is known stands with each line of the profile: when its
page last linked back, `verified_at`, and when it was last looked at, `checked_at`.
"""

import random
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from node import clock, jobs
from node.jobs import JobKind, Priority
from node.models import Account
from node.services.access import signed_in
from node.services.accounts.lookup import by_id
from node.text.links import only_link

MOST = 8  # pages that are looked at for one account
_KEPT_MS = 30 * clock.DAY
# Whoever becomes known to a thousand nodes at once is not visited by all of them at once. People here wait for it.
_LATEST_SECONDS = 60
_LATEST_SECONDS_OF_OURS = 5

Line = dict[str, Any]


def lines_of(fields: str) -> list[Line]:
    return msgspec.json.decode(fields, type=list[Line])


def is_due(account: Account) -> bool:
    """Whether somebody who looks at a profile is a reason to look at the pages that it links to."""
    return "<a " in account.fields and not account.is_gone and bool(due_links(account))


def due_links(account: Account) -> list[str]:
    """Those that were never looked at, or not lately."""
    since = clock.now_ms() - _KEPT_MS
    found = _links(account)
    return [url for url, line in found.items() if (line.get("checked_at") or 0) < since]


def ask(account: Account) -> None:
    """Look later, once, at what is due."""
    latest = _LATEST_SECONDS_OF_OURS if account.is_local else _LATEST_SECONDS
    due_at = clock.now_ms() + int(random.uniform(1, latest) * clock.SECOND)
    jobs.enqueue(JobKind.VERIFY_LINKS, account.id, priority=Priority.BULK, due_at=due_at, once=True)


def ask_anew(account_id: int) -> None:
    """Its owner saved the profile: every link of it is looked at once more."""
    account = by_id(account_id)
    if account is None or not _links(account):
        return
    lines = [line | {"checked_at": None} for line in lines_of(account.fields)]
    Account.update(fields=_json(lines)).where(Account.id == account_id).execute()
    ask(account)


def settle(account_id: int, answers: Mapping[str, bool | None]) -> None:
    """What the pages said: whether each links back, or None where nobody answered, so that what was known stays."""
    account = by_id(account_id)
    if account is None or account.is_gone:
        return
    now = clock.now_ms()
    before = lines_of(account.fields)
    lines = [_settled(line, answers, now) for line in before]
    if lines == before:
        return
    is_seen = [line.get("verified_at") for line in lines] != [line.get("verified_at") for line in before]
    Account.update(fields=_json(lines), version=Account.version + is_seen).where(Account.id == account_id).execute()
    signed_in.account_changed(account_id)


def _settled(line: Line, answers: Mapping[str, bool | None], now: int) -> Line:
    url = only_link(line["value"])
    if url not in answers:
        return line
    before, links_back = line.get("verified_at"), answers[url]
    verified_at = before if links_back is None else (before or now) if links_back else None
    return line | {"verified_at": verified_at, "checked_at": now}


def carried(before: str, lines: list[Line]) -> list[Line]:
    """`lines` of a profile that is stored anew, with what is known of the links that it had before, too."""
    known = {line["value"]: line for line in lines_of(before)}
    kept = ("verified_at", "checked_at")
    return [line | {name: known.get(line["value"], {}).get(name) for name in kept} for line in lines]


def backlinks(account: Account) -> frozenset[str]:
    """What a page must link to: the account's own address, or its profile where that is at the same server.

    A server speaks for its own addresses alone: else an actor could name somebody else's profile as its own, and
    take over the pages that link to it.
    """
    addresses = [account.uri]
    hosts = {_host(account.uri), account.domain}
    if account.is_local or _host(account.url) in hosts:
        addresses.append(account.url)
    return frozenset(canonical(address) for address in addresses)


def canonical(url: str) -> str:
    """One spelling for addresses that lead to the same profile."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc}{parts.path.rstrip('/')}{query}".lower()


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _links(account: Account) -> dict[str, Line]:
    lines = lines_of(account.fields) if "<a " in account.fields else []
    found = {url: line for line in lines if (url := only_link(line["value"]))}
    return dict(list(found.items())[:MOST])


def _json(lines: list[Line]) -> str:
    return msgspec.json.encode(lines).decode()
