"""`python -m holdline.tagger train FILE | answer FILE CHECKSUM`: reads and writes one JSON object per line.

It exits at the end of its standard input, so that it never outlives the process that started it.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

TRAINING_NICENESS = 10


def main(arguments: list[str]) -> int:
    """`train` reads examples up to {"end": true}. `answer` answers each line until the input ends."""
    _leave_the_desks_core()
    match arguments:
        case ["train", file]:
            return _train(Path(file))
        case ["answer", file, checksum]:
            return _answer(Path(file), checksum)
        case _:
            return 2


def _train(file: Path) -> int:
    os.nice(TRAINING_NICENESS)
    lines = _lines()
    given = []
    for line in lines:
        if line.get("end"):
            break
        given.append(line)
    else:
        return 1
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    from holdline.tagger.examples import Example  # noqa: PLC0415 - seconds, while the parent still writes
    from holdline.tagger.model_file import save  # noqa: PLC0415
    from holdline.tagger.training import TrainingRefused, train  # noqa: PLC0415

    examples = [Example(line["text"], tuple(line["tags"])) for line in given]
    try:
        trained = train(examples, lambda step: _say({"step": step}))
    except TrainingRefused as refused:
        _say({"refused": refused.reason, **refused.figures})
        return 0
    checksum = save(trained.model, file)
    figures = {"examples": trained.examples, "seconds": round(trained.seconds, 1)}
    labels = [label for label in trained.model.labels if label]
    _say({"trained": {"checksum": checksum, "tags": len(labels), **figures, **asdict(trained.quality)}})
    return 0


def _answer(file: Path, checksum: str) -> int:
    from holdline.tagger.model_file import BadModelFile, load  # noqa: PLC0415 - seconds

    try:
        model = load(file, checksum=checksum)
    except BadModelFile as bad:
        _say({"failed": str(bad)})
        return 1
    for line in _lines():
        found = model.find_tags(line["text"], threshold=line["threshold"], most=line["most"])
        _say({"tags": found})
    return 0


def _lines() -> Iterator[dict[str, Any]]:
    while line := sys.stdin.readline():
        yield json.loads(line)


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _end_with_the_input() -> None:
    sys.stdin.read()
    os._exit(1)


def _leave_the_desks_core() -> None:
    """Allows all cores again: the desk may be bound to one core, and this process inherits that."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):
            os.sched_setaffinity(0, range(os.cpu_count() or 1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
