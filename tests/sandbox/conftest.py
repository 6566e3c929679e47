from collections.abc import AsyncIterator

import pytest

from tests.sandbox.wire import Wire, wired


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Answers, requests and updates of every test must fit the published Bot API."""
    async with wired() as found:
        yield found
        assert found.box.problems == []


@pytest.fixture
async def loose_wire() -> AsyncIterator[Wire]:
    """For tests that send on purpose what the documentation does not allow."""
    async with wired() as found:
        yield found
        assert [problem for problem in found.box.problems if problem["where"] != "request"] == []
