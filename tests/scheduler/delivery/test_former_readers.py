"""A manager leaves the desk while a message for them is in flight: it is not tried again and delays nothing."""

import pytest

from holdline.desk.people.staff import change_manager
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.item import READER_LEFT_DESK
from holdline.store import invariants
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Action, Outcome, Refused, RetryLater, Scope, Uncertain
from tests.scheduler.conftest import Bench

OUTCOMES = [
    RetryLater("Bad Gateway", Scope.BOT),
    Uncertain("no answer"),
    Refused(400, "Bad Request: message is wrong", Action.PARK),
    Refused(403, "Forbidden: bot was blocked by the user", Action.BLOCKED),
]


def add_ivan(tx: Tx) -> Manager:
    return managers.insert(tx, telegram_id=400000078, name="Ivan", role="admin")


async def notice_for(bench: Bench, reader: Manager) -> int:
    chat = {"chat_id": reader.telegram_id, "customer_id": None}
    return await bench.add("card", MessageClass.DESK, kind="desk_notice", **chat)


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_undelivered_messages_are_not_delivered_after_they_left(bench: Bench, outcome: Outcome) -> None:
    ivan = await bench.store.act(add_ivan)
    item_id = await notice_for(bench, ivan)
    (begun,) = await bench.begin()
    await bench.store.act(change_manager, acting=bench.maria, manager_id=ivan.id, changes={"active": False})
    await bench.settle(begun, outcome)
    assert (await bench.item(item_id))["status"] == "cancelled"
    assert await bench.store.read(invariants.find_violations) == []


async def test_messages_queued_for_a_former_manager_are_not_sent(bench: Bench) -> None:
    ivan = await bench.store.act(add_ivan)
    item_id = await notice_for(bench, ivan)
    await bench.store.act(managers.update, ivan.id, active=False)
    assert await bench.begin() == []
    item = await bench.item(item_id)
    assert (item["status"], item["error"]) == ("cancelled", READER_LEFT_DESK)
