"""The progress of long work on standard error, shown on a terminal only."""

import sys
from collections.abc import Iterable
from typing import Any

import typer


def progress_bar(label: str, steps: Iterable[Any] | None = None, *, length: int | None = None) -> Any:
    """A context whose value goes through the `steps`, or is moved by the caller up to `length`."""
    return typer.progressbar(
        steps, length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
