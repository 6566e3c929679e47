"""Customers' answers and presses for a funnel, and their messages to a manager meanwhile."""

import pytest

from holdline.desk.customers.customers import stop_marketing
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.funnels.answers import is_answer
from holdline.dialogs.message import Content
from holdline.store.invariants import find_violations
from tests.scheduler.conftest import ANNA, opened
from tests.scheduler.funnels.kit import Runs

QUESTION = {"question": {"text": "Where do you live?", "name": "city", "field": "city"}}
OFFER = {
    "send": {
        "text": "A gift?",
        "buttons": [
            {"text": "Yes", "then": [{"tag": "wants"}, {"send": {"text": "Here it is"}}]},
            {"text": "No", "then": [{"send": {"text": "As you like"}}]},
        ],
        "within": "1h",
    },
    "else": [{"send": {"text": "Still there?"}}],
}


async def test_the_next_message_is_the_answer_and_later_ones_are_in_the_inbox(runs: Runs) -> None:
    funnel = await runs.funnel(
        QUESTION,
        {"if": {"answer": "city", "is": "Łódź"}, "then": [{"send": {"text": "Near us!"}}]},
    )
    enrolment = await runs.enrol(funnel)
    await runs.passes()
    said = await runs.says("Łódź")
    more = await runs.says("And what now?")
    await runs.passes()
    row = await runs.bench.one("SELECT fields_json FROM customers")
    item = await runs.bench.one("SELECT message_count, state FROM inbox_items")
    taken = [await runs.bench.store.read(is_answer, message_id=number) for number in (said, more)]
    assert (await runs.now(enrolment)).answers == {"city": "Łódź"}
    assert row["fields_json"] == {"city": "Łódź"}
    assert runs.texts == ["Where do you live?", "Near us!"]
    assert (item["message_count"], item["state"], taken) == (1, "new", [True, False])


async def test_an_answer_may_arrive_before_the_question_is_settled(runs: Runs) -> None:
    funnel = await runs.funnel(QUESTION, {"send": {"text": "Thanks"}})
    enrolment = await runs.enrol(funnel)
    (begun,) = await runs.bench.begin()
    await runs.says("Łódź")
    await runs.bench.settle(begun)
    await runs.passes()
    assert (await runs.now(enrolment)).answers == {"city": "Łódź"}
    assert runs.texts == ["Thanks"]


async def test_a_message_for_a_manager_is_neither_an_answer_nor_a_stop_word(runs: Runs) -> None:
    funnel = await runs.funnel(QUESTION, stop_words=["enough"])
    enrolment = await runs.enrol(funnel)
    await runs.passes()
    dialog = await opened(runs.bench)
    await runs.says("enough")
    await runs.passes()
    assert ((await runs.now(enrolment)).answers, len(await runs.running())) == ({}, 1)
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.says("Enough!")
    ended = await runs.now(enrolment)
    assert (ended.state, ended.reason, ended.next_at) == ("left", "stop_word", None)


@pytest.mark.row("M-01")
async def test_a_press_takes_its_branch_once(runs: Runs) -> None:
    enrolment = await runs.enrol(await runs.funnel(OFFER))
    await runs.passes()
    await runs.presses("Yes")
    await runs.presses("Yes")
    await runs.presses("No")
    await runs.passes()
    assert runs.texts == ["A gift?", "Here it is"]
    assert (await runs.tags(), (await runs.now(enrolment)).state) == (["wants"], "done")


async def test_without_a_press_the_branch_for_silence_is_taken(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(OFFER))
    await runs.passes()
    await runs.sleeps(3600)
    await runs.passes()
    assert runs.texts == ["A gift?", "Still there?"]


async def test_a_press_during_a_dialog_counts_once_it_is_over(runs: Runs) -> None:
    await runs.enrol(await runs.funnel(OFFER))
    await runs.passes()
    dialog = await opened(runs.bench)
    assert "Спасибо" in (await runs.presses("Yes") or "")
    await runs.sleeps(3 * 3600)
    await runs.passes()
    assert (runs.texts, await runs.tags()) == (["A gift?"], [])
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes()
    assert (runs.texts, await runs.tags()) == (["A gift?", "Here it is"], ["wants"])
    assert await runs.bench.store.read(find_violations) == []


@pytest.mark.row("M-09")
async def test_stop_ends_every_enrolment_and_its_waiting_messages(runs: Runs) -> None:
    enrolment = await runs.enrol(await runs.funnel({"send": {"text": "one"}}, {"send": {"text": "two"}}))
    await runs.bench.store.act(stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    await runs.passes(10)
    ended = await runs.now(enrolment)
    assert (ended.state, ended.reason, ended.next_at, runs.texts) == ("left", "opted_out", None, [])
    assert await runs.bench.store.read(find_violations) == []
