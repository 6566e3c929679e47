"""`make mutants`: applies each mutant to a copy of the project, runs its tests, and prints how many were noticed."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from shutil import copytree, ignore_patterns

from tests.mutants.mutant import ROOT, DoesNotFit, Mutant, load_mutants

PASSED, FAILED, ENDLESS = 0, 1, 124
"""pytest's exit codes, and that of a run that was ended. Any but the first two is no verdict."""
_MOST_SECONDS = 600
_SECONDS = count(1_000_000_000)
_LEFT_OUT = ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "node_modules")
_COPIES = min(3, os.cpu_count() or 1)
"""So many mutants are tried at once, each in a copy of its own."""

Copies = SimpleQueue[Path]
"""The copies that nobody uses now."""


def main(names: list[str]) -> int:
    """Returns 0 if every mutant is noticed. `names` selects some; none means all."""
    mutants = [mutant for mutant in load_mutants() if not names or mutant.name in names]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(_COPIES) as workers:
        copies: Copies = SimpleQueue()
        for number in range(_COPIES):
            copies.put(copytree(ROOT, Path(folder, str(number)), ignore=_LEFT_OUT))
        copy = copies.get()
        sound = _tested(
            copy, sorted({test for mutant in mutants for test in mutant.tests}), processes=_COPIES
        )
        copies.put(copy)
        if sound.returncode != PASSED:
            print(f"the tests fail without any mutant:\n{sound.stdout[-3000:]}")
            return 1
        noticed = sum(workers.map(lambda mutant: _is_noticed(copies, mutant), mutants))
    print(f"{noticed}/{len(mutants)} noticed, {time.monotonic() - began:.0f} s")
    return 0 if mutants and noticed == len(mutants) else 1


def _is_noticed(copies: Copies, mutant: Mutant) -> bool:
    copy = copies.get()
    try:
        return _try_in(copy, mutant)
    finally:
        copies.put(copy)


def _try_in(copy: Path, mutant: Mutant) -> bool:
    began = time.monotonic()
    try:
        texts = mutant.mutated(copy)
    except DoesNotFit as drifted:
        print(f"does not fit  {drifted}")
        return False
    sound = {path: path.read_text(encoding="utf-8") for path in texts}
    _write(texts)
    verdict = _tested(copy, list(mutant.tests))
    _write(sound)
    word = {FAILED: "noticed", PASSED: "LIVES"}.get(verdict.returncode, f"no verdict ({verdict.returncode})")
    print(f"{word:<10} {time.monotonic() - began:5.1f} s  {mutant.name}: {mutant.says}", flush=True)
    if word.startswith("no verdict"):
        print(verdict.stdout[-2000:])
    return verdict.returncode == FAILED


def _write(texts: dict[Path, str]) -> None:
    """Gives each written file a new modification time, because Python recognizes compiled files by the time and size of
    their source.
    """
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
        second = next(_SECONDS)
        os.utime(path, (second, second))


def _tested(copy: Path, tests: list[str], *, processes: int = 0) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n",
        str(processes),
        "-p",
        "no:cacheprovider",
        *tests,
    ]
    try:
        return subprocess.run(
            command,
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": ""},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return subprocess.CompletedProcess(command, ENDLESS, f"it did not end within {late.timeout} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
