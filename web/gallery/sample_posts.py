"""Posts to look at: those of the design, and what is hostile."""

from web.gallery.portraits import moor, portrait
from web.gallery.sample_entities import (
    BRAM,
    DAY,
    EVERYBODY,
    FARAH,
    HOUR,
    INES,
    LIBRARY,
    MAREK,
    MINUTE,
    MONSTER,
    ODILE,
    TOMAS,
    WREN,
    YUKI,
    Entity,
    account,
    iso,
    picture,
    poll,
    relationship,
    report,
    status,
)

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
    40 * MINUTE,
    (14, 6, 19),
    poll=poll(73, 39, 14, voted=True, own_votes=[0]),
)
OPEN_POLL = status(YUKI, "<p>Once more, for those who missed it.</p>", 50 * MINUTE, poll=poll(3, 2, 9))
FIRST_OF_THREAD = status(
    TOMAS,
    "<p>How to draw a path that no longer exists. First, ask three people where it went. You will get four answers, "
    "and that is already a map. 1/3</p>",
    HOUR,
    (5, 18, 64),
    reblogged=True,
    bookmarked=True,
    edited_at=iso(30 * MINUTE),
)
LINKED = status(
    YUKI,
    "<p>A lovely long read about verges, patience and who gets to decide what counts as untidy.</p>",
    9 * HOUR,
    (3, 44, 96),
    card={
        "url": "https://fieldnotes.example/cutting",
        "title": "Why the birds came back to the railway cutting",
        "description": "Nine years of unmown banks, one stubborn signalman and a notebook.",
        "type": "link",
        "provider_name": "fieldnotes.example",
        "image": moor(90, 240, 240),
        "image_description": "A cutting full of flowers",
        "authors": [{"name": "Odile", "url": "", "account": None}],
    },
)
BOOST = status(INES, "", 8 * HOUR, reblog=LINKED)
WARNED = status(
    BRAM,
    "<p>The physio says “no lifting for two weeks”, which is a long time for someone whose whole job is lifting clay.</p>",
    10 * HOUR,
    (11, 0, 7),
    visibility="private",
    spoiler_text="Health, mild grumbling",
    sensitive=True,
)
ARABIC = status(
    FARAH, "<p>صباح الخير من الحديقة. الورد لا يعرف أن اليوم هو الأحد.</p>", 11 * HOUR, (2, 5, 38), language="ar"
)
TWO_PICTURES = status(
    TOMAS,
    "<p>The old drovers’ way above Whin Gill, inked at last. Two inks this time: oak gall for the hills, madder for "
    "the path.</p>",
    3 * HOUR,
    (5, 18, 64),
    media_attachments=[
        picture("A contour map with a dashed footpath.", hue=60),
        picture("Three jars of ink.", hue=150),
    ],
)
FOUR_PICTURES = status(
    ODILE,
    "<p>Four locks, four mornings.</p>",
    30 * HOUR,
    media_attachments=[picture("A lock.", hue=hue) for hue in (0, 90, 180)] + [picture(None, hue=270)],
)
COVERED = status(BRAM, "<p>The kiln, after.</p>", 5 * DAY, sensitive=True, media_attachments=[picture("Shards.")])
LONG = status(
    MAREK,
    "<p>"
    + "The council will tell you that a verge is a strip of grass which exists so that a mower may pass. " * 20
    + "</p>",
    3 * DAY,
)
DIRECT = status(
    INES,
    '<p><a href="https://whinmoor.example/@wren" class="u-url mention">@wren</a> are you free on Thursday?</p>',
    2 * HOUR,
    visibility="direct",
    mentions=[{"id": "1001", "username": "wren", "acct": "wren", "url": "https://whinmoor.example/@wren"}],
)
OWN = status(WREN, "<p>Tea first, then the reports.</p>", 4 * DAY, (1, 2, 3), visibility="unlisted")
HOSTILE = status(
    MONSTER,
    "<p>" + "ha" * 400 + "</p><pre><code>" + "x = 1; " * 60 + "</code></pre>",
    400 * DAY,
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
    quote={"state": "accepted", "quoted_status": status(YUKI, "<p>The sea has never once been late.</p>", DAY)},
)
PLAIN_LINK = status(
    INES, "<p>Read this.</p>", card=LINKED["card"] | {"image": None, "provider_name": "", "authors": []}
)
QUOTE_OF_WARNED = status(
    ODILE,
    "<p>Get well soon.</p>",
    quote={"state": "accepted", "quoted_status": status(BRAM, "<p>No clay.</p>", DAY, spoiler_text="Health")},
    quote_approval={"automatic": ["public"], "manual": [], "current_user": "automatic"},
    quotes_count=3,
)
QUOTE_OF_OWN = status(
    YUKI,
    "<p>Look at this.</p>",
    quote={"state": "accepted", "quoted_status": status(WREN, "<p>Tea first.</p>", DAY)},
    reply_approval={"automatic": [], "manual": [], "current_user": "denied"},
)
QUOTES_THAT_ARE_NOT_SHOWN = [
    status(YUKI, f"<p>{state}</p>", quote={"state": state, "quoted_status": None})
    for state in ("pending", "rejected", "revoked", "deleted", "unauthorized", "unheard_of")
] + [
    status(YUKI, f"<p>{state}</p>", quote={"state": state, "quoted_status": status(BRAM, "<p>Hidden words.</p>")})
    for state in ("blocked_account", "blocked_domain", "muted_account")
]
EMOJI = status(
    BRAM
    | {"display_name": "Bram :pot:", "emojis": [{"shortcode": "pot", "url": portrait(6), "static_url": portrait(6)}]},
    "<p>Warm :pot: and <code>:pot:</code></p>",
    emojis=[{"shortcode": "pot", "url": portrait(6), "static_url": portrait(6)}],
)
FORMATTED = status(
    TOMAS,
    "<p>Take:</p><ul><li>ink</li><li>paper</li></ul><blockquote><p>and time</p></blockquote>"
    "<pre><code>draw(path)</code></pre>",
)

HOME = [SUNSET, MAP_EVENING, FIRST_OF_THREAD, BOOST, WARNED, ARABIC, TWO_PICTURES, OPEN_POLL, COVERED, LONG, OWN]


def _answers() -> list[Entity]:
    """Three levels, as in the mock."""
    said = (
        (TOMAS, "Second, walk the answer you believe least. 2/3", None, 58, (2, 6, 41)),
        (
            INES,
            "This is how I found the ford. It was the cheesemonger who was right, and she has never owned boots.",
            0,
            52,
            (1, 2, 29),
        ),
        (TOMAS, "Never trust a guide with clean boots, always trust one with none.", 1, 49, (0, 0, 17)),
        (BRAM, "Could you put the clay pits on it? Asking for a kiln.", 0, 44, (1, 0, 6)),
        (
            ODILE,
            "On canals we have the opposite trouble: the water remembers the path, the council does not.",
            None,
            31,
            (1, 4, 22),
        ),
        (INES, "Please write that down somewhere that lasts longer than us.", 4, 20, (0, 1, 12)),
    )
    made: list[Entity] = []
    for author, text, parent, minutes, counts in said:
        above = FIRST_OF_THREAD["id"] if parent is None else made[parent]["id"]
        made.append(status(author, f"<p>{text}</p>", minutes * MINUTE, counts, in_reply_to_id=above))
    made[1]["favourited"] = True
    return made


ANSWERS = _answers()


REPORTS = [
    report(account(16, "quickcoins22", "", "loud.example"), "Only today: double your money, message me for the link"),
    report(MAREK, "that is the laziest map I have ever seen and you should feel bad", assigned=WREN),
]
KNOWN = {one["id"]: relationship(one, following=one in (INES, TOMAS), followed_by=one is INES) for one in EVERYBODY}
INVITES = [
    {
        "id": 1,
        "code": "hQ7k",
        "url": "https://whinmoor.example/invite/hQ7k",
        "uses": 0,
        "max_uses": 1,
        "expires_at": iso(-DAY),
        "usable": True,
        "account": WREN,
    },
    {
        "id": 2,
        "code": "zz2p",
        "url": "https://whinmoor.example/invite/zz2p",
        "uses": 5,
        "max_uses": 5,
        "expires_at": None,
        "usable": False,
        "account": WREN,
    },
]

FILTERED = [
    THREE_PICTURES | {"id": "9001", "covered": "Breakfast", "spoiler_text": "Food"},
    QUOTE | {"id": "9002", "covered": "<b>Breakfast</b>"},
    FOUR_PICTURES | {"id": "9003", "blurred": "Breakfast", "spoiler_text": "", "sensitive": False},
]
