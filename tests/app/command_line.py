"""The command line as a person uses it: in its own process, which ends before the test continues."""

import os
import tempfile
from pathlib import Path
from subprocess import CompletedProcess

from tests.app.desk_process import PATIENCE_SECONDS, invoke_apart
from tests.faults.forks import Forked


def holdline(*arguments: str, folder: Path) -> CompletedProcess[str]:
    """A fork of what has imported everything, with nothing of ours in its environment."""
    with tempfile.TemporaryDirectory() as kept:
        out, err = Path(kept, "out"), Path(kept, "err")
        ran = Forked(_invoke_in, str(folder), *arguments, str(err), log=out)
        code = ran.exit_code(PATIENCE_SECONDS)
        return CompletedProcess(arguments, code, out.read_text(), err.read_text())


def _invoke_in(folder: str, *arguments: str) -> int:
    os.chdir(folder)
    return invoke_apart(*arguments)
