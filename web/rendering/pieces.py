"""Small pieces of HTML that return on every page, each made once."""

from functools import lru_cache

from markupsafe import Markup

from web import languages
from web.rendering import static


@lru_cache(maxsize=500)
def icon(name: str, classes: str = "") -> Markup:
    """Decorative: words stand beside it, or in a label."""
    return Markup('<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
        f" {classes}" if classes else "", static.address("icons.svg"), name
    )


@lru_cache(maxsize=10)
def bird(classes: str = "") -> Markup:
    return Markup('<svg class="bird{}" viewBox="0 0 64 64" aria-hidden="true"><use href="{}#linnet"/></svg>').format(
        f" {classes}" if classes else "", static.address("icons.svg")
    )


@lru_cache(maxsize=len(languages.LANGUAGES) + 1)
def language_options(chosen: str) -> Markup:
    """For a `select`; a language that is not listed chooses nothing."""
    option = Markup('<option value="{code}" lang="{code}"{selected}>{name}</option>')
    return Markup("").join(
        option.format(code=code, name=name, selected=Markup(" selected") if code == chosen else "")
        for code, name in languages.LANGUAGES.items()
    )
