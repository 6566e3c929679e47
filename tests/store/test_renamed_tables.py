"""A database from before a table was renamed: rows in flight are kept under the new name."""

import sqlite3

import psycopg
import pytest

from tests.store.migration_kit import OldDatabase, old_database

__all__ = ["old_database"]

_CUSTOMER = (
    """INSERT INTO customers (id, bot_id, telegram_id, name, created_at) VALUES (1, 1, 10, 'Ann', 0)"""
)
_LIST = """INSERT INTO lists (id, bot_id, kind, name, created_at)
    VALUES (901, 1, 'types', 'Delivery', 0), (902, 1, 'stages', 'Done', 0)"""
_DIALOG = """INSERT INTO dialogs
    (id, bot_id, customer_id, title, state, type_id, stage_id, created_at, changed_at, closed_at)
    VALUES (1, 1, 1, 'Delivery', 'closed', 901, 902, 0, 1, 1)"""
_RATING = """INSERT INTO surveys (token, bot_id, dialog_id, customer_id, state, sent_at)
    VALUES ('abc', 1, 1, 1, 'offered', 1)"""
_FORM = """INSERT INTO outbox
    (bot_id, chat_id, lane, class, audience, kind, key, payload_json, status, due_at, created_at)
    VALUES (1, 10, 'dialog', 'system', 'customer', 'rating_form', 'form', '{"survey_id": 1}', 'queued', 0, 0)"""
_UPDATES = """INSERT INTO inbox (bot_id, update_id, lane, raw, received_at)
    VALUES (1, 1, 10, '{}', 0), (1, 2, 11, '{}', 0), (1, 3, 10, '{}', 0)"""
_POST = """INSERT INTO outbox
    (bot_id, chat_id, lane, class, audience, kind, key, payload_json, status, due_at, created_at)
    VALUES (1, 10, 'marketing', 'broadcast', 'customer', 'message', 'post', '{}', 'queued', 5, 0)"""
_ANNOUNCED = "INSERT INTO waiting_chats (bot_id, chat_id, lane, due_at) VALUES (1, 10, 'marketing', 5)"
_HELD = """INSERT INTO lanes (bot_id, chat_id, customer_id, kind, gate, gate_epoch, in_flight, leased_until_at)
    VALUES (1, 10, 1, 'private', 'held', 3, 7, 9)"""
_MERGED = """INSERT INTO copies (bot_id, chat_id, tg_message_id, role, message_id, created_at)
    VALUES (1, -10, 5, 'copy', 3, 0)"""
_OLDER = "INSERT INTO merged_lines (bot_id, chat_id, tg_message_id, message_id) VALUES (1, -10, 5, 1), (1, -10, 5, 2)"
_MANAGER = """INSERT INTO managers (bot_id, telegram_id, name, role, language_assumed, created_at)
    VALUES (1, 20, 'Olga', 'agent', 1, 0)"""
_LEASE = "INSERT INTO leases (bot_id, role, holder, epoch, until_at, flood_chat) VALUES (1, 'sender', 'me', 1, 5, -10)"
_MIRROR = """INSERT INTO outbox
    (bot_id, chat_id, stream, class, audience, kind, key, payload_json, due_at, created_at, about_customer, turn)
    VALUES (1, -10, 'dialog', 'desk', 'desk', 'mirror', 'a', '{}', 0, 0, 1, 2)"""
_PLACES = """INSERT INTO places (id, bot_id, chat_id, mode, thread_id, created_at)
    VALUES (1, 1, -10, 'topic', 7, 0), (2, 1, 20, 'headed', NULL, 0)"""
_ITEM = """INSERT INTO inbox_items (bot_id, customer_id, state, messages, created_at, changed_at)
    VALUES (1, 1, 'new', 3, 0, 0)"""
_CHANGE = """INSERT INTO admin_log (bot_id, manager_name, what, object, created_at)
    VALUES (1, 'Maria', 'manager_added', 'manager:2', 0)"""
_OLD_WORDS = (
    "survey",
    "lane",
    "copies",
    "merged_line",
    "recent_json",
    "language_assumed",
    "started_told",
    "headed",
    "set_aside",
)


def test_a_queued_rating_form_keeps_its_rating(old_database: OldDatabase) -> None:
    old_database.carry_over([_CUSTOMER, _LIST, _DIALOG, _RATING, _FORM], version=31)
    assert old_database.execute("SELECT payload_json FROM outbox") == [('{"rating_id": 1}',)]
    assert old_database.execute("SELECT id, token, state FROM ratings") == [(1, "abc", "offered")]


def test_updates_keep_their_order(old_database: OldDatabase) -> None:
    """Those of one sender wait for each other; each sender is found by the index of before."""
    old_database.carry_over([_UPDATES], version=32)
    waiting = old_database.execute(
        "SELECT ordering_key, update_id FROM inbox WHERE state = 'new' ORDER BY ordering_key, update_id"
    )
    assert waiting == [(10, 1), (10, 3), (11, 2)]


def test_waiting_messages_keep_their_priority(old_database: OldDatabase) -> None:
    old_database.carry_over([_FORM, _POST, _ANNOUNCED], version=33)
    waiting = old_database.execute("SELECT key, stream FROM outbox WHERE status = 'queued' ORDER BY id")
    assert waiting == [("form", "dialog"), ("post", "marketing")]
    assert old_database.execute("SELECT chat_id, stream, due_at FROM waiting_chats") == [(10, "marketing", 5)]


def test_a_chat_keeps_its_call_in_flight_and_a_customer_their_gate(old_database: OldDatabase) -> None:
    old_database.carry_over([_CUSTOMER, _HELD], version=34)
    assert old_database.execute("SELECT customer_id, in_flight_id, leased_until_at FROM chats") == [(1, 7, 9)]
    assert old_database.execute("SELECT id, gate, gate_epoch FROM customers") == [(1, "held", 3)]


def test_an_unreachable_customer_stays_unreachable(old_database: OldDatabase) -> None:
    blocked = "UPDATE customers SET reach = 'blocked' WHERE id = 1"
    other = "INSERT INTO lanes (bot_id, chat_id, kind) VALUES (1, 20, 'private')"
    old_database.carry_over([_CUSTOMER, _HELD, other, blocked], version=34)
    found = old_database.execute("SELECT chat_id, reach FROM chats ORDER BY chat_id")
    assert found == [(10, "blocked"), (20, "ok")]


def test_a_telegram_message_keeps_the_messages_it_shows(old_database: OldDatabase) -> None:
    """Of three that left as one, the newest and the older two."""
    old_database.carry_over([_MERGED, _OLDER], version=35)
    assert old_database.execute(
        "SELECT chat_id, tg_message_id, role, message_id, audience FROM telegram_messages"
    ) == [(-10, 5, "copy", 3, "desk")]
    older = old_database.execute(
        "SELECT message_id FROM merged_messages WHERE tg_message_id = 5 ORDER BY message_id"
    )
    assert older == [(1,), (2,)]


def test_renamed_columns_keep_their_values(old_database: OldDatabase) -> None:
    old_database.carry_over([_MANAGER, _LEASE, _MIRROR], version=36)
    assert old_database.execute("SELECT name, language_is_default FROM managers") == [("Olga", 1)]
    assert old_database.execute("SELECT expires_at, flood_chat_id FROM leases") == [(5, -10)]
    assert old_database.execute("SELECT about_customer_id, turn FROM outbox") == [(1, 2)]


def test_places_keep_their_threads_or_get_headers(old_database: OldDatabase) -> None:
    old_database.carry_over([_PLACES], version=38)
    shown = old_database.execute("SELECT id, mode, thread_id FROM places ORDER BY id")
    assert shown == [(1, "topic", 7), (2, "with_header", None)]
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.CheckViolation)):
        old_database.execute("UPDATE places SET mode = 'headed'")


def test_append_only_tables_keep_their_lines_under_a_new_name(old_database: OldDatabase) -> None:
    old_database.carry_over([_CUSTOMER, _ITEM, _CHANGE], version=40)
    assert old_database.execute("SELECT message_count FROM inbox_items") == [(3,)]
    assert old_database.execute("SELECT change FROM admin_log") == [("manager_added",)]
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException)):
        old_database.execute("UPDATE admin_log SET change = 'nothing'")


def test_no_part_of_the_schema_keeps_an_old_name(old_database: OldDatabase) -> None:
    old_database.carry_over([], version=31)
    erasures = ("erasures", "keeps_copies", "copies_until_at")  # copies at Telegram, not the old table
    others = [name for name in names(old_database) if not any(word in name for word in erasures)]
    assert [name for name in others if any(word in name for word in _OLD_WORDS)] == []


def names(database: OldDatabase) -> list[str]:
    """Of tables, columns, indexes, constraints and sequences."""
    if database.engine == "sqlite":
        return [
            text
            for row in database.execute("SELECT name, COALESCE(sql, '') FROM sqlite_master")
            for text in row
        ]
    return [
        row[0]
        for row in database.execute(
            """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
               UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
               UNION ALL SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"""
        )
    ]


def test_dropping_an_unused_column_keeps_a_running_bulk_job(old_database: OldDatabase) -> None:
    person = """INSERT INTO managers (id, bot_id, telegram_id, name, role, created_at)
        VALUES (3, 1, 400000077, 'Maria', 'admin', 0)"""
    job = """INSERT INTO bulk_jobs (id, bot_id, manager_id, step_json, total, chat_id, created_at)
        VALUES (4, 1, 3, '{"name": "queue", "value": null}', 2, 7, 5)"""
    old_database.carry_over([person, job], version=65)
    kept = (4, 1, 3, '{"name": "queue", "value": null}', 2, 7, 5, None)
    assert old_database.execute("SELECT * FROM bulk_jobs") == [kept]
