"""`make mutants`: applies each mutant to a copy of the project, runs its tests, and prints how many were noticed."""

import os
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from shutil import copytree, ignore_patterns

from tests.mutants.mutant import ROOT, DoesNotFit, Mutant, load_mutants

PASSED, FAILED = 0, 1
"""pytest's exit codes. Any other code is no verdict."""
_SECONDS = count(1_000_000_000)
_LEFT_OUT = ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "node_modules")


def main(names: list[str]) -> int:
    """Returns 0 if every mutant is noticed. `names` selects some; none means all."""
    mutants = [mutant for mutant in load_mutants() if not names or mutant.name in names]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder, "copy")
        copytree(ROOT, copy, ignore=_LEFT_OUT)
        sound = _tested(copy, sorted({test for mutant in mutants for test in mutant.tests}))
        if sound.returncode != PASSED:
            print(f"the tests fail without any mutant:\n{sound.stdout[-3000:]}")
            return 1
        noticed = sum([_is_noticed(copy, mutant) for mutant in mutants])
    print(f"{noticed}/{len(mutants)}")
    return 0 if mutants and noticed == len(mutants) else 1


def _is_noticed(copy: Path, mutant: Mutant) -> bool:
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


def _tested(copy: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": ""},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
