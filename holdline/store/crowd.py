"""Fills a database like that of a desk with years behind it, in few statements, to measure growth (`holdline bench`).

A customer has ten dialogs, one after another. Of fifty dialogs one is active, one is paused and the rest are closed.
"""

from datetime import datetime, timedelta

from holdline.store.tx import Tx

FIRST_TELEGRAM_ID = 600_000_000
DIALOGS_EACH = 10
BETWEEN = timedelta(seconds=95)
"""The time between two new dialogs: 27,000 are opened a month, however old the desk is."""

_SERIES = """WITH RECURSIVE series(n) AS (
    SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + 1 FROM series WHERE n < :last)"""
_MINUTE = 60_000_000
_WORDS = (
    "blue",
    "parcel",
    "refund",
    "посылка",
    "возврат",
    "pieniądze",
    "przesyłka",
    "invoice",
    "broken",
    "late",
)
_WORD = (
    f"CASE d.id % {len(_WORDS)} "
    + " ".join(f"WHEN {n} THEN '{word}'" for n, word in enumerate(_WORDS))
    + " END"
)
_NEW = "FROM dialogs d WHERE d.bot_id = :bot AND d.id > :before"
_MANAGER = "(SELECT MIN(m.id) FROM managers m WHERE m.bot_id = :bot)"
_LABELS = f"""INSERT INTO dialog_labels (dialog_id, list_id)
    SELECT d.id, (SELECT MIN(l.id) FROM lists l WHERE l.bot_id = :bot AND l.kind = 'tags') + d.id % 2
    {_NEW} AND d.id % 3 = 0"""
_WORDS_SAID = f"""INSERT INTO messages (bot_id, customer_id, dialog_id, direction, class, author_kind, manager_id,
                                       kind, text, status, created_at)
    SELECT d.bot_id, d.customer_id, d.id, t.direction, t.author, t.author,
           CASE t.turn WHEN 1 THEN {_MANAGER} END, 'text',
           'Please look: ' || {_WORD} || ' n' || d.id || ' never came.', t.status,
           d.created_at + t.turn * (1 + d.id % 50) * {_MINUTE}
    FROM dialogs d JOIN (SELECT 0 AS turn, 'in' AS direction, 'customer' AS author, 'received' AS status
                         UNION ALL SELECT 1, 'out', 'manager', 'sent') t ON 1 = 1
    WHERE d.bot_id = :bot AND d.id > :before ORDER BY d.id, t.turn"""
"""A question, and an answer some minutes later."""
_HISTORY = [
    f"""INSERT INTO history (bot_id, customer_id, dialog_id, kind, actor_kind, actor_name, actor_id, created_at)
        SELECT d.bot_id, d.customer_id, d.id, '{kind}', 'manager', 'Maria', {_MANAGER}, {at}
        {_NEW} {which} ORDER BY d.id"""
    for kind, at, which in (
        ("dialog_opened", "d.created_at", ""),
        ("dialog_paused", "d.created_at + 1", "AND d.state = 'paused'"),
        ("dialog_closed", "d.closed_at", "AND d.state = 'closed'"),
    )
]


def settle_piece(tx: Tx, *, first: int, last: int, start: datetime) -> None:
    """Adds dialogs number `first` to `last` to a bot that has lists and a manager; `first` - 1 is a multiple of ten."""
    newest = tx.one("SELECT COALESCE(MAX(id), 0) AS id FROM dialogs")
    assert newest is not None
    _add_customers(tx, first=(first - 1) // DIALOGS_EACH, last=(last - 1) // DIALOGS_EACH, at=start)
    _add_dialogs(tx, first=first, last=last, start=start)
    for statement in (_LABELS, _WORDS_SAID, *_HISTORY):
        tx.run(statement, bot=tx.bot_id, before=newest["id"])


def gather_statistics(tx: Tx) -> None:
    """Gathers planner statistics, as PostgreSQL does by itself within a minute."""
    tx.run("ANALYZE")


def first_customer(tx: Tx) -> int:
    row = tx.one("SELECT MIN(id) AS id FROM customers WHERE bot_id = :bot", bot=tx.bot_id)
    assert row is not None
    return int(row["id"])


def _add_customers(tx: Tx, *, first: int, last: int, at: datetime) -> None:
    tx.run(
        f"""{_SERIES} INSERT INTO customers (bot_id, telegram_id, name, username, created_at, last_wrote_at, gate)
            SELECT :bot, {FIRST_TELEGRAM_ID} + n, 'Customer ' || n, 'customer_' || n, :at, :at,
                   CASE n % 5 WHEN 4 THEN 'held' ELSE 'open' END FROM series ORDER BY n""",
        bot=tx.bot_id,
        first=first,
        last=last,
        at=at,
    )
    tx.run(
        f"""INSERT INTO chats (bot_id, chat_id, kind, customer_id)
            SELECT c.bot_id, c.telegram_id, 'private', c.id FROM customers c
            WHERE c.bot_id = :bot AND c.telegram_id - {FIRST_TELEGRAM_ID} BETWEEN :first AND :last""",
        bot=tx.bot_id,
        first=first,
        last=last,
    )


def _add_dialogs(tx: Tx, *, first: int, last: int, start: datetime) -> None:
    opened = f"CAST(:start AS BIGINT) + n * {int(BETWEEN.total_seconds() * 1_000_000)}"
    is_open = "n % 50 < 2"
    tx.run(
        f"""{_SERIES} INSERT INTO dialogs (bot_id, customer_id, title, state, type_id, stage_id, assignee_id,
                description, priority, service_rating, customer_score, due_at, created_at, changed_at, closed_at)
            SELECT :bot, c.id, 'Parcel number ' || n,
                   CASE n % 50 WHEN 0 THEN 'active' WHEN 1 THEN 'paused' ELSE 'closed' END,
                   (SELECT MIN(l.id) FROM lists l WHERE l.bot_id = :bot AND l.kind = 'types') + n % 2,
                   (SELECT l.id FROM lists l WHERE l.bot_id = :bot AND l.kind = 'stages'
                    AND l.name = CASE WHEN {is_open} THEN 'New' ELSE 'Closed' END),
                   CASE WHEN n % 7 > 0 THEN {_MANAGER} END,
                   'It was to come on Monday.', CASE n % 9 WHEN 0 THEN 'urgent' ELSE 'normal' END,
                   CASE WHEN n % 50 > 1 AND n % 3 = 0 THEN 1 + n % 3 END, CASE WHEN n % 50 > 1 THEN 1 + n % 3 END,
                   CASE n % 4 WHEN 0 THEN {opened} + {1440 * _MINUTE} END, {opened}, {opened},
                   CASE WHEN n % 50 > 1 THEN {opened} + {_MINUTE} * (60 + n % 600) END
            FROM series JOIN customers c ON c.bot_id = :bot
                AND c.telegram_id = {FIRST_TELEGRAM_ID} + (n - 1) / {DIALOGS_EACH} ORDER BY n""",
        bot=tx.bot_id,
        first=first,
        last=last,
        start=start,
    )


def settle_audience(tx: Tx, *, first: int, last: int) -> None:
    """Adds customers number `first` to `last`, who have started the bot and may get a broadcast."""
    _add_customers(tx, first=first, last=last, at=tx.at)
    tx.run(
        f"""UPDATE customers SET started_at = :at, gate = 'open'
            WHERE bot_id = :bot AND telegram_id BETWEEN {FIRST_TELEGRAM_ID} + :first AND {FIRST_TELEGRAM_ID} + :last""",
        at=tx.at,
        bot=tx.bot_id,
        first=first,
        last=last,
    )


def copy_recipients(tx: Tx) -> int:
    """Copies all recipients to a broadcast that does not exist, to measure the least that writing them costs."""
    return tx.run(
        """INSERT INTO broadcast_recipients (broadcast_id, customer_id, due_at, status)
           SELECT -broadcast_id, customer_id, due_at, status FROM broadcast_recipients"""
    )
