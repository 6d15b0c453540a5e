"""The system's Chromium, driven by Playwright, and what it tells about a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# How long something may be awaited on a page: machines are shared.
PATIENCE_MS = 60_000
# Pages without the rest of a browser, which takes longer than they do. It shows no notifications.
_SHELL = "chromium-headless-shell"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
AXE = Path(__file__).parent / "axe" / "axe.min.js"
# What axe is to ask, in its own words.
EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RULES_ABOUT_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Told as text by the page itself: most of what axe answers is about rules that found nothing, and to bring all of that out
# of the browser takes half as long again as the rules do.
_ASK_AXE = """async options => (await axe.run(document, options)).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.html.slice(0, 200)}`))"""

# The script comes after what is seen (web/static/begin.js); whoever drives a browser is quicker than any person.
_BEGIN = (
    "async () => { const one = document.querySelector('script[data-app]'); if (one) await import(one.dataset.app); }"
)

# Themes differ in colours alone, so at the same width only the rules about those are left for the second. Each look differs
# little from the one before.
_HEIGHT = 900
_LOOKS = [
    (1280, True, RULES_ABOUT_COLOURS),
    (1280, False, EVERY_RULE),
    (820, False, EVERY_RULE),
    (820, True, RULES_ABOUT_COLOURS),
    (390, True, RULES_ABOUT_COLOURS),
    (390, False, EVERY_RULE),
]


def executable() -> str:
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    assert path is not None, "The browser tests need Chromium: sh tests/browser/find_chromium.sh"
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, *, whole: bool = True) -> Iterator[Browser]:
    """Not whole, it is the one for pages alone, if the system has that."""
    path = executable() if whole else shutil.which(_SHELL) or executable()
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    try:
        yield browser
    finally:
        browser.close()


class Window:
    """One person's browser window on one node. `problems` are errors in the console and requests to elsewhere."""

    def __init__(self, context: BrowserContext, base_url: str, *, scripts: bool = True) -> None:
        self.context = context
        self.base_url = base_url
        self._scripts = scripts
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.problems: list[str] = []
        self._size: dict[str, int] = {}
        self._dark: bool | None = None
        self.page.on("console", self._console)
        self.page.on("pageerror", self._script)
        self.page.on("request", self._request)

    def open(self, path: str) -> Page:
        """The page at `path`, with all that it can do."""
        self._go(path)
        return self.page

    def _go(self, path: str) -> Response | None:
        answer = self.page.goto(f"{self.base_url}{path}")
        if self._scripts:
            self.page.evaluate(_BEGIN)
        return answer

    def sign_in(self, name: str, password: str) -> Page:
        page = self.open("/auth/sign-in")
        page.locator("main input[name=login]").fill(name)
        page.locator("main input[name=password]").fill(password)
        page.locator("main form button").first.click()
        page.wait_for_url(f"{self.base_url}/home")
        return page

    def look(self, *, width: int, height: int, dark: bool) -> None:
        """Each change is laid out and painted anew, even one to what there is already."""
        size = {"width": width, "height": height}
        if size != self._size:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self._size = size
        if dark != self._dark:
            self.page.emulate_media(color_scheme="dark" if dark else "light")
            self._dark = dark

    def barriers(self, rules: dict[str, Any] = EVERY_RULE, settings: dict[str, Any] | None = None) -> list[str]:
        """What axe finds, best practices included. `settings` switch single rules off."""
        if not self.page.evaluate("() => 'axe' in window"):
            # Evaluated by the debugger, so that the page's own policy needs no exception.
            self.page.evaluate(_axe())
        options = {"runOnly": rules, "rules": settings or {}, "resultTypes": ["violations"]}
        return self.page.evaluate(_ASK_AXE, options)  # type: ignore[no-any-return]

    def unpleasant(self, path: str) -> list[str]:
        """What axe, the console and a ruler find on a page in each look."""
        self.problems.clear()
        answer = self._go(path)
        found = [] if answer is not None and answer.status == 200 else [f"answered {answer and answer.status}"]
        for width, dark, rules in _LOOKS:
            self.look(width=width, height=_HEIGHT, dark=dark)
            look = f"at {width}{' in the dark' if dark else ''}"
            found += [f"{look}: {barrier}" for barrier in self.barriers(rules)]
        self.look(width=320, height=_HEIGHT, dark=False)
        if (pixels := self.overflow()) > 0:
            found.append(f"{pixels} pixels wider than 320")
        return found + self.problems

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        )

    def _script(self, error: Any) -> None:
        # On a busy machine Chromium gives up the transition between two pages, and tells so as if a script had failed.
        if not str(error).startswith("Transition was aborted"):
            self.problems.append(f"script: {error}")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.problems.append(f"request: {request.url}")


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")
