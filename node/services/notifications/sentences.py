"""What a notification says in one sentence, where there is no page around it."""

from node.models import NotificationKind

_SENTENCES: dict[str, str] = {
    NotificationKind.MENTION: "{} wrote to you",
    NotificationKind.STATUS: "{} posted",
    NotificationKind.REBLOG: "{} boosted your post",
    NotificationKind.FOLLOW: "{} follows you",
    NotificationKind.FOLLOW_REQUEST: "{} asks to follow you",
    NotificationKind.FAVOURITE: "{} marked your post as a favourite",
    NotificationKind.EMOJI_REACTION: "{} reacted to your post",
    NotificationKind.POLL: "A poll by {} has ended",
    NotificationKind.UPDATE: "{} changed a post",
    NotificationKind.QUOTE: "{} quoted you",
    NotificationKind.SIGN_UP: "{} signed up",
    NotificationKind.REPORT: "{} reported somebody",
}


def sentence(kind: str, name: str) -> str:
    return _SENTENCES.get(kind, "News of {}").format(name)
