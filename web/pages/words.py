"""Sentences for what has a code elsewhere: scopes, visibilities, notifications, actions of moderators."""

from typing import NamedTuple

from node.models import NotificationKind, Visibility
from web import languages


class Seen(NamedTuple):
    """A visibility, as people choose it."""

    icon: str
    name: str
    explanation: str


VISIBILITIES: dict[str, Seen] = {
    Visibility.PUBLIC: Seen("globe", "Public", "Everybody, on timelines and in search"),
    Visibility.UNLISTED: Seen("quiet", "Quiet public", "Everybody, but not on public timelines"),
    Visibility.PRIVATE: Seen("lock", "Followers only", "Your followers and those you mention"),
    Visibility.DIRECT: Seen("mail", "Only those mentioned", "A conversation"),
}

PORTABLE = {
    "follows": "Accounts that you follow",
    "followers": "Followers",
    "lists": "Lists",
    "blocks": "Blocked accounts",
    "mutes": "Muted accounts",
    "domain_blocks": "Hidden servers",
    "bookmarks": "Bookmarks",
    "filters": "Filters",
}
FILTER_ACTIONS = {"warn": "Behind a warning", "blur": "Without pictures", "hide": "Hidden"}
FILTER_CONTEXTS = {
    "home": "Home and lists",
    "notifications": "Notifications",
    "public": "Public timelines and hashtags",
    "thread": "Threads",
    "account": "Profiles",
}

_AREAS = {
    "accounts": "accounts and profile",
    "blocks": "blocked people and servers",
    "bookmarks": "bookmarks",
    "collections": "collections",
    "conversations": "conversations",
    "favourites": "favourites",
    "filters": "filters",
    "follows": "follows and followers",
    "lists": "lists",
    "media": "pictures",
    "mutes": "muted people",
    "notifications": "notifications",
    "reports": "reports",
    "search": "search",
    "statuses": "posts",
    "domain_allows": "allowed servers",
    "domain_blocks": "blocked servers",
    "ip_blocks": "blocked networks",
    "email_domain_blocks": "blocked e-mail providers",
    "canonical_email_blocks": "blocked e-mail addresses",
}
_WHOLE = {
    "profile": "See your name, handle and picture, and nothing else",
    "read": "See everything that you can see: posts, people, lists, notifications and settings",
    "write": "Act for you: post, follow, favourite, change your profile and your lists",
    "follow": "See and change whom you follow, mute and block",
    "push": "Send you notifications while the app is closed",
    "admin:read": "See all data of this server that you may see as its staff",
    "admin:write": "Moderate and administer this server for you",
}

# What people may be told of, as they choose it.
NOTIFICATIONS: dict[str, str] = {
    NotificationKind.MENTION: "Somebody writes to me or answers me",
    NotificationKind.QUOTE: "Somebody quotes me",
    NotificationKind.REBLOG: "Somebody boosts a post of mine",
    NotificationKind.FAVOURITE: "Somebody marks a post of mine as a favourite",
    NotificationKind.EMOJI_REACTION: "Somebody reacts to a post of mine with an emoji",
    NotificationKind.FOLLOW: "Somebody follows me",
    NotificationKind.FOLLOW_REQUEST: "Somebody asks to follow me",
    NotificationKind.PENDING_QUOTE: "Somebody asks to quote me",
    NotificationKind.PENDING_REPLY: "Somebody asks to answer me",
    NotificationKind.STATUS: "Somebody posts whose posts I want to be told of",
    NotificationKind.POLL: "A poll ends that I made or voted in",
    NotificationKind.UPDATE: "A post is changed that I boosted",
    NotificationKind.QUOTED_UPDATE: "A post is changed that I quoted",
    NotificationKind.ADDED_TO_COLLECTION: "Somebody puts me into a collection",
    NotificationKind.COLLECTION_UPDATE: "A collection is changed that I am in",
    NotificationKind.SIGN_UP: "Somebody signs up on this server",
    NotificationKind.REPORT: "Somebody reports somebody",
}

# What comes between who did it and to whom (node/services/moderation/audit.py).
_ACTIONS = {
    "add.announcement": "announced",
    "add.relay": "added the relay",
    "remove.relay": "removed the relay",
    "change.role": "changed the role of",
    "change.setting": "changed the setting",
    "create.account": "made the account",
    "delete.account": "deleted the account",
    "reset.password": "made a new password link for",
    "rotate.keys": "made new keys for",
}
_VERBS = {
    "add": "added",
    "allow": "allowed",
    "approve": "approved",
    "assign": "took on",
    "block": "set a rule for",
    "change": "changed",
    "create": "made",
    "delete": "deleted",
    "disallow": "took off the list of allowed servers",
    "disable": "stopped the sign-in of",
    "enable": "allowed the sign-in of",
    "move": "moved",
    "reject": "turned down",
    "rename": "changed the name of",
    "remove": "removed",
    "reopen": "opened again",
    "resolve": "resolved",
    "sensitize": "hid the pictures of",
    "silence": "limited",
    "suspend": "suspended",
    "unassign": "gave back",
    "unblock": "lifted the rule for",
    "unsensitize": "showed the pictures of",
    "unsilence": "lifted the limit of",
    "unsuspend": "lifted the suspension of",
}

# Why a quoted post is not shown.
QUOTE_STATES = {
    "pending": "The quoted post is shown once its author agrees.",
    "rejected": "The author of the quoted post does not want it to be shown here.",
    "revoked": "The author of the quoted post has taken it out.",
    "deleted": "The quoted post has been deleted.",
    "unauthorized": "The quoted post cannot be shown here.",
    "blocked_account": "It quotes somebody you block.",
    "blocked_domain": "It quotes somebody from a server that you hide.",
    "muted_account": "It quotes somebody you mute.",
}
# Who may, and how that is said of each of the four things one may do with a post.
_MAY = (
    ("public", "Anyone"),
    ("followers", "My followers"),
    ("manual", "Whoever I let, each time"),
    ("nobody", "Nobody"),
)
POLICIES = {
    "quote": ("Who may quote it", _MAY),
    "reply": ("Who may answer it", _MAY),
    "favourite": ("Who may mark it as a favourite", (*_MAY[:2], _MAY[3])),
    "reblog": ("Who may boost it", (*_MAY[:2], _MAY[3])),
}

SETTING_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What this server is", ("title", "short_description", "description", "languages", "hue", "status_url")),
    ("Staff and contact", ("contact_account", "contact_email")),
    ("Privacy and terms", ("privacy_policy", "terms")),
    (
        "Who may join",
        (
            "registrations", "reason_required", "email_required", "closed_message", "sign_ups_per_day", "invites_from",
            "reserved_names",
        ),
    ),
    ("Translation", ("translation_service", "translation_url", "translation_key")),
    ("Who sees what", ("public_timelines", "authorized_fetch", "limited_federation", "publish_blocks", "review_trends")),
    (
        "Posts",
        (
            "max_characters", "default_visibility", "max_media", "max_image_bytes", "max_film_bytes", "max_film_minutes",
            "max_description_characters", "max_poll_options", "max_poll_option_characters", "max_pins", "emoji_reactions",
        ),
    ),
    ("Profiles", ("max_display_name_characters", "max_note_characters", "max_fields", "max_field_characters")),
    (
        "How long things are kept",
        (
            "remote_media", "remote_media_gib", "least_free_gib", "media_days", "remote_statuses_days", "address_days",
        ),
    ),
)  # fmt: skip

LONG_SETTINGS = frozenset({"short_description", "description", "privacy_policy", "terms", "closed_message"})


_DEEDS = {
    "write:accounts": "Change your profile",
    "write:blocks": "Block and unblock people and servers for you",
    "write:bookmarks": "Keep and remove bookmarks for you",
    "write:conversations": "Mark your conversations as read, and remove them",
    "write:favourites": "Mark posts as favourites for you",
    "write:follows": "Follow and unfollow people for you",
    "write:media": "Upload pictures, video and sound for you",
    "write:notifications": "Dismiss your notifications",
    "write:reports": "Report people and posts for you",
    "write:statuses": "Post, edit, boost and delete for you",
}


def scope_sentence(scope: str) -> str:
    """What an app that holds `scope` can do."""
    if sentence := _WHOLE.get(scope) or _DEEDS.get(scope):
        return sentence
    verb, _, area = scope.removeprefix("admin:").partition(":")
    words = _AREAS.get(area, area.replace("_", " "))
    if scope.startswith("admin:"):
        return f"{'See' if verb == 'read' else 'Change'} {words} of this server, as its staff"
    return f"{'See' if verb == 'read' else 'Change'} your {words}"


def language_name(code: str) -> str:
    return languages.name_of(code)


def action_words(action: str) -> str:
    """`suspend.account` as the middle of a sentence."""
    if action in _ACTIONS:
        return _ACTIONS[action]
    verb, _, noun = action.partition(".")
    words = _VERBS.get(verb, verb.replace("_", " "))
    return words if noun in ("account", "domain", "user", "") else f"{words} the {noun.replace('_', ' ')}"
