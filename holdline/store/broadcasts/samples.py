"""Samples of broadcasts that were shown to managers."""

from holdline.dialogs.outbox.marketing import MarketingSample
from holdline.store.tx import Tx


def find_album(tx: Tx, chat_id: int, tg_message_id: int) -> MarketingSample | None:
    """The sample of an album of which that Telegram message is a part.

    Only the id of its first part is stored; Telegram numbers the others on from it. A sample that retention or an
    erasure has emptied is none any longer.
    """
    row = tx.one(
        f"""SELECT tg_message_id, payload_json FROM outbox
           WHERE bot_id = :bot AND chat_id = :chat AND kind = '{MarketingSample.kind}' AND tg_message_id <= :part
           ORDER BY tg_message_id DESC LIMIT 1""",
        bot=tx.bot_id,
        chat=chat_id,
        part=tg_message_id,
    )
    if row is None or "text" not in row["payload_json"]:
        return None
    sample = MarketingSample.of(row)
    return sample if tg_message_id < row["tg_message_id"] + len(sample.media) else None
