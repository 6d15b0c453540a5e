"""A member's own pages."""

from typing import Any

from node.models import Visibility
from node.services.access.preferences import Density, Font, Preferences, Theme
from node.services.notifications.policy import NAMES
from node.services.timelines.kinds import Kind
from web.gallery.portraits import portrait
from web.gallery.sample_entities import (
    BRAM,
    DAY,
    EVERYBODY,
    HOUR,
    INES,
    LIBRARY,
    MINUTE,
    MONSTER,
    ODILE,
    PETRA,
    RULES,
    SOCIETY,
    TOMAS,
    WREN,
    YUKI,
    appeal,
    collection,
    decision,
    event,
    group,
    iso,
    picture,
    tag,
)
from web.gallery.sample_pages import HOME_PAGE, MEMBER, STATISTICS, VISITOR_PAGE, Sample, page, reader
from web.gallery.sample_posts import (
    ANSWERS,
    COVERED,
    DIRECT,
    FIRST_OF_THREAD,
    HOME,
    HOSTILE,
    LINKED,
    MAP_EVENING,
    OWN,
    QUOTE_OF_OWN,
    QUOTE_OF_WARNED,
    REPORTS,
    WARNED,
)
from web.pages.entries import Entry

_POT = portrait(6)
_GROUPS = [
    group("mention", [INES], DIRECT, 2 * HOUR, unread=True),
    group("favourite", [INES, BRAM, YUKI, ODILE], OWN, 3 * HOUR, count=12, unread=True),
    group("reblog", [TOMAS, BRAM], OWN, 4 * HOUR),
    group("emoji_reaction", [YUKI], OWN, 4 * HOUR, reaction={"name": "👍"}),
    group("emoji_reaction", [BRAM], OWN, 4 * HOUR, reaction={"name": "pot", "url": _POT, "static_url": _POT}),
    group("follow", [ODILE], ago_ms=5 * HOUR),
    group("follow_request", [PETRA], ago_ms=6 * HOUR),
    group("poll", [LIBRARY], MAP_EVENING, 7 * HOUR),
    group("update", [TOMAS], FIRST_OF_THREAD, 8 * HOUR),
    group("status", [YUKI], LINKED, 9 * HOUR),
    group("quote", [YUKI], QUOTE_OF_OWN, 9 * HOUR),
    group("quoted_update", [BRAM], QUOTE_OF_WARNED, 9 * HOUR),
    group("moderation_warning", [WREN], warning=decision()),
    group("severed_relationships", [WREN], event=event()),
    group("pending.quote", [YUKI], QUOTE_OF_OWN, 9 * HOUR),
    group("pending.reply", [TOMAS], FIRST_OF_THREAD, 9 * HOUR),
    group("organisation_invitation", [SOCIETY], ago_ms=8 * HOUR),
    group("added_to_collection", [INES], ago_ms=9 * HOUR, collection=collection("Birds", INES, [WREN])),
    group("collection_update", [INES], ago_ms=9 * HOUR, collection=collection("Birds", INES, [WREN])),
    group("admin.sign_up", [PETRA], ago_ms=9 * HOUR),
    group("admin.report", [INES], ago_ms=9 * HOUR, report=REPORTS[1]),
]
LISTS = [
    {"id": "1", "title": "Close friends", "replies_policy": "list", "exclusive": False, "people": 4},
    {"id": "2", "title": "M" * 300, "replies_policy": "followed", "exclusive": True, "people": 1},
]
_CATCH_UP = {
    "count": 214,
    "away_ms": 9 * HOUR + 12 * MINUTE,
    "since_at": iso(9 * HOUR),
    "accounts": [
        {"account": one, "count": count} for one, count in zip(EVERYBODY, (9, 8, 2, 7, 6, 1, 5, 2, 1), strict=True)
    ],
    "more": 52,
    "lists": [("Close friends", "/lists/1?min_id=1", 18), ("m" * 80, "/lists/2?min_id=1", 2)],
    "kinds": [(kind, f"/home?order=oldest&only={kind}", 31) for kind in Kind],
    "oldest": "/home?order=oldest",
    "newest": "/home",
}
_ENTRIES = [
    Entry((FIRST_OF_THREAD, *ANSWERS[:4]), True)
    if one is FIRST_OF_THREAD
    else Entry((one,), place > 2, (INES, MONSTER), 3)
    if one["reblog"]
    else Entry((one,), place > 2)
    for place, one in enumerate(HOME)
]
_HOME_CONTEXT = {
    "announcements": [],
    "entries": [*_ENTRIES, Entry((LINKED, MAP_EVENING | {"id": "9009"}), True)],
    "line_at": 2,
    "lists": LISTS,
    "newest_id": HOME[0]["id"],
    "oldest": False,
    "only": None,
    "read_id": FIRST_OF_THREAD["id"],
    "read_at": iso(DAY),
    "catch_up": _CATCH_UP,
    "statistics": STATISTICS,
    "suggestions": [(ODILE, TOMAS), (YUKI, None)],
    "tags": [tag("mapevening", [9, 8, 7, 5, 4, 2, 1]), tag("gorse", [4, 6, 2, 7, 5, 3, 4])],
    "older": "/home?max_id=1",
}
_COMPOSE: dict[str, Any] = {"reply_to": None, "media": [], "editing": None}
_THREAD = {
    "form": {"text": "First, the map."},
    "following": [
        {"number": 2, "text": "Then the walk. " * 9, "media": [picture(None)]},
        {"number": 3, "text": "", "media": []},
    ],
}
_MESSAGE = {
    "form": {"text": "@ines@heathland.example @nobody, look", "visibility": "direct"},
    "recipients": {
        "is_thread": False,
        "people": [INES, MONSTER],
        "unknown": ["@nobody"],
        "later": ["@somebody@far.example"],
        "lonely": [1],
        "unnamed": BRAM,
        "doubts": ["@nobody", "1", "unnamed"],
    },
}
_WRONG = {"": "Validation failed: the text is too long."}


_ANNOUNCEMENTS = [
    {
        "id": str(number),
        "content": f"<p>{text}</p>",
        "published_at": iso(HOUR * number),
        "ends_at": iso(-DAY),
        "read": number == 2,
        "mentions": [],
        "tags": [],
        "emojis": [],
        "reactions": [{"name": "👍", "count": 12, "me": True}, {"name": "🎉", "count": 1, "me": False}],
    }
    for number, text in ((1, "The server pauses on Sunday from six to seven. " * 8), (2, "m" * 800))
]
_SCHEDULED = [
    {
        "id": str(number),
        "scheduled_at": iso(-DAY * number),
        "params": {
            "text": text,
            "spoiler_text": None,
            "visibility": "public",
            "in_reply_to_id": number,
            "poll": None,
        },
        "media_attachments": [picture(None)],
        "problem": problem,
    }
    for number, text, problem in (
        (1, "The map evening begins in an hour. Bring a pencil, and a map that you do not trust.", ""),
        (2, "M" * 300, "A post here has at most 140 characters; this one has 300."),
    )
]


_POLICY = dict.fromkeys(NAMES, "accept") | {"bots": "filter"}


def _held(account: dict[str, Any], status: dict[str, Any] | None) -> dict[str, Any]:
    return {"id": account["id"], "notifications_count": "2", "account": account, "last_status": status}


_DRAFTS = [
    {
        "key": "a" * 16,
        "text": "x" * 300,
        "visibility": "private",
        "is_reply": True,
        "has_poll": True,
        "posts": 3,
        "media": [picture(None)],
        "updated_at": iso(HOUR),
        "by": "wren",
    },
    {
        "key": "b" * 16,
        "text": "Half a thought about gorse",
        "visibility": "",
        "is_reply": False,
        "has_poll": False,
        "posts": 1,
        "media": [],
        "updated_at": iso(DAY),
        "by": "",
    },
]
_REPORTS = [
    {
        "id": str(number),
        "account": account,
        "category": "spam",
        "comment": "x" * 500,
        "forwarded": True,
        "created_at": iso(DAY),
        "resolved_at": iso(HOUR) if number else None,
        "is_in_hand": False,
        "posts": 2,
        "posts_left": number,
    }
    for number, account in enumerate((PETRA, MONSTER, None))
]


def pages() -> dict[str, Sample]:
    return {
        "announcements": (
            "announcements.html",
            HOME_PAGE,
            {"announcements": _ANNOUNCEMENTS, "emoji_offered": ["👍", "❤️", ":linnet:"]},
        ),
        "announcements-none": ("announcements.html", HOME_PAGE, {"announcements": [], "emoji_offered": []}),
        "statistics": (
            "statistics.html",
            HOME_PAGE,
            {
                "figures": {
                    "posts": list(range(16)),
                    "answers": [7 * n % 60 for n in range(16)],
                    "follows": [0] * 15 + [12_345],
                    "hours": [n * 13 % 400 for n in range(24)],
                    "pictures": 41,
                    "described": 39,
                }
            },
        ),
        "own-reports": ("reports.html", HOME_PAGE, {"reports": _REPORTS}),
        "own-reports-none": ("reports.html", HOME_PAGE, {"reports": []}),
        "drafts": ("drafts.html", HOME_PAGE, {"drafts": _DRAFTS}),
        "drafts-none": ("drafts.html", HOME_PAGE, {"drafts": []}),
        "scheduled": ("scheduled.html", HOME_PAGE, {"scheduled": _SCHEDULED}),
        "held": (
            "held.html",
            HOME_PAGE,
            {"held": {"id": "1", "at": iso(0), "text": "x" * 500}, "way_on": "/home", "acts_as": "1"},
        ),
        "scheduled-none": ("scheduled.html", HOME_PAGE, {"scheduled": []}),
        "list": (
            "timeline.html",
            HOME_PAGE,
            {"scope": "list", "list": LISTS[0], "statuses": []},
        ),
        "lists": ("lists.html", HOME_PAGE, {"lists": LISTS}),
        "lists-none": ("lists.html", HOME_PAGE, {"lists": []}),
        "list-edit": ("list_edit.html", HOME_PAGE, {"list": LISTS[1]}),
        "list-edit-errors": (
            "list_edit.html",
            HOME_PAGE,
            {
                "list": LISTS[0],
                "form": {"title": "", "replies_policy": "none", "exclusive": "on"},
                "errors": {"title": "A list has a title of at most 255 characters."},
            },
        ),
        "list-members": (
            "list_members.html",
            HOME_PAGE,
            {
                "list": LISTS[0],
                "members": [*EVERYBODY, MONSTER],
                "q": "i",
                "found": [INES, ODILE, MONSTER],
                "inside": {INES["id"]},
                "error": "",
                "older": "/list-members?max_id=9",
            },
        ),
        "list-members-none": (
            "list_members.html",
            HOME_PAGE,
            {
                "list": LISTS[1],
                "members": [],
                "q": "@nobody@nowhere.test",
                "found": [],
                "inside": set(),
                "error": "Nobody was found there.",
            },
        ),
        "account-lists": ("account_lists.html", HOME_PAGE, {"account": MONSTER, "lists": LISTS, "chosen": ["1"]}),
        "account-lists-none": (
            "account_lists.html",
            HOME_PAGE,
            {
                "account": INES,
                "lists": [],
                "chosen": [],
                "form": {"title": "m" * 300},
                "errors": {"title": "A list has a title of at most 255 characters."},
            },
        ),
        "collections": (
            "collections.html",
            HOME_PAGE,
            {
                "collections": [collection("Birds", WREN, [INES])],
                "containing": [collection(MONSTER["display_name"], MONSTER, [WREN])],
            },
        ),
        "collections-empty": ("collections.html", HOME_PAGE, {"collections": [], "containing": []}),
        "collection-edit": ("collection_edit.html", HOME_PAGE, {"collection": collection("Birds", WREN, [INES])}),
        "home": ("home.html", HOME_PAGE, _HOME_CONTEXT),
        "home-empty": (
            "home.html",
            HOME_PAGE,
            _HOME_CONTEXT
            | {
                "announcements": _ANNOUNCEMENTS,
                "entries": [],
                "line_at": None,
                "catch_up": None,
                "read_id": None,
                "read_at": None,
                "suggestions": [],
                "tags": [],
                "older": None,
            },
        ),
        "home-oldest": (
            "home.html",
            page("/home?order=oldest", reader()),
            _HOME_CONTEXT
            | {
                "catch_up": None,
                "oldest": True,
                "only": Kind.LINKS,
                "line_at": 0,
                "newer": "/home?order=oldest&min_id=9",
            },
        ),
        "home-dressed": (
            "home.html",
            page(
                "/home",
                reader(
                    preferences=Preferences(
                        posting_visibility=Visibility.UNLISTED,
                        theme=Theme.DARK,
                        more_contrast=True,
                        text_size=130,
                        density=Density.COMPACT,
                        font=Font.SERIF,
                    )
                ),
                notice="Posted.",
            ),
            _HOME_CONTEXT,
        ),
        "compose": (
            "compose.html",
            page("/compose", reader()),
            _COMPOSE
            | {
                "media": [picture("A moor."), picture(None)],
                "form": {"text": "Four mornings", "spoiler_text": "Locks", "poll_option": ["Yes", "No"]},
                "errors": _WRONG,
            },
        ),
        "compose-member": ("compose.html", page("/compose", MEMBER), _COMPOSE),
        "compose-message": ("compose.html", page("/compose", reader()), _COMPOSE | _MESSAGE),
        "compose-thread": ("compose.html", page("/compose", reader()), _COMPOSE | _THREAD),
        "embed": ("embed.html", page("/@tomas/1/embed"), {"status": MAP_EVENING}),
        "embed-hostile": ("embed.html", page("/@tomas/1/embed"), {"status": HOSTILE | {"spoiler_text": "M" * 300}}),
        "embed-code": (
            "embed_code.html",
            page("/statuses/1/embed", reader()),
            {"status": HOSTILE, "markup": "<b>" * 300},
        ),
        "compose-plain": ("compose.html", page("/compose", reader()), _COMPOSE),
        "reply": (
            "compose.html",
            page("/compose", reader()),
            _COMPOSE | {"reply_to": WARNED, "form": {"text": "@bram@kiln.example "}},
        ),
        "quote": ("compose.html", page("/compose", reader()), _COMPOSE | {"quoted": QUOTE_OF_WARNED}),
        "quotes": ("quotes.html", HOME_PAGE, {"statuses": [QUOTE_OF_OWN], "back": "/@wren/1"}),
        "policy": (
            "policy.html",
            HOME_PAGE,
            {
                "status": OWN,
                "chosen": {"quote": "manual", "reply": "public", "favourite": "public", "reblog": "followers"},
                "form": {"reblog_policy": "manual"},
                "errors": {"": "Favourites and boosts cannot wait to be allowed."},
            },
        ),
        "requests": (
            "requests.html",
            HOME_PAGE,
            {
                "requests": [
                    {"id": "1", "type": "quote", "status": OWN, "quote": QUOTE_OF_OWN, "reply": None},
                    {"id": "2", "type": "reply", "status": OWN, "quote": None, "reply": FIRST_OF_THREAD},
                ]
            },
        ),
        "requests-empty": ("requests.html", HOME_PAGE, {"requests": []}),
        "edit": (
            "compose.html",
            page("/statuses/1/edit", reader()),
            _COMPOSE | {"editing": OWN, "form": {"text": "Tea first", "language": "en"}},
        ),
        "decisions": (
            "decisions.html",
            HOME_PAGE,
            {
                "decisions": [
                    decision(),
                    *(decision(appeal=appeal(state)) for state in ("pending", "approved", "rejected")),
                ]
            },
        ),
        "severances": (
            "severances.html",
            HOME_PAGE,
            {
                "events": [
                    event(),
                    event("user_domain_block", followers_count=0),
                    event("account_suspension", target_name="m" * 60, purged=True),
                ]
            },
        ),
        "severances-empty": ("severances.html", HOME_PAGE, {"events": []}),
        "decisions-empty": ("decisions.html", HOME_PAGE, {"decisions": []}),
        "decision": ("decision.html", HOME_PAGE, {"decision": decision()}),
        "decision-old": ("decision.html", HOME_PAGE, {"decision": decision(posts=[], may_appeal=False, text="")}),
        **{
            f"decision-{state}": ("decision.html", VISITOR_PAGE, {"decision": decision(appeal=appeal(state))})
            for state in ("pending", "approved", "rejected")
        },
        "notifications": (
            "notifications.html",
            page("/notifications", reader()),
            {"groups": _GROUPS, "type": "", "requests": 2, "held_back": 3, "approvals": 1},
        ),
        "notifications-empty": (
            "notifications.html",
            page("/notifications", reader(unread_notifications=0)),
            {"groups": [], "type": "mention", "requests": 0, "held_back": 0, "approvals": 0},
        ),
        "held-back": (
            "held_back.html",
            HOME_PAGE,
            {"requests": [_held(PETRA, DIRECT), _held(MONSTER, None)], "policy": _POLICY},
        ),
        "held-back-empty": ("held_back.html", HOME_PAGE, {"requests": [], "policy": _POLICY}),
        "follow-requests": ("follow_requests.html", HOME_PAGE, {"accounts": [PETRA, MONSTER]}),
        "conversations": (
            "conversations.html",
            HOME_PAGE,
            {
                "conversations": [
                    {"id": "1", "unread": True, "accounts": [INES], "last_status": DIRECT},
                    {
                        "id": "2",
                        "unread": False,
                        "accounts": [TOMAS, BRAM, YUKI, ODILE],
                        "last_status": DIRECT | {"account": WREN},
                    },
                    {"id": "3", "unread": False, "accounts": [MONSTER], "last_status": HOSTILE},
                ]
            },
        ),
        "bookmarks": ("saved.html", HOME_PAGE, {"kind": "bookmarks", "q": "", "statuses": [FIRST_OF_THREAD]}),
        "favourites": ("saved.html", HOME_PAGE, {"kind": "favourites", "q": "M" * 200, "statuses": []}),
        "report": (
            "report.html",
            HOME_PAGE,
            {
                "account": BRAM,
                "collection": collection("Birds", BRAM, []),
                "statuses": [WARNED, COVERED],
                "rules": RULES,
                "form": {"status_ids": [WARNED["id"]]},
            },
        ),
        "confirm": (
            "confirm.html",
            HOME_PAGE,
            {
                "title": "Delete this post?",
                "text": "Other servers are asked to delete their copies.",
                "action": "/statuses/1/delete",
                "button": "Delete",
                "back": "/home",
                "hidden": {},
                "account": None,
                "status": OWN,
                "ask_password": False,
                "ask_duration": False,
            },
        ),
        "confirm-mute": (
            "confirm.html",
            HOME_PAGE,
            {
                "title": "Mute Bram?",
                "text": "You will not see posts of this account. It is not told.",
                "action": "/accounts/1/mute",
                "button": "Mute",
                "back": "/@bram",
                "hidden": {},
                "account": BRAM,
                "status": None,
                "ask_password": True,
                "ask_duration": True,
            },
        ),
    }
