"""`python -m tests.browser.lighthouse`: judges pages of the demo as Lighthouse does for phones, and measures how soon they
answer somebody who presses and types. It prints tables.

It is no test: figures for speed depend on the machine and on what else it does.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.chromium import FLAGS, Window, chromium, executable
from tests.browser.lighthouse import presses
from tests.browser.screenshots import LINNET, longest_thread, ready

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules/lighthouse/cli/index.js"
# In per cent, as the project set itself (docs/performance.md).
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100}
# Of what "performance" is made, by the names of audits, and the most of it: milliseconds, twice, and a share of the window.
_FIGURES = {"largest-contentful-paint": 1500, "total-blocking-time": 100, "cumulative-layout-shift": 0.02}
_GOES = 3
_MOST_FOR_VISITORS_MS = 1200  # until the largest thing is painted


def main() -> int:
    """0 when every page reaches every aim."""
    install()
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen([LINNET, "demo", "--folder", folder], stdout=subprocess.PIPE, text=True)
        try:
            base, password = ready(demo)
            with chromium() as browser:
                cookie, post, words = visit(browser, base, password)
            missed = judge_all(base, post, words, cookie, Path(folder))
            with chromium() as browser:
                missed += presses.measure(browser, base, password)
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(20)
    return min(missed, 1)


def judge_all(base: str, post: str, words: str, cookie: str, folder: Path) -> int:
    """Prints the table; how many aims were missed."""
    missed = 0
    print(f"{'page':10}", *(f"{name:>24}" for name in (*AIMS, *_FIGURES)))
    for name, path, headers in (
        ("profile", "/@wren", {}),
        ("post", post, {}),
        ("words", words, {}),
        ("home", "/home", {"Cookie": cookie}),
        ("overview", "/admin", {"Cookie": cookie}),
    ):
        report = judge(base + path, headers, folder)
        scores = {aim: round(100 * report["categories"][aim]["score"]) for aim in AIMS}
        figures = {figure: report["audits"][figure]["numericValue"] for figure in _FIGURES}
        print(f"{name:10}", *(f"{one:24.4g}" for one in (*scores.values(), *figures.values())), flush=True)
        for aim, score in scores.items():
            if score < AIMS[aim]:
                missed += 1
                print(f"  {aim} is to be {AIMS[aim]}: {', '.join(faults(report, aim))}")
        most = _FIGURES if headers else _FIGURES | {"largest-contentful-paint": _MOST_FOR_VISITORS_MS}
        for figure, value in figures.items():
            if value > most[figure]:
                missed += 1
                print(f"  {figure} is to be {most[figure]} at most")
    return missed


def install() -> None:
    if not shutil.which("npm"):
        raise SystemExit("Lighthouse needs Node.js 20 or newer, and npm.")
    if not PROGRAM.exists():
        print("Installing Lighthouse …", flush=True)
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=HERE, check=True)


def visit(browser: Browser, base: str, password: str) -> tuple[str, str, str]:
    """A cookie of somebody who is signed in, and the paths of posts with answers: one with a picture, one of words."""
    context = browser.new_context()
    page = Window(context, base).sign_in("wren", password)
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    return cookie, longest_thread(page), longest_thread(page, of_words=True)


def judge(url: str, headers: dict[str, str], folder: Path) -> dict[str, Any]:
    """Its report. Now and then Lighthouse sees no page load and asks for another go."""
    out = folder / "report.json"
    command = [
        *("node", str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={out}"),
        *(f"--chrome-flags={' '.join(('--headless=new', *FLAGS))}", f"--only-categories={','.join(AIMS)}"),
        f"--extra-headers={json.dumps(headers)}",
    ]
    for _ in range(_GOES):
        if not subprocess.run(command, env=os.environ | {"CHROME_PATH": executable()}, check=False).returncode:
            return json.loads(out.read_text("utf-8"))  # type: ignore[no-any-return]
    raise SystemExit("Lighthouse could not be run; what it says stands above.")


def faults(report: dict[str, Any], category: str) -> list[str]:
    """What cost points."""
    wanted = report["categories"][category]["auditRefs"]
    audits = report["audits"]
    return [ref["id"] for ref in wanted if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 0.9]


if __name__ == "__main__":
    sys.exit(main())
