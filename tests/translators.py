"""Translation services on loopback. They translate by writing in capitals what is no markup."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from node.services.community import settings
from tests.factories import in_unit
from tests.federation.loopback import Peer

KEY = "a-key:fx"
_MARKUP = re.compile(r"(<[^>]*>|&[a-z0-9#]+;)")


def translated(html: str) -> str:
    return "".join(part if index % 2 else part.upper() for index, part in enumerate(_MARKUP.split(html)))


class Translator:
    """Answers as both services do; `questions` are those about texts."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.questions: list[dict[str, Any]] = []
        self.answer: Callable[[str], str] = translated
        known = [{"code": code, "name": code, "targets": ["en", "de", "nl"]} for code in ("en", "de", "nl")]
        self._on("/languages", lambda _: _json(known))
        self._on("/translate", self._libre)
        self._on("/v2/languages", self._deepl_languages)
        self._on("/v2/translate", self._deepl)

    def choose(self, service: str, **values: Any) -> None:
        with in_unit():
            url = self.peer.url("")
            change = {"translation_service": service, "translation_url": url, "translation_key": KEY}
            settings.change(change | values, None)

    def _on(self, path: str, answer: Callable[[web.Request], Awaitable[web.Response]]) -> None:
        self.peer.on(path, answer)

    async def _libre(self, request: web.Request) -> web.Response:
        question = await request.json()
        self.questions.append(question)
        if question["api_key"] != KEY:
            return web.Response(status=403)
        detected = [{"confidence": 90, "language": "nl"} for _ in question["q"]]
        answer = {"translatedText": [self.answer(text) for text in question["q"]]}
        return await _json(answer | ({"detectedLanguage": detected} if question["source"] == "auto" else {}))

    async def _deepl(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"DeepL-Auth-Key {KEY}":
            return web.Response(status=403)
        question = await request.json()
        self.questions.append(question)
        source = question.get("source_lang", "NL")
        return await _json(
            {
                "translations": [
                    {"text": self.answer(text), "detected_source_language": source} for text in question["text"]
                ]
            }
        )

    async def _deepl_languages(self, request: web.Request) -> web.Response:
        codes = ("EN-GB", "EN-US", "DE", "NL") if request.query["type"] == "target" else ("EN", "DE", "NL")
        return await _json([{"language": code, "name": code} for code in codes])


async def _json(value: Any) -> web.Response:
    return web.json_response(value)
