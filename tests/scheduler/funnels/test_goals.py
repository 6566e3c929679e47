"""A goal ends an enrolment as soon as it is reached, and history records it."""

from typing import Any

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.funnels.definitions import add_funnel
from holdline.desk.funnels.enrolments import enrol
from holdline.dialogs.closing import Closing
from holdline.dialogs.event import SYSTEM
from holdline.store.dialogs import history
from tests.scheduler.conftest import ANNA, opened
from tests.scheduler.funnels.kit import Runs

BOUGHT = {"goals": [{"goal": "bought", "if": {"any": [{"tag": "buyer"}, {"field": "orders", "above": 0}]}}]}
HELLO, NEXT = {"send": {"text": "Hello"}}, {"send": {"text": "Only today"}}
WAIT = {"wait": "9d"}


async def changed(runs: Runs, **changes: Any) -> None:
    await runs.bench.store.act(change_customer, actor=SYSTEM, customer_id=runs.bench.anna.id, changes=changes)


async def told(runs: Runs) -> list[tuple[str, str | None, dict[str, Any]]]:
    lines = await runs.bench.store.read(lambda tx: history.page(tx, customer_id=runs.bench.anna.id))
    return [
        (line["kind"], line["text"], line["data_json"])
        for line in lines
        if line["kind"].startswith("funnel_")
    ]


@pytest.mark.parametrize("changes", [{"tags": ["Buyer"]}, {"fields": {"orders": 2}}], ids=["tag", "field"])
async def test_a_reached_goal_ends_the_enrolment_at_once(runs: Runs, changes: dict[str, Any]) -> None:
    enrolment = await runs.enrol(await runs.funnel(HELLO, WAIT, NEXT, **BOUGHT))
    await runs.passes()
    await changed(runs, **changes)
    now = await runs.now(enrolment)
    assert (now.state, now.reason, now.goal, now.next_at) == ("done", "goal", "bought", None)
    assert [(kind, text) for kind, text, _ in await told(runs)] == [
        ("funnel_entered", "Welcome"), ("funnel_finished", "Welcome"),
    ]  # fmt: skip
    assert (await told(runs))[1][2]["goal"] == "bought"
    counted = await runs.bench.all("SELECT address FROM enrolment_steps WHERE kind = 'goal'")
    assert [row["address"] for row in counted] == ["bought"]


async def test_a_held_message_is_cancelled_with_its_enrolment(runs: Runs) -> None:
    await opened(runs.bench)
    enrolment = await runs.enrol(await runs.funnel(HELLO, **BOUGHT))
    await changed(runs, tags=["buyer"])
    (item,) = await runs.bench.all("SELECT status, error FROM outbox WHERE stream = 'marketing'")
    assert (item["status"], item["error"]) == ("cancelled", "funnel_left")
    assert (await runs.now(enrolment)).state == "done"


async def test_changes_that_reach_no_goal_end_no_enrolment(runs: Runs) -> None:
    enrolment = await runs.enrol(await runs.funnel(HELLO, WAIT, NEXT, **BOUGHT))
    await changed(runs, tags=["vip"], fields={"orders": 0}, language="pl")
    assert (await runs.now(enrolment)).is_running


async def test_a_tag_of_one_funnel_is_the_goal_of_another(runs: Runs) -> None:
    first = await runs.enrol(await runs.funnel(HELLO, WAIT, NEXT, **BOUGHT))
    written = {"name": "Shop", "steps": [{"tag": "buyer"}, HELLO, WAIT], **BOUGHT}
    shop = await runs.bench.store.act(add_funnel, written={**written, "goals": []})
    second = await runs.bench.store.act(enrol, funnel_id=shop.id, telegram_id=ANNA.telegram_id)
    assert (await runs.now(first)).reason == "goal"
    assert (await runs.now(second)).is_running


@pytest.mark.parametrize(
    ("leaves", "actor", "reason"), [("word", "customer", "stop_word"), ("stop", "system", "opted_out")]
)
async def test_history_records_who_left_a_funnel_and_why(
    runs: Runs, leaves: str, actor: str, reason: str
) -> None:
    await runs.enrol(await runs.funnel(HELLO, WAIT, stop_words=["enough"]))
    if leaves == "word":
        await runs.says("enough")
    else:
        await changed(runs, opt_out=True)
    kind, text, data = (await told(runs))[-1]
    assert (kind, text, data["reason"]) == ("funnel_left", "Welcome", reason)
    lines = await runs.bench.store.read(lambda tx: history.page(tx, customer_id=runs.bench.anna.id))
    assert [line["actor_kind"] for line in lines if line["kind"] == "funnel_left"] == [actor]


@pytest.mark.parametrize("state", ["paused", "closed"])
async def test_the_end_of_a_dialog_can_be_a_goal(runs: Runs, state: str) -> None:
    goals = [{"goal": "talked", "if": {"dialog": [state]}}]
    enrolment = await runs.enrol(await runs.funnel(HELLO, WAIT, NEXT, goals=goals))
    await runs.passes()
    dialog = await opened(runs.bench)
    assert (await runs.now(enrolment)).is_running
    about = {"manager": runs.bench.maria, "dialog_id": dialog.id}
    if state == "paused":
        await runs.bench.store.act(pause_dialog, **about)
    else:
        await runs.bench.store.act(close_dialog, **about, closing=Closing())
    assert (await runs.now(enrolment)).goal == "talked"
