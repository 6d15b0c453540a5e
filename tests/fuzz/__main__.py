"""`python -m tests.fuzz [reader …]`: search each reader for `FUZZ_SECONDS` (60); what is found is kept in build/fuzz.

Mend it, and add the input to `samples.py`.
"""

import os
import subprocess
import sys
from pathlib import Path

import atheris

BUILD = Path(__file__).parents[2] / "build" / "fuzz"
LONGEST_INPUT = 16 * 1024
SLOWEST_SECONDS = 5  # for one input: beyond that somebody could keep a process busy


def main(names: list[str]) -> int:
    with atheris.instrument_imports(include=["federation", "node"], enable_loader_override=False):
        from tests.fuzz.readers import READERS

    chosen = names or list(READERS)
    if unknown := set(chosen) - set(READERS):
        print(f"There is no reader {', '.join(sorted(unknown))}. There are: {', '.join(READERS)}.")
        return 2
    if names[1:] or not names:
        codes = [_apart(name) for name in chosen]
        return int(any(codes))  # negative is the code of one that a signal ended: a crash, or want of memory
    return _search(chosen[0])


def _apart(name: str) -> int:
    """A search never returns, so each has a process of its own."""
    print(f"── {name}", flush=True)
    return subprocess.run([sys.executable, "-m", "tests.fuzz", name], check=False).returncode


def _search(name: str) -> int:
    from tests.fuzz.readers import READERS
    from tests.fuzz.samples import samples, words
    from tests.fuzz.trees import OF_JSON, changed

    corpus, found = BUILD / name / "corpus", BUILD / name / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(samples(name)):
        (corpus / f"sample-{number}").write_bytes(sample)
    dictionary = BUILD / name / "words"
    dictionary.write_text("".join(f"{_quoted(word)}\n" for word in words(name) or [name.encode()]))
    options = [
        f"-max_total_time={int(os.environ.get('FUZZ_SECONDS', '60'))}",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={SLOWEST_SECONDS}",
        f"-dict={dictionary}",
        f"-artifact_prefix={found}/",
        "-print_final_stats=0",
        "-verbosity=0",
    ]
    mutator = {"custom_mutator": changed} if name in OF_JSON else {}
    atheris.Setup([sys.argv[0], *options, str(corpus)], READERS[name], **mutator)
    atheris.Fuzz()
    return 0


def _quoted(word: bytes) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word) + '"'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
