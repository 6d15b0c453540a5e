"""What Mastodon says where we say it otherwise: apps and bots look for its sentences, to try again, to cut, to translate.

Pages go on saying ours, which tell more. Seen to be looked for: "Text can't be blank", "character limit of 500 exceeded",
"is too long (maximum is 1500 characters)", and, letter by letter, the sentence about files that are not finished.
"""

from node.services.accounts import endorsements, featured_tags, local
from node.services.community import announcements
from node.services.interactions import pins
from node.services.relationships import lists
from node.services.statuses import drafts, media, scheduled
from node.speech import Said

_FAILED = "Validation failed: "
# By our sentence. What Mastodon refuses before it validates has no such beginning.
_WORDS = {
    drafts.EMPTY: f"{_FAILED}Text can't be blank",
    drafts.TOO_LONG: f"{_FAILED}Text character limit of %(limit)s exceeded",
    drafts.MANY_FILES: "Cannot attach more than %(limit)s files",
    drafts.UNFINISHED_FILES: drafts.UNFINISHED_FILES,
    media.LONG_DESCRIPTION: f"{_FAILED}Description is too long (maximum is %(limit)s characters)",
    scheduled.TOO_SOON: f"{_FAILED}Scheduled at date must be in the future",
    scheduled.TOO_MANY: f"{_FAILED}You have exceeded the limit of %(most)s scheduled posts",
    pins.NO_DIRECT: f"{_FAILED}Posts that are only visible to mentioned users cannot be pinned",
    pins.TOO_MANY: f"{_FAILED}You have already pinned the maximum number of posts",
    lists.TOO_MANY: f"{_FAILED}You have reached the maximum number of lists",
    featured_tags.TOO_MANY: f"{_FAILED}You have already featured the maximum number of hashtags",
    endorsements.NOT_FOLLOWED: f"{_FAILED}You must be already following the person you want to endorse",
    announcements.UNKNOWN_EMOJI: f"{_FAILED}Name is not a recognized emoji",
    announcements.MANY_REACTIONS: f"{_FAILED}Limit of different reactions reached",
    local.NAME_TAKEN: f"{_FAILED}Username has already been taken",
}


def refusal(sentence: str) -> str:
    """Why something is refused, as apps are told."""
    msgid, values = (sentence.msgid, sentence.values) if isinstance(sentence, Said) else (sentence, {})
    known = _WORDS.get(msgid)
    if known is not None:
        return known % values if values else known
    return str(sentence) if sentence.startswith(_FAILED) else f"{_FAILED}{sentence}"
