"""Makes entities as the functions of web/entities do, for looking at pages."""

from typing import Any

from node import clock
from web.gallery.portraits import moor, portrait

Entity = dict[str, Any]

MINUTE, HOUR, DAY = clock.MINUTE, clock.HOUR, clock.DAY


def iso(ago_ms: int = 0) -> str:
    return clock.iso(clock.now_ms() - ago_ms)


def account(number: int, username: str, display_name: str = "", domain: str = "", **changes: Any) -> Entity:
    acct = f"{username}@{domain}" if domain else username
    host = domain or "whinmoor.example"
    return {
        "id": str(1000 + number),
        "username": username,
        "acct": acct,
        "display_name": display_name,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": True,
        "group": False,
        "actor_type": "Person",
        "created_at": "2024-03-04T00:00:00.000Z",
        "note": "",
        "url": f"https://{host}/@{username}",
        "uri": f"https://{host}/ap/users/{1000 + number}",
        "avatar": portrait(number) if 1 <= number <= 9 else "https://whinmoor.example/static/avatar.svg",
        "avatar_static": "",
        "avatar_description": "",
        "header": "https://whinmoor.example/static/header.svg",
        "header_static": "",
        "header_description": "",
        "followers_count": 2917,
        "following_count": 402,
        "statuses_count": 1284,
        "last_status_at": "2026-11-22",
        "hide_collections": False,
        "show_media": True,
        "show_media_replies": True,
        "show_featured": True,
        "noindex": False,
        "memorial": False,
        "suspended": False,
        "limited": False,
        "moved": None,
        "emojis": [],
        "roles": [],
        "fields": [],
    } | changes


WREN = account(1, "wren", "Wren Halloway")
MAREK = account(2, "marek", "Marek")
INES = account(3, "ines", "Ines Okafor", "heathland.example")
TOMAS = account(
    4,
    "tomas",
    "Tomás Lind",
    note="<p>I draw walking maps of places that are mostly sky. Slow trains, loud linnets, home-made ink. Replies "
    "welcome, rivalry not.</p>",
    fields=[
        {
            "name": "Website",
            "value": '<a href="https://lindmaps.example" rel="me">lindmaps.example</a>',
            "verified_at": "2026-01-01T00:00:00.000Z",
        },
        {"name": "Pronouns", "value": "he / him", "verified_at": None},
        {
            "name": "Sketchbook",
            "value": '<a href="https://ink.lindmaps.example" rel="me">ink.lindmaps.example</a>',
            "verified_at": "2026-01-01T00:00:00.000Z",
        },
        {"name": "Walks done this year", "value": "61", "verified_at": None},
    ],
)
FARAH = account(5, "farah", "فرح ناصر", "bustan.example")
BRAM = account(6, "bram", "Bram", "kiln.example")
YUKI = account(7, "yuki", "Yuki Arden", "tidepool.example")
LIBRARY = account(8, "library", "Whinmoor Library", group=True)
SOCIETY = account(10, "society", "Moorland Society", actor_type="Organization")
ODILE = account(9, "odile", "Odile Marchetti", "canal.example")
PETRA = account(12, "petra")
MONSTER = account(
    13,
    "a" * 30,
    ("Very long name " * 30 + "‮ right to left ").strip(),
    "an-extremely-long-subdomain-name.of.an-even-longer-domain-name.example",
    note="<p>" + "unbreakable" * 60 + "</p>",
    locked=True,
    bot=True,
)
BIRDS = [account(number, f"bird{number}") for number in range(20, 28)]
EVERYBODY = [INES, FARAH, MAREK, LIBRARY, TOMAS, BRAM, YUKI, ODILE, PETRA]

_next = iter(range(1, 1_000_000))


def status(
    author: Entity, html: str, ago_ms: int = 12 * MINUTE, counts: tuple[int, int, int] = (0, 0, 0), **changes: Any
) -> Entity:
    number = str(114_000_000_000_000_000 - next(_next) * 1000)
    host = author["acct"].partition("@")[2] or "whinmoor.example"
    return {
        "id": number,
        "uri": f"https://{host}/ap/users/{author['id']}/statuses/{number}",
        "url": f"https://{host}/@{author['username']}/{number}",
        "account": author,
        "content": html,
        "created_at": iso(ago_ms),
        "edited_at": None,
        "visibility": "public",
        "local_only": False,
        "language": "en",
        "sensitive": False,
        "spoiler_text": "",
        "emojis": [],
        "emoji_reactions": [],
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "replies_count": counts[0],
        "reblogs_count": counts[1],
        "favourites_count": counts[2],
        "quotes_count": 0,
        "application": None,
        "card": None,
        "poll": None,
        "quote": None,
        "quote_approval": None,
        "reblog": None,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "favourited": False,
        "reblogged": False,
        "bookmarked": False,
        "muted": False,
        "pinned": False,
        "filtered": [],
    } | changes


def picture(description: str | None, width: int = 1600, height: int = 900, hue: int = 20, **changes: Any) -> Entity:
    address = moor(hue, width // 4, height // 4)
    return {
        "id": str(next(_next)),
        "type": "image",
        "url": address,
        "preview_url": address,
        "remote_url": None,
        "description": description,
        "blurhash": None,
        "meta": {"original": {"width": width, "height": height}, "focus": {"x": 0.4, "y": -0.6}},
    } | changes


def tag(name: str, uses: list[int]) -> Entity:
    history = [{"day": str(i), "uses": str(n), "accounts": str(n // 2)} for i, n in enumerate(uses)]
    return {
        "id": name,
        "name": name,
        "url": f"https://whinmoor.example/tags/{name}",
        "history": history,
        "following": False,
    }


def poll(*votes: int | None, **changes: Any) -> Entity:
    titles = ("Gorse wine", "Heather honey on toast", "A very small cheese", "Nothing")
    return {
        "id": str(next(_next)),
        "expires_at": iso(-2 * DAY),
        "expired": False,
        "multiple": False,
        "votes_count": sum(n or 0 for n in votes),
        "voters_count": None,
        "options": [{"title": titles[i], "votes_count": n} for i, n in enumerate(votes)],
        "emojis": [],
        "voted": False,
        "own_votes": [],
    } | changes


def relationship(of: Entity, **changes: Any) -> Entity:
    flags = (
        "following",
        "showing_reblogs",
        "notifying",
        "followed_by",
        "blocking",
        "blocked_by",
        "muting",
        "muting_notifications",
        "requested",
        "requested_by",
        "domain_blocking",
        "endorsed",
    )
    return (
        {"id": of["id"], "languages": None, "muting_expires_at": None, "note": ""}
        | dict.fromkeys(flags, False)
        | changes
    )


RULES = [
    {
        "id": "1",
        "text": "Be kind, above all when you are right",
        "hint": "Argue with what was said, not with who said it.",
        "translations": {},
    },
    {"id": "2", "text": "No advertising", "hint": "", "translations": {}},
    {
        "id": "3",
        "text": "Describe your pictures",
        "hint": "People who cannot see them read along.",
        "translations": {},
    },
]


def group(
    kind: str, accounts: list[Entity], about: Entity | None = None, ago_ms: int = HOUR, **changes: Any
) -> Entity:
    return {
        "key": f"{kind}-{next(_next)}",
        "type": kind,
        "count": len(accounts),
        "created_at": iso(ago_ms),
        "accounts": accounts,
        "status": about,
        "report": None,
        "collection": None,
        "warning": None,
        "event": None,
        "reaction": None,
        "newest_id": "1",
        "unread": False,
    } | changes


def decision(**changes: Any) -> Entity:
    return {
        "id": str(next(_next)),
        "action": "delete_statuses",
        "sentence": "Posts of yours have been deleted.",
        "text": "Please\nno advertising.",
        "posts": [
            {"id": "9", "created_at": iso(DAY), "text": "m" * 300, "spoiler_text": "Coins", "media": ["A coin", ""]}
        ],
        "posts_count": 1,
        "created_at": iso(HOUR),
        "appeal": None,
        "may_appeal": True,
        "appeal_until": iso(-DAY),
    } | changes


def event(kind: str = "domain_block", **changes: Any) -> Entity:
    return {
        "id": str(next(_next)),
        "type": kind,
        "target_name": "loud.example",
        "purged": False,
        "following_count": 12,
        "followers_count": 1,
        "created_at": iso(HOUR),
    } | changes


def appeal(state: str) -> Entity:
    return {"id": "7", "text": "They were not." + " m" * 200, "state": state, "created_at": iso(MINUTE)}


def collection(name: str, owner: Entity, members: list[Entity], **changes: Any) -> Entity:
    number = str(next(_next))
    return {
        "id": number,
        "account_id": owner["id"],
        "uri": f"https://whinmoor.example/ap/users/{owner['id']}/collections/{number}",
        "url": f"https://whinmoor.example/collections/{number}",
        "name": name,
        "description": "Who writes about birds, and knows them.",
        "language": "en",
        "local": True,
        "sensitive": False,
        "discoverable": True,
        "tag": {"name": "birds", "url": "https://whinmoor.example/tags/birds"},
        "item_count": len(members),
        "items": [],
        "created_at": iso(DAY),
        "updated_at": iso(HOUR),
    } | changes


def report(target: Entity, text: str, **changes: Any) -> Entity:
    return {
        "id": str(next(_next)),
        "action_taken": False,
        "action_taken_at": None,
        "category": "violation",
        "comment": "Third time this week.",
        "forwarded": False,
        "created_at": iso(18 * MINUTE),
        "status_ids": [],
        "rule_ids": ["2"],
        "collection_ids": [],
        "target_account": target,
        "account": INES,
        "assigned": None,
        "rules": [RULES[1]],
        "text": text,
    } | changes


def entry(action: str, target: str, by: Entity | None = WREN, ago_ms: int = HOUR, **detail: Any) -> Entity:
    return {
        "id": next(_next),
        "created_at": iso(ago_ms),
        "account": by,
        "action": action,
        "target": target,
        "detail": detail,
    }


def server(host: str, **changes: Any) -> Entity:
    return {
        "id": next(_next),
        "host": host,
        "software": "Mastodon 4.6",
        "state": "alive",
        "waiting": 0,
        "failures": 0,
        "oldest_at": None,
        "last_success_at": iso(3 * MINUTE),
        "last_error_at": None,
        "last_error": "",
        "received": 1204,
        "delivered": 388,
        "answer_ms": 92,
        "series": [3, 5, 4, 8, 6, 9, 7],
    } | changes


def person(about: Entity, **changes: Any) -> Entity:
    return {
        "id": about["id"],
        "account": about,
        "email": "person@mail.example",
        "ip": "192.0.2.7",
        "role": "user",
        "domain": None,
        "created_at": iso(90 * DAY),
        "confirmed": True,
        "approved": True,
        "disabled": False,
        "silenced": False,
        "suspended": False,
        "sensitized": False,
        "reason": "I draw maps.",
        "has_login": True,
        "invited_by": "@wren",
        "seen_at": iso(HOUR),
    } | changes
