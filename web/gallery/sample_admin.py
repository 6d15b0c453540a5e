"""What the pages of administration show."""

from typing import Any

from node.services.community.settings import all_keys
from web.gallery.sample_entities import (
    BRAM,
    DAY,
    HOUR,
    MAREK,
    MINUTE,
    RULES,
    WREN,
    appeal,
    collection,
    decision,
    entry,
    iso,
    person,
    server,
)
from web.gallery.sample_pages import SETTINGS, Sample, page, pause, reader, site
from web.gallery.sample_posts import COVERED, INVITES, LONG, REPORTS
from web.rendering.words import APPEARANCE, SETTING_GROUPS

_LOG = [
    entry("block.domain", "loud.example", comment="spam wave"),
    entry("approve.account", "@petra", ago_ms=3 * HOUR),
    entry("change.setting", "max_characters", None, 9 * HOUR, **{"from": 500, "to": 140}),
    entry("suspend.account", "@quickcoins22@loud.example", ago_ms=2 * DAY),
]
_SERVERS = [
    server("heathland.example"),
    server("tidepool.example", software="GoToSocial 0.20", received=640, delivered=211, answer_ms=61),
    server(
        "kiln.example",
        software="Pixelfed 0.12",
        failures=3,
        answer_ms=2400,
        waiting=143,
        oldest_at=iso(2 * HOUR),
        last_error="timed out after 10 s",
        last_error_at=iso(4 * MINUTE),
    ),
    server("bustan.example", software="Akkoma 3.15", state="paused", waiting=3),
    server(
        "loud.example",
        software="",
        state="dead",
        waiting=12,
        failures=40,
        received=0,
        delivered=0,
        answer_ms=None,
        series=[0] * 7,
        last_success_at=None,
        last_error="certificate has expired",
        last_error_at=iso(DAY),
    ),
]
_COUNTS = {"reports": 3, "appeals": 1, "sign_ups": 2, "deliveries": 158}
_BLOCK = {
    "id": 1,
    "domain": "loud.example",
    "severity": "silence",
    "reject_media": True,
    "reject_reports": False,
    "private_comment": "spam wave",
    "public_comment": "Spam",
    "obfuscate": False,
    "created_at": iso(DAY),
    "expires_at": None,
}
_EMOJI = {
    "id": "5",
    "shortcode": "linnet",
    "url": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
    "category": "Birds",
    "visible_in_picker": True,
    "disabled": False,
}
_ADMIN: dict[str, dict[str, Any]] = {
    "admin/overview.html": {
        "days": 7,
        "periods": (1, 7, 30, 365),
        "today": iso(0),
        "room": {"used": 41_200_000_000, "whole": 80_000_000_000},
        "copies": {"most_bytes": 29 << 30, "days": 14},
        "known_servers": 4906,
        "numbers": [
            {
                "name": "Active members",
                "value": 87,
                "note": "of 312 members",
                "good": True,
                "series": [3, 3, 4, 4, 6, 5, 7, 8, 7, 8, 9, 8, 9, 11],
            },
            {
                "name": "Posts written",
                "value": 641,
                "note": "+12 % on the time before",
                "good": True,
                "series": [5, 4, 6, 7, 6, 9, 5, 6, 8, 7, 6, 9, 8, 9],
            },
            {
                "name": "Activities in / out",
                "value": 212_000,
                "note": "48k out, 164k in",
                "good": True,
                "series": [9, 8, 9, 7, 9, 9, 3, 4, 9, 8, 9, 2, 5, 9],
            },
            {
                "name": "New members",
                "value": 9,
                "note": "2 waiting for approval",
                "good": False,
                "series": [1, 2, 1, 3, 2, 2, 0, 1, 0, 1, 2, 1, 0, 2],
            },
        ],
        "checks": [
            {"name": "Web answers", "value": "41 ms median", "state": "ok"},
            {"name": "Workers", "value": "4 of 4", "state": "ok"},
            {"name": "Database", "value": "1.8 GB", "state": "ok"},
            {"name": "Mail", "value": "no mail server", "state": "warn"},
        ],
        "reports": REPORTS,
        "fared": {
            "series": [
                [650 + 170 * (7 - 2 * abs(n % 8 - 4)) + 37 * n % 90 for n in range(56)],
                [40 + 400 * (n in range(36, 40)) for n in range(56)],
                [4 + 150 * (n in range(38, 41)) for n in range(56)],
            ],
            "marks": [{"at": iso(DAY * (6 - n)), "share": (n + 0.5) / 7} for n in range(7)],
            "lines": [
                {"at": iso(DAY * n), "delivered": 11_200, "retried": 320, "given_up": 12} for n in range(6, -1, -1)
            ],
            "sums": {"delivered": 78_400, "retried": 2_240, "given_up": 84},
        },
        "log": _LOG,
        "servers": _SERVERS,
        "deliveries": {"waiting": 143, "oldest_at": iso(38_000), "dead": 1, "more": False},
    },
    "admin/sign_ups.html": {
        "people": [
            {
                "id": 1,
                "username": "petra",
                "email": "petra@mail.example",
                "reason": "I restore canal boats and would like to read about yours.",
                "ip": "192.0.2.9",
                "created_at": iso(HOUR),
                "invited_by": "",
            }
        ]
    },
    "admin/reports.html": {"reports": REPORTS, "resolved": False},
    "admin/report.html": {
        "report": REPORTS[1],
        "statuses": [LONG, COVERED],
        "gone": [
            {
                "id": "9",
                "created_at": iso(DAY),
                "text": f"Buy\n{'m' * 300}",
                "spoiler_text": "Coins",
                "media": ["A coin", ""],
            }
        ],
        "notes": [
            {"id": "1", "created_at": iso(HOUR), "account": WREN, "text": "I wrote to them.\nNo answer yet."},
            {"id": "2", "created_at": iso(MINUTE), "account": None, "text": "m" * 400},
        ],
        "collections": [collection("Birds", BRAM, [])],
        "others": REPORTS[:1],
        "log": _LOG,
    },
    "admin/accounts.html": {
        "people": [
            person(WREN, role="admin"),
            person(MAREK, silenced=True),
            person(BRAM, domain="kiln.example", suspended=True),
        ],
        "q": "",
        "status": "",
    },
    "admin/account.html": {
        "person": person(MAREK),
        "members": [{"id": "3", "username": "wren", "role": "owner"}],
        "reports": REPORTS[1:],
        "log": _LOG,
    },
    "admin/judge.html": {
        "person": person(MAREK),
        "deed": {
            "verb": "delete-posts",
            "title": "Delete single posts?",
            "text": "They go for good, here and where they were sent.",
            "button": "Delete the posts",
            "is_end": False,
            "is_words": False,
        },
        "report_id": "1",
        "statuses": [LONG, COVERED],
        "chosen": [LONG["id"]],
        "has_mail": True,
        "presets": [(1, "Advertising"), (2, "m" * 100)],
        "preview": decision(),
    },
    "admin/presets.html": {
        "presets": [
            {"id": "1", "title": "Advertising", "text": "Please\nno advertising."},
            {"id": "2", "title": "m" * 100, "text": "m" * 400},
        ]
    },
    "admin/appeals.html": {
        "appeals": [
            decision(appeal=appeal(state), account=MAREK, by=by)
            for state, by in (("pending", WREN), ("approved", None), ("rejected", WREN))
        ],
        "decided": False,
    },
    "admin/domains.html": {
        "blocks": [_BLOCK, _BLOCK | {"id": 2, "domain": "spam.example", "severity": "suspend"}],
        "allowed": [{"id": "3", "domain": "friends.example", "created_at": _BLOCK["created_at"]}],
        "relays": [
            {"address": f"https://relay{n}.example/inbox", "state": state, "created_at": _BLOCK["created_at"]}
            for n, state in enumerate(("accepted", "rejected", "waiting"))
        ],
        "is_limited": False,
    },
    "admin/domain.html": {"block": _BLOCK | {"expires_at": "2026-12-24T18:00:00.000Z"}},
    "admin/domain_list.html": {
        "difference": {
            "new": [{"domain": "loud.example", "severity": "suspend", "comment": "Spam"}] * 2,
            "new_count": 402,
            "changed": [{"domain": f"{'m' * 63}.example", "severity": "silence", "comment": "m" * 200}],
            "changed_count": 1,
            "same": 12,
            "not_in_it": 1,
        },
        "problems": [{"line": 3, "sentence": "This is not a domain."}],
        "list": "#domain\r\nloud.example\r\n",
    },
    "admin/deliveries.html": {"servers": _SERVERS, "total": 158},
    "admin/servers.html": {"servers": _SERVERS, "q": "m" * 253},
    "admin/server.html": {
        "domain": "kiln.example",
        "server": _SERVERS[2],
        "block": _BLOCK,
        "counts_of": {"accounts": 1204, "followed": 31, "followers": 12, "reports": 2},
        "days": [iso(DAY * n) for n in range(27, -1, -1)],
        "statuses": [n * n % 37 for n in range(28)],
        "people": [
            {"acct": "bram@kiln.example", "followers": 1},
            {"acct": f"{'m' * 60}@kiln.example", "followers": 0},
        ],
    },
    "admin/settings.html": {
        "keys": all_keys(),
        "values": {key.name: getattr(SETTINGS, key.name) for key in all_keys()},
        "groups": SETTING_GROUPS,
    },
    "admin/appearance.html": {
        "keys": all_keys(),
        "values": {key.name: getattr(SETTINGS, key.name) for key in all_keys()},
        "groups": [group for group in SETTING_GROUPS if group[0] == APPEARANCE],
    },
    "admin/rules.html": {"rules": [rule | {"translations": "de: Sei freundlich | Immer."} for rule in RULES]},
    "admin/announcements.html": {
        "announcements": [
            {
                "id": str(number),
                "text": text,
                "ends_at": "2026-12-24T18:00",
                "created_at": iso(DAY * number),
                "is_over": number == 2,
            }
            for number, text in ((1, "The server pauses on Sunday from six to seven."), (2, "m" * 800))
        ]
    },
    "admin/roles.html": {"people": [person(WREN, role="admin"), person(MAREK, role="moderator")]},
    "admin/storage.html": {
        "sizes": {"database": 1_800_000_000, "media": 92_000_000_000},
        "copies": {"files": 12_408, "bytes": 4_100_000_000, "most_bytes": 5 << 30},
        "disk": {"free": 61 << 30, "whole": 200 << 30},
        "kept": {"how": "cache", "days": 30, "statuses_days": 90},
    },
    "admin/emoji.html": {
        "emoji": [_EMOJI, _EMOJI | {"id": "6", "shortcode": "m" * 128, "category": "m" * 50, "disabled": True}],
        "total": 2,
        "q": "",
        "categories": ["Birds"],
    },
    "admin/one_emoji.html": {"emoji": _EMOJI, "categories": ["Birds"]},
    "admin/maintenance.html": {
        "pauses": [pause(is_on=True), pause(id="8", text="", read_only=False, holds_deliveries=False)],
        "over": [pause(id="9", text="m" * 500), pause(id="10", text="")],
    },
    "admin/audit.html": {"log": _LOG * 5},
    "admin/invites.html": {"invites": INVITES},
}


def pages() -> dict[str, Sample]:
    made = {}
    for template, context in _ADMIN.items():
        name = template.removesuffix(".html").replace("/", "-").replace("_", "-")
        made[name] = (template, page(f"/{name}", reader()), context | {"counts": _COUNTS})
    template, _, context = made["admin-report"]
    untouched = {"report": REPORTS[0], "statuses": [], "gone": [], "notes": [], "others": []}
    made["admin-report-untouched"] = (template, page("/admin-report", reader()), context | untouched)
    template, _, context = made["admin-appearance"]
    own = site(icon=WREN["avatar"], small_icon=WREN["avatar"], banner=WREN["header"])
    wrong = {"errors": {"icon": "This is not a picture."}}
    made["admin-appearance-own"] = (template, page("/admin-appearance", reader(), site=own), context | wrong)
    return made
