"""A judge of whole pages: what is in them that our own templates never hold, wherever it is."""

from functools import cache

from tests.node.text.payloads import PAYLOADS
from tests.web.pages.test_injection import dangers_in
from tests.web.pages.visitor import Page

ALL = " ".join(PAYLOADS)

# From where a page may load by itself, and to where its forms may go.
_LOADING = {"img": "src", "source": "src", "video": "src", "audio": "src", "script": "src", "form": "action"}
_FORBIDDEN_CSP = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


def wrong_with(page: Page, base: str) -> list[str]:
    """Everything that an injection could have brought, and what is missing that would have stopped it."""
    found = [wrong for element in page.elements for wrong in _wrong_with_element(base, *element)]
    return dangers_in(page) + found + wrong_with_headers(page)


@cache
def _wrong_with_element(base: str, name: str, attributes: tuple[tuple[str, str | None], ...]) -> list[str]:
    """Pages have most of their elements in common."""
    found, named = [], dict(attributes)
    address = named.get(_LOADING.get(name, "")) or ""
    if (address and not address.startswith(("/", base, "data:image/", "blob:"))) or address.startswith("//"):
        found.append(f"{name} loads {address}")
    # That a page has a document elsewhere loads nothing.
    is_loaded = name == "link" and named.get("rel") not in ("alternate", "canonical")
    if is_loaded and not (named.get("href") or "").startswith(("/", base)):
        found.append(f"link to {named}")
    if name == "a" and (named.get("href") or "").startswith("//"):
        found.append(f"a leads to {named}")
    if named.get("id") in ("forms", "clobber") or named.get("name") == "body":
        found.append(f"{name} takes a name of the page")
    return found


def wrong_with_headers(page: Page) -> list[str]:
    policy = page.headers.get("Content-Security-Policy", "")
    found = [f"the policy allows {word}" for word in policy.replace(";", " ").split() if word in _FORBIDDEN_CSP]
    found += [
        f"the policy has no {part}"
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
        if part not in policy
    ]
    if page.headers.get("X-Content-Type-Options") != "nosniff":
        found.append("it may be sniffed")
    if page.headers.get("X-Frame-Options") != "DENY":
        found.append("it may be framed")
    return found
