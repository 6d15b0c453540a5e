"""What a notification says in one sentence, where there is no page around it."""

from node.models import NotificationKind
from node.speech import said

_SENTENCES: dict[str, str] = {
    NotificationKind.MENTION: said("%(name)s wrote to you"),
    NotificationKind.STATUS: said("%(name)s posted"),
    NotificationKind.REBLOG: said("%(name)s boosted your post"),
    NotificationKind.FOLLOW: said("%(name)s follows you"),
    NotificationKind.FOLLOW_REQUEST: said("%(name)s asks to follow you"),
    NotificationKind.FAVOURITE: said("%(name)s marked your post as a favourite"),
    NotificationKind.EMOJI_REACTION: said("%(name)s reacted to your post"),
    NotificationKind.POLL: said("A poll by %(name)s has ended"),
    NotificationKind.UPDATE: said("%(name)s changed a post"),
    NotificationKind.QUOTE: said("%(name)s quoted you"),
    NotificationKind.QUOTED_UPDATE: said("%(name)s changed a post that you quoted"),
    NotificationKind.PENDING_QUOTE: said("%(name)s asks to quote your post"),
    NotificationKind.PENDING_REPLY: said("%(name)s asks to answer your post"),
    NotificationKind.ADDED_TO_COLLECTION: said("%(name)s added you to a collection"),
    NotificationKind.COLLECTION_UPDATE: said("%(name)s changed a collection that you are in"),
    NotificationKind.INVITATION: said("%(name)s asks you to become a member"),
    NotificationKind.SIGN_UP: said("%(name)s signed up"),
    NotificationKind.REPORT: said("%(name)s reported somebody"),
    NotificationKind.MODERATION_WARNING: said("The staff of this server decided something about you"),
    NotificationKind.SEVERED_RELATIONSHIPS: said("Follows of yours have ended without your doing"),
}
_ANY = said("News of %(name)s")
# For apps that know no more of it.
NOT_SHOWN = said("Your app does not show this yet.")
ON_PAGES = said("See it on the website.")


def sentence(kind: str, name: str) -> str:
    """In English, that knows how to be said otherwise (node/speech.py)."""
    return said(_SENTENCES.get(kind) or _ANY, name=name)
