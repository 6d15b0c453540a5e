"""DeepL: https://developers.deepl.com/docs"""

import msgspec

from federation.http.door import Door
from federation.translated import Answer, Languages
from federation.translation.service import Account, Question, Service, ask, parsed, read

_ADDRESS, _ADDRESS_OF_FREE = "https://api.deepl.com", "https://api-free.deepl.com"
_MARK_OF_FREE = ":fx"  # at the end of a key

# Into these it only translates by region; whoever does not say which gets these.
_REGIONS = {"en": "EN-US", "pt": "PT-PT"}


class _Piece(msgspec.Struct):
    text: str
    detected_source_language: str


class _Translated(msgspec.Struct):
    translations: list[_Piece]


class _Language(msgspec.Struct):
    language: str


async def _translate(door: Door, account: Account, question: Question) -> Answer:
    asked = {
        "text": question.pieces,
        "target_lang": _REGIONS.get(question.target, question.target.upper()),
        "tag_handling": "html",
    }
    if question.source is not None:
        asked["source_lang"] = question.source.upper()
    pieces = parsed(await ask(door, f"{_address(account)}/v2/translate", asked, _proof(account)), _Translated)
    source = next((one.detected_source_language.lower() for one in pieces.translations), question.source or "")
    return Answer(tuple(one.text for one in pieces.translations), source)


async def _languages(door: Door, account: Account) -> Languages:
    sources = await _codes(door, account, "source")
    targets = await _codes(door, account, "target")
    targets |= {code.partition("-")[0] for code in targets}
    return {code: targets - {code} for code in sources}


async def _codes(door: Door, account: Account, kind: str) -> frozenset[str]:
    answer = await read(door, f"{_address(account)}/v2/languages?type={kind}", _proof(account))
    return frozenset(one.language.lower() for one in parsed(answer, list[_Language]))


def _address(account: Account) -> str:
    return account.url or (_ADDRESS_OF_FREE if account.key.endswith(_MARK_OF_FREE) else _ADDRESS)


def _proof(account: Account) -> dict[str, str]:
    return {"Authorization": f"DeepL-Auth-Key {account.key}"}


SERVICE = Service("DeepL", _translate, _languages)
