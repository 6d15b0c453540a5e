"""Signing up and in, and what apps ask."""

from node.services.community.settings import Registrations
from web.gallery.sample_entities import RULES, TOMAS, WREN
from web.gallery.sample_pages import MEMBER, Sample, page, reader, site

_APP = {"name": "Tusky", "website": "https://tusky.example"}
_ASKED = '{"challenge":"YQ","userVerification":"required"}'
_SIGN_UP = {
    "rules": RULES,
    "reason_required": True,
    "email_required": False,
    "min_age": 0,
    "closed_message": "",
    "invite_code": "",
    "inviter": None,
}


def pages() -> dict[str, Sample]:
    return {
        "interact": (
            "interact.html",
            page("/interact"),
            {"account": TOMAS, "status": None, "form": {"uri": TOMAS["uri"], "kind": "follow"}},
        ),
        "sign-up": ("sign_up.html", page("/auth/sign-up"), _SIGN_UP),
        "sign-up-errors": (
            "sign_up.html",
            page("/auth/sign-up"),
            _SIGN_UP
            | {
                "form": {"username": "admin", "email": "x"},
                "errors": {
                    "username": "This name is kept for the node itself. Choose another one.",
                    "email": "This is no address.",
                },
            },
        ),
        "sign-up-open": (
            "sign_up.html",
            page("/auth/sign-up", site=site(registrations=Registrations.OPEN)),
            _SIGN_UP | {"min_age": 16},
        ),
        "sign-up-closed": (
            "sign_up.html",
            page("/auth/sign-up", site=site(registrations=Registrations.CLOSED)),
            _SIGN_UP | {"closed_message": "<p>We are full. Try a neighbour.</p>"},
        ),
        "sign-up-invite": (
            "sign_up.html",
            page("/auth/sign-up", site=site(registrations=Registrations.INVITE)),
            _SIGN_UP,
        ),
        "sign-up-invited": (
            "sign_up.html",
            page("/invite/abc", site=site(registrations=Registrations.INVITE)),
            _SIGN_UP | {"invite_code": "abc", "inviter": WREN},
        ),
        "sign-in": ("sign_in.html", page("/auth/sign-in"), {"next": "/home", "app": None, "passkey_options": _ASKED}),
        "sign-in-error": (
            "sign_in.html",
            page("/auth/sign-in"),
            {
                "next": "",
                "app": _APP,
                "passkey_options": _ASKED,
                "errors": {"": "The name or the password is wrong."},
                "form": {"login": "wren"},
            },
        ),
        "second-factor": (
            "second_factor.html",
            page("/auth/second-factor"),
            {
                "next": "/home",
                "passkey_options": _ASKED,
                "errors": {"code": "This code is not right, or it was used already."},
            },
        ),
        "forgotten": ("forgotten.html", page("/auth/forgotten"), {}),
        "forgotten-no-mail": (
            "forgotten.html",
            page("/auth/forgotten", site=site(sends_mail=False, contact_account="wren")),
            {},
        ),
        "reset-password": ("reset_password.html", page("/auth/reset-password/t"), {}),
        "first-admin": ("first_admin.html", page("/auth/first-admin/t"), {}),
        "message": (
            "message.html",
            page("/auth/sign-up"),
            {
                "title": "Thank you",
                "text": "Your request was sent. Somebody of the staff reads it.",
                "link": ("/about", "Back"),
                "icon_name": "clock",
            },
        ),
        "offline": ("offline.html", page("/offline"), {}),
        "consent": (
            "consent.html",
            page("/oauth/authorize", reader()),
            {
                "app": _APP,
                "scopes": ["read", "write:statuses", "admin:read"],
                "redirect_host": "tusky.example",
                "hidden": {"client_id": "1"},
            },
        ),
        "consent-member": (
            "consent.html",
            page("/oauth/authorize", MEMBER),
            {"app": _APP, "scopes": ["read"], "redirect_host": "", "hidden": {"client_id": "1"}},
        ),
        "oob": (
            "oob.html",
            page("/oauth/authorize", reader()),
            {"app": _APP, "authorization_code": "3f9c-2b1d-77ae"},
        ),
    }
