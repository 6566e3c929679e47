"""One desk, one customer, funnels."""

import pytest

from tests.scheduler.conftest import Bench
from tests.scheduler.funnels.kit import Runs


@pytest.fixture
def runs(bench: Bench) -> Runs:
    return Runs(bench, [])
