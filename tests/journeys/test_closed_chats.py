"""Managers who blocked the bot in their own chats: no customer's message is lost."""

import asyncio
from typing import Any

import pytest

from holdline.store.tx import Row, Tx
from tests.journeys.kinds import words
from tests.journeys.test_aside import POISON
from tests.journeys.world import IVAN, MARIA, Message, Person, World

pytestmark = pytest.mark.parametrize("place", ["private", "without_topics"], indirect=True)
LONG = "Once upon a time " + "and then " * 450 + "the end"  # with a header it takes two messages


def shows(text: str) -> Any:
    return lambda m: words(m).endswith(text)


def times(person: Person, text: str) -> int:
    return sum(one.endswith(text) for one in person.got())


async def parked(world: World, count: int) -> None:
    """What the watchman sees."""
    line, told = f'holdline_outbox_messages{{status="parked",stream="dialog"}} {count}.0', ""
    try:
        async with asyncio.timeout(20):
            while line not in told:
                told = (await world.api.get(str(world.api.base_url.copy_with(path="/metrics")))).text
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"never {line}") from None


async def comes_back(person: Person) -> None:
    person.world.box.blocks(person.id, False)
    person.says("/start")


async def test_a_manager_who_blocked_the_bot_does_not_affect_the_others(place: World) -> None:
    anna, maria, ivan = place.customer(), place.manager(), place.manager(IVAN, "Ivan")
    place.box.blocks(IVAN)
    anna.says("Is anybody there?")
    await maria.card("Is anybody there?")
    await comes_back(ivan)
    anna.says("Thank you")
    await ivan.gets(shows("Thank you"))
    await maria.gets(shows("Thank you"))
    assert [times(maria, one) for one in ("Is anybody there?", "Thank you")] == [1, 1]
    assert not [text for text in maria.got() if "shown to nobody" in text]
    await parked(place, 0)


@pytest.mark.parametrize("first", [MARIA, IVAN])
async def test_a_message_that_nobody_could_see_waits_for_the_first_manager_who_starts_the_bot(
    place: World, first: int
) -> None:
    anna, maria, ivan = place.customer(), place.manager(), place.manager(IVAN, "Ivan")
    for manager in (MARIA, IVAN):
        place.box.blocks(manager)
    anna.says("Is anybody there?")
    anna.says(LONG)
    anna.says("Last words")
    back = maria if first == MARIA else ivan
    await _in_sight(place)
    await comes_back(back)
    await back.gets(shows("Last words"))
    got = "\n".join(back.got())
    assert got.index("Is anybody there?") < got.index("Once upon") < got.index("the end")
    assert got.index("the end") < got.index("Last words")
    assert [times(back, one) for one in ("Is anybody there?", "Last words")] == [1, 1]


async def _in_sight(world: World) -> None:
    """All four views of the three messages are parked, each once, and nothing is on its way."""
    left: list[str] = []
    try:
        async with asyncio.timeout(20):
            while left.count("parked") != 4 or {"queued", "sending"} & set(left):
                left = [row["status"] for row in await world.store.read(_cards)]
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(left) from None


def _cards(tx: Tx) -> list[Row]:
    return tx.all("SELECT status FROM outbox WHERE kind = 'inbox_card' ORDER BY id")


async def test_an_alarm_waits_for_the_administrator_who_shut_the_bot_out(place: World) -> None:
    maria = place.manager()
    place.box.blocks(MARIA)
    place.box.raw_update(POISON)
    await parked(place, 1)
    await comes_back(maria)
    await maria.gets(lambda m: "from Anna (photo)" in words(m))
    await parked(place, 0)


async def test_a_manager_who_starts_the_bot_late_gets_later_messages(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    nina = place.manager(400000079, "Nina")
    await place.post("/managers", {"telegram_id": nina.id, "name": "Nina", "role": "manager"}, 201)
    anna.says("Hello")
    await maria.card("Hello")
    nina.says("/start")
    anna.says("Anybody else?")
    shown: Message = await nina.reads(shows("Anybody else?"))
    nina.says("Yes, me", shown)
    await anna.gets("Yes, me")
