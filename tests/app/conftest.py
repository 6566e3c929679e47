"""A listening sandbox, and desks beside it that are certain to end after the test."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from holdline.sandbox import Sandbox, SandboxOptions
from tests.app.desk_process import Desk


@pytest.fixture
def box() -> Sandbox:
    return Sandbox(SandboxOptions(slow_short_polls=False))


@pytest.fixture
async def sandbox_url(box: Sandbox) -> AsyncIterator[str]:
    async with box.serve() as url:
        yield url


@pytest.fixture
def desk(box: Sandbox, sandbox_url: str, tmp_path: Path) -> Desk:
    return Desk(tmp_path, sandbox_url, box.options.token)


@pytest.fixture
async def start(desk: Desk) -> AsyncIterator[Callable[..., Any]]:
    """`await start(...)` as `desk.start(...)`, killed at the end whatever happened."""
    running = []

    async def started(*arguments: str, **options: Any) -> Any:
        running.append(one := await desk.start(*arguments, **options))
        return one

    yield started
    for one in running:
        await one.killed()
