"""Lines of one customer that wait in a chat of the desk."""

from typing import Any

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.store.delivery import chats
from holdline.store.tx import Row, Tx, to_micros
from holdline.telegram.pacing import GROUP_BURST
from tests.scheduler.conftest import ANNA, GROUP, Bench

BOLD = {"type": "bold", "offset": 0, "length": 4}


async def lines(
    bench: Bench, number: int, *, operations: int = GROUP_BURST, chat_id: int = GROUP, **payload: Any
) -> list[Row]:
    """So many lines that wait in a group in which so many operations were just carried out; each begins in bold."""

    for n in range(1, number + 1):
        content = Content(text=f"line {n}", entities=(BOLD,), chat_id=ANNA.telegram_id, tg_message_id=n)
        await bench.store.act(receive_customer_message, sender=ANNA, content=content)

    def busy(tx: Tx) -> None:
        now = to_micros(tx.at)
        chats.add(tx, [GROUP])
        chats.remember_recent(tx, GROUP, [now - ago for ago in reversed(range(operations))])

    await bench.store.act(busy)
    fields = {"kind": "mirror", "chat_id": chat_id, "customer_id": bench.anna.id, "payload": payload}
    return [
        await bench.item(
            await bench.add(f"line {row['id']}", MessageClass.DESK, message_id=row["id"], **fields)
        )
        for row in await bench.all("SELECT id FROM messages WHERE author_kind = 'customer' ORDER BY id")
    ]
