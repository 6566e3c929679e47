"""The database itself refuses duplicates of unique rows, whatever a use case forgets to check."""

import pytest

from holdline.desk.customers.customers import notify
from holdline.store.errors import StoreConflict
from holdline.store.tx import Tx
from tests.desk.conftest import Desk

_ENROL = """INSERT INTO enrolments (bot_id, funnel_id, version_id, customer_id, position, entry, created_at)
    SELECT f.bot_id, f.id, v.id, c.id, 'hello', 'api', :at FROM funnels f
    JOIN funnel_versions v ON v.funnel_id = f.id JOIN customers c ON c.bot_id = f.bot_id"""
ONCE = {
    "a call in one chat": "UPDATE outbox SET status = 'sending' WHERE id = (SELECT {one}(id) FROM outbox)",
    "a new inbox item of a customer": """INSERT INTO inbox_items (bot_id, customer_id, state, created_at, changed_at)
        SELECT bot_id, id, 'new', :at, :at FROM customers""",
    "a running enrolment in one funnel": _ENROL,
    "a running erasure of a customer": """INSERT INTO erasures (bot_id, customer_id, actor_kind, actor_name, created_at)
        SELECT bot_id, id, 'system', 'Holdline', :at FROM customers""",
    "a message with one key": """INSERT INTO outbox (bot_id, chat_id, stream, class, kind, key, payload_json, due_at,
            created_at) SELECT bot_id, id, 'dialog', 'system', 'notice', 'the same', '{{}}', 0, 0 FROM customers""",
}


def prepare(tx: Tx, desk: Desk) -> None:
    """Two messages that wait for Anna, and a funnel."""
    for key in ("first", "second"):
        notify(tx, desk.anna, "customer.rated_bad", key=key)
    tx.run(
        "INSERT INTO funnels (bot_id, name, version, created_at, changed_at) VALUES (:bot, 'f', 1, :at, :at)",
        bot=tx.bot_id,
        at=tx.at,
    )
    tx.run(
        """INSERT INTO funnel_versions (funnel_id, version, definition_json, created_at)
           SELECT id, 1, '{}', :at FROM funnels""",
        at=tx.at,
    )


@pytest.mark.parametrize("what", ONCE)
async def test_the_database_refuses_duplicates_of_unique_rows(desk: Desk, what: str) -> None:
    def add(tx: Tx, one: str) -> None:
        sql = ONCE[what].format(one=one)
        tx.run(sql, **({"at": tx.at} if ":at" in sql else {}))

    await desk.store.act(prepare, desk)
    await desk.store.act(add, "MIN")
    with pytest.raises(StoreConflict):
        await desk.store.act(add, "MAX")
