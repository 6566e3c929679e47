"""Presses of a broadcast's buttons, summed up for each button; also after it is done."""

import pytest

from holdline.desk.customers.presses import record_button_press
from holdline.dialogs.broadcasts.buttons import ButtonPresses
from holdline.screens.render import render
from tests.scheduler.broadcasts.conftest import Mailing

ROWS = [
    [{"text": "Shop", "url": "https://example.org"}, {"text": "I want it", "data": "yes"}],
    [{"text": "Not now", "data": "no"}, {"text": "Never", "data": "no"}],
]


@pytest.mark.row("M-06")
async def test_presses_and_people_are_counted_for_each_button(mailing: Mailing) -> None:
    store, people = mailing.bench.store, await mailing.people(3)
    broadcast_id = await mailing.create(buttons=ROWS)
    await mailing.turns(1)
    for begun in await mailing.bench.begin(limit=9, render=render):
        await mailing.bench.settle(begun)
    await mailing.turns(2)
    assert (await mailing.figures(broadcast_id))["status"] == "done"
    numbers = {
        row["chat_id"]: row["tg_message_id"]
        for row in await mailing.bench.all("SELECT chat_id, tg_message_id FROM telegram_messages")
    }

    async def press(who: int, data: str) -> None:
        await store.act(record_button_press, telegram_id=who, tg_message_id=numbers[who], data=f"out:{data}")

    async def counted() -> list[tuple[str, int, int]]:
        return [
            (each.data, each.presses, each.people) for each in (await mailing.progress(broadcast_id)).presses
        ]

    assert await counted() == [("yes", 0, 0), ("no", 0, 0)]
    for data in ("yes", "yes", "no"):
        await press(people[0], data)
    await press(people[1], "yes")
    await press(people[2], "other")
    assert await counted() == [("yes", 3, 2), ("no", 1, 1)]
    await mailing.turns(1)
    assert await counted() == [("yes", 3, 2), ("no", 1, 1)], "summed up"
    await press(people[0], "no")
    await press(people[1], "no")
    assert await counted() == [("yes", 3, 2), ("no", 3, 2)], "before and after the sum"
    await mailing.turns(1)
    assert (await mailing.progress(broadcast_id)).presses[1] == ButtonPresses("Not now", "no", 3, 2)
    assert await mailing.bench.all("SELECT id FROM broadcast_press_tallies") == []
