"""The search; `folded` compares without regard to letter case in every alphabet, on both engines."""

from holdline.store.engines.case_folding import fold_case
from holdline.store.tx import Tx, placeholders

_DIGITS = 18  # any number of 18 digits fits into 64 bits
_PEOPLE = """folded(c.name) LIKE :like ESCAPE '!' OR folded(c.username) LIKE :like ESCAPE '!'
    OR c.telegram_id = CAST(:number AS BIGINT)"""


def find_dialogs(tx: Tx, text: str, *, number: int | None, limit: int) -> list[int]:
    """Ids, newest first: matches the number of the dialog, its title, the customer, or a message in it."""
    rows = tx.all(
        f"""SELECT d.id FROM dialogs d JOIN customers c ON c.id = d.customer_id
            WHERE d.bot_id = :bot AND (
                d.id = CAST(:number AS BIGINT) OR folded(d.title) LIKE :like ESCAPE '!' OR {_PEOPLE}
                OR EXISTS (SELECT 1 FROM messages m
                           WHERE m.dialog_id = d.id AND folded(m.text) LIKE :like ESCAPE '!'))
            ORDER BY d.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        like=like_pattern(text),
        number=number,
        limit=limit,
    )
    return [row["id"] for row in rows]


def find_dialogs_of_username(tx: Tx, username: str, *, limit: int) -> list[int]:
    """Ids, newest first."""
    rows = tx.all(
        """SELECT d.id FROM dialogs d JOIN customers c ON c.id = d.customer_id
           WHERE d.bot_id = :bot AND folded(c.username) LIKE :like ESCAPE '!'
           ORDER BY d.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        like=like_pattern(username),
        limit=limit,
    )
    return [row["id"] for row in rows]


def dialogs_of_customers(tx: Tx, customer_ids: list[int], *, limit: int) -> list[int]:
    """Ids, newest first."""
    if not customer_ids:
        return []
    among, values = placeholders(customer_ids)
    rows = tx.all(
        f"SELECT id FROM dialogs WHERE +bot_id = :bot AND customer_id IN ({among}) ORDER BY id DESC LIMIT :limit",
        bot=tx.bot_id,
        limit=limit,
        **values,
    )
    return [row["id"] for row in rows]


def find_customers(tx: Tx, text: str, *, number: int | None, limit: int) -> list[int]:
    """Ids, newest first: matches the name, the username, the Telegram id, or a message in the general chat."""
    rows = tx.all(
        f"""SELECT c.id FROM customers c
            WHERE c.bot_id = :bot AND ({_PEOPLE}
                OR EXISTS (SELECT 1 FROM messages m WHERE m.customer_id = c.id AND m.dialog_id IS NULL
                           AND folded(m.text) LIKE :like ESCAPE '!'))
            ORDER BY c.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        like=like_pattern(text),
        number=number,
        limit=limit,
    )
    return [row["id"] for row in rows]


def general_chat_snippet(tx: Tx, customer_id: int, text: str) -> str:
    """The customer's newest message in the general chat that contains the text, else the newest with any text."""
    row = tx.one(
        """SELECT m.text FROM messages m WHERE m.bot_id = :bot AND m.customer_id = :customer AND m.dialog_id IS NULL
           AND m.class = 'customer' AND m.text <> ''
           ORDER BY CASE WHEN folded(m.text) LIKE :like ESCAPE '!' THEN 0 ELSE 1 END, m.id DESC LIMIT 1""",
        bot=tx.bot_id,
        customer=customer_id,
        like=like_pattern(text),
    )
    return str(row["text"]) if row else ""


def like_pattern(text: str) -> str:
    """A LIKE pattern in which the wildcards of the text itself are escaped."""
    plain = (fold_case(text) or "").replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{plain}%"


def parse_id(text: str) -> int | None:
    """The number that the text is; None if it is not a number, or is longer than any id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
