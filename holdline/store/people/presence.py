"""Which managers are available: by their own word, or because they have just done something."""

from datetime import datetime

from holdline.store.tx import Tx

_LOOKED_AT = 2000
"""How many lines of history are read; a desk that writes more in the time meant has everybody in them."""


def available_ids(tx: Tx, *, active_since: datetime) -> frozenset[int]:
    """Ids of managers who are ready, and of those who acted since then and have not said that they are away."""
    rows = tx.all(
        """SELECT m.id FROM managers m WHERE m.bot_id = :bot AND m.active = 1 AND (m.ready = 1 OR (
               m.away_at IS NULL AND m.id IN (
                   SELECT h.actor_id FROM (SELECT actor_kind, actor_id, created_at FROM history
                                           WHERE bot_id = :bot ORDER BY id DESC LIMIT :most) h
                   WHERE h.actor_kind = 'manager' AND h.created_at >= :since)))""",
        bot=tx.bot_id,
        since=active_since,
        most=_LOOKED_AT,
    )
    return frozenset(int(row["id"]) for row in rows)
