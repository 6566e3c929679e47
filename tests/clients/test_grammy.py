"""A bot of the npm world works against the sandbox; it is left out where there is no node."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from holdline.sandbox import Sandbox, SandboxOptions

TOKEN = "123456:grammy"
HERE = Path(__file__).parent / "grammy"
PROMPT = 15.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bot with its packages, exactly as the lock says."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed here, so grammY cannot be tried")
    folder = tmp_path_factory.mktemp("grammy")
    for name in ("package.json", "package-lock.json", "bot.mjs"):
        shutil.copy(HERE / name, folder)
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"npm could not fetch grammY: {done.stderr.strip()[-300:]}")
    return folder


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    box = Sandbox(SandboxOptions(token=TOKEN))
    yield box
    assert box.problems == []


async def shown(box: Sandbox, text: str) -> dict:
    """The bot's message with that text or caption, as soon as it is there."""
    async with asyncio.timeout(PROMPT):
        while True:
            ticket = box.tg.events.bell.ticket()
            for message in box.messages(5):
                if message["from_bot"] and text in (message.get("text"), message.get("caption")):
                    return message
            await ticket.wait()


async def test_a_grammy_bot_handles_a_whole_conversation(box: Sandbox, folder: Path) -> None:
    async with box.serve() as url:
        bot = await asyncio.create_subprocess_exec(
            "node", "bot.mjs", url, TOKEN, cwd=folder, stdout=asyncio.subprocess.PIPE
        )
        try:
            async with asyncio.timeout(PROMPT):
                assert await bot.stdout.readline() == b"polling\n"
            await talk(box)
            async with asyncio.timeout(PROMPT):
                assert await bot.wait() == 0
        finally:
            if bot.returncode is None:
                bot.kill()
                await bot.wait()


async def talk(box: Sandbox) -> None:
    box.says(5, "/start")
    asked = await shown(box, "Sure?")
    assert asked["entities"] == [{"type": "italic", "offset": 0, "length": 5}]
    box.presses(5, 5, asked["message_id"], "Yes")
    await shown(box, "Done")
    box.says(5, "send me the file")
    document = (await shown(box, "send me the file"))["document"]
    assert document["file_name"] == "notes.txt"
    assert box.tg.files.find(document["file_id"]).bytes() == b"the contents"
    box.says(5, "refuse")
    await shown(box, "400 Bad Request: chat not found")
    box.says(5, "bye")
    await shown(box, "Bye")
