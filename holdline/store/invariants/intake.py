"""Invariants of updates: each is stored once and ends once."""

from holdline.store.invariants.invariant import Invariant

INTAKE = (
    Invariant(
        "update_known_once",
        "an update of Telegram is in the inbox once",
        "SELECT bot_id, update_id, COUNT(*) AS times FROM inbox GROUP BY bot_id, update_id HAVING COUNT(*) > 1",
    ),
    Invariant(
        "update_state_known",
        "an update is new, done, ignored or quarantined, and the last two say why",
        """SELECT id, bot_id, update_id, state FROM inbox
           WHERE state NOT IN ('new', 'done', 'ignored', 'quarantined')
           OR (state IN ('ignored', 'quarantined') AND reason IS NULL)""",
    ),
    Invariant(
        "update_done_dated",
        "an update that is done says when",
        "SELECT id, bot_id, update_id FROM inbox WHERE state = 'done' AND done_at IS NULL",
    ),
    Invariant(
        "update_tries_bounded",
        "after three tries an update is not tried again",
        "SELECT id, bot_id, update_id, attempts FROM inbox WHERE attempts > 3 OR attempts < 0",
    ),
    Invariant(
        "update_in_order",
        "no update of a chat was done while an earlier one, received before, is still new",
        """SELECT later.id, later.bot_id, later.update_id, earlier.update_id AS waiting_update_id
           FROM inbox later
           JOIN inbox earlier ON earlier.bot_id = later.bot_id AND earlier.ordering_key = later.ordering_key
           AND earlier.state = 'new' AND earlier.reason IS NULL AND earlier.update_id < later.update_id
           AND earlier.received_at < later.done_at
           WHERE later.state = 'done'""",
    ),
    Invariant(
        "album_decided_soon",
        "a part of a manager's album waits for the others no longer than five minutes",
        f"""SELECT id, bot_id, chat_id, created_at FROM waiting_album_parts
            WHERE created_at < :at - {5 * 60 * 1_000_000}""",
    ),
)
