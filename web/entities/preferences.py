"""Preferences."""

from typing import Any

from node.services.access.preferences import Preferences
from web.entities.approval import quote_policy


def preferences_entity(preferences: Preferences) -> dict[str, Any]:
    return {
        "posting:default:visibility": str(preferences.visibility),
        "posting:default:sensitive": preferences.posting_sensitive,
        "posting:default:language": preferences.posting_language,
        "posting:default:quote_policy": quote_policy(preferences),
        "reading:expand:media": str(preferences.reading_expand_media),
        "reading:expand:spoilers": preferences.reading_expand_spoilers,
        "reading:autoplay:gifs": preferences.reading_autoplay_gifs,
    }
