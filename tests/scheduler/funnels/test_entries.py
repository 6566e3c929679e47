"""How customers enter a funnel."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.desk.customers.customers import greet_customer, resume_marketing, stop_marketing
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.funnels.definitions import delete_funnel, switch_funnel
from holdline.desk.funnels.enrolments import leave_enrolment
from holdline.desk.funnels.entries import enrol_by_button, enrol_by_tag, enter_waiting
from holdline.desk.marketing.consent import set_topic_wanted
from holdline.dialogs.closing import Closing
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.marketing.consent import ConsentBy
from holdline.dialogs.marketing.customer_days import QuietHours
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.scheduler.funnels import enter_waiting_customers
from holdline.screens.render import render
from holdline.store.errors import UniqueConflict
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Uncertain
from holdline.texts import say
from tests.scheduler.conftest import ANNA, opened
from tests.scheduler.funnels.kit import Runs

HELLO = {"send": {"text": "hello"}}


async def starts(runs: Runs, payload: str) -> None:
    content = Content(text=f"/start {payload}", tg_message_id=next(runs.bench.ids))
    await runs.bench.store.act(greet_customer, sender=ANNA, payload=payload, content=content)


@pytest.mark.row("M-02")
async def test_a_start_link_enrols(runs: Runs) -> None:
    await runs.funnel(HELLO, entry={"start": "promo"})
    await starts(runs, "other")
    await runs.passes()
    assert runs.texts == []
    await starts(runs, "promo")
    await starts(runs, "promo")
    await runs.passes(10)
    assert runs.texts == ["hello"]
    await runs.sleeps(120)
    await starts(runs, "promo")
    await runs.passes()
    assert runs.texts == ["hello", "hello"], "much later it is a new way"


@pytest.mark.row("M-02")
async def test_a_tag_enrols_and_funnels_that_tag_for_each_other_end(runs: Runs) -> None:
    for name, tag, other in (("A", "a", "b"), ("B", "b", "a")):
        await runs.funnel(HELLO, {"untag": tag}, {"tag": other}, name=name, entry={"tag": tag})
    words = {"actor": SYSTEM, "customer_id": runs.bench.anna.id, "changes": {"tags": ["a", "z"]}}
    await runs.bench.store.act(change_customer, **words)
    for _ in range(5):
        await runs.passes(5)
        await runs.sleeps(100)
    assert runs.texts == ["hello", "hello"]


@pytest.mark.row("M-02")
async def test_a_button_of_a_broadcast_enrols_if_the_funnel_allows_it(runs: Runs) -> None:
    await runs.funnel(HELLO, name="Open", entry={"button": True})
    await runs.funnel(HELLO, name="Shut")
    customer_id = runs.bench.anna.id
    let_in = [
        await runs.bench.store.act(lambda tx, name=name: enrol_by_button(tx, customer_id, name))
        for name in ("Open", "Shut", "None")
    ]
    await runs.passes()
    assert (let_in, runs.texts) == ([True, False, False], ["hello"])


@pytest.mark.row("M-02")
@pytest.mark.parametrize(
    ("entry", "enters"), [(True, True), ({"type": "Support"}, True), ({"type": "Refund"}, False)]
)
async def test_the_close_of_a_dialog_enrols(runs: Runs, entry: object, enters: bool) -> None:
    await runs.funnel(HELLO, entry={"dialog_closed": entry})
    dialog = await opened(runs.bench)
    words = {"manager": runs.bench.maria, "dialog_id": dialog.id, "closing": Closing()}
    await runs.bench.store.act(close_dialog, **words)
    await runs.passes()
    assert runs.texts == (["hello"] if enters else [])


async def test_an_unsubscribed_customer_is_enrolled_once_they_resubscribe(runs: Runs) -> None:
    """The link was what they asked for; the button under the greeting brings it about."""
    await runs.funnel(HELLO, entry={"start": "promo"})
    await runs.bench.store.act(stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    await starts(runs, "promo")
    await runs.passes()
    assert runs.texts == []
    await runs.bench.store.act(resume_marketing, telegram_id=ANNA.telegram_id, under="greeting")
    await runs.passes()
    assert runs.texts == ["hello"]


async def test_a_customer_who_left_a_funnel_is_enrolled_again_by_a_link_at_once(runs: Runs) -> None:
    await runs.funnel(HELLO, {"wait": "1h"}, entry={"start": "promo"}, stop_words=["enough"])
    await starts(runs, "promo")
    await runs.passes()
    await runs.says("enough")
    await starts(runs, "promo")
    await runs.passes()
    assert runs.texts == ["hello", "hello"]


async def told(runs: Runs) -> list[dict[str, Any]]:
    """What the customer was told besides the greeting."""
    rows = await runs.bench.all("SELECT payload_json FROM outbox WHERE kind = 'customer_notice' ORDER BY id")
    return [row["payload_json"] for row in rows if row["payload_json"]["key"].startswith("customer.entry")]


@pytest.mark.row("M-02")
async def test_a_customer_who_starts_a_paused_funnel_is_answered_and_enrolled_when_it_resumes(
    runs: Runs,
) -> None:
    funnel_id = await runs.funnel(HELLO, entry={"start": "promo"})
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=False)
    for _ in range(2):
        await starts(runs, "promo")
    assert [one["key"] for one in await told(runs)] == ["customer.entry_waits"] * 2
    assert await enter_waiting_customers(runs.bench.store) == 0
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=True)
    assert await enter_waiting_customers(runs.bench.store) == 1
    assert await enter_waiting_customers(runs.bench.store) == 0
    await runs.passes(15)
    assert runs.texts == ["hello"]
    (enrolment,) = await runs.bench.all("SELECT entry FROM enrolments")
    assert enrolment["entry"] == "start"


async def test_a_waiting_customer_who_enters_early_is_not_enrolled_again(runs: Runs) -> None:
    """Where thousands have waited, the last ones may press the link again before it is their turn."""
    funnel_id = await runs.funnel(HELLO, entry={"start": "promo"})
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=False)
    await starts(runs, "promo")
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=True)
    await starts(runs, "promo")
    await runs.passes(15)
    await runs.sleeps(120)
    assert await enter_waiting_customers(runs.bench.store) == 0
    await runs.passes()
    assert runs.texts == ["hello"]


async def test_a_customer_who_cannot_be_enrolled_delays_no_other(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = await runs.funnel(HELLO, name="Odd", entry={"start": "odd"})
    good = await runs.funnel(HELLO, name="Good", entry={"start": "good"})
    for funnel_id, payload in ((odd, "odd"), (good, "good")):
        await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=False)
        await starts(runs, payload)
        await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=True)

    def enters(tx: Tx, *, funnel_id: int, customer_id: int) -> bool:
        if funnel_id == odd:
            raise UniqueConflict("as ever")
        return enter_waiting(tx, funnel_id=funnel_id, customer_id=customer_id)

    monkeypatch.setattr("holdline.scheduler.funnels.enter_waiting", enters)
    monkeypatch.setattr("holdline.store.engine.FIRST_PAUSE_SECONDS", 0.0)
    assert await enter_waiting_customers(runs.bench.store) == 1
    waiting = await runs.bench.all("SELECT funnel_id FROM waiting_entries")
    assert [row["funnel_id"] for row in waiting] == [odd]


@pytest.mark.parametrize("ends", ["stop", "delete"])
async def test_waiting_entries_end_with_a_refusal_or_a_deletion(runs: Runs, ends: str) -> None:
    funnel_id = await runs.funnel(HELLO, entry={"start": "promo"})
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=False)
    await starts(runs, "promo")
    if ends == "stop":
        await runs.bench.store.act(stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
        await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=True)
    else:
        await runs.bench.store.act(delete_funnel, funnel_id=funnel_id)
    assert await runs.bench.all("SELECT * FROM waiting_entries") == []
    assert await enter_waiting_customers(runs.bench.store) == 0


async def test_a_button_into_a_paused_funnel_answers_that_the_entry_waits(runs: Runs) -> None:
    await runs.funnel(
        {"send": {"text": "Join?", "buttons": [{"text": "Join", "data": "funnel:Club"}]}}, HELLO
    )
    club = await runs.funnel(HELLO, name="Club", entry={"button": True})
    await runs.bench.store.act(switch_funnel, funnel_id=club, active=False)
    await runs.enrol(1)
    await runs.passes(2)
    assert await runs.presses("funnel:Club") == say("customer.entry_waits", "ru")
    await runs.bench.store.act(switch_funnel, funnel_id=club, active=True)
    assert await enter_waiting_customers(runs.bench.store) == 1


async def switches_topic(runs: Runs, topic: str, *, wanted: bool) -> None:
    def choose(tx: Tx) -> None:
        by = ConsentBy(runs.bench.anna.as_actor(), "button", topic)
        set_topic_wanted(tx, runs.bench.anna, topic, wanted=wanted, by=by)

    await runs.bench.store.act(choose)


async def test_a_customer_unsubscribed_from_the_topic_is_informed_and_enrolled_on_resubscribing(
    runs: Runs,
) -> None:
    await runs.funnel(
        {"send": {"text": "Join?", "buttons": [{"text": "Join", "data": "funnel:Club"}]}}, HELLO
    )
    entry = {"button": True, "start": "club"}
    await runs.funnel(HELLO, {"tag": "member"}, name="Club", topic="Sales", entry=entry)
    await runs.enrol(1)
    await runs.passes(2)
    await switches_topic(runs, "Sales", wanted=False)
    assert await runs.presses("funnel:Club") == say("customer.entry_topic_off", "ru")
    await starts(runs, "club")
    assert [one["key"] for one in await told(runs)] == ["customer.entry_topic_off"]
    assert len(await runs.bench.all("SELECT * FROM enrolments")) == 1
    await switches_topic(runs, "Sales", wanted=True)
    assert await runs.presses("funnel:Club") == say("customer.press_taken", "ru")
    await runs.passes()
    assert runs.texts[-1] == "hello"


async def test_a_customer_unsubscribed_from_one_of_several_topics_is_enrolled(runs: Runs) -> None:
    await runs.funnel(HELLO, {"send": {"text": "sale", "topic": "Sales"}}, entry={"start": "club"})
    await switches_topic(runs, "Sales", wanted=False)
    await starts(runs, "club")
    await runs.passes()
    assert runs.texts == ["hello"]


async def test_a_tag_does_not_enrol_a_customer_unsubscribed_from_the_topic(runs: Runs) -> None:
    await runs.funnel(HELLO, topic="Sales", entry={"tag": "vip"})
    await switches_topic(runs, "Sales", wanted=False)
    await runs.bench.store.act(enrol_by_tag, runs.bench.anna.id, ["vip"])
    assert await runs.bench.all("SELECT * FROM enrolments") == []
    await switches_topic(runs, "Sales", wanted=True)
    await runs.bench.store.act(enrol_by_tag, runs.bench.anna.id, ["vip"])
    await runs.passes()
    assert runs.texts == ["hello"]


async def test_unsubscribing_from_the_topic_ends_a_waiting_entry(runs: Runs) -> None:
    funnel_id = await runs.funnel(HELLO, topic="Sales", entry={"start": "club"})
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=False)
    await starts(runs, "club")
    await switches_topic(runs, "Sales", wanted=False)
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=True)
    assert await enter_waiting_customers(runs.bench.store) == 0
    assert await runs.bench.all("SELECT * FROM waiting_entries") == []


@pytest.mark.parametrize(
    ("steps", "hour", "at"),
    [
        ([HELLO], 23, "08:00"), ([HELLO], 12, None),
        ([{"wait": "1h"}, HELLO], 23, None), ([{"tag": "x"}, HELLO], 3, "08:00"),
    ],
    ids=["quiet", "by day", "a wait first", "a tag first"],
)  # fmt: skip
async def test_a_customer_who_starts_a_funnel_in_quiet_hours_is_informed_when_it_begins(
    runs: Runs, steps: list[dict[str, Any]], hour: int, at: str | None
) -> None:
    runs.bench.store.rules = replace(runs.bench.store.rules, quiet_hours=QuietHours(time(22), time(8)))
    now = runs.bench.clock.now()
    runs.bench.clock.advance((now.replace(hour=hour, minute=30) - now).total_seconds() % 86_400)
    await runs.funnel(*steps, entry={"start": "promo"})
    await starts(runs, "promo")
    wanted = [] if at is None else [("customer.entry_later", {"at": at})]
    assert [(one["key"], one["words"]) for one in await told(runs)] == wanted


async def test_a_funnel_is_deleted_when_nobody_is_in_it(runs: Runs) -> None:
    funnel_id = await runs.funnel(HELLO, {"wait": "9d"}, entry={"start": "promo"})
    enrolment = await runs.enrol(funnel_id)
    with pytest.raises(DeskError, match="funnel_running"):
        await runs.bench.store.act(delete_funnel, funnel_id=funnel_id)
    begun = await runs.bench.begin(render=render)
    await runs.bench.store.act(leave_enrolment, enrolment_id=enrolment.id)
    await runs.bench.store.act(delete_funnel, funnel_id=funnel_id)
    for one in begun:  # what was on the wire comes back, and is sent no more
        await runs.bench.settle(one, Uncertain("the answer was lost"))
    await starts(runs, "promo")
    with pytest.raises(NotFound):
        await runs.enrol(funnel_id)
    await runs.passes()
    assert runs.texts == []
    again = await runs.funnel(HELLO)
    assert again != funnel_id, "its name is free again"
    assert (await runs.now(enrolment)).state == "left"
    assert await runs.bench.store.read(find_violations) == []
