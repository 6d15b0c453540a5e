"""Entities and pages to look at: what the templates show, as the functions of web/entities make it."""

from dataclasses import replace
from typing import Any

from node import clock
from node.models import Visibility
from node.services.preferences import Density, Font, Preferences, Theme
from node.services.settings import Registrations, Settings, all_keys
from tests.web.pages.portraits import moor, portrait
from web.pages.environment import qr_svg
from web.pages.page import Page, Reader, Site, site_of

Entity = dict[str, Any]

_MINUTE, _HOUR, _DAY = clock.MINUTE, clock.HOUR, clock.DAY


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
        {"name": "Website", "value": '<a href="https://lindmaps.example" rel="me">lindmaps.example</a>', "verified_at": "2026-01-01T00:00:00.000Z"},
        {"name": "Pronouns", "value": "he / him", "verified_at": None},
        {"name": "Sketchbook", "value": '<a href="https://ink.lindmaps.example" rel="me">ink.lindmaps.example</a>', "verified_at": "2026-01-01T00:00:00.000Z"},
        {"name": "Walks done this year", "value": "61", "verified_at": None},
    ],
)  # fmt: skip
FARAH = account(5, "farah", "فرح ناصر", "bustan.example")
BRAM = account(6, "bram", "Bram", "kiln.example")
YUKI = account(7, "yuki", "Yuki Arden", "tidepool.example")
LIBRARY = account(8, "library", "Whinmoor Library", group=True)
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
    author: Entity, html: str, ago_ms: int = 12 * _MINUTE, counts: tuple[int, int, int] = (0, 0, 0), **changes: Any
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
        "language": "en",
        "sensitive": False,
        "spoiler_text": "",
        "emojis": [],
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
    } | changes  # fmt: skip


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
        "expires_at": iso(-2 * _DAY),
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
    flags = ("following", "showing_reblogs", "notifying", "followed_by", "blocking", "blocked_by", "muting",
             "muting_notifications", "requested", "requested_by", "domain_blocking", "endorsed")  # fmt: skip
    return (
        {"id": of["id"], "languages": None, "muting_expires_at": None, "note": ""}
        | dict.fromkeys(flags, False)
        | changes
    )


# ── what is read ──

_ALT = "A moor at sunset: three lines of hills fading into pink haze, the sun low over them."

SUNSET = status(
    INES,
    "<p>Walked out for milk, came back two hours later with a sky. The linnets are flocking already, forty or so, all "
    'of them talking at once. <a href="https://heathland.example/tags/birdsong" class="mention hashtag" rel="tag">#<span>'
    'birdsong</span></a> <a href="https://heathland.example/tags/moorland" class="mention hashtag" rel="tag">#<span>'
    "moorland</span></a></p>",
    counts=(8, 31, 122),
    media_attachments=[picture(_ALT)],
    tags=[{"name": "birdsong", "url": ""}, {"name": "moorland", "url": ""}],
    favourited=True,
)
MAP_EVENING = status(
    LIBRARY,
    "<p>Serious matter for Thursday’s map evening. What should be on the table?</p>",
    40 * _MINUTE,
    (14, 6, 19),
    poll=poll(73, 39, 14, voted=True, own_votes=[0]),
)
OPEN_POLL = status(YUKI, "<p>Once more, for those who missed it.</p>", 50 * _MINUTE, poll=poll(3, 2, 9))
FIRST_OF_THREAD = status(
    TOMAS,
    "<p>How to draw a path that no longer exists. First, ask three people where it went. You will get four answers, "
    "and that is already a map. 1/3</p>",
    _HOUR,
    (5, 18, 64),
    reblogged=True,
    bookmarked=True,
    edited_at=iso(30 * _MINUTE),
)
LINKED = status(
    YUKI,
    "<p>A lovely long read about verges, patience and who gets to decide what counts as untidy.</p>",
    9 * _HOUR,
    (3, 44, 96),
    card={
        "url": "https://fieldnotes.example/cutting",
        "title": "Why the birds came back to the railway cutting",
        "description": "Nine years of unmown banks, one stubborn signalman and a notebook.",
        "type": "link",
        "provider_name": "fieldnotes.example",
        "image": moor(90, 240, 240),
    },
)
BOOST = status(INES, "", 8 * _HOUR, reblog=LINKED)
WARNED = status(
    BRAM,
    "<p>The physio says “no lifting for two weeks”, which is a long time for someone whose whole job is lifting clay.</p>",
    10 * _HOUR,
    (11, 0, 7),
    visibility="private",
    spoiler_text="Health, mild grumbling",
    sensitive=True,
)
ARABIC = status(
    FARAH, "<p>صباح الخير من الحديقة. الورد لا يعرف أن اليوم هو الأحد.</p>", 11 * _HOUR, (2, 5, 38), language="ar"
)
TWO_PICTURES = status(
    TOMAS,
    "<p>The old drovers’ way above Whin Gill, inked at last. Two inks this time: oak gall for the hills, madder for "
    "the path.</p>",
    3 * _HOUR,
    (5, 18, 64),
    media_attachments=[
        picture("A contour map with a dashed footpath.", hue=60),
        picture("Three jars of ink.", hue=150),
    ],
)
FOUR_PICTURES = status(
    ODILE,
    "<p>Four locks, four mornings.</p>",
    30 * _HOUR,
    media_attachments=[picture("A lock.", hue=hue) for hue in (0, 90, 180)] + [picture(None, hue=270)],
)
COVERED = status(BRAM, "<p>The kiln, after.</p>", 5 * _DAY, sensitive=True, media_attachments=[picture("Shards.")])
LONG = status(
    MAREK,
    "<p>"
    + "The council will tell you that a verge is a strip of grass which exists so that a mower may pass. " * 20
    + "</p>",
    3 * _DAY,
)
DIRECT = status(
    INES,
    '<p><a href="https://whinmoor.example/@wren" class="u-url mention">@wren</a> are you free on Thursday?</p>',
    2 * _HOUR,
    visibility="direct",
    mentions=[{"id": "1001", "username": "wren", "acct": "wren", "url": "https://whinmoor.example/@wren"}],
)
OWN = status(WREN, "<p>Tea first, then the reports.</p>", 4 * _DAY, (1, 2, 3), visibility="unlisted")
HOSTILE = status(
    MONSTER,
    "<p>" + "ha" * 400 + "</p><pre><code>" + "x = 1; " * 60 + "</code></pre>",
    400 * _DAY,
    (12_345, 999_999, 4_200_000),
    spoiler_text="",
    media_attachments=[picture("x" * 1500, 400, 9000)],
)

THREE_PICTURES = status(
    YUKI, "<p>Tide, tide, tide.</p>", media_attachments=[picture("A beach.", hue=hue) for hue in (30, 200, 300)]
)
SOUND = status(
    BRAM,
    "<p>How a kiln sounds.</p>",
    media_attachments=[
        picture("A kiln crackling.", type="audio", url="/static/none.mp3", preview_url=None, meta=None),
        picture(None, type="unknown", url=None, preview_url=None, remote_url="https://kiln.example/file", meta=None),
    ],
)
QUOTE = status(
    ODILE,
    "<p>Pinning this above my desk until further notice.</p>",
    quote={"state": "accepted", "quoted_status": status(YUKI, "<p>The sea has never once been late.</p>", _DAY)},
)
PLAIN_LINK = status(INES, "<p>Read this.</p>", card=LINKED["card"] | {"image": None, "provider_name": ""})
EMOJI = status(
    BRAM
    | {"display_name": "Bram :pot:", "emojis": [{"shortcode": "pot", "url": portrait(6), "static_url": portrait(6)}]},
    "<p>Warm :pot: and <code>:pot:</code></p>",
    emojis=[{"shortcode": "pot", "url": portrait(6), "static_url": portrait(6)}],
)
FORMATTED = status(
    TOMAS,
    "<p>Take:</p><ul><li>ink</li><li>paper</li></ul><blockquote><p>and time</p></blockquote><pre><code>draw(path)</code></pre>",
)

HOME = [SUNSET, MAP_EVENING, FIRST_OF_THREAD, BOOST, WARNED, ARABIC, TWO_PICTURES, OPEN_POLL, COVERED, LONG, OWN]


def _answers() -> list[Entity]:
    """Three levels, as in the mock."""
    said = (
        (TOMAS, "Second, walk the answer you believe least. 2/3", None, 58, (2, 6, 41)),
        (INES, "This is how I found the ford. It was the cheesemonger who was right, and she has never owned boots.", 0, 52, (1, 2, 29)),
        (TOMAS, "Never trust a guide with clean boots, always trust one with none.", 1, 49, (0, 0, 17)),
        (BRAM, "Could you put the clay pits on it? Asking for a kiln.", 0, 44, (1, 0, 6)),
        (ODILE, "On canals we have the opposite trouble: the water remembers the path, the council does not.", None, 31, (1, 4, 22)),
        (INES, "Please write that down somewhere that lasts longer than us.", 4, 20, (0, 1, 12)),
    )  # fmt: skip
    made: list[Entity] = []
    for author, text, parent, minutes, counts in said:
        above = FIRST_OF_THREAD["id"] if parent is None else made[parent]["id"]
        made.append(status(author, f"<p>{text}</p>", minutes * _MINUTE, counts, in_reply_to_id=above))
    made[1]["favourited"] = True
    return made


ANSWERS = _answers()

RULES = [
    {"id": "1", "text": "Be kind, above all when you are right", "hint": "Argue with what was said, not with who said it.", "translations": {}},
    {"id": "2", "text": "No advertising", "hint": "", "translations": {}},
    {"id": "3", "text": "Describe your pictures", "hint": "People who cannot see them read along.", "translations": {}},
]  # fmt: skip


# ── pages ──

SETTINGS = Settings(
    title="Whinmoor",
    short_description="A small server for people who like moors, maps and slow music.",
    description="Whinmoor is a small server.",
    privacy_policy="We keep little.",
    registrations=Registrations.APPROVAL,
)
LIKES = Preferences(posting_visibility=Visibility.PUBLIC)  # a choice of one's own asks no database
STATISTICS = {"users": 312, "active_month": 87, "statuses": 48_210, "domains": 4906}


def site(**changes: Any) -> Site:
    known = {"domain": "whinmoor.example", "base_url": "https://whinmoor.example", "sends_mail": True}
    return replace(site_of(SETTINGS), **(known | changes))


def reader(**changes: Any) -> Reader:
    known = {
        "account": WREN,
        "role": "admin",
        "preferences": LIKES,
        "unread_notifications": 4,
        "unread_conversations": 1,
        "waiting": 5,
    }
    return Reader(**(known | changes))


def page(path: str = "/home", viewer: Reader | None = None, **changes: Any) -> Page:
    known: dict[str, Any] = {"site": site(), "path": path, "csrf": "csrf-token", "viewer": viewer}
    return Page(**(known | changes))


def group(
    kind: str, accounts: list[Entity], about: Entity | None = None, ago_ms: int = _HOUR, **changes: Any
) -> Entity:
    return {
        "key": f"{kind}-{next(_next)}",
        "type": kind,
        "count": len(accounts),
        "created_at": iso(ago_ms),
        "accounts": accounts,
        "status": about,
        "report": None,
        "newest_id": "1",
        "unread": False,
    } | changes


def report(target: Entity, text: str, **changes: Any) -> Entity:
    return {
        "id": str(next(_next)),
        "action_taken": False,
        "action_taken_at": None,
        "category": "violation",
        "comment": "Third time this week.",
        "forwarded": False,
        "created_at": iso(18 * _MINUTE),
        "status_ids": [],
        "rule_ids": ["2"],
        "collection_ids": [],
        "target_account": target,
        "account": INES,
        "assigned": None,
        "rules": [RULES[1]],
        "text": text,
    } | changes


def entry(action: str, target: str, by: Entity | None = WREN, ago_ms: int = _HOUR, **detail: Any) -> Entity:
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
        "last_success_at": iso(3 * _MINUTE),
        "last_error_at": None,
        "last_error": "",
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
        "created_at": iso(90 * _DAY),
        "confirmed": True,
        "approved": True,
        "disabled": False,
        "silenced": False,
        "suspended": False,
        "sensitized": False,
        "reason": "I draw maps.",
        "invited_by": "@wren",
        "seen_at": iso(_HOUR),
    } | changes


_REPORTS = [
    report(account(16, "quickcoins22", "", "loud.example"), "Only today: double your money, message me for the link"),
    report(MAREK, "that is the laziest map I have ever seen and you should feel bad", assigned=WREN),
]
_LOG = [
    entry("block.domain", "loud.example", comment="spam wave"),
    entry("approve.account", "@petra", ago_ms=3 * _HOUR),
    entry("change.setting", "max_characters", None, 9 * _HOUR, **{"from": 500, "to": 140}),
    entry("suspend.account", "@quickcoins22@loud.example", ago_ms=2 * _DAY),
]
_SERVERS = [
    server("heathland.example"),
    server("tidepool.example", software="GoToSocial 0.20"),
    server("kiln.example", software="Pixelfed 0.12", failures=3, waiting=143, oldest_at=iso(2 * _HOUR), last_error="timed out after 10 s", last_error_at=iso(4 * _MINUTE)),
    server("bustan.example", software="Akkoma 3.15", state="paused", waiting=3),
    server("loud.example", software="", state="dead", waiting=12, failures=40, last_success_at=None, last_error="certificate has expired", last_error_at=iso(_DAY)),
]  # fmt: skip
_COUNTS = {"reports": 3, "sign_ups": 2, "deliveries": 158}
_BLOCK = {"id": 1, "domain": "loud.example", "severity": "silence", "reject_media": True, "reject_reports": False, "private_comment": "spam wave", "public_comment": "Spam", "obfuscate": False, "created_at": iso(_DAY)}  # fmt: skip
_INVITES = [
    {"id": 1, "code": "hQ7k", "url": "https://whinmoor.example/invite/hQ7k", "uses": 0, "max_uses": 1, "expires_at": iso(-_DAY), "usable": True, "account": WREN},
    {"id": 2, "code": "zz2p", "url": "https://whinmoor.example/invite/zz2p", "uses": 5, "max_uses": 5, "expires_at": None, "usable": False, "account": WREN},
]  # fmt: skip
_KNOWN = {one["id"]: relationship(one, following=one in (INES, TOMAS), followed_by=one is INES) for one in EVERYBODY}
_OWN_ACCOUNT = WREN | {"source": {"note": "Tea.", "fields": [{"name": "Web", "value": "https://wren.example"}], "indexable": True, "hide_collections": False}}  # fmt: skip
_APP = {"name": "Tusky", "website": "https://tusky.example"}
_EDITS = [
    {"created_at": iso(2 * _HOUR), "content": "<p>How to draw a path.</p>", "spoiler_text": "", "sensitive": False, "media_attachments": [], "emojis": [], "poll": None},
    {"created_at": iso(_HOUR), "content": FIRST_OF_THREAD["content"], "spoiler_text": "Paths", "sensitive": False, "media_attachments": [], "emojis": [], "poll": None},
]  # fmt: skip

_GROUPS = [
    group("mention", [INES], DIRECT, 2 * _HOUR, unread=True),
    group("favourite", [INES, BRAM, YUKI, ODILE], OWN, 3 * _HOUR, count=12, unread=True),
    group("reblog", [TOMAS, BRAM], OWN, 4 * _HOUR),
    group("follow", [ODILE], ago_ms=5 * _HOUR),
    group("follow_request", [PETRA], ago_ms=6 * _HOUR),
    group("poll", [LIBRARY], MAP_EVENING, 7 * _HOUR),
    group("update", [TOMAS], FIRST_OF_THREAD, 8 * _HOUR),
    group("status", [YUKI], LINKED, 9 * _HOUR),
    group("admin.sign_up", [PETRA], ago_ms=9 * _HOUR),
    group("admin.report", [INES], ago_ms=9 * _HOUR, report=_REPORTS[1]),
]

_ADMIN: dict[str, dict[str, Any]] = {
    "admin/overview.html": {
        "numbers": [
            {"name": "Active people", "value": 87, "note": "+6 on last week", "good": True, "series": [3, 4, 6, 5, 8, 9]},
            {"name": "Posts written", "value": 641, "note": "+12 %", "good": True, "series": [5, 4, 6, 7, 6, 9]},
            {"name": "Activities received", "value": 164_000, "note": "48k sent", "good": True, "series": [9, 8, 9, 7, 9, 9]},
            {"name": "New members", "value": 9, "note": "2 waiting for approval", "good": False, "series": [1, 2, 1, 3, 2, 2]},
        ],
        "checks": [
            {"name": "Web answers", "value": "41 ms median", "state": "ok"},
            {"name": "Workers", "value": "4 of 4", "state": "ok"},
            {"name": "Database", "value": "1.8 GB", "state": "ok"},
            {"name": "Mail", "value": "no mail server", "state": "warn"},
        ],
        "reports": _REPORTS,
        "log": _LOG,
        "servers": _SERVERS,
        "deliveries": {"waiting": 143, "oldest_at": iso(38_000), "dead": 1},
    },
    "admin/sign_ups.html": {"people": [{"id": 1, "username": "petra", "email": "petra@mail.example", "reason": "I restore canal boats and would like to read about yours.", "ip": "192.0.2.9", "created_at": iso(_HOUR), "invited_by": ""}]},
    "admin/reports.html": {"reports": _REPORTS, "resolved": False},
    "admin/report.html": {"report": _REPORTS[1], "statuses": [LONG, COVERED], "others": _REPORTS[:1], "log": _LOG},
    "admin/accounts.html": {"people": [person(WREN, role="admin"), person(MAREK, silenced=True), person(BRAM, domain="kiln.example", suspended=True)], "q": "", "status": ""},
    "admin/account.html": {"person": person(MAREK), "reports": _REPORTS[1:], "log": _LOG},
    "admin/domains.html": {"blocks": [_BLOCK, _BLOCK | {"id": 2, "domain": "spam.example", "severity": "suspend"}]},
    "admin/domain.html": {"block": _BLOCK},
    "admin/deliveries.html": {"servers": _SERVERS, "total": 158},
    "admin/settings.html": {"keys": all_keys(), "values": {key.name: getattr(SETTINGS, key.name) for key in all_keys()}},
    "admin/rules.html": {"rules": RULES},
    "admin/audit.html": {"log": _LOG * 5},
    "admin/invites.html": {"invites": _INVITES},
}  # fmt: skip


def all_pages() -> dict[str, tuple[str, Page, dict[str, Any]]]:
    """Name -> template, page, context. Every template, with and without somebody signed in where both exist."""
    home = page("/home", reader())
    visitor = page("/")
    profile = {
        "account": TOMAS,
        "tab": "posts",
        "statuses": [TWO_PICTURES, LONG],
        "pinned": [FIRST_OF_THREAD],
        "rhythm": [3, 4, 2, 6, 6, 4, 7, 9, 5, 4, 6, 7, 5, 8, 6, 7],
        "tags": [{"name": "maps", "count": 212}, {"name": "moorland", "count": 148}, {"name": "ink", "count": 61}],
        "known_followers": [INES, BRAM],
        "feed": "/@tomas.rss",
        "actor": TOMAS["uri"],
    }
    thread = {
        "status": FIRST_OF_THREAD,
        "ancestors": [],
        "descendants": ANSWERS,
        "relationships": _KNOWN,
        "asked": ["heathland.example", "kiln.example"],
        "asked_at": iso(2 * _MINUTE),
        "reply_text": "@tomas ",
    }
    about = {
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
    catch_up = {
        "count": 214,
        "away_ms": 9 * _HOUR + 12 * _MINUTE,
        "since_at": iso(9 * _HOUR),
        "accounts": [
            {"account": one, "count": count}
            for one, count in zip(EVERYBODY, (9, 8, 2, 7, 6, 1, 5, 2, 1), strict=True)
        ],
        "more": 52,
        "oldest": "/home?order=oldest",
        "newest": "/home",
    }
    home_context = {
        "statuses": HOME,
        "read_id": FIRST_OF_THREAD["id"],
        "read_at": iso(_DAY),
        "catch_up": catch_up,
        "statistics": STATISTICS,
        "suggestions": [ODILE, YUKI],
        "tags": [tag("mapevening", [9, 8, 7, 5, 4, 2, 1]), tag("gorse", [4, 6, 2, 7, 5, 3, 4])],
        "older": "/home?max_id=1",
    }
    sign_up = {
        "rules": RULES,
        "reason_required": True,
        "email_required": False,
        "closed_message": "",
        "invite_code": "",
        "inviter": None,
    }
    compose = {"reply_to": None, "media": [], "editing": None}
    wrong = {"": "Validation failed: the text is too long."}
    pages: dict[str, tuple[str, Page, dict[str, Any]]] = {
        "about": ("about.html", visitor, about),
        "about-empty": ("about.html", page("/about", reader(role="user")), about | {"description": "", "rules": [], "contact": None, "contact_email": "", "staff": [], "blocks": None, "privacy": "", "recent": []}),
        "profile": ("profile.html", page("/@tomas"), profile | {"relationship": None}),
        "profile-signed-in": ("profile.html", page("/@ines@heathland.example", reader()), profile | {"account": INES | {"roles": [], "note": "<p>Heath and home.</p>"}, "relationship": relationship(INES, following=True, followed_by=True, note="Met at the map evening"), "feed": ""}),
        "profile-own": ("profile.html", page("/@wren", reader()), profile | {"account": WREN | {"roles": [{"id": "2", "name": "Admin", "color": ""}]}, "relationship": None, "statuses": [OWN], "pinned": []}),
        "profile-hostile": ("profile.html", page("/@x", reader()), profile | {"account": MONSTER | {"moved": TOMAS, "memorial": True}, "relationship": relationship(MONSTER, requested_by=True, muting=True, blocked_by=True), "statuses": [], "pinned": [], "tab": "media", "error": "an-extremely-long.example does not answer. This is what was known yesterday."}),
        "followers": ("people.html", home, {"title": "Followers of Tomás Lind", "back": "/@tomas", "accounts": [*EVERYBODY, MONSTER], "relationships": _KNOWN}),
        "people-empty": ("people.html", visitor, {"title": "People", "back": "", "accounts": []}),
        "thread": ("status.html", page("/@tomas/1", reader()), thread),
        "thread-public": ("status.html", page("/@tomas/1"), thread | {"ancestors": [SUNSET], "asked": [], "asked_at": None}),
        "history": ("history.html", home, {"status": FIRST_OF_THREAD, "edits": _EDITS}),
        "tag": ("tag.html", home, {"tag": tag("gorse", [4, 6, 2, 7, 5, 3, 4]), "statuses": [SUNSET], "feed": "/tags/gorse.rss"}),
        "local": ("timeline.html", visitor, {"scope": "local", "statuses": HOME, "older": "/public/local?max_id=1"}),
        "federated": ("timeline.html", home, {"scope": "public", "statuses": [FOUR_PICTURES, HOSTILE]}),
        "list": ("timeline.html", home, {"scope": "list", "list": {"id": "1", "title": "Moor maps"}, "statuses": []}),
        "lists": ("lists.html", home, {"lists": [{"id": "1", "title": "Moor maps"}, {"id": "2", "title": "Close friends"}]}),
        "search": ("search.html", home, {"q": "map", "type": "", "accounts": EVERYBODY[:3], "relationships": _KNOWN, "statuses": [MAP_EVENING], "tags": [tag("maps", [1, 2])], "fetched": True}),
        "search-nothing": ("search.html", home, {"q": "x" * 300, "type": "statuses", "accounts": [], "statuses": [], "tags": [], "fetched": False}),
        "search-empty": ("search.html", home, {"q": "", "type": "", "accounts": [], "statuses": [], "tags": [], "fetched": False}),
        "interact": ("interact.html", page("/interact"), {"account": TOMAS, "status": None, "form": {"uri": TOMAS["uri"], "kind": "follow"}}),
        "sign-up": ("sign_up.html", page("/auth/sign-up"), sign_up),
        "sign-up-errors": ("sign_up.html", page("/auth/sign-up"), sign_up | {"form": {"username": "admin", "email": "x"}, "errors": {"username": "This name is kept for the node itself. Choose another one.", "email": "This is no address."}}),
        "sign-up-open": ("sign_up.html", page("/auth/sign-up", site=site(registrations=Registrations.OPEN)), sign_up),
        "sign-up-closed": ("sign_up.html", page("/auth/sign-up", site=site(registrations=Registrations.CLOSED)), sign_up | {"closed_message": "<p>We are full. Try a neighbour.</p>"}),
        "sign-up-invite": ("sign_up.html", page("/auth/sign-up", site=site(registrations=Registrations.INVITE)), sign_up),
        "sign-up-invited": ("sign_up.html", page("/invite/abc", site=site(registrations=Registrations.INVITE)), sign_up | {"invite_code": "abc", "inviter": WREN}),
        "sign-in": ("sign_in.html", page("/auth/sign-in"), {"next": "/home", "app": None}),
        "sign-in-error": ("sign_in.html", page("/auth/sign-in"), {"next": "", "app": _APP, "errors": {"": "The name or the password is wrong."}, "form": {"login": "wren"}}),
        "second-factor": ("second_factor.html", page("/auth/second-factor"), {"next": "/home", "errors": {"code": "This code is not right, or it was used already."}}),
        "forgotten": ("forgotten.html", page("/auth/forgotten"), {}),
        "forgotten-no-mail": ("forgotten.html", page("/auth/forgotten", site=site(sends_mail=False, contact_account="wren")), {}),
        "reset-password": ("reset_password.html", page("/auth/reset-password/t"), {}),
        "first-admin": ("first_admin.html", page("/auth/first-admin/t"), {}),
        "message": ("message.html", page("/auth/sign-up"), {"title": "Thank you", "text": "Your request was sent. Somebody of the staff reads it.", "link": ("/about", "Back"), "icon_name": "clock"}),
        "consent": ("consent.html", page("/oauth/authorize", reader()), {"app": _APP, "scopes": ["read", "write:statuses", "admin:read"], "redirect_host": "tusky.example", "hidden": {"client_id": "1"}}),
        "oob": ("oob.html", page("/oauth/authorize", reader()), {"app": _APP, "authorization_code": "3f9c-2b1d-77ae"}),
        "home": ("home.html", home, home_context),
        "home-empty": ("home.html", home, home_context | {"statuses": [], "catch_up": None, "read_id": None, "read_at": None, "suggestions": [], "tags": [], "older": None}),
        "home-dressed": ("home.html", page("/home", reader(preferences=Preferences(posting_visibility=Visibility.UNLISTED, theme=Theme.DARK, more_contrast=True, text_size=130, density=Density.COMPACT, font=Font.SERIF)), notice="Posted."), home_context),
        "compose": ("compose.html", page("/compose", reader()), compose | {"media": [picture("A moor."), picture(None)], "form": {"text": "Four mornings", "spoiler_text": "Locks", "poll_option": ["Yes", "No"]}, "errors": wrong}),
        "compose-plain": ("compose.html", page("/compose", reader()), compose),
        "reply": ("compose.html", page("/compose", reader()), compose | {"reply_to": WARNED, "form": {"text": "@bram@kiln.example "}}),
        "edit": ("compose.html", page("/statuses/1/edit", reader()), compose | {"editing": OWN, "form": {"text": "Tea first", "language": "en"}}),
        "notifications": ("notifications.html", page("/notifications", reader()), {"groups": _GROUPS, "type": "", "requests": 2}),
        "notifications-empty": ("notifications.html", page("/notifications", reader(unread_notifications=0)), {"groups": [], "type": "mention", "requests": 0}),
        "follow-requests": ("follow_requests.html", home, {"accounts": [PETRA, MONSTER]}),
        "conversations": ("conversations.html", home, {"conversations": [{"id": "1", "unread": True, "accounts": [INES], "last_status": DIRECT}, {"id": "2", "unread": False, "accounts": [TOMAS, BRAM, YUKI, ODILE], "last_status": DIRECT | {"account": WREN}}, {"id": "3", "unread": False, "accounts": [MONSTER], "last_status": HOSTILE}]}),
        "bookmarks": ("saved.html", home, {"kind": "bookmarks", "statuses": [FIRST_OF_THREAD]}),
        "favourites": ("saved.html", home, {"kind": "favourites", "statuses": []}),
        "report": ("report.html", home, {"account": BRAM, "statuses": [WARNED, COVERED], "rules": RULES, "form": {"status_ids": [WARNED["id"]]}}),
        "confirm": ("confirm.html", home, {"title": "Delete this post?", "text": "Other servers are asked to delete their copies.", "action": "/statuses/1/delete", "button": "Delete", "back": "/home", "hidden": {}, "account": None, "status": OWN, "ask_password": False, "ask_duration": False}),
        "confirm-mute": ("confirm.html", home, {"title": "Mute Bram?", "text": "You will not see posts of this account. It is not told.", "action": "/accounts/1/mute", "button": "Mute", "back": "/@bram", "hidden": {}, "account": BRAM, "status": None, "ask_password": True, "ask_duration": True}),
        "settings-profile": ("settings/profile.html", home, {"account": _OWN_ACCOUNT}),
        "settings-appearance": ("settings/appearance.html", home, {"preferences": LIKES}),
        "settings-posting": ("settings/posting.html", home, {"preferences": LIKES}),
        "settings-account": ("settings/account.html", home, {"user": {"email": "wren@mail.example", "unconfirmed_email": "w@new.example", "created_at": iso(500 * _DAY)}, "errors": {"old_password": "This is not your password."}}),
        "settings-sessions": ("settings/sessions.html", home, {"sessions": [{"id": 1, "agent": "Firefox on Linux", "ip": "192.0.2.1", "created_at": iso(_DAY), "seen_at": iso(), "current": True}, {"id": 2, "agent": "Safari on iPhone", "ip": "2001:db8::1", "created_at": iso(9 * _DAY), "seen_at": iso(2 * _DAY), "current": False}]}),
        "settings-two-factor": ("settings/two_factor.html", home, {"enabled": False, "codes_left": 0, "enrolment": None}),
        "settings-two-factor-begin": ("settings/two_factor.html", home, {"enabled": False, "codes_left": 0, "enrolment": {"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "qr": qr_svg("otpauth://totp/whinmoor.example:wren?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=whinmoor.example")}}),
        "settings-two-factor-on": ("settings/two_factor.html", home, {"enabled": True, "codes_left": 8, "enrolment": None}),
        "settings-recovery-codes": ("settings/recovery_codes.html", home, {"codes": ["abcd-efgh-ijkl-mnop"] * 10}),
        "settings-apps": ("settings/apps.html", home, {"apps": [{"id": 1, "name": "Tusky", "website": "", "scopes": ["read", "write", "push"], "created_at": iso(9 * _DAY), "used_at": iso(_HOUR)}]}),
        "settings-invites": ("settings/invites.html", home, {"invites": _INVITES, "allowed": True}),
        "settings-hidden": ("settings/hidden.html", home, {"muted": [MAREK | {"mute_expires_at": iso(-_DAY)}], "blocked": [BRAM], "domains": ["loud.example"]}),
    }  # fmt: skip
    every_status = [*HOME, FOUR_PICTURES, THREE_PICTURES, SOUND, QUOTE, PLAIN_LINK, EMOJI, FORMATTED, DIRECT, HOSTILE]
    pages["gallery"] = ("gallery.html", home, {"statuses": every_status, "accounts": [*EVERYBODY, *BIRDS, MONSTER], "relationships": _KNOWN})  # fmt: skip
    pages["gallery-visitor"] = ("timeline.html", visitor, {"scope": "public", "statuses": every_status})
    for template, context in _ADMIN.items():
        name = template.removesuffix(".html").replace("/", "-").replace("_", "-")
        pages[name] = (template, page(f"/{name}", reader()), context | {"counts": _COUNTS})
    for code, message in ((401, "Please sign in."), (403, "This page is for moderators."), (404, "Record not found"), (410, "Its author deleted it."), (422, "The name is taken."), (429, "Please wait a minute."), (500, "Something went wrong here. It has been written down; please try again later."), (503, "Maintenance until 06:10.")):  # fmt: skip
        pages[f"error-{code}"] = ("error.html", page("/x"), {"status": code, "message": message})
    return pages
