"""LibreTranslate, which a community can run itself: https://docs.libretranslate.com"""

import msgspec

from federation.errors import BadDocument
from federation.http.door import Door
from federation.translated import Answer, Languages
from federation.translation.service import Account, Question, Service, ask, parsed, read


class _Detected(msgspec.Struct):
    language: str


class _Translated(msgspec.Struct, rename="camel"):
    translated_text: list[str]
    detected_language: list[_Detected] = []


class _Language(msgspec.Struct):
    code: str
    targets: list[str] | None = None  # older versions say nothing: any of the others


async def _translate(door: Door, account: Account, question: Question) -> Answer:
    asked = {
        "q": question.pieces,
        "source": question.source or "auto",
        "target": question.target,
        "format": "html",
        "api_key": account.key,
    }
    answer = parsed(await ask(door, f"{account.url}/translate", asked, {}), _Translated)
    source = question.source or next((one.language for one in answer.detected_language), None)
    if source is None:
        raise BadDocument("The translation service does not say which language it found.")
    return Answer(tuple(answer.translated_text), source)


async def _languages(door: Door, account: Account) -> Languages:
    known = parsed(await read(door, f"{account.url}/languages", {}), list[_Language])
    codes = frozenset(one.code for one in known)
    return {one.code: (codes if one.targets is None else frozenset(one.targets)) - {one.code} for one in known}


SERVICE = Service("LibreTranslate", _translate, _languages)
