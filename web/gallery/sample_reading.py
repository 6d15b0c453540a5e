"""What visitors and members read."""

from web.gallery.portraits import portrait
from web.gallery.sample_entities import (
    BRAM,
    EVERYBODY,
    HOUR,
    INES,
    LIBRARY,
    MAREK,
    MINUTE,
    MONSTER,
    RULES,
    SOCIETY,
    TOMAS,
    WREN,
    collection,
    iso,
    relationship,
    tag,
)
from web.gallery.sample_pages import HOME_PAGE, STATISTICS, VISITOR_PAGE, Sample, page, pause, reader
from web.gallery.sample_posts import (
    ANSWERS,
    FIRST_OF_THREAD,
    FOUR_PICTURES,
    HOME,
    HOSTILE,
    KNOWN,
    LINKED,
    LONG,
    MAP_EVENING,
    OWN,
    SUNSET,
    TWO_PICTURES,
)

_EDITS = [
    {
        "created_at": iso(2 * HOUR),
        "content": "<p>How to draw a path.</p>",
        "marked": "<p>How to draw a path.</p>",
        "spoiler_text": "",
        "sensitive": False,
        "media_attachments": [],
        "emojis": [],
        "poll": None,
    },
    {
        "created_at": iso(HOUR),
        "content": FIRST_OF_THREAD["content"],
        "marked": f"<p>How to draw <del>a</del> <ins>the</ins> path.</p>{FIRST_OF_THREAD['content']}",
        "spoiler_text": "Paths",
        "sensitive": False,
        "media_attachments": [],
        "emojis": [],
        "poll": None,
    },
]
_MAPS = collection("Map people", TOMAS, [LIBRARY], item_count=24)
_BIRDS_BY_EAR = collection("Birds by ear", TOMAS, [SOCIETY], item_count=11)
_NOBODY_YET = collection("Ink", TOMAS, [])
_PROFILE = {
    "account": TOMAS,
    "tab": "posts",
    "tagged": "",
    "featured_tags": [],
    "endorsed": [],
    "statuses": [TWO_PICTURES, LONG],
    "pinned": [FIRST_OF_THREAD],
    "rhythm": [3, 4, 2, 6, 6, 4, 7, 9, 5, 4, 6, 7, 5, 8, 6, 7],
    "busiest": 27,
    "tags": [
        {"name": "maps", "count": 212},
        {"name": "moorland", "count": 148},
        {"name": "birdsong", "count": 96},
        {"name": "ink", "count": 61},
    ],
    "collections": [_MAPS, _BIRDS_BY_EAR, _NOBODY_YET],
    "collectors": {_MAPS["id"]: LIBRARY, _BIRDS_BY_EAR["id"]: SOCIETY},
    "known_followers": [INES, BRAM],
    "feed": "/@tomas.rss",
    "actor": TOMAS["uri"],
}
_REACTIONS = [
    {"name": "👍", "count": 1204, "me": True},
    {"name": "pot", "count": 2, "me": False, "url": portrait(6), "static_url": portrait(6), "domain": None},
]
_THREAD = {
    "status": FIRST_OF_THREAD | {"emoji_reactions": _REACTIONS, "edits_count": 1},
    "ancestors": [],
    "descendants": ANSWERS,
    "relationships": KNOWN,
    "completion": {
        "asked_at": iso(2 * MINUTE),
        "is_running": False,
        "hosts": ["heathland.example", "kiln.example"],
        "more_hosts": 1,
        "unanswered": ["kiln.example"],
    },
    "replies_announced": 9,
    "others_named": 0,
    "emoji_offered": ["👍", "🎉", ":pot:"],
}
_BIRDS = collection("Birds", TOMAS, [INES, BRAM])
_HOSTILE_COLLECTION = collection(MONSTER["display_name"], MONSTER, [], description=MONSTER["display_name"], tag=None)
_COLLECTION = {
    "collection": _BIRDS,
    "owner": TOMAS,
    "members": [
        {"item_id": "1", "waits": False, "account": INES},
        {"item_id": "2", "waits": True, "account": BRAM},
        {"item_id": "3", "waits": False, "account": MONSTER},
    ],
    "relationships": KNOWN,
    "is_own": False,
    "is_in_it": False,
    "is_full": False,
}
_SHARED = LINKED["card"]
_LINKS = [
    _SHARED | {"history": tag("x", [2, 4, 8])["history"]},
    _SHARED
    | {
        "title": "T" * 300,
        "description": "",
        "provider_name": "",
        "image": None,
        "history": tag("x", [1, 2])["history"],
    },
]
_HEALTH = {
    "is_well": True,
    "reached": 4812,
    "silent": 94,
    "overdue": 0,
    "waiting": 1203,
    "more": True,
    "oldest_at": iso(2 * HOUR),
    "sent_at": iso(MINUTE),
    "received_at": iso(2 * MINUTE),
}
_ABOUT = {
    "description": "<p>Whinmoor is a small server for people who like moors, maps and slow music.</p>",
    "rules": RULES,
    "statistics": STATISTICS,
    "contact": WREN,
    "contact_email": "hello@whinmoor.example",
    "staff": [WREN, MAREK],
    "blocks": [{"domain": "lo**.example", "severity": "suspend", "comment": "Spam", "digest": ""}],
    "privacy": "<p>We keep little.</p>",
    "terms": "",
    "recent": [MAP_EVENING],
}


def pages() -> dict[str, Sample]:
    return {
        "about": ("about.html", VISITOR_PAGE, _ABOUT),
        "privacy": ("document.html", page("/privacy"), {"path": "/privacy", "text": _ABOUT["privacy"]}),
        "terms": ("document.html", page("/terms", reader()), {"path": "/terms", "text": "<p>x</p>"}),
        "about-empty": (
            "about.html",
            page("/about", reader(role="user")),
            _ABOUT
            | {
                "description": "",
                "rules": [],
                "contact": None,
                "contact_email": "",
                "staff": [],
                "blocks": None,
                "privacy": "",
                "recent": [],
            },
        ),
        "profile": ("profile.html", page("/@tomas"), _PROFILE | {"relationship": None, "known_followers": []}),
        "profile-signed-in": (
            "profile.html",
            page("/@ines@heathland.example", reader()),
            _PROFILE
            | {
                "account": INES | {"roles": [], "note": "<p>Heath and home.</p>"},
                "relationship": relationship(
                    INES, following=True, followed_by=True, endorsed=True, note="Met at the map evening"
                ),
                "feed": "",
            },
        ),
        "profile-own": (
            "profile.html",
            page("/@wren", reader()),
            _PROFILE
            | {
                "account": WREN | {"roles": [{"id": "2", "name": "Admin", "color": ""}]},
                "featured_tags": [
                    {
                        "name": "moorland",
                        "url": "https://whinmoor.example/@wren/tagged/moorland",
                        "statuses_count": "7",
                    }
                ],
                "endorsed": [INES, BRAM, MONSTER],
                "tab": "tagged",
                "tagged": "moorland",
                "relationship": None,
                "statuses": [OWN],
                "pinned": [],
            },
        ),
        "profile-collections": (
            "profile.html",
            page("/@tomas/collections"),
            _PROFILE | {"relationship": None, "tab": "collections", "collections": [_BIRDS, _HOSTILE_COLLECTION]},
        ),
        "profile-about": (
            "profile.html",
            page("/@tomas/about", reader()),
            _PROFILE
            | {"relationship": relationship(TOMAS, requested=True), "tab": "about", "endorsed": [INES, MONSTER]},
        ),
        "collection": ("collection.html", page("/collections/1"), _COLLECTION),
        "collection-sensitive": (
            "collection.html",
            page("/collections/1", reader()),
            _COLLECTION | {"collection": _HOSTILE_COLLECTION | {"sensitive": True}, "is_in_it": True},
        ),
        "collection-own": (
            "collection.html",
            page("/collections/1", reader()),
            _COLLECTION | {"is_own": True, "form": {"acct": "@x"}, "errors": {"acct": "Nobody was found there."}},
        ),
        "collection-empty": ("collection.html", page("/collections/1", reader()), _COLLECTION | {"members": []}),
        "profile-hostile": (
            "profile.html",
            page("/@x", reader()),
            _PROFILE
            | {
                "account": MONSTER | {"moved": TOMAS, "memorial": True},
                "relationship": relationship(MONSTER, requested_by=True, muting=True, blocked_by=True),
                "statuses": [],
                "pinned": [],
                "tab": "media",
                "busiest": None,
                "collections": [_HOSTILE_COLLECTION],
                "collectors": {},
                "error": "an-extremely-long.example does not answer. This is what was known yesterday.",
            },
        ),
        "followers": (
            "people.html",
            HOME_PAGE,
            {
                "title": "Followers of Tomás Lind",
                "back": "/@tomas",
                "accounts": [*EVERYBODY, MONSTER],
                "relationships": KNOWN,
            },
        ),
        "people": (
            "people.html",
            page("/people", reader()),
            {
                "title": "People",
                "back": "",
                "directory": {"newest": True, "local": True},
                "accounts": [*EVERYBODY, MONSTER],
                "relationships": KNOWN,
            },
        ),
        "people-empty": (
            "people.html",
            VISITOR_PAGE,
            {
                "title": "People",
                "back": "",
                "accounts": [],
                "directory": {"newest": False, "local": True},
                "empty_text": "Nobody here wants to be found yet.",
            },
        ),
        "node-status": ("node_status.html", VISITOR_PAGE, {"health": _HEALTH, "pauses": []}),
        "node-status-late": (
            "node_status.html",
            page("/status", reader(), pause=pause(is_on=True)),
            {
                "health": _HEALTH | {"is_well": False, "sent_at": None, "oldest_at": None, "waiting": 0},
                "pauses": [pause(is_on=True), pause(text="m" * 500)],
            },
        ),
        "explore": (
            "explore.html",
            page("/explore", reader()),
            {
                "tab": "posts",
                "statuses": [SUNSET, FOUR_PICTURES],
                "suggestions": [INES, MONSTER],
                "older": "/explore?offset=20",
            },
        ),
        "explore-tags": (
            "explore.html",
            page("/explore/tags"),
            {"tab": "tags", "tags": [tag("gorse", [4, 6, 2, 7, 5]), tag("x" * 200, [1, 0])], "suggestions": []},
        ),
        "explore-links": (
            "explore.html",
            page("/explore/links", reader()),
            {"tab": "links", "links": _LINKS, "suggestions": []},
        ),
        "explore-empty": ("explore.html", VISITOR_PAGE, {"tab": "posts", "statuses": [], "suggestions": []}),
        "thread": ("status.html", page("/@tomas/1", reader()), _THREAD),
        "thread-public": (
            "status.html",
            page("/@tomas/1"),
            _THREAD | {"ancestors": [SUNSET], "completion": None},
        ),
        "translation": (
            "translation.html",
            HOME_PAGE,
            {"status": SUNSET, "source": "nl", "provider": "LibreTranslate"},
        ),
        "history": ("history.html", HOME_PAGE, {"status": FIRST_OF_THREAD, "edits": _EDITS}),
        "tag": (
            "tag.html",
            HOME_PAGE,
            {"tag": tag("gorse", [4, 6, 2, 7, 5, 3, 4]), "statuses": [SUNSET], "feed": "/tags/gorse.rss"},
        ),
        "local": (
            "timeline.html",
            VISITOR_PAGE,
            {"scope": "local", "statuses": HOME, "older": "/public/local?max_id=1"},
        ),
        "federated": ("timeline.html", HOME_PAGE, {"scope": "public", "statuses": [FOUR_PICTURES, HOSTILE]}),
        "search": (
            "search.html",
            HOME_PAGE,
            {
                "q": "map",
                "type": "",
                "accounts": EVERYBODY[:3],
                "relationships": KNOWN,
                "statuses": [MAP_EVENING],
                "tags": [tag("maps", [1, 2])],
            },
        ),
        "search-nothing": (
            "search.html",
            HOME_PAGE,
            {"q": "x" * 300, "type": "statuses", "accounts": [], "statuses": [], "tags": []},
        ),
        "search-empty": (
            "search.html",
            HOME_PAGE,
            {"q": "", "type": "", "accounts": [], "statuses": [], "tags": []},
        ),
    }
