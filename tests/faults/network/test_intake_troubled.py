"""Updates are strange, repeated, or delayed; the rest of the day's work continues."""

import asyncio
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from tests.faults.killing import Killer
from tests.faults.ledger import asked
from tests.faults.load import Load
from tests.faults.scene import Scene, scene
from tests.faults.weather import everything


async def test_a_revoked_token_stops_the_desk_with_a_sentence_and_the_queue_waits(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with scene(tmp_path, url, seed=9) as here:
        here.start()
        await here.at_work()
        load = Load(here, 6)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            await here.until(lambda: len(load.seen()) > 20, "a day's work")
            here.weather.rules.append(everything(error_code=401, description="Unauthorized"))
            await _ends_in_words(here)
            here.start()
            await _ends_in_words(here)
            here.weather.rules.clear()
            here.start()
            await here.at_work()
            load.over.set()
        await load.quiet()
        await here.stopped()
        await here.examined()
        verdict = load.verdict()
        assert (verdict.broken, verdict.extra) == ([], 0)
        assert asked(url, "SELECT id FROM outbox WHERE status = 'parked'") == []


async def _ends_in_words(here: Scene) -> None:
    assert here.desk is not None
    assert await here.desk.ended(30) == 2
    assert "does not accept the bot's token" in here.desk.said()


def poison(chat: int, number: int) -> list[dict[str, Any]]:
    """Updates of one customer that no Bot API sends today."""
    face = {"id": chat, "type": "private", "first_name": "Guest"}
    person = {"id": chat, "is_bot": False, "first_name": "Guest"}
    around = {"message_id": 900_000 + number, "date": 1, "chat": face, "from": person}
    return [
        {"message": around | {"text": {"not": "a text"}}},
        {"message": around | {"date": "yesterday", "text": "x"}},
        {"message": {"chat": face}},
        {"callback_query": {"id": 5, "from": person}},
        {"something_of_next_year": around},
        {"my_chat_member": {"chat": face, "from": person, "date": 1, "new_chat_member": {"status": "?"}}},
        {"message": None},
    ]


async def test_poison_updates_do_not_affect_good_ones(tmp_path: Path, store_url: str) -> None:
    async with scene(tmp_path, store_url, seed=10) as here:
        here.start()
        await here.at_work()
        load, sent = Load(here, 8), 0
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            for life in load.lives[:4]:
                await here.until(lambda life=life: life.customer_id, "a customer who is known")
                for bad in poison(life.chat, life.who):
                    here.box.raw_update(bad)
                    here.box.says(life.chat, life._said("and still good", "w"))
                    sent += 1
            load.over.set()
        await load.quiet()
        await here.stopped()
        await here.examined()
        verdict = load.verdict()
        ends = dict(asked(store_url, "SELECT state, COUNT(*) FROM inbox GROUP BY state"))
        print(f"{sent} poisoned of {sum(ends.values())}: {ends}; {verdict.messages} messages")
        assert (verdict.broken, verdict.extra) == ([], 0)
        assert ends["quarantined"] >= 8
        assert ends.get("new", 0) == 0


@pytest.mark.parametrize("kills", [4])
async def test_doubled_webhook_deliveries_to_a_killed_desk_have_one_effect(
    tmp_path: Path, store_url: str, kills: int
) -> None:
    async with scene(tmp_path, store_url, seed=11, webhook=True) as here:
        killer, load, over = Killer(here, store_url), Load(here, 8), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            again = group.create_task(_all_twice(here, over))
            for moment in islice(cycle(["any moment", "carried out", "answered"]), kills):
                await killer.strikes(moment)
            load.over.set()
            here.start()
            await here.at_work()
            over.set()
        await load.quiet()
        await here.stopped()
        await here.examined()
        verdict = load.verdict()
        print(
            f"{again.result()} updates twice, {kills} kills; {verdict.messages} messages, {verdict.extra} extra"
        )
        assert verdict.broken == []
        assert verdict.extra <= killer.on_the_wire
        assert again.result() > 30


async def _all_twice(here: Scene, over: asyncio.Event) -> int:
    """Each update once more, a little later, as when Telegram has missed our answer."""
    updates, done = here.box.tg.updates, 0
    seen: set[int] = set()
    while not over.is_set():
        for update in list(updates.past):
            number = update["update_id"]
            if number not in seen and number not in updates.waiting:
                seen.add(number)
                updates.again(number)
                done += 1
        await asyncio.sleep(0.05)
    return done
