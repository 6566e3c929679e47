"""The example of an outside tool, as it is shipped: it sends through the gate and follows its webhooks."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from holdline.desk.people.keys import create_key
from tests.journeys.hands import paused
from tests.journeys.world import World

TOOL = Path(__file__).parents[3] / "examples/funnel_tool.py"
EVENTS = ["outbound.sent", "outbound.held", "outbound.released", "outbound.pressed"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@asynccontextmanager
async def tool(desk: World, folder: Path, customer: int) -> AsyncIterator[asyncio.StreamReader]:
    """The script in a process of its own; what it prints."""
    port = free_port()
    hook = {"url": f"http://127.0.0.1:{port}", "events": EVENTS}
    secret = (await desk.post("/webhooks", hook, 201))["secret"]
    key = await desk.store.act(create_key, name="tool", scopes=["send"])
    environment = {
        **os.environ,
        "HOLDLINE": str(desk.api.base_url).removesuffix("/api/v1/"),
        "KEY": key,
        "SECRET": secret,
        "PORT": str(port),
        "STATE": str(folder / "state"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(TOOL), str(customer), env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        await process.wait()


async def told(lines: asyncio.StreamReader, kind: str) -> str:
    """The next line of that kind."""
    async with asyncio.timeout(60):
        while line := (await lines.readline()).decode().strip():
            if line.startswith(kind):
                return line
    raise AssertionError(f"the tool never heard of {kind}")


@pytest.mark.row("M-16")
async def test_the_second_step_of_the_example_tool_waits_for_the_first_and_for_the_gate(
    desk: World, tmp_path: Path
) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    async with tool(desk, tmp_path, anna.id) as lines:
        await told(lines, "outbound.held")
        assert anna.got() == []
        await paused(desk, maria, thread)
        await told(lines, "outbound.released")
        await told(lines, "outbound.sent")
        question = await anna.reads("Do you like it so far?")
        welcome = next(m for m in desk.messages(anna.id) if m.get("text", "").startswith("Welcome!"))
        assert welcome["entities"] == [{"type": "bold", "offset": 0, "length": 8}]
        anna.presses(question, "Yes")
        assert (await told(lines, "outbound.pressed")).endswith(" yes")


def test_the_example_tool_is_short_and_needs_only_python() -> None:
    lines = TOOL.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
