"""`python -m tests.browser.lighthouse`: judges pages of the demo as Lighthouse does for phones, and prints a table.

It is no test: the figure for speed depends on the machine and on what else it does.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.chromium import FLAGS, Window, chromium, executable
from tests.browser.screenshots import LINNET, longest_thread, ready

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules/lighthouse/cli/index.js"
# In per cent, as the project set itself (docs/performance.md).
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100}


def main() -> int:
    """0 when every page reaches every aim."""
    install()
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen([LINNET, "demo", "--folder", folder], stdout=subprocess.PIPE, text=True)
        try:
            base, password = ready(demo)
            with chromium() as browser:
                cookie, post = visit(browser, base, password)
            print(f"{'page':24}", *(f"{name:>15}" for name in AIMS))
            for name, path, headers in (
                ("profile", "/@wren", {}),
                ("post", post, {}),
                ("home", "/home", {"Cookie": cookie}),
            ):
                report = judge(base + path, headers, Path(folder))
                scores = {aim: round(100 * report["categories"][aim]["score"]) for aim in AIMS}
                print(f"{name:24}", *(f"{score:15}" for score in scores.values()), flush=True)
                for aim, score in scores.items():
                    if score < AIMS[aim]:
                        missed += 1
                        print(f"  {aim} is to be {AIMS[aim]}: {', '.join(faults(report, aim))}")
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(20)
    return min(missed, 1)


def install() -> None:
    if not shutil.which("npm"):
        raise SystemExit("Lighthouse needs Node.js 20 or newer, and npm.")
    if not PROGRAM.exists():
        print("Installing Lighthouse …", flush=True)
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=HERE, check=True)


def visit(browser: Browser, base: str, password: str) -> tuple[str, str]:
    """A cookie of somebody who is signed in, and the path of a post with answers."""
    context = browser.new_context()
    page = Window(context, base).sign_in("wren", password)
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    return cookie, longest_thread(page)


def judge(url: str, headers: dict[str, str], folder: Path) -> dict[str, object]:
    out = folder / "report.json"
    subprocess.run(
        [
            *("node", str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={out}"),
            *(f"--chrome-flags={' '.join(('--headless=new', *FLAGS))}", f"--only-categories={','.join(AIMS)}"),
            f"--extra-headers={json.dumps(headers)}",
        ],
        env=os.environ | {"CHROME_PATH": executable()},
        check=True,
    )
    return json.loads(out.read_text("utf-8"))  # type: ignore[no-any-return]


def faults(report: dict[str, object], category: str) -> list[str]:
    """What cost points."""
    wanted = report["categories"][category]["auditRefs"]  # type: ignore[index]
    audits = report["audits"]
    return [ref["id"] for ref in wanted if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 0.9]  # type: ignore[index]


if __name__ == "__main__":
    sys.exit(main())
