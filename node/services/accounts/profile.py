"""What people say about themselves, and the end of their accounts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from node import site
from node.errors import Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.models import Account, Act, ActorKind
from node.services.access import signed_in
from node.services.accounts import authorship, verified
from node.services.accounts.erasure import erase
from node.services.accounts.lookup import NOT_FOUND, by_id, find
from node.services.community import emoji, settings
from node.services.organisations import deeds
from node.speech import said
from node.text.length import characters
from node.text.names import clean_display_name, clean_line
from node.text.render import MentionTarget, clean_source, render, render_inline
from node.text.tokens import Emoji, Mention, hashtag_key, tokens

MAX_ALIASES = 10


@dataclass(frozen=True, kw_only=True)
class ProfileChange:
    """None leaves a thing as it is. `fields` are (name, value) as typed; pictures are stored already."""

    display_name: str | None = None
    note: str | None = None  # as typed
    fields: tuple[tuple[str, str], ...] | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    also_known_as: tuple[str, ...] | None = None
    attribution_domains: tuple[str, ...] | None = None
    feature_policy: str | None = None  # as services/collections/consent.py writes it
    avatar_key: str | None = None
    avatar_description: str | None = None
    header_key: str | None = None
    header_description: str | None = None
    by: int | None = None  # the account of who changes it, where that is a member of an organisation


def update_profile(account_id: int, change: ProfileChange) -> Account:
    """Invalid says what is too long; then nothing changes. Followers elsewhere are told if anything did."""
    account = by_id(account_id)
    if account is None or account.deleted_at is not None:
        raise NotFound(NOT_FOUND)
    columns = _columns(account, change)
    columns = {name: value for name, value in columns.items() if getattr(account, name) != value}
    if not columns:
        if change.fields is not None:
            verified.ask_anew(account_id)
        return account
    Account.update(columns | {"version": Account.version + 1}).where(Account.id == account_id).execute()
    signed_in.account_changed(account_id)
    enqueue(JobKind.SEND_PROFILE, account_id, once=True)
    deeds.record(account_id, change.by, Act.PROFILE)
    if change.fields is not None:
        verified.ask_anew(account_id)
    return by_id(account_id) or account


def aliases(account: Account) -> list[str]:
    """The uris of the other accounts that it says are the same person."""
    return msgspec.json.decode(account.also_known_as, type=list[str])


def delete_local(account_id: int) -> None:
    """For good. Every node that knows it is told; doing it twice changes nothing."""
    account = by_id(account_id)
    if account is None or not account.is_local or account.uri == site.instance_actor_uri():
        raise NotFound(NOT_FOUND)
    if account.deleted_at is None:
        erase(account)
        enqueue(JobKind.SEND_ACCOUNT_DELETE, account_id)


def _columns(account: Account, change: ProfileChange) -> dict[str, Any]:
    rules = settings.current()
    columns: dict[str, Any] = {}
    for name in (
        "locked",
        "discoverable",
        "indexable",
        "hide_collections",
        "show_media",
        "show_media_replies",
        "show_featured",
        "feature_policy",
        "avatar_key",
        "header_key",
    ):
        if getattr(change, name) is not None:
            columns[name] = getattr(change, name)
    for name in ("avatar_description", "header_description"):
        text = getattr(change, name)
        if text is not None:
            columns[name] = _short_enough(name, clean_source(text), rules.max_description_characters)
    if change.bot is not None and account.kind in (ActorKind.PERSON, ActorKind.SERVICE):
        columns["kind"] = ActorKind.SERVICE if change.bot else ActorKind.PERSON
    if change.display_name is not None:
        name = _short_enough("display_name", clean_line(change.display_name), rules.max_display_name_characters)
        columns["display_name"] = clean_display_name(name)
    if change.note is not None:
        source = _short_enough("note", clean_source(change.note), rules.max_note_characters)
        columns |= {"note_source": source, "note": _html(render, source)}
    if change.fields is not None:
        columns["fields"] = _fields(account, change.fields, rules)
    if change.also_known_as is not None:
        columns["also_known_as"] = _aliases(change.also_known_as)
    if change.attribution_domains is not None:
        columns["attribution_domains"] = authorship.checked(change.attribution_domains)
    if columns.keys() & {"display_name", "note_source", "fields"}:
        columns["emoji"] = _emoji_in(columns, account)
    return columns


def _short_enough(name: str, text: str, limit: int) -> str:
    if characters(text) > limit:
        message = said("is too long (maximum is %(most)s characters)", most=limit)
        raise Invalid(f"Validation failed: {name.replace('_', ' ').capitalize()} {message}", {name: message})
    return text


def _fields(account: Account, pairs: Iterable[tuple[str, str]], rules: settings.Settings) -> str:
    """Lines without name and value vanish; what was verified and is the same stays verified."""
    made = []
    for name, value in pairs:
        name = _short_enough("fields", clean_line(name), rules.max_field_characters)
        value = _short_enough("fields", clean_source(value).replace("\n", " "), rules.max_field_characters)
        if name or value:
            made.append({"name": name, "value": _html(_render_field, value), "source": value})
    if len(made) > rules.max_fields:
        message = said("are too many (maximum is %(most)s)", most=rules.max_fields)
        raise Invalid(f"Validation failed: Fields {message}", {"fields": message})
    return msgspec.json.encode(verified.carried(account.fields, made)).decode()


def _html(render_text: Callable[..., str], source: str) -> str:
    return render_text(source, _mentioned(source), lambda name: site.tag_url(hashtag_key(name)))


def _render_field(source: str, mentions: Any, tag_url: Callable[[str], str]) -> str:
    return render_inline(source, mentions, tag_url, rel_me=True)


def _mentioned(source: str) -> dict[str, MentionTarget]:
    """People who are known here already: a profile is not worth asking the network."""
    found = {}
    for token in tokens(source):
        if isinstance(token, Mention):
            account = find(token.name, token.domain or "")
            if account is not None and not account.is_gone:
                found[token.key] = MentionTarget(account.url, account.username, account.domain)
    return found


def _aliases(uris: tuple[str, ...]) -> str:
    unique = list(dict.fromkeys(uris))
    if len(unique) > MAX_ALIASES or any(len(u) > 2_048 or not u.startswith(("https://", "http://")) for u in unique):
        message = "are not addresses of accounts, or too many"
        raise Invalid(f"Validation failed: Also known as {message}", {"also_known_as": message})
    return msgspec.json.encode(unique).decode()


def _emoji_in(columns: dict[str, Any], account: Account) -> str:
    texts = [columns.get("display_name", account.display_name), columns.get("note_source", account.note_source)]
    for line in msgspec.json.decode(columns.get("fields", account.fields)):
        texts += [line["name"], line["source"]]
    shortcodes = {token.shortcode for text in texts for token in tokens(text) if isinstance(token, Emoji)}
    return msgspec.json.encode(emoji.usable(shortcodes)).decode()
