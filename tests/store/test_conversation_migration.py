"""A database from before dialogs took waiting items: no item waits beside a dialog, and conversations are complete."""

from holdline.store.engines.migrate import statements
from tests.store.migration_kit import OldDatabase, old_database

VERSION = 14
__all__ = ["old_database"]

_ROWS = """
INSERT INTO customers (id, bot_id, telegram_id, name, created_at) VALUES (1, 1, 51, 'Anna', 0), (2, 1, 52, 'Tom', 0);
INSERT INTO lists (id, bot_id, kind, name, created_at) VALUES (901, 1, 'types', 'T', 0), (902, 1, 'stages', 'S', 0);
INSERT INTO dialogs (id, bot_id, customer_id, title, state, type_id, stage_id, created_at, changed_at)
    VALUES (1, 1, 1, 'Parcel', 'active', 901, 902, 0, 0), (2, 1, 2, 'Old', 'paused', 901, 902, 0, 0);
INSERT INTO inbox_items (id, bot_id, customer_id, state, first_message_id, messages, dialog_id, created_at, changed_at)
    VALUES (1, 1, 1, 'moved', 1, 1, 1, 0, 0), (2, 1, 1, 'new', 2, 1, NULL, 0, 0), (3, 1, 2, 'new', 3, 1, NULL, 0, 0);
INSERT INTO messages (id, bot_id, customer_id, direction, class, author_kind, kind, status, inbox_item_id, created_at)
    VALUES (1, 1, 1, 'in', 'customer', 'customer', 'text', 'received', 1, 0),
           (2, 1, 1, 'in', 'customer', 'customer', 'text', 'received', 2, 0),
           (3, 1, 2, 'in', 'customer', 'customer', 'text', 'received', 3, 0);
"""


def test_items_that_waited_beside_a_dialog_are_moved_into_it(old_database: OldDatabase) -> None:
    old_database.carry_over(statements(_ROWS), version=VERSION)
    items = dict(old_database.execute("SELECT id, state FROM inbox_items"))
    assert items == {1: "moved", 2: "moved", 3: "new"}
    dialogs = dict(old_database.execute("SELECT id, moved_to_dialog_id FROM messages"))
    assert dialogs == {1: 1, 2: 1, 3: None}
