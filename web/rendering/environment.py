"""The Jinja2 environment: `render("home.html", page, statuses=…)`. web/templates/README.md says what goes in."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context

from node import speech
from node.services.statuses import kept_drafts
from node.services.statuses.chains import MAX_POSTS
from web import languages
from web.files import remote_media
from web.rendering import (
    branches,
    charts,
    fields,
    filters,
    fragments,
    member_words,
    numbers,
    pieces,
    sections,
    static,
    times,
    words,
)
from web.rendering.compiled import Compiled
from web.rendering.page import Page

_TEMPLATES = Path(__file__).parents[1] / "templates"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})

# What a handler may leave out.
_OPTIONAL: dict[str, Any] = {
    "older": None,
    "newer": None,
    "errors": {},
    "form": {},
    "feed": "",
    "actor": "",
    "error": "",
    "relationships": {},
}


def render(name: str, page: Page, /, **context: Any) -> str:
    """The page that the template `name` makes of its context."""
    return template(name).render(_OPTIONAL | context, page=page, site=page.site, viewer=page.viewer)


def template(name: str) -> Template:
    return _environment.get_template(name)


def qr_svg(text: str) -> str:
    """A QR code as SVG without styles: dark on light whatever the theme, so that cameras read it."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, scale=5, border=3, dark="#000", light="#fff", svgclass="qr"
    )
    return out.getvalue().decode()


def direction(locale: str) -> str:
    return "rtl" if locale.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _with_marks(ngettext: Callable[..., str]) -> Callable[..., str]:
    """The same, with the marks that the reader's language puts between thousands."""

    @pass_context
    def marked(context: Context, one: str, many: str, count: int, **values: Any) -> str:
        return ngettext(context, one, many, count, **{"num": numbers.number(count), **values})

    return marked


def _make() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=Compiled(Path(__file__)),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    # One environment for all languages: what is said is looked up when it is said.
    environment.install_gettext_callables(speech.say, speech.form_for, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["ngettext"] = _with_marks(environment.globals["ngettext"])  # type: ignore[arg-type]
    environment.filters.update(
        ago=times.ago,
        duration=times.duration,
        past=times.past,
        when=times.when,
        date=times.date,
        weekday=times.weekday,
        day=times.day,
        month=times.month,
        months=times.months,
        habit=times.habit,
        moment=times.moment,
        number=numbers.number,
        compact=numbers.compact,
        milliseconds=numbers.milliseconds,
        size=numbers.size,
        say=speech.say,
        name=filters.name,
        plain_name=filters.plain_name,
        face=remote_media.face,
        path=filters.path,
        status_path=filters.status_path,
        content=filters.content,
        note=filters.note,
        emojify=filters.emojify,
        excerpt=filters.excerpt,
        allows=filters.allows,
        scope=words.scope_sentence,
        language=words.language_name,
        action=words.action_words,
    )
    environment.tests["organisation"] = filters.is_organisation
    environment.tests["long"] = filters.is_long
    environment.globals.update(
        static=static.address,
        the_icon=pieces.icon,
        the_bird=pieces.bird,
        language_options=pieces.language_options,
        sheet=static.sheet_address,
        direction=direction,
        field_value=filters.value,
        branches=branches.branches,
        people_of=branches.people,
        spark=charts.spark,
        bars=charts.bars,
        areas=charts.areas,
        meter=charts.meter,
        VISIBILITIES=words.VISIBILITIES,
        MEMBER_ROLES=member_words.MEMBER_ROLES,
        MEMBER_CHOICES=member_words.member_choices,
        PORTABLE=words.PORTABLE,
        FILTER_ACTIONS=words.FILTER_ACTIONS,
        FILTER_CONTEXTS=words.FILTER_CONTEXTS,
        HOME_KINDS=words.HOME_KINDS,
        CATEGORIES=words.CATEGORIES,
        QUOTE_STATES=words.QUOTE_STATES,
        POLICIES=words.POLICIES,
        said_choices=words.said_choices,
        LANGUAGES=languages.LANGUAGES,
        spoken_languages=[(code, languages.LANGUAGES[code]) for code in speech.OFFERED],
        SECTIONS=sections.SECTIONS,
        PLACES=sections.PLACES,
        SETTING_GROUPS=words.SETTING_GROUPS,
        LONG_SETTINGS=words.LONG_SETTINGS,
        post=fragments.render_post,
        new_draft=kept_drafts.new_key,
        numbered=fields.numbered,
        MOST_POSTS=MAX_POSTS,
        zip=zip,
    )
    return environment


_environment = _make()
fragments.use(_environment)
