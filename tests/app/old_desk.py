"""A desk that was killed at commit 9c2fb44: its rows, and the messages that its chats showed."""

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from holdline.sandbox import Sandbox
from holdline.store.engines.migrate import list_migrations, statements
from tests.app.desk_process import ADMIN

VERSION = 4
"""Its newest migration."""
ANNA, BEN, CARA = 42, 43, 44
_ROWS = Path(__file__).with_name("old_desk.sql")
_KILLED_AT = 1795956408
_SECONDS_AGO = 60
_MOMENT = re.compile(r"\b1795956\d{9}\b")

_SHOWN = [
    (ADMIN, "person", "/start"),
    (ADMIN, "bot", "What you can do here"),
    (ANNA, "person", "/start"),
    (BEN, "person", "/start"),
    (CARA, "person", "/start"),
    (ANNA, "person", "My parcel is lost"),
    (ANNA, "bot", "Hello!"),
    (CARA, "bot", "Hello!"),
    (BEN, "bot", "Hello!"),
    (ADMIN, "bot", "👤 Person 42 · id 42\nMy parcel is lost"),
    (ADMIN, "bot", "✅ #1 Lost parcel"),
    (ANNA, "bot", "We look for it"),
    (ANNA, "person", "Thank you so much"),
    (ADMIN, "bot", "#1 Lost parcel · 👤 Anna:\nWe look for it"),
    (ADMIN, "bot", "#1 Lost parcel · Person 42\nThank you so much"),
    (BEN, "person", "Where is my invoice?"),
    (ADMIN, "bot", "▶️ #2 Invoice"),
    (ADMIN, "bot", "#2 Invoice · Person 43\nWhere is my invoice?"),
    (ADMIN, "bot", "#2 Invoice · 👤 Anna:\nHere it is"),
    (BEN, "bot", "Here it is"),
    (ANNA, "bot", "How did we help you?"),
    (ADMIN, "bot", "#2 Invoice · 👤 Anna:\nAnd a copy of it"),
    (BEN, "person", "Hello? Is it on its way?"),
    (CARA, "person", "Can I send it back?"),
]
"""Message 1 and what came after it, in the order of their numbers."""


async def show_its_chats(box: Sandbox, url: str) -> None:
    """What people see in Telegram, under the numbers of then."""
    async with aiohttp.ClientSession(f"{url}/bot{box.options.token}/") as telegram:
        for chat, author, text in _SHOWN:
            if author == "person":
                box.says(chat, text)
            else:
                async with telegram.post("sendMessage", json={"chat_id": chat, "text": text}) as answer:
                    assert answer.status == 200


def fill_with_its_rows(store_url: str) -> None:
    """An empty database becomes that of then; the moments are those of a minute ago."""
    if store_url.startswith("sqlite"):
        with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)) as raw:
            _fill(raw.execute, "sqlite")
        return
    with psycopg.connect(store_url, autocommit=True) as connection:
        _fill(lambda sql: connection.execute(sql.encode()), "postgres")
        for (text,) in connection.execute(_NEXT_IDS).fetchall():
            connection.execute(text.encode())


_NEXT_IDS = """SELECT format('SELECT setval(pg_get_serial_sequence(%L, %L), (SELECT MAX(id) FROM %I))',
                             table_name, column_name, table_name)
               FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'"""


def _fill(execute: Callable[[str], Any], engine: str) -> None:
    fill_tables(execute, engine, VERSION)
    later = (int(time.time()) - _SECONDS_AGO - _KILLED_AT) * 1_000_000
    rows = _MOMENT.sub(lambda moment: str(int(moment[0]) + later), _ROWS.read_text(encoding="utf-8"))
    for statement in statements(rows):
        execute(statement)


def fill_tables(execute: Callable[[str], Any], engine: str, version: int) -> None:
    """The tables as that version left them."""
    execute(
        "CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)"
    )
    for step in list_migrations(engine)[:version]:
        for statement in statements(step.sql):
            execute(statement)
        execute(f"INSERT INTO migrations VALUES ({step.version}, '{step.name}', '{step.checksum}')")
