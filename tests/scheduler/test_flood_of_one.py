"""One customer floods a group's minute; messages of all others are still shown soon (decision 0022)."""

import math

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.screens.render import render
from tests.scheduler.conftest import ANNA, GROUP, Bench

OTHERS = [
    MessageSender(telegram_id=510000100 + number, name=f"Guest {number}", language="en")
    for number in range(4)
]
HEARD_WITHIN = 10.0


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=GROUP)


async def writes(bench: Bench, sender: MessageSender, number: int, kind: str = "text") -> None:
    data = {"file_id": f"f{number}", "file_unique_id": f"u{number}"} if kind == "photo" else {}
    content = Content(
        kind=kind,
        text=f"{sender.name} {number}!",
        chat_id=sender.telegram_id,
        tg_message_id=number,
        data=data,
    )
    await bench.store.act(receive_customer_message, sender=sender, content=content)


@pytest.mark.parametrize("kind", ["text", "photo"])
async def test_other_customers_are_shown_soon_while_one_floods_the_group(bench: Bench, kind: str) -> None:
    """For three minutes, five messages a second; each other customer writes every half minute."""
    written: dict[str, float] = {}
    waited: dict[str, float] = {}
    flood = 0
    for step in range(3 * 60 * 2):
        now = step / 2
        for _ in range(3):
            flood += 1
            await writes(bench, ANNA, flood, kind)
        for place, other in enumerate(OTHERS):
            if step % 60 == place * 20:
                await writes(bench, other, step + 1)
                written[f"{other.name} {step + 1}!"] = now
        for begun in await bench.begin(render=render):
            said = str(begun.call.params.get("text", ""))
            if begun.chat_id == GROUP:
                waited |= {words: now - at for words, at in written.items() if words in said}
            await bench.settle(begun)
        bench.clock.advance(0.5)
    waits = sorted(waited.get(words, math.inf) for words, at in written.items() if at < 165)
    assert waits[-1] <= HEARD_WITHIN, waits


async def test_few_messages_of_many_customers_are_all_shown_soon(bench: Bench) -> None:
    for number in range(1, 4):
        for other in OTHERS:
            await writes(bench, other, number)
    seconds = 0.0
    while await bench.all("SELECT id FROM outbox WHERE status = 'queued' AND kind = 'inbox_card'"):
        for begun in await bench.begin(render=render):
            await bench.settle(begun)
        bench.clock.advance(0.5)
        seconds += 0.5
    assert seconds < 12
