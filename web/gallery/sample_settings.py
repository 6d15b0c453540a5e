"""The pages of settings."""

from node.services.portability import exports
from node.services.statuses.auto_deletion import Count, Rule
from web.gallery.sample_entities import BRAM, DAY, HOUR, LIBRARY, MAREK, MONSTER, PETRA, SOCIETY, WREN, iso
from web.gallery.sample_pages import HOME_PAGE, LIKES, MEMBER, PLACES, Sample, page
from web.gallery.sample_posts import HOME, INVITES
from web.rendering import words
from web.rendering.environment import qr_svg

_OWN_ACCOUNT = WREN | {
    "source": {
        "note": "Tea.",
        "fields": [{"name": "Web", "value": "https://wren.example"}],
        "indexable": True,
        "hide_collections": False,
    }
}


_FILTER = {
    "id": "1",
    "title": "Breakfast",
    "context": ["home", "public"],
    "expires_at": iso(-DAY),
    "filter_action": "warn",
    "keywords": [{"id": "2", "keyword": "marmite", "whole_word": True}],
    "statuses": [{"id": "7", "status_id": "8"}],
    "is_over": False,
}
_OVER = _FILTER | {"id": "3", "title": "Old", "expires_at": iso(DAY), "is_over": True, "statuses": []}
_FILTER_FORM = {
    "filter": None,
    "words": [],
    "parts": [],
    "named": [],
    "durations": [(3600, "An hour"), (86_400, "A day")],
    "preview": None,
}


def _intake(state: str) -> dict[str, object]:
    return {
        "id": "1",
        "kind": "follows",
        "state": state,
        "replaces": state == "done",
        "file_name": "following_accounts.csv",
        "total": 40,
        "position": {"ready": 0, "running": 17, "done": 40}[state],
        "failed": 1,
        "removed": 2,
        "created_at": iso(HOUR),
    }


PORTABILITY = {
    "lists": [
        {"kind": str(kind), "file_name": known.file_name, "count": 3 * number}
        for number, (kind, known) in enumerate(exports.FORMATS.items())
    ],
    "kinds": [("follows", "Accounts that you follow"), ("filters", "Filters")],
    "intakes": [_intake("ready"), _intake("running"), _intake("done")],
    "archive": {
        "id": "1",
        "state": "ready",
        "is_there": True,
        "size_bytes": 12_345_678,
        "statuses": 512,
        "left_out": 1,
        "problem": "",
        "created_at": iso(DAY),
        "ends_at": iso(-6 * DAY),
    },
    "archive_again_at": iso(-6 * DAY),
    "restoration": {"state": "done", "problem": "", "restored": 310, "left_out": 41, "files_left_out": 2},
}
_MAKING = PORTABILITY | {"archive": {"id": "1", "state": "making", "is_there": False}}
_NO_ARCHIVE = PORTABILITY | {"archive": None, "archive_again_at": None, "intakes": [], "restoration": None}
_FAILURES = [{"line": 3, "problem": "There is no such account, or its server does not answer."}]


_NOTIFICATIONS = {
    "is_told": False,
    "kinds": list(words.NOTIFICATIONS.items()),
    "chosen": ["mention", "follow"],
    "policy": "all",
    "quiet_from": "",
    "quiet_until": "",
    "zone": "",
    "server_key": "BAAB",
    "others": 0,
    "letters": ["follow"],
    "has_address": True,
}


_ORGANISATION = {
    "organisation": SOCIETY,
    "people": [
        {"account": WREN, "role": "owner", "since": iso(90 * DAY)},
        {"account": MONSTER, "role": "editor", "since": iso(DAY)},
    ],
    "role": "owner",
    "home_id": WREN["id"],
    "invited": [{"id": "1", "account": PETRA, "role": "writer"}],
}
_DEEDS = [
    {"who": "wren", "text": "posted", "status_id": "77", "at": iso(HOUR)},
    {"who": "", "text": "invited @petra as Writer", "status_id": None, "at": iso(DAY)},
]


def pages() -> dict[str, Sample]:
    return {
        "settings-profile": (
            "settings/profile.html",
            HOME_PAGE,
            {
                "account": _OWN_ACCOUNT,
                "featured_tags": [{"id": "1", "name": "moorland"}, {"id": "2", "name": "birdsong"}],
                "suggested_tags": ["maps", "gorse"],
            },
        ),
        "settings": ("settings/index.html", HOME_PAGE, {}),
        "settings-privacy": (
            "settings/privacy.html",
            HOME_PAGE,
            {"account": _OWN_ACCOUNT, "feature": "followers", "unconfirmed": ["moor.example"]},
        ),
        "settings-interactions": (
            "settings/interactions.html",
            HOME_PAGE,
            {
                "preferences": LIKES,
                "hints": dict.fromkeys(("reply", "quote", "favourite", "reblog"), "What that means."),
            },
        ),
        "settings-appearance": ("settings/appearance.html", HOME_PAGE, {"preferences": LIKES}),
        "settings-posting": ("settings/posting.html", HOME_PAGE, {"preferences": LIKES}),
        "settings-account": (
            "settings/account.html",
            HOME_PAGE,
            {
                "user": {
                    "email": "wren@mail.example",
                    "unconfirmed_email": "w@new.example",
                    "created_at": iso(500 * DAY),
                },
                "errors": {"old_password": "This is not your password."},
            },
        ),
        "settings-moving": (
            "settings/moving.html",
            HOME_PAGE,
            {
                "name": {"username": "wren", "may_change_at": None},
                "aliases": [
                    {"uri": BRAM["uri"], "account": BRAM},
                    {"uri": "https://gone.example/u/1", "account": None},
                ],
                "moved": None,
                "may_move_at": None,
                "errors": {"handle": "There is no such account."},
            },
        ),
        "settings-notifications": ("settings/notifications.html", HOME_PAGE, _NOTIFICATIONS),
        "settings-notifications-on": (
            "settings/notifications.html",
            HOME_PAGE,
            _NOTIFICATIONS
            | {
                "is_told": True,
                "has_address": False,
                "others": 2,
                "quiet_from": "22:30",
                "errors": {"quiet_until": "Please give both times, like 22:30."},
            },
        ),
        "settings-deletion": (
            "settings/deletion.html",
            HOME_PAGE,
            {
                "enabled": True,
                "rule": Rule(min_favourites=5),
                "ages": [(7, "A week"), (14, "Two weeks")],
                "count": None,
            },
        ),
        "settings-deletion-counted": (
            "settings/deletion.html",
            HOME_PAGE,
            {
                "enabled": False,
                "rule": Rule(),
                "ages": [(7, "A week"), (14, "Two weeks")],
                "count": Count(312, 40),
                "errors": {"min_favourites": "This must be a number from 1 on."},
            },
        ),
        "settings-portability": ("settings/portability.html", HOME_PAGE, PORTABILITY),
        "settings-portability-making": ("settings/portability.html", HOME_PAGE, _MAKING),
        "settings-portability-new": ("settings/portability.html", HOME_PAGE, _NO_ARCHIVE),
        "settings-import": (
            "settings/intake.html",
            HOME_PAGE,
            {"intake": _intake("ready"), "preview": {"new": 38, "known": 1, "gone": 7}, "failures": []},
        ),
        **{
            f"settings-import-{state}": (
                "settings/intake.html",
                HOME_PAGE,
                {"intake": _intake(state), "preview": None, "failures": _FAILURES},
            )
            for state in ("running", "done")
        },
        "settings-moved": (
            "settings/moving.html",
            HOME_PAGE,
            {
                "name": {"username": "wren", "may_change_at": iso(-DAY)},
                "aliases": [],
                "moved": MAREK,
                "may_move_at": iso(-DAY),
            },
        ),
        "settings-sessions": (
            "settings/sessions.html",
            HOME_PAGE,
            {
                "sessions": [
                    {
                        "id": 1,
                        "agent": "Firefox on Linux",
                        "ip": "192.0.2.1",
                        "created_at": iso(DAY),
                        "seen_at": iso(),
                        "current": True,
                    },
                    {
                        "id": 2,
                        "agent": "Safari on iPhone",
                        "ip": "2001:db8::1",
                        "created_at": iso(9 * DAY),
                        "seen_at": iso(2 * DAY),
                        "current": False,
                    },
                ]
            },
        ),
        "settings-two-factor": (
            "settings/two_factor.html",
            HOME_PAGE,
            {"enabled": False, "codes_left": 0, "enrolment": None},
        ),
        "settings-two-factor-begin": (
            "settings/two_factor.html",
            HOME_PAGE,
            {
                "enabled": False,
                "codes_left": 0,
                "enrolment": {
                    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                    "qr": qr_svg(
                        "otpauth://totp/whinmoor.example:wren?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=whinmoor.example"
                    ),
                },
            },
        ),
        "settings-two-factor-on": (
            "settings/two_factor.html",
            HOME_PAGE,
            {"enabled": True, "codes_left": 8, "enrolment": None},
        ),
        "settings-recovery-codes": (
            "settings/recovery_codes.html",
            HOME_PAGE,
            {"codes": ["abcd-efgh-ijkl-mnop"] * 10},
        ),
        "settings-passkeys": (
            "settings/passkeys.html",
            HOME_PAGE,
            {
                "passkeys": [
                    {"id": "2", "name": "My telephone", "created_at": iso(DAY), "used_at": iso(HOUR)},
                    {"id": "1", "name": "A key on my ring", "created_at": iso(9 * DAY), "used_at": None},
                ],
                "options": "",
                "most": 20,
            },
        ),
        "settings-passkeys-making": (
            "settings/passkeys.html",
            HOME_PAGE,
            {"passkeys": [], "options": "{}", "most": 20},
        ),
        "settings-apps": (
            "settings/apps.html",
            HOME_PAGE,
            {
                "apps": [
                    {
                        "id": 1,
                        "name": "Tusky",
                        "website": "",
                        "scopes": ["read", "write", "push"],
                        "created_at": iso(9 * DAY),
                        "used_at": iso(HOUR),
                    },
                    {
                        "id": 2,
                        "name": "My weather station",
                        "website": "",
                        "scopes": ["write:statuses"],
                        "created_at": iso(DAY),
                        "used_at": None,
                    },
                ],
                "offered": [
                    ("read", ["read:accounts", "read:statuses"]),
                    ("write", ["write:statuses"]),
                    ("push", []),
                ],
                "chosen": ["write:statuses"],
                "errors": {"scopes": "Please choose what it may do."},
            },
        ),
        "settings-no-apps": (
            "settings/apps.html",
            HOME_PAGE,
            {"apps": [], "offered": [("read", ["read:accounts"]), ("push", [])], "chosen": ["read"]},
        ),
        "settings-token": ("settings/token.html", HOME_PAGE, {"name": "My weather station", "token": "a1B2c3" * 7}),
        "settings-organisations": (
            "settings/organisations.html",
            HOME_PAGE,
            {
                "accounts": PLACES,
                "invited": [{"id": "1", "account": LIBRARY, "role": "writer"}],
                "may_make": True,
                "errors": {"username": "This name is taken. Choose another one."},
            },
        ),
        "settings-organisation": (
            "settings/organisation.html",
            page("/settings/organisations/8", MEMBER),
            _ORGANISATION,
        ),
        "settings-organisation-member": (
            "settings/organisation.html",
            HOME_PAGE,
            _ORGANISATION | {"role": "writer", "invited": []},
        ),
        "settings-organisation-log": (
            "settings/organisation_log.html",
            HOME_PAGE,
            {"organisation": SOCIETY, "role": "editor", "deeds": _DEEDS},
        ),
        "settings-switching": ("settings/index.html", page("/settings", MEMBER), {}),
        "settings-invites": ("settings/invites.html", HOME_PAGE, {"invites": INVITES, "allowed": True}),
        "settings-filters": ("settings/filters.html", HOME_PAGE, {"filters": [_FILTER, _OVER]}),
        "settings-no-filters": ("settings/filters.html", HOME_PAGE, {"filters": []}),
        "settings-filter-new": (
            "settings/filter.html",
            HOME_PAGE,
            _FILTER_FORM
            | {
                "form": {"title": "", "words": "a\nb", "context": ["home"], "filter_action": "hide"},
                "errors": {"title": "This can't be blank.", "context": "Wrong.", "keyword": "Too long."},
            },
        ),
        "settings-filter": (
            "settings/filter.html",
            HOME_PAGE,
            _FILTER_FORM
            | {
                "filter": _FILTER,
                "words": ["marmite", "yeast extract"],
                "named": [HOME[0] | {"row": "7"}],
                "preview": {"looked_at": 340, "matched": 12, "statuses": HOME[:2]},
            },
        ),
        "filter-post": ("filter_post.html", HOME_PAGE, {"status": HOME[0], "filters": [_FILTER]}),
        "settings-hidden": (
            "settings/hidden.html",
            HOME_PAGE,
            {"muted": [MAREK | {"mute_expires_at": iso(-DAY)}], "blocked": [BRAM], "domains": ["loud.example"]},
        ),
    }
