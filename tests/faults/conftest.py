"""The same desk as in the scheduler's tests."""

from tests.scheduler.conftest import bench

__all__ = ["bench"]
