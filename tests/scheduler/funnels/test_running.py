"""A running funnel: messages, waits that count from the real sending, tags, goals, versions, the gate."""

from datetime import timedelta

import pytest

from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.funnels.definitions import switch_funnel
from holdline.desk.funnels.enrolments import leave_enrolment
from holdline.desk.funnels.figures import figures_of
from holdline.desk.funnels.moving import put_off
from holdline.dialogs.closing import Closing
from holdline.dialogs.refusal import DeskError
from holdline.screens.render import render
from holdline.store.funnels import profiles
from holdline.store.invariants import find_violations
from tests.scheduler.conftest import opened
from tests.scheduler.funnels.kit import Runs


@pytest.mark.row("M-01")
async def test_steps_follow_each_other_to_the_end(runs: Runs) -> None:
    funnel = await runs.funnel(
        {"send": {"text": "one"}},
        {"wait": "60s"},
        {"tag": "warm"},
        {"if": {"tag": "warm"}, "then": [{"send": {"text": "two"}}], "else": [{"send": {"text": "never"}}]},
        {"goal": "read"},
        {"stop": True},
    )
    enrolment = await runs.enrol(funnel)
    await runs.passes(100)
    ended = await runs.now(enrolment)
    assert runs.texts == ["one", "two"]
    assert (ended.state, ended.goal, ended.next_at) == ("done", "read", None)
    assert await runs.tags() == ["warm"]
    assert await runs.bench.store.read(find_violations) == []


async def test_a_tag_is_taken_off_in_any_case(runs: Runs) -> None:
    await runs.enrol(await runs.funnel({"tag": "Łódź"}, {"tag": "warm"}, {"untag": "łÓDŹ"}))
    assert await runs.tags() == ["warm"]


@pytest.mark.row("M-04")
async def test_a_delay_counts_from_the_real_sending(runs: Runs) -> None:
    funnel = await runs.funnel({"send": {"text": "one"}}, {"wait": "60s"}, {"send": {"text": "two"}})
    dialog = await opened(runs.bench)
    enrolment = await runs.enrol(funnel)
    await runs.passes(90)
    assert runs.texts == [], "held by the dialog"
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes(5)
    (sent_at, _), rests = runs.got[0], await runs.now(enrolment)
    assert runs.texts == ["one"]
    assert rests.next_at == sent_at + timedelta(seconds=60)
    await runs.passes(70)
    assert runs.texts == ["one", "two"]
    assert runs.got[1][0] - sent_at >= timedelta(seconds=60)


async def test_the_next_wait_is_set_in_the_transaction_that_settles_the_send(runs: Runs) -> None:
    funnel = await runs.funnel({"send": {"text": "one"}}, {"wait": "2h"}, {"send": {"text": "two"}})
    enrolment = await runs.enrol(funnel)
    (begun,) = await runs.bench.begin()
    assert (await runs.now(enrolment)).next_at is None
    await runs.bench.settle(begun)
    assert (await runs.now(enrolment)).next_at == runs.bench.clock.now() + timedelta(hours=2)


async def test_a_customer_holds_one_message_of_a_funnel_at_most(runs: Runs) -> None:
    funnel = await runs.funnel(*({"send": {"text": f"{number}"}} for number in range(5)))
    dialog = await opened(runs.bench)
    await runs.enrol(funnel)
    await runs.passes(20)
    waiting = await runs.bench.all("SELECT id FROM outbox WHERE class = 'funnel' AND status = 'queued'")
    assert len(waiting) == 1
    words = {"manager": runs.bench.maria, "dialog_id": dialog.id, "closing": Closing()}
    await runs.bench.store.act(close_dialog, **words)
    await runs.passes(30)
    assert runs.texts == ["0", "1", "2", "3", "4"]


async def test_an_older_dialog_counts_while_it_is_open(runs: Runs) -> None:
    for _ in range(2):
        newest = await opened(runs.bench)
        await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=newest.id)
    words = {"manager": runs.bench.maria, "dialog_id": newest.id, "closing": Closing()}
    await runs.bench.store.act(close_dialog, **words)
    paused = {"if": {"dialog": "paused"}, "then": [{"send": {"text": "soon"}}], "else": [{"stop": True}]}
    await runs.enrol(await runs.funnel(paused))
    await runs.passes()
    assert runs.texts == ["soon"]


async def test_a_failed_step_is_put_off_unless_it_waits_for_its_message(runs: Runs) -> None:
    enrolment = await runs.enrol(await runs.funnel({"send": {"text": "one"}}, {"wait": "60s"}))
    words = {"enrolment_id": enrolment.id, "customer_id": enrolment.customer_id}
    await runs.bench.store.act(put_off, **words)
    assert (await runs.now(enrolment)).next_at is None
    await runs.passes(2)
    await runs.sleeps(60)
    await runs.bench.store.act(put_off, **words)
    assert (await runs.now(enrolment)).next_at == runs.bench.clock.now() + timedelta(minutes=5)


async def test_enrolling_twice_makes_one_enrolment(runs: Runs) -> None:
    funnel = await runs.funnel({"send": {"text": "one"}}, {"wait": "60s"}, {"send": {"text": "two"}})
    first, second = await runs.enrol(funnel), await runs.enrol(funnel)
    await runs.passes(100)
    third = await runs.enrol(funnel)
    await runs.passes(100)
    assert first.id == second.id == third.id
    assert runs.texts == ["one", "two"]
    assert (await runs.enrol(funnel, again=True)).id != first.id


@pytest.mark.row("M-03")
async def test_a_running_enrolment_keeps_its_version(runs: Runs) -> None:
    funnel = await runs.funnel({"send": {"text": "one"}}, {"wait": "60s"}, {"send": {"text": "old"}})
    await runs.enrol(funnel)
    await runs.passes(10)
    await runs.change(funnel, {"send": {"text": "new"}})
    await runs.passes(100)
    assert runs.texts == ["one", "old"]
    await runs.enrol(funnel, again=True)
    await runs.passes(10)
    assert runs.texts == ["one", "old", "new"]


async def test_a_message_has_the_customers_own_values_files_and_links(runs: Runs) -> None:
    await runs.bench.store.act(lambda tx: profiles.set_field(tx, runs.bench.anna.id, "city", "Łódź"))
    funnel = await runs.funnel(
        {
            "send": {
                "html": "Hi <b>{customer.name|friend}</b> of {field.city|nowhere}, {field.age|any} age",
                "media": {"photo": "https://example.org/a.jpg"},
                "buttons": [{"text": "Site", "url": "https://example.org/"}],
            }
        }
    )
    await runs.enrol(funnel)
    (begun,) = await runs.bench.begin(render=render)
    call = begun.call
    assert (call.method, call.params["photo"]) == ("sendPhoto", "https://example.org/a.jpg")
    assert call.params["caption"] == "Hi Anna of Łódź, any age"
    assert call.params["caption_entities"] == [{"type": "bold", "offset": 3, "length": 4}]
    assert call.params["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://example.org/"


@pytest.mark.row("M-14")
async def test_each_customer_follows_one_stable_branch_of_a_split_and_both_are_counted(runs: Runs) -> None:
    split = {
        "split": [
            {"name": name, "share": 50, "then": [{"send": {"text": name}}]} for name in ("short", "long")
        ]
    }
    funnel = await runs.funnel(split)
    for _ in range(2):
        await runs.enrol(funnel, again=True)
        await runs.passes()
    assert len(runs.texts) == 2 and len(set(runs.texts)) == 1
    figures = await runs.bench.store.read(figures_of, funnel_id=funnel)
    counted = {(row["kind"], row["branch"]): row["number"] for row in figures.steps}
    assert counted == {("branch", runs.texts[0]): 2, ("sent", None): 2}


async def test_a_customer_who_leaves_a_funnel_gets_no_more_of_it_not_even_held_messages(runs: Runs) -> None:
    funnel = await runs.funnel({"send": {"text": "one"}}, {"send": {"text": "two"}})
    dialog = await opened(runs.bench)
    enrolment = await runs.enrol(funnel)
    left = await runs.bench.store.act(leave_enrolment, enrolment_id=enrolment.id)
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes(20)
    assert (left.state, left.next_at, runs.texts) == ("left", None, [])


async def test_a_paused_funnel_stops_and_resumes(runs: Runs) -> None:
    funnel = await runs.funnel({"send": {"text": "one"}}, {"wait": "10s"}, {"send": {"text": "two"}})
    await runs.enrol(funnel)
    await runs.bench.store.act(switch_funnel, funnel_id=funnel, active=False)
    await runs.passes(30)
    assert runs.texts == []
    with pytest.raises(DeskError) as refused:
        await runs.enrol(funnel)
    assert refused.value.code == "funnel_paused"
    await runs.bench.store.act(switch_funnel, funnel_id=funnel, active=True)
    await runs.passes(30)
    assert runs.texts == ["one", "two"]
