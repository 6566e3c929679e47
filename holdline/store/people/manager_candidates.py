"""People who may become managers: they have written to the bot and have never worked at the desk."""

from datetime import datetime

from holdline.dialogs.customer import Customer
from holdline.dialogs.manager import Manager
from holdline.store.dialogs.search import like_pattern, parse_id
from holdline.store.people import customers, managers
from holdline.store.tx import Tx

_NO_COLLEAGUE = """c.bot_id = :bot AND NOT EXISTS (
    SELECT 1 FROM managers m WHERE m.bot_id = c.bot_id AND m.telegram_id = c.telegram_id)"""


def list_started(tx: Tx, *, since: datetime, first: int, limit: int) -> list[Customer]:
    """Those who sent /start since then, newest first, after skipping the first `first`."""
    return customers.where(
        tx,
        f"{_NO_COLLEAGUE} AND c.started_at >= :since ORDER BY c.started_at DESC, c.id DESC LIMIT :limit OFFSET :first",
        since=since,
        first=first,
        limit=limit,
    )


def count_started(tx: Tx) -> int:
    row = tx.one(
        f"SELECT COUNT(*) AS n FROM customers c WHERE {_NO_COLLEAGUE} AND c.started_at IS NOT NULL",
        bot=tx.bot_id,
    )
    return int(row["n"]) if row else 0


def find_by_name(tx: Tx, text: str, *, first: int, limit: int) -> list[Customer]:
    """Matches part of the name or username, or the whole Telegram id; those who wrote last come first."""
    return customers.where(
        tx,
        f"""{_NO_COLLEAGUE} AND (folded(c.name) LIKE :like ESCAPE '!' OR folded(c.username) LIKE :called ESCAPE '!'
                OR c.telegram_id = CAST(:number AS BIGINT))
            ORDER BY c.last_wrote_at DESC, c.id DESC LIMIT :limit OFFSET :first""",
        like=like_pattern(text),
        called=like_pattern(text.removeprefix("@") or text),
        number=parse_id(text),
        first=first,
        limit=limit,
    )


def find_colleagues(tx: Tx, text: str, *, limit: int) -> list[Manager]:
    """The same search among managers, including former ones, in order of id."""
    rows = tx.all(
        """SELECT m.id FROM managers m WHERE m.bot_id = :bot AND (folded(m.name) LIKE :like ESCAPE '!'
               OR folded(m.username) LIKE :called ESCAPE '!' OR m.telegram_id = CAST(:number AS BIGINT))
           ORDER BY m.id LIMIT :limit""",
        bot=tx.bot_id,
        like=like_pattern(text),
        called=like_pattern(text.removeprefix("@") or text),
        number=parse_id(text),
        limit=limit,
    )
    hits = [managers.by_id(tx, row["id"]) for row in rows]
    return [person for person in hits if person is not None]
