"""Lines of one customer that are merged at the sender, step by step."""

from typing import Any

from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.desk.delivery.start import StartedCall
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.screens.render import render
from holdline.store import invariants
from holdline.store.delivery import telegram_messages
from holdline.store.tx import Row
from holdline.telegram.outcomes import Sent
from tests.scheduler.conftest import ANNA, GROUP, Bench, opened, sent

THREAD = 7
LINES = "\n".join(f"line {number}" for number in range(4, 10))


async def says(bench: Bench, *texts: str, sender: MessageSender = ANNA, start: int = 1, **more: Any) -> None:
    for number, text in enumerate(texts, start):
        content = Content(text=text, chat_id=sender.telegram_id, tg_message_id=number, **more)
        await bench.store.act(receive_customer_message, sender=sender, content=content)


async def edits(bench: Bench, number: int, text: str, **more: Any) -> None:
    content = Content(text=text, chat_id=ANNA.telegram_id, tg_message_id=number, **more)
    await bench.store.act(apply_customer_edit, sender=ANNA, content=content)
    bench.clock.advance(1)


async def in_dialog(bench: Bench) -> int:
    """A quiet group with the topic of Anna's dialog in it."""
    dialog = await opened(bench)
    for _ in range(40):
        for begun in await bench.begin(render=render):
            result = {"message_thread_id": THREAD} if begun.kind == "topic_create" else None
            await bench.settle(begun, None if result is None else Sent(result))
        bench.clock.advance(1)
    bench.clock.advance(120)
    return dialog.id


async def next_in_group(bench: Bench) -> StartedCall:
    for _ in range(200):
        for begun in await bench.begin(render=render):
            if begun.chat_id == GROUP:
                return begun
            await bench.settle(begun)
        bench.clock.advance(0.5)
    raise AssertionError("nothing leaves for the group")


async def merged_begun(bench: Bench, lines: int = 6) -> StartedCall:
    """The first three leave alone, as the group was quiet; the others are one call that is on the wire."""
    await says(bench, *(f"line {number}" for number in range(1, lines + 4)))
    for _ in range(3):
        await bench.settle(await next_in_group(bench))
    return await next_in_group(bench)


async def texts(bench: Bench, seconds: float = 300) -> list[str]:
    calls = [call.params for call in await sent(bench, seconds) if call.params["chat_id"] == GROUP]
    return [params["text"] for params in calls if "text" in params]


async def holds(bench: Bench) -> None:
    assert await bench.store.read(invariants.find_violations) == []


async def copy_of(bench: Bench, number: int) -> Row:
    """What shows that line of Anna's in the group."""
    row = await bench.one(
        "SELECT id FROM messages WHERE chat_id = :anna AND tg_message_id = :number",
        anna=ANNA.telegram_id,
        number=number,
    )
    shown = await bench.store.read(telegram_messages.of_message, row["id"])
    return next(copy for copy in shown if copy["chat_id"] == GROUP)
