"""`holdline export`: the file is written completely or not at all."""

import asyncio
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.engine import Store
from tests.app.command_line import holdline

BOT = 7000000001
ANNA = MessageSender(telegram_id=510000001, name="Anna", username="Anna_P")


@pytest.fixture
def folder(tmp_path: Path, sqlite_file: Path) -> Path:
    (tmp_path / "holdline.toml").write_text(
        f'[telegram]\ntoken = "{BOT}:abc"\napi_base = "http://127.0.0.1:9"\n[store]\nurl = "sqlite:///{sqlite_file}"\n'
    )
    asyncio.run(_write(f"sqlite:///{sqlite_file}"))
    return tmp_path


async def _write(url: str) -> None:
    store = Store(url, bot_id=BOT)
    await store.start()
    for content in (Content(text="Where is it?"), Content("photo", "Look", data={"file_id": "F-1"})):
        await store.act(receive_customer_message, sender=ANNA, content=content)
    await store.close()


@pytest.mark.row("O-04")
@pytest.mark.parametrize("named", ["1", "telegram:510000001", "@anna_p"])
def test_a_customer_is_named_in_three_ways(folder: Path, named: str) -> None:
    ran = holdline("export", named, "--to", "out/anna.zip", folder=folder)
    assert ran.returncode == 0, ran.stderr
    assert "out/anna.zip holds everything about customer 1" in ran.stdout
    assert "Listed, but not downloaded: 1 file; --files downloads what Telegram has." in ran.stdout
    path = folder / "out/anna.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    with ZipFile(path) as archive:
        data = json.loads(archive.read("data.json"))
    assert [row["text"] for row in data["messages"]] == ["Where is it?", "Look"]


def test_an_existing_file_is_not_overwritten_and_an_unknown_customer_is_refused(folder: Path) -> None:
    (folder / "customer-1.zip").write_text("mine")
    refused = holdline("export", "1", folder=folder)
    assert (refused.returncode, (folder / "customer-1.zip").read_text()) == (1, "mine")
    assert "exists already" in refused.stderr
    unknown = holdline("export", "@boris", folder=folder)
    assert unknown.returncode == 2 and "there is no customer '@boris'" in unknown.stderr
    assert [path.name for path in folder.glob("*.part")] == []


def test_files_that_telegram_does_not_return_are_reported(folder: Path) -> None:
    ran = holdline("export", "1", "--files", folder=folder)
    assert ran.returncode == 0 and "Downloaded: 0 of 1 file." in ran.stdout
    assert ran.stderr == "", "the bar is for a terminal"
