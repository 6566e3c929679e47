"""A desk started on a restored backup notifies administrators and sends no earlier message until a release."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from holdline.sandbox import Sandbox
from tests.app.desk_process import ADMIN, Desk, until

CUSTOMER = 42
REPEAT = """INSERT INTO outbox (bot_id, chat_id, stream, class, audience, kind, rank, key, payload_json, customer_id,
                                message_id, due_at, created_at)
    SELECT bot_id, chat_id, stream, class, audience, kind, rank, 'again:' || key, payload_json, customer_id,
           message_id, created_at, created_at
    FROM outbox WHERE audience = 'customer' AND status = 'sent' ORDER BY id LIMIT 1"""


def texts(box: Sandbox, chat: int) -> list[str]:
    return [str(message.get("text", "")) for message in box.messages(chat)]


def holds(box: Sandbox, chat: int, words: str) -> Callable[[], bool]:
    return lambda: chat in box.world.chats and any(words in text for text in texts(box, chat))


@pytest.mark.row("O-04")
async def test_nothing_is_sent_again_before_a_release(
    box: Sandbox, desk: Desk, start: Any, tmp_path: Path
) -> None:
    database = tmp_path / "holdline.db"
    running = await start()
    await running.ready()
    box.says(ADMIN, "/start")
    box.says(CUSTOMER, "/start")
    await until(holds(box, CUSTOMER, "Hello"), "the greeting")
    assert (await running.stopped())[0] == 0
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        assert raw.execute(REPEAT).rowcount == 1, "as if the backup had been made a moment before"
        raw.execute("UPDATE chats SET dialog_due_at = 1 WHERE chat_id = ?", (CUSTOMER,))
    assert await (await start("backup", "--to", str(tmp_path / "copy.db"))).code() == 0
    restored = await start("restore", str(tmp_path / "copy.db"), "--yes")
    assert await restored.code() == 0, await restored.said()

    before = texts(box, CUSTOMER)
    running = await start()
    await running.ready()
    await until(holds(box, ADMIN, "Restored from a backup of"), "the notice to the administrator")
    box.says(CUSTOMER, "/help")
    await until(lambda: len(texts(box, CUSTOMER)) > len(before) + 1, "a new answer")
    new = texts(box, CUSTOMER)[len(before) :]
    assert texts(box, CUSTOMER)[1] not in new, "what waited in the backup stays"
    told = await start("restore", "--release")
    assert "the running desk carries it out" in (await told.said())[0]
    await until(lambda: texts(box, CUSTOMER).count(texts(box, CUSTOMER)[1]) == 2, "the released message")
    assert (await running.stopped())[0] == 0
