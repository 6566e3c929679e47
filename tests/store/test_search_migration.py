"""Messages from before the search index are indexed step by step, and are found then."""

from collections.abc import Callable

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.reading.finding import fill_index
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.dialogs import search_index
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.store.migration_kit import OldDatabase, old_database

__all__ = ["old_database"]
ANNA = MessageSender(telegram_id=510000001, name="Anna")
ROWS = [
    "INSERT INTO customers (id, bot_id, telegram_id, name, created_at) VALUES (5, 1, 510000001, 'Anna', 0)",
    """INSERT INTO messages (id, bot_id, customer_id, direction, class, author_kind, kind, text, status, created_at)
       VALUES (700, 1, 5, 'in', 'customer', 'customer', 'text', 'Old words', 'received', 0)""",
]
LEFT = "SELECT source, until_id FROM search_backlog ORDER BY source"


def test_the_migration_records_the_messages_not_indexed_yet(old_database: OldDatabase) -> None:
    old_database.carry_over(ROWS, version=58)
    assert old_database.execute(LEFT) == [("customers", 5), ("messages", 700)]


async def test_missing_entries_are_filled_in_from_the_newest_down(store: Store) -> None:
    def hear(number: int) -> Callable[[Tx], object]:
        words = Content(kind="text", text=f"parcel {number}", chat_id=510000001, tg_message_id=number)
        return lambda tx: receive_customer_message(tx, sender=ANNA, content=words)

    def lose_index(tx: Tx) -> None:
        for source in ("customers", "messages"):
            tx.run(f"DELETE FROM search_{source}")
            tx.run(
                f"""INSERT INTO search_backlog (source, until_id)
                    SELECT '{source}', newest FROM (SELECT MAX(id) AS newest FROM {source}) AS filled"""
            )
        tx.run("UPDATE search_backlog SET until_id = until_id + 500 WHERE source = 'messages'")

    def find(tx: Tx) -> list[Row]:
        return search_index.find_messages(tx, ["parcel"], limit=9)

    for number in (1, 2):
        await store.act(hear(number))
    await store.act(lose_index)
    assert await store.read(find) == []
    await store.act(hear(3))
    assert [row["text"] for row in await store.read(find)] == ["parcel 3"]
    while await store.act(fill_index):
        pass
    assert [row["text"] for row in await store.read(find)] == ["parcel 3", "parcel 2", "parcel 1"]
    assert len(await store.read(lambda tx: search_index.find_customers(tx, ["anna"], limit=9))) == 1
    assert await store.read(lambda tx: tx.all("SELECT * FROM search_backlog")) == []
