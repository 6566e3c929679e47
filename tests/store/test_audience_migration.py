"""A database from before messages stated their audience goes on working: rows in flight are told apart once."""

import pytest

from holdline.store.engines.migrate import statements
from tests.store.migration_kit import OldDatabase, old_database

CUSTOMER, MANAGER, GROUP = 510000001, 400000077, -1001234567890
VERSION = 5  # brings the column
__all__ = ["old_database"]

_ROWS = f"""
INSERT INTO customers (id, bot_id, telegram_id, name, created_at) VALUES (1, 1, {CUSTOMER}, 'Anna', 0);
INSERT INTO messages (id, bot_id, customer_id, direction, class, author_kind, kind, status, created_at)
    VALUES (1, 1, 1, 'out', 'manager', 'manager', 'text', 'sent', 0);
INSERT INTO copies (bot_id, chat_id, tg_message_id, role, message_id, customer_id, place_id, created_at)
    VALUES (1, {CUSTOMER}, 5, 'copy', 1, 1, NULL, 0), (1, {MANAGER}, 6, 'copy', 1, 1, 3, 0),
           (1, {GROUP}, 7, 'copy', 1, 1, 4, 0);
"""


def _waiting() -> str:
    rows = [
        ("reply", CUSTOMER, "manager", "message", "NULL"),
        ("mirror", MANAGER, "desk", "mirror", "3"),
        ("edit", CUSTOMER, "system", "edit_copy", "NULL"),
        ("edit mirror", MANAGER, "system", "edit_copy", "3"),
        ("remove mirror", MANAGER, "system", "delete_copy", "NULL"),
        ("react", CUSTOMER, "desk", "reaction", "NULL"),
        ("react in the group", GROUP, "desk", "reaction", "NULL"),
    ]
    values = ", ".join(
        f"(1, {chat}, 'dialog', '{class_}', '{kind}', '{key}', '{{}}', 1, {place}, 0, 0)"
        for key, chat, class_, kind, place in rows
    )
    return f"""INSERT INTO outbox (bot_id, chat_id, lane, class, kind, key, payload_json, message_id, place_id, due_at,
                                   created_at) VALUES {values};"""


@pytest.fixture
def carried(old_database: OldDatabase) -> OldDatabase:
    old_database.carry_over([*statements(_ROWS), _waiting()], version=VERSION)
    return old_database


def test_waiting_items_keep_their_readers(carried: OldDatabase) -> None:
    customers = carried.execute("SELECT key FROM outbox WHERE audience = 'customer'")
    assert {key for (key,) in customers} == {"reply", "edit", "react"}


def test_copies_keep_their_readers(carried: OldDatabase) -> None:
    readers = dict(carried.execute("SELECT chat_id, audience FROM telegram_messages"))
    assert readers == {CUSTOMER: "customer", MANAGER: "desk", GROUP: "desk"}
