"""T4: hostile updates among good ones, through the decoder, the dispatcher, the store and the sender."""

import time

import pytest

from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from tests.bot.staging import furnished
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.updates.flood import RULES, Flooded
from tests.faults.updates.spoiler import Json, Spoiler

SEED = 20_261_130
UPDATES = "HOLDLINE_UPDATES"
BATCH = 50
FIRST_GOOD = 620_000_001
ENDS = {"done", "ignored", "quarantined"}


@pytest.fixture
def rules() -> DeskRules:
    return RULES


def good(number: int, mark: int) -> Json:
    """A customer whom nobody disturbs says it."""
    guest = FIRST_GOOD + mark % 7
    person = {"id": guest, "is_bot": False, "first_name": f"Guest{mark % 7}", "language_code": "en"}
    message = {"message_id": mark + 1, "date": 1_795_000_000 + mark, "chat": {"id": guest, "type": "private"}}
    return {"update_id": number, "message": message | {"from": person, "text": f"good-{mark}-end"}}


async def test_hostile_updates_are_finished_and_good_ones_between_them_arrive(
    store: Store, clock: ManualClock
) -> None:
    seed, size = get_seed(SEED), get_size(UPDATES, 300)
    await store.act(furnished)
    desk, spoiler, marks = Flooded(store, clock), Spoiler(seed), 0
    began = time.perf_counter()
    for start in range(0, size, BATCH):
        batch: list[object] = []
        for number in range(start, start + BATCH):
            batch.append(spoiler.update(10 * number))
            if number % 5 == 0:
                batch.append(good(10 * number + 5, marks))
                marks += 1
        await desk.comes(*batch)
        await desk.works()
    took = time.perf_counter() - began
    ends, failures, unsent = await desk.ends(), await desk.failures(), await desk.unsent()
    all_sent = "\n".join(desk.telegram.sent)
    copies = [all_sent.count(f"good-{mark}-end") for mark in range(marks)]
    stuck = sum(many for end, many in ends.items() if end not in ENDS)
    found = await desk.examined()
    report(
        Figures(
            tried=size,
            lost=copies.count(0) + desk.put - ends.total(),
            doubled=sum(many > 1 for many in copies),
            broken=stuck + failures.total() + len(unsent) + len(found),
            seed=seed,
            note=f"{dict(sorted(ends.items()))} on {store.engine.name}, {size / took:.0f}/s",
        )
    )
    assert (stuck, failures, unsent, found) == (0, {}, [], [])
    assert (desk.put - ends.total(), copies) == (0, [1] * marks)
    assert ends["done"] > size / 5 and ends["quarantined"] > size / 50
