"""What several tests of earlier messages share: a past conversation, and the messages in a topic."""

from typing import Any

from holdline.desk.conversation.replies import Origin, write_in_dialog, write_in_general
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.desk_kit import thread_of
from tests.bot.staging import (
    ANNA,
    GROUP,
    IVAN,
    all_sent,
    customer,
    manager,
    named,
    opened,
    rendered,
    text_of,
    words,
    wrote,
)


def file(kind: str, number: int, **more: Any) -> Content:
    """A medium of the customer's, as Telegram tells of it."""
    fields: dict[str, Any] = {"data": {"file_id": f"{kind}-{number}"}, **more}
    return Content(kind, chat_id=ANNA.telegram_id, tg_message_id=number, **fields)


async def in_topic(store: Store, thread: int) -> list[Call]:
    """What is said there, in the order in which it was enqueued."""
    found = [one for one in await rendered(store) if isinstance(one, Call)]
    return [one for one in found if one.params.get("message_thread_id") == thread]


async def topic_made(store: Store, dialog_id: int, chat: int = GROUP) -> int:
    """Telegram has made the topic; everything else still waits."""

    def work(tx: Tx) -> None:
        tx.run(
            "UPDATE outbox SET status = 'sent', settled_at = :at WHERE kind = 'topic_create' AND status = 'queued'",
            at=tx.at,
        )
        tx.run(
            "UPDATE places SET thread_id = 777, mode = 'topic' WHERE dialog_id = :d AND thread_id IS NULL",
            d=dialog_id,
        )

    await store.act(work)
    return await thread_of(store, dialog_id, chat)


def said(found: list[Call]) -> list[str]:
    """Words, or the number of the original that is copied."""
    return [text_of(one) if one.method == "sendMessage" else _copied(one) for one in found]


def _copied(found: Call) -> str:
    numbers = found.params.get("message_ids") or [found.params.get("message_id")]
    return f"{found.method} {' '.join(map(str, numbers))}"


async def answered(store: Store, text: str, origin: Origin | None = None) -> None:
    content = Content(
        "text",
        text,
        chat_id=origin.chat_id if origin else None,
        tg_message_id=origin.tg_message_id if origin else None,
    )
    await store.act(
        lambda tx: write_in_general(
            tx, manager=manager(tx), customer_id=customer(tx).id, content=content, origin=origin
        )
    )


async def talked(store: Store, lines: int) -> Dialog:
    """A dialog with so many lines of the customer's and one of the manager's, all shown; Ivan has no part in it."""
    await store.act(lambda tx: named(tx, IVAN, "Ivan"))
    await wrote(store, words("line 0", 100))
    dialog = await opened(store)
    for number in range(1, lines):
        await wrote(store, words(f"line {number}", 100 + number))
    await store.act(
        lambda tx: write_in_dialog(
            tx, manager=manager(tx), dialog_id=dialog.id, content=Content("text", "Which parcel size?")
        )
    )
    await all_sent(store)
    return dialog


async def items(store: Store) -> list[str]:
    return [
        row["state"]
        for row in await store.read(lambda tx: tx.all("SELECT state FROM inbox_items ORDER BY id"))
    ]


async def active_dialog(store: Store) -> int:
    row = await store.read(lambda tx: tx.one("SELECT id FROM dialogs WHERE state = 'active'"))
    assert row is not None
    return int(row["id"])
