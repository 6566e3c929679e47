"""What is sampled of a running desk each second, and how it grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

import psutil


@dataclass(frozen=True, slots=True)
class Sample:
    """`messages` went through so far. Memory and log in MB; the log is that of SQLite, 0 on PostgreSQL."""

    messages: int
    memory: float
    files: int
    tasks: int
    log: float


def take_sample(process: psutil.Process, database: Path | None, *, messages: int, tasks: int) -> Sample:
    """From outside. `database` is the SQLite file, or None."""
    log = database.with_name(f"{database.name}-wal") if database else None
    return Sample(
        messages,
        memory=process.memory_info().rss / 1e6,
        files=process.num_fds(),
        tasks=tasks,
        log=log.stat().st_size / 1e6 if log and log.exists() else 0.0,
    )


def memory_growth(samples: Sequence[Sample]) -> float:
    """MB per 10,000 messages in the last half: the slope of a straight line through the samples."""
    half = samples[len(samples) // 2 :]
    return linear_regression([one.messages for one in half], [one.memory for one in half]).slope * 10_000


def growth(numbers: Sequence[int]) -> float:
    """From the third quarter to the last, by their means: peaks of busy moments are in both."""
    quarter = len(numbers) // 4
    third, last = numbers[2 * quarter : 3 * quarter], numbers[3 * quarter :]
    return sum(last) / len(last) - sum(third) / len(third)
