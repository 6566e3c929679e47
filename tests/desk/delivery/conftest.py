"""A desk with one customer on SQLite alone: what is decided here is the same on both engines."""

from pathlib import Path

import pytest

from tests.scheduler.conftest import bench

__all__ = ["bench"]


@pytest.fixture
def store_url(sqlite_file: Path) -> str:
    return f"sqlite:///{sqlite_file}"
