"""Sentences for what has a code elsewhere: scopes, visibilities, notifications, actions of moderators."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from node.models import NotificationKind, Visibility
from node.services.timelines.kinds import Kind
from node.speech import said, say
from web import languages


class Seen(NamedTuple):
    """A visibility, as people choose it."""

    icon: str
    name: str
    explanation: str


VISIBILITIES: dict[str, Seen] = {
    Visibility.PUBLIC: Seen("globe", said("Public"), said("Everybody, on timelines and in search")),
    Visibility.UNLISTED: Seen("quiet", said("Quiet public"), said("Everybody, but not on public timelines")),
    Visibility.PRIVATE: Seen("lock", said("Followers only"), said("Your followers and those you mention")),
    Visibility.DIRECT: Seen("mail", said("Only those mentioned"), said("A conversation")),
}

HOME_KINDS = {
    Kind.LISTS: said("Lists"),
    Kind.THREADS: said("Threads"),
    Kind.BOOSTS: said("Boosts"),
    Kind.LINKS: said("Links"),
    Kind.PICTURES: said("Pictures"),
}
PORTABLE = {
    "follows": said("Accounts that you follow"),
    "followers": said("Followers"),
    "lists": said("Lists"),
    "blocks": said("Blocked accounts"),
    "mutes": said("Muted accounts"),
    "domain_blocks": said("Hidden servers"),
    "bookmarks": said("Bookmarks"),
    "filters": said("Filters"),
}
FILTER_ACTIONS = {"warn": said("Behind a warning"), "blur": said("Without pictures"), "hide": said("Hidden")}
FILTER_CONTEXTS = {
    "home": said("Home and lists"),
    "notifications": said("Notifications"),
    "public": said("Public timelines and hashtags"),
    "thread": said("Threads"),
    "account": said("Profiles"),
}

_AREAS = {
    "accounts": said("accounts and profile"),
    "blocks": said("blocked people and servers"),
    "bookmarks": said("bookmarks"),
    "collections": said("collections"),
    "conversations": said("conversations"),
    "favourites": said("favourites"),
    "filters": said("filters"),
    "follows": said("follows and followers"),
    "lists": said("lists"),
    "media": said("pictures"),
    "mutes": said("muted people"),
    "notifications": said("notifications"),
    "reports": said("reports"),
    "search": said("search"),
    "statuses": said("posts"),
    "domain_allows": said("allowed servers"),
    "domain_blocks": said("blocked servers"),
    "ip_blocks": said("blocked networks"),
    "email_domain_blocks": said("blocked e-mail providers"),
    "canonical_email_blocks": said("blocked e-mail addresses"),
}
_WHOLE = {
    "profile": said("See your name, handle and picture, and nothing else"),
    "read": said("See everything that you can see: posts, people, lists, notifications and settings"),
    "write": said("Act for you: post, follow, favourite, change your profile and your lists"),
    "follow": said("See and change whom you follow, mute and block"),
    "push": said("Send you notifications while the app is closed"),
    "admin:read": said("See all data of this server that you may see as its staff"),
    "admin:write": said("Moderate and administer this server for you"),
}

# What people may be told of, as they choose it.
NOTIFICATIONS: dict[str, str] = {
    NotificationKind.MENTION: said("Somebody writes to me or answers me"),
    NotificationKind.QUOTE: said("Somebody quotes me"),
    NotificationKind.REBLOG: said("Somebody boosts a post of mine"),
    NotificationKind.FAVOURITE: said("Somebody marks a post of mine as a favourite"),
    NotificationKind.EMOJI_REACTION: said("Somebody reacts to a post of mine with an emoji"),
    NotificationKind.FOLLOW: said("Somebody follows me"),
    NotificationKind.FOLLOW_REQUEST: said("Somebody asks to follow me"),
    NotificationKind.PENDING_QUOTE: said("Somebody asks to quote me"),
    NotificationKind.PENDING_REPLY: said("Somebody asks to answer me"),
    NotificationKind.STATUS: said("Somebody posts whose posts I want to be told of"),
    NotificationKind.POLL: said("A poll ends that I made or voted in"),
    NotificationKind.UPDATE: said("A post is changed that I boosted"),
    NotificationKind.QUOTED_UPDATE: said("A post is changed that I quoted"),
    NotificationKind.ADDED_TO_COLLECTION: said("Somebody puts me into a collection"),
    NotificationKind.COLLECTION_UPDATE: said("A collection is changed that I am in"),
    NotificationKind.INVITATION: said("An organisation asks me to become a member"),
    NotificationKind.MODERATION_WARNING: said("The staff of this server decides something about me"),
    NotificationKind.SEVERED_RELATIONSHIPS: said("Follows of mine end without my doing"),
    NotificationKind.SIGN_UP: said("Somebody signs up on this server"),
    NotificationKind.REPORT: said("Somebody reports somebody"),
}

# What comes between who did it and to whom (node/services/moderation/audit.py).
_ACTIONS = {
    "delete.statuses": said("deleted posts of"),
    "sensitize.statuses": said("put a warning before pictures of"),
    "unsensitize.statuses": said("took the warning from pictures of"),
    "grant.appeal": said("granted the objection of"),
    "refuse.appeal": said("refused the objection of"),
    "add.announcement": said("announced"),
    "add.relay": said("added the relay"),
    "remove.relay": said("removed the relay"),
    "change.role": said("changed the role of"),
    "change.banner": said("changed the banner of"),
    "change.icon": said("changed the icon of"),
    "change.setting": said("changed the setting"),
    "create.account": said("made the account"),
    "delete.account": said("deleted the account"),
    "remove.banner": said("removed the banner of"),
    "remove.icon": said("removed the icon of"),
    "reset.password": said("made a new password link for"),
    "rotate.keys": said("made new keys for"),
}
_VERBS = {
    "add": said("added"),
    "allow": said("allowed"),
    "approve": said("approved"),
    "assign": said("took on"),
    "block": said("set a rule for"),
    "change": said("changed"),
    "create": said("made"),
    "delete": said("deleted"),
    "disallow": said("took off the list of allowed servers"),
    "disable": said("stopped the sign-in of"),
    "enable": said("allowed the sign-in of"),
    "end": said("ended"),
    "move": said("moved"),
    "note": said("noted about"),
    "plan": said("planned"),
    "reject": said("turned down"),
    "rename": said("changed the name of"),
    "remove": said("removed"),
    "reopen": said("opened again"),
    "resolve": said("resolved"),
    "sensitize": said("hid the pictures of"),
    "silence": said("limited"),
    "suspend": said("suspended"),
    "unassign": said("gave back"),
    "unblock": said("lifted the rule for"),
    "unsensitize": said("showed the pictures of"),
    "unsilence": said("lifted the limit of"),
    "unsuspend": said("lifted the suspension of"),
    "warn": said("wrote to"),
}
_THINGS = {
    "announcement": said("announcement"),
    "deliveries": said("deliveries to"),
    "email_domain": said("e-mail provider"),
    "email": said("e-mail address"),
    "emoji": said("emoji"),
    "ip": said("network"),
    "maintenance": said("maintenance"),
    "report": said("report"),
    "rule": said("rule"),
    "copies": said("copies of files:"),
    "trend": said("trend"),
    "warning_preset": said("wording"),
}

# What is wrong with what is reported.
CATEGORIES = {
    "spam": said("Spam"),
    "violation": said("It breaks a rule of this server"),
    "legal": said("It is against the law"),
    "other": said("Something else"),
}

# Why a quoted post is not shown.
QUOTE_STATES = {
    "pending": said("The quoted post is shown once its author agrees."),
    "rejected": said("The author of the quoted post does not want it to be shown here."),
    "revoked": said("The author of the quoted post has taken it out."),
    "deleted": said("The quoted post has been deleted."),
    "unauthorized": said("The quoted post cannot be shown here."),
    "blocked_account": said("It quotes somebody you block."),
    "blocked_domain": said("It quotes somebody from a server that you hide."),
    "muted_account": said("It quotes somebody you mute."),
}
# Who may, and how that is said of each of the four things one may do with a post.
_MAY = (
    ("public", said("Anyone")),
    ("followers", said("My followers")),
    ("manual", said("Whoever I let, each time")),
    ("nobody", said("Nobody")),
)
POLICIES = {
    "quote": (said("Who may quote it"), _MAY),
    "reply": (said("Who may answer it"), _MAY),
    "favourite": (said("Who may mark it as a favourite"), (*_MAY[:2], _MAY[3])),
    "reblog": (said("Who may boost it"), (*_MAY[:2], _MAY[3])),
}

APPEARANCE = said("Appearance")
SETTING_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (said("What this server is"), ("title", "short_description", "description", "languages", "status_url")),
    (APPEARANCE, ("hue", "custom_css")),
    (said("Staff and contact"), ("contact_account", "contact_email")),
    (said("Privacy and terms"), ("privacy_policy", "terms")),
    (
        said("Who may join"),
        (
            "registrations", "reason_required", "email_required", "min_age", "closed_message", "sign_ups_per_day",
            "invites_from", "organisations_from", "reserved_names",
        ),
    ),
    (said("Translation"), ("translation_service", "translation_url", "translation_key")),
    (
        said("Who sees what"),
        ("public_timelines", "authorized_fetch", "limited_federation", "publish_blocks", "review_trends"),
    ),
    (
        said("Posts"),
        (
            "max_characters", "default_visibility", "max_media", "max_image_bytes", "max_film_bytes", "max_film_minutes",
            "max_description_characters", "max_poll_options", "max_poll_option_characters", "max_pins", "emoji_reactions",
        ),
    ),
    (said("Profiles"), ("max_display_name_characters", "max_note_characters", "max_fields", "max_field_characters")),
    (
        said("How long things are kept"),
        (
            "remote_media", "remote_media_gib", "least_free_gib", "media_days", "remote_statuses_days", "address_days",
        ),
    ),
)  # fmt: skip

LONG_SETTINGS = frozenset(
    {"short_description", "description", "privacy_policy", "terms", "closed_message", "custom_css"}
)


_DEEDS = {
    "write:accounts": said("Change your profile"),
    "write:blocks": said("Block and unblock people and servers for you"),
    "write:bookmarks": said("Keep and remove bookmarks for you"),
    "write:conversations": said("Mark your conversations as read, and remove them"),
    "write:favourites": said("Mark posts as favourites for you"),
    "write:follows": said("Follow and unfollow people for you"),
    "write:media": said("Upload pictures, video and sound for you"),
    "write:notifications": said("Dismiss your notifications"),
    "write:reports": said("Report people and posts for you"),
    "write:statuses": said("Post, edit, boost and delete for you"),
}


def scope_sentence(scope: str) -> str:
    """What an app that holds `scope` can do."""
    if sentence := _WHOLE.get(scope) or _DEEDS.get(scope):
        return say(sentence)
    verb, _, area = scope.removeprefix("admin:").partition(":")
    things = say(_AREAS.get(area, area.replace("_", " ")))
    if scope.startswith("admin:"):
        if verb == "read":
            return say("See %(things)s of this server, as its staff", things=things)
        return say("Change %(things)s of this server, as its staff", things=things)
    return (
        say("See your %(things)s", things=things) if verb == "read" else say("Change your %(things)s", things=things)
    )


def said_choices(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """For a `select`: each value with its words in the reader's language."""
    return [(value, say(words)) for value, words in choices]


def language_name(code: str) -> str:
    return languages.name_of(code)


def action_words(action: str) -> str:
    """`suspend.account` as the middle of a sentence."""
    if action in _ACTIONS:
        return say(_ACTIONS[action])
    verb, _, noun = action.partition(".")
    words = say(_VERBS.get(verb, verb.replace("_", " ")))
    if noun in ("account", "domain", "user", ""):
        return words
    return say("%(did)s the %(thing)s", did=words, thing=say(_THINGS.get(noun, noun.replace("_", " "))))
