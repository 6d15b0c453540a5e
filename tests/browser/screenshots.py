"""`python -m tests.browser.screenshots`: the pictures of the README, taken of the demo in the system's Chromium."""

import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.chromium import Window, chromium

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
LINNET = Path(sys.executable).with_name("linnet")

# name, size, colour scheme, and the path, or how to get there from the home timeline
SHOTS = (
    ("home-light", (1280, 860), "light", "/home"),
    ("thread-light", (1280, 860), "light", "thread"),
    ("profile-dark", (1280, 860), "dark", "/@library"),
    ("home-phone", (390, 844), "light", "/home"),
    ("admin-light", (1280, 860), "light", "/admin"),
)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen([LINNET, "demo", "--folder", folder], stdout=subprocess.PIPE, text=True)
        try:
            base, password = ready(demo)
            with chromium() as browser:
                for name, size, scheme, where in SHOTS:
                    take(browser, base, password, OUT / f"{name}.png", size, scheme, where)
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(20)


def ready(demo: "subprocess.Popen[str]") -> tuple[str, str]:
    """Where the first node is, and everybody's password, as the demo prints them."""
    assert demo.stdout is not None
    base = ""
    for line in demo.stdout:
        if found := re.search(r"http://localhost:\d+", line):
            base = base or found[0]
        if found := re.search(r"password is: (.+)", line):
            return base, found[1].strip()
    raise RuntimeError("The demo ended before it was ready.")


def take(
    browser: Browser, base: str, password: str, file: Path, size: tuple[int, int], scheme: str, where: str
) -> None:
    is_telephone = size[0] < size[1]  # where no room is kept for a bar to scroll with
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=is_telephone,
        has_touch=is_telephone,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = Window(context, base).sign_in("wren", password)
    page.goto(base + (longest_thread(page) if where == "thread" else where))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    context.close()
    print(file.relative_to(OUT.parents[1]))


def longest_thread(page: Page, *, of_words: bool = False) -> str:
    """The path of the post of the local timeline that was answered most, or of those with no picture on their pages."""
    statuses = page.request.get(page.url.replace("/home", "/api/v1/timelines/public?local=true&limit=40")).json()
    if of_words:
        pictured = ("media_attachments", "card", "quote", "in_reply_to_id")
        statuses = [one for one in statuses if not any(one[name] for name in pictured)]
    most = max(statuses, key=lambda status: status["replies_count"])
    return f"/@{most['account']['acct']}/{most['id']}"


if __name__ == "__main__":
    main()
