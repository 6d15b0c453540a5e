"""Translation."""

from typing import Any

from federation.translation.posts import Translation


def translation_entity(translation: Translation) -> dict[str, Any]:
    body = translation.view.body
    poll = None
    if body.poll is not None:
        poll = {"id": str(body.poll.id), "options": [{"title": title} for title in translation.options]}
    return {
        "content": translation.content,
        "spoiler_text": translation.spoiler_text,
        "language": translation.language,
        "detected_source_language": translation.source,
        "provider": translation.provider,
        "poll": poll,
        "media_attachments": [
            {"id": str(media.id), "description": text}
            for media, text in zip(body.media, translation.descriptions, strict=True)
        ],
    }
