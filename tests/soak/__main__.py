"""The faults that take long (docs/reliability.md). Prints a table, writes build/soak.json, fails where a bar is missed.

`python -m tests.soak flood backlog` plays some; `--short` plays small forms, judged by what happens, not by speed.
`--database postgres` plays on a PostgreSQL of its own. `--speed 12` plays with a clock that is twelve times as fast.
"""

import argparse
import asyncio
import json
import platform
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

from tests.postgres import server
from tests.soak import hurry
from tests.soak.scenarios import SCENARIOS, Scenario
from tests.soak.stage import use_server


async def play(scenario: Scenario, *, short: bool) -> dict[str, object]:
    started = time.monotonic()
    print(f"{scenario.__name__.rpartition('.')[2]} ({scenario.RULES})", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        figures = await scenario.run(Path(folder), short)
    for one in figures:
        verdict = "" if not one.bar else "ok" if one.is_good else "slow" if short and one.of_speed else "MISSED"
        print(f"  {one.name:52} {one.value:>12g} {one.unit:4} {one.bar:>10}  {verdict}", flush=True)
    judged = [one for one in figures if not (short and one.of_speed)]
    return {
        "rules": scenario.RULES,
        "good": all(one.is_good for one in judged),
        "took_seconds": round(time.monotonic() - started, 1),
        "figures": [asdict(one) for one in figures],
    }


async def main(names: list[str], out: Path, *, short: bool) -> bool:
    results = {name: await play(SCENARIOS[name], short=short) for name in names or SCENARIOS}
    out.parent.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.machine(), "python": platform.python_version(), "short": short}
    out.write_text(json.dumps(machine | {"scenarios": results}, indent=2))
    return all(result["good"] for result in results.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(SCENARIOS)}; all if none is named")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--speed", type=int, default=1, help="how many seconds pass in one; needs the program faketime"
    )
    parser.add_argument("--out", type=Path, default=Path("build/soak.json"))
    options = parser.parse_args()
    if unknown := set(options.names) - set(SCENARIOS):
        parser.error(f"There is no scenario {', '.join(sorted(unknown))}.")
    if options.speed > 1:
        hurry.begin(options.speed)
    with server() if options.database == "postgres" else nullcontext("") as url:
        use_server(url)
        is_good = asyncio.run(main(options.names, options.out, short=options.short))
    sys.exit(not is_good)
