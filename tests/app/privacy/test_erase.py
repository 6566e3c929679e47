"""`holdline erase`: previews, asks, erases and proves it, down to the bytes of the database file."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.engine import Store
from tests.app.command_line import holdline

BOT = 7000000001
CANARY = MessageSender(telegram_id=512345678, name="Kanarek Żółty", username="canary_bird")
OTHER = MessageSender(telegram_id=510000009, name="Boris")
MANY = 60
"""Messages: enough that pages of the file are split and parts of the search index merged."""


@pytest.fixture
def folder(tmp_path: Path, sqlite_file: Path) -> Path:
    (tmp_path / "holdline.toml").write_text(
        f'[telegram]\ntoken = "{BOT}:abc"\n[store]\nurl = "sqlite:///{sqlite_file}"\n'
    )
    asyncio.run(_write(f"sqlite:///{sqlite_file}"))
    return tmp_path


async def _write(url: str) -> None:
    store = Store(url, bot_id=BOT)
    await store.start()
    for number in range(MANY):
        for sender in (CANARY, OTHER):
            words = f"{sender.name} wrote a long sentence, number {number}, about {'parcels ' * 20}"
            await store.act(receive_customer_message, sender=sender, content=Content(text=words))
    await store.close()


@pytest.mark.row("O-05")
def test_an_erasure_is_previewed_done_and_proved(folder: Path) -> None:
    said = holdline("erase", "@canary_bird", "--dry-run", folder=folder)
    assert said.returncode == 0 and f"messages: {MANY} rows" in said.stdout, said.stderr
    asked = holdline("erase", "1", "--keep-copies", folder=folder)
    assert (asked.returncode, "add --yes" in asked.stderr) == (2, True)
    stopped = holdline("erase", "1", "--yes", folder=folder)
    assert stopped.returncode == 2 and "the desk is not running" in stopped.stderr
    (folder / "old.log").write_text("nothing here")
    done = holdline("erase", "1", "--keep-copies", "--yes", "--prove", "--also-in", "old.log", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Customer 1 is erased" in done.stdout and "found 0." in done.stdout
    assert holdline("doctor", folder=folder).returncode == 0
    again = holdline("erase", "1", "--keep-copies", "--yes", folder=folder)
    assert again.returncode == 1 and "was erased on" in again.stderr


def test_the_proof_names_the_place_of_remaining_data(folder: Path) -> None:
    (folder / "backups").mkdir()
    (folder / "backups/old.txt").write_text('{"name": "Kanarek \\u017b\\u00f3\\u0142ty"}')
    done = holdline("erase", "1", "--keep-copies", "--yes", "--prove", "--also-in", "backups", folder=folder)
    assert done.returncode == 1
    assert "old.txt" in done.stdout and "found 1." in done.stdout


def test_a_call_that_a_killed_desk_has_left_is_not_waited_for(folder: Path, sqlite_file: Path) -> None:
    """Nobody settles it while the desk is not running, and the command would keep the desk from starting."""
    with closing(sqlite3.connect(sqlite_file)) as raw, raw:
        raw.execute(
            """INSERT INTO outbox (bot_id, chat_id, stream, class, kind, key, payload_json, customer_id, due_at,
                                   status, created_at)
               VALUES (?, ?, 'dialog', 'manager', 'bot_text', 'k:flying', '{"text": "x"}', 1, 1, 'sending', 1)""",
            (BOT, CANARY.telegram_id),
        )
    stopped = holdline("erase", "1", "--keep-copies", "--yes", folder=folder)
    assert stopped.returncode == 1 and "was in flight when the desk was killed" in stopped.stderr
