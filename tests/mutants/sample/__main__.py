"""`make mutation-sample`: starts the tests of the sample in one process. `--size 0` tries every change."""

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib

from tests.mutants.mutant import ROOT
from tests.mutants.sample.config import FILE


def main() -> int:
    """Returns 0 if at least as many are noticed as the configuration aims at."""
    wanted = argparse.ArgumentParser(prog="python -m tests.mutants.sample", description=__doc__)
    wanted.add_argument("--seed", help="another choice than the one of config.toml")
    wanted.add_argument("--size", help="how many changes; 0 tries all")
    wanted.add_argument("--only", help="only changes whose name contains this")
    wanted.add_argument("--kept", help="a file that keeps which test runs which line, for the next time")
    wanted.add_argument("--tests", nargs="+", help="other tests than those of config.toml")
    given = {name: value for name, value in vars(wanted.parse_args()).items() if value is not None}
    kept = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = [str(path) for pattern in kept["tests"] for path in sorted(ROOT.glob(pattern))]
    tests = given.pop("tests", known)
    with tempfile.TemporaryDirectory(prefix="examples-") as examples:
        environ = {f"HOLDLINE_SAMPLE_{name.upper()}": value for name, value in given.items()}
        environ |= {"PYTHONPATH": str(ROOT), "HYPOTHESIS_STORAGE_DIRECTORY": examples}
        options = ["-q", "-s", "-n", "0", "-p", "no:cacheprovider", "-p", "tests.mutants.sample.plugin"]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        return subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
