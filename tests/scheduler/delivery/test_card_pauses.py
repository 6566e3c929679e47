"""A group gets twenty operations a minute: counts on a card are collected, a manager's change is shown at once."""

from collections import Counter
from datetime import timedelta

import pytest

from holdline.desk.customers.customers import stop_marketing
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.store.tx import Row
from holdline.telegram.outcomes import Sent
from tests.scheduler.conftest import ANNA, GROUP, Bench


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=GROUP)


@pytest.fixture
async def dialog(bench: Bench) -> Dialog:
    """Open, and shown in the group."""
    opening = Opening(customer_id=bench.anna.id, title="Lost parcel")
    made = await bench.store.act(open_dialog, manager=bench.maria, opening=opening)
    await shown(bench, 30)
    return made


async def shown(bench: Bench, seconds: float) -> Counter[str]:
    """What leaves for the group while the clock moves, by kind."""
    left: Counter[str] = Counter()
    async for begun in bench.calls(seconds):
        left.update([begun.kind] if begun.chat_id == GROUP else [])
        made = Sent({"message_thread_id": 7}) if begun.kind == "topic_create" else None
        await bench.settle(begun, made)
    return left


async def offered(bench: Bench) -> None:
    order = OutboundRequest(telegram_id=ANNA.telegram_id, class_=MessageClass.FUNNEL, text="Offer")
    assert (await bench.store.act(accept_outbound, order=order))["status"] == "held"


async def waiting(bench: Bench, kind: str) -> list[Row]:
    return await bench.all(
        "SELECT * FROM outbox WHERE kind = :kind AND status = 'queued' ORDER BY id", kind=kind
    )


async def test_many_held_messages_are_one_change_of_the_card(bench: Bench, dialog: Dialog) -> None:
    for _ in range(4):
        await offered(bench)
        assert await shown(bench, 0.5) == {}
    assert await shown(bench, 10) == {"info_card_edit": 1}


async def test_a_changed_count_is_shown_within_two_seconds(bench: Bench, dialog: Dialog) -> None:
    await offered(bench)
    (edit,) = await waiting(bench, "info_card_edit")
    assert edit["due_at"] == bench.clock.now() + timedelta(seconds=2)
    assert await shown(bench, 2) == {}
    await offered(bench)
    assert await shown(bench, 0.5) == {"info_card_edit": 1}, "another count does not put it off"


async def test_refusals_of_a_customers_chat_delay_the_count_as_well(bench: Bench, dialog: Dialog) -> None:
    await offered(bench)
    await shown(bench, 5)
    await bench.store.act(stop_marketing, sender=ANNA, content=Content(text="/stop"))
    (edit,) = await waiting(bench, "info_card_edit")
    assert edit["due_at"] > bench.clock.now()


async def test_a_managers_change_is_shown_at_once_with_the_waiting_count(
    bench: Bench, dialog: Dialog
) -> None:
    await offered(bench)
    await bench.store.act(pause_dialog, manager=bench.maria, dialog_id=dialog.id)
    (edit,) = await waiting(bench, "info_card_edit")
    assert edit["due_at"] == bench.clock.now()
    assert (await shown(bench, 1))["info_card_edit"] == 1, "right after the word that it was paused"
    assert (await shown(bench, 10))["info_card_edit"] == 0


async def test_a_topic_is_renamed_at_most_every_thirty_seconds_and_keeps_the_last_name(
    bench: Bench, dialog: Dialog
) -> None:
    moves = (pause_dialog, resume_dialog) * 3
    began, named = bench.clock.now(), []
    for move in moves:
        await bench.store.act(move, manager=bench.maria, dialog_id=dialog.id)
        if (await shown(bench, 4))["topic_name"]:
            named.append((bench.clock.now() - began).total_seconds())
    assert named == [4], "the first at once, the others wait"
    (rest,) = await waiting(bench, "topic_name")
    assert rest["due_at"] == began + timedelta(seconds=30)
    assert (await shown(bench, 60))["topic_name"] == 1
    await bench.store.act(pause_dialog, manager=bench.maria, dialog_id=dialog.id)
    assert (await shown(bench, 4))["topic_name"] == 1


class TestWhereTheLimitIsLifted:
    """Nothing has to be saved."""

    @pytest.fixture
    def rules(self) -> DeskRules:
        return DeskRules(staff_group=GROUP, group_per_minute=0)

    async def test_without_a_limit_no_update_of_a_card_waits(self, bench: Bench, dialog: Dialog) -> None:
        await offered(bench)
        (edit,) = await waiting(bench, "info_card_edit")
        assert edit["due_at"] == bench.clock.now()
