"""A post in another language: asked for once, remembered for a day, by its version."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Final

import structlog

from federation.context import Federation
from federation.errors import BadDocument, BadStatus, FetchError
from federation.translated import Answer, Languages
from federation.translation import deepl, libretranslate
from federation.translation.service import Account, Question, Service
from node import store
from node.errors import Forbidden, Invalid, Unavailable
from node.models.access import OPEN
from node.services.community import settings
from node.services.community.settings import Settings, Translator
from node.services.statuses import loading
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from node.text.plain import plain_text
from node.text.sanitize import sanitize

log = structlog.get_logger()

# All of its pieces together; services charge by the character.
MOST_CHARS: Final = 20_000

_SERVICES: Mapping[Translator, Service] = {
    Translator.LIBRETRANSLATE: libretranslate.SERVICE,
    Translator.DEEPL: deepl.SERVICE,
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}", re.ASCII)
_REASONS = {
    429: "The translation service is asked too much just now. Please try again in a minute.",
    456: "This server has used up what the translation service does for it. Please try again another day.",
}
_FAILED = "The translation service does not work just now. Please try again later."


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Sanitised. Choices and descriptions in the order of the post's own."""

    view: StatusView
    language: str
    source: str
    provider: str
    content: str
    spoiler_text: str
    options: tuple[str, ...]
    descriptions: tuple[str, ...]


async def languages(fed: Federation) -> Languages:
    """Nothing where nobody translates. Unavailable while the service cannot be asked."""
    current = settings.current()
    service = _SERVICES.get(current.translation_service)
    return {} if service is None else await _known_languages(fed, service, _account(current))


async def translate(fed: Federation, reader_id: int, status_id: int, language: str) -> Translation:
    """NotFound for what the reader may not read; Forbidden for what is not public.

    Unavailable where nobody translates, and while the service does not work.
    """
    version, view = await store.read(_load, reader_id, status_id)
    current = settings.current()
    service = _SERVICES.get(current.translation_service)
    if service is None:
        raise Unavailable("Posts are not translated here.")
    if view.body.visibility not in OPEN or view.body.local_only:
        raise Forbidden("Only public posts can be translated.")
    account = _account(current)
    source, target = _direction(await _known_languages(fed, service, account), view.body.language, language)
    pieces = _pieces(view)
    if sum(map(len, pieces)) > MOST_CHARS:
        raise Invalid("This post is too long to be translated.")
    key = f"{hash(account)} {view.id} {version} {target}"
    answer = fed.translated.answers.get(key)
    if answer is None:
        question = Question(pieces, source, target)
        answer = await _asked(fed, key, service, account, question)
    return _put_together(view, service.provider, target, answer)


def _load(reader_id: int, status_id: int) -> tuple[int, StatusView]:
    status = loading.get_original(reader_id, status_id)
    return status.version, status_view.one(reader_id, status.id)


def _account(current: Settings) -> Account:
    return Account(current.translation_url.rstrip("/"), current.translation_key)


def _direction(known: Languages, language: str | None, wanted: str) -> tuple[str | None, str]:
    """From which language into which, in the service's words; from None when it is to find out."""
    if not _LANGUAGE.fullmatch(wanted.lower().replace("_", "-")):
        raise Invalid("This is not a language code.", {"lang": "is not a language code"})
    source = None if language is None else _code(known, language)
    if language is None:
        target = _code({code for codes in known.values() for code in codes}, wanted)
    else:
        target = _code(known.get(source or "", ()), wanted)
    if target is None or target == source:
        raise Forbidden("The translation service does not translate this post into that language.")
    return source, target


def _code(codes: Iterable[str], wanted: str) -> str | None:
    """The one of `codes` that is `wanted`, or is it without its region."""
    by_name = {code.lower(): code for code in codes}
    name = wanted.lower().replace("_", "-")
    return by_name.get(name) or by_name.get(name.partition("-")[0])


# ── pieces ──


def _pieces(view: StatusView) -> tuple[str, ...]:
    """All in HTML, so that services need to know one kind; what is empty stays where it is."""
    body = view.body
    options = () if body.poll is None else [option.title for option in body.poll.options]
    plain = [body.spoiler_text, *options, *(media.description for media in body.media)]
    return tuple(_with_emoji(text, view) for text in (body.content, *map(escape, plain)))


def _with_emoji(html: str, view: StatusView) -> str:
    """The names of custom emoji are no words."""
    for emoji in view.body.emoji:
        name = re.escape(f":{emoji.shortcode}:")
        html = re.sub(rf"{name}(?![^<>]*>)", lambda match: f'<span translate="no">{match[0]}</span>', html)
    return html


def _put_together(view: StatusView, provider: str, target: str, answer: Answer) -> Translation:
    content, *plain = answer.pieces
    spoiler_text, *others = plain
    count = 0 if view.body.poll is None else len(view.body.poll.options)
    return Translation(
        view=view,
        language=target,
        source=answer.source,
        provider=provider,
        content=content,
        spoiler_text=spoiler_text,
        options=tuple(others[:count]),
        descriptions=tuple(others[count:]),
    )


# ── asking ──


async def _asked(fed: Federation, key: str, service: Service, account: Account, question: Question) -> Answer:
    async def ask() -> Answer:
        full = [piece for piece in question.pieces if piece]
        if not full:
            raise Invalid("There is nothing to translate in this post.")
        answer = await service.translate(fed.door, account, replace(question, pieces=tuple(full)))
        if len(answer.pieces) != len(full):
            raise BadDocument("The translation service does not answer everything.")
        given = iter(answer.pieces)
        html = [sanitize(next(given)) if piece else "" for piece in question.pieces]
        complete = Answer((html[0], *map(plain_text, html[1:])), answer.source[:20])
        fed.translated.answers.put(key, complete)
        return complete

    try:
        return await fed.translated.asking.run(key, ask)
    except FetchError as error:
        raise _excuse(service, error) from error


async def _known_languages(fed: Federation, service: Service, account: Account) -> Languages:
    key = f"{service.provider} {hash(account)}"
    known = fed.translated.languages.get(key)
    if known is not None:
        return known

    async def ask() -> Languages:
        found = await service.languages(fed.door, account)
        fed.translated.languages.put(key, found)
        return found

    try:
        return await fed.translated.asking_languages.run(key, ask)
    except FetchError as error:
        raise _excuse(service, error) from error


def _excuse(service: Service, error: FetchError) -> Unavailable:
    """What a reader is told; what happened is for the operator."""
    log.warning("translation failed", service=service.provider, reason=str(error))
    return Unavailable(_REASONS.get(error.status, _FAILED) if isinstance(error, BadStatus) else _FAILED)
