"""Calendars, policies and clocks, as an outside program drives them."""

from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.message import Content
from holdline.dialogs.sla.clock import TARGETS
from holdline.scheduler.due import handle_due_dates
from holdline.store.clock import ManualClock
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from tests.web.clocks.sla_kit import GOLD, OFFICE, patch
from tests.web.conftest import ANNA, Api, error_of

HOUR = 3600


async def test_without_a_policy_a_dialog_has_no_clocks(api: Api) -> None:
    assert (await api.open())["sla"] is None


@pytest.mark.row("C-32")
async def test_first_response_next_response_and_resolution_are_timed(api: Api, clock: ManualClock) -> None:
    """The first is counted from words in the general chat, which the dialog takes up."""
    await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    clock.advance(HOUR / 2)
    dialog = await api.open()
    assert dialog["sla"]["policy"] == "Gold"
    assert await clocks(api, dialog) == {
        "first_response": ("running", "2026-01-01T01:00:00Z"),
        "resolution": ("running", "2026-01-03T00:30:00Z"),
    }
    await note(api, dialog)
    assert (await clocks(api, dialog))["first_response"][0] == "running"
    await reply(api, dialog)
    assert (await clocks(api, dialog))["first_response"][0] == "met"
    clock.advance(HOUR)
    await anna_writes(api, 2)
    clock.advance(60)
    await anna_writes(api, 3)
    assert (await clocks(api, dialog))["next_response"] == ("running", "2026-01-01T03:30:00Z")
    await reply(api, dialog)
    clock.advance(9 * HOUR)
    assert await handle_due_dates(api.store) == 0
    await api.move(dialog, "close")
    assert {name: state for name, (state, _) in (await clocks(api, dialog)).items()} == {
        "first_response": "met",
        "next_response": "met",
        "resolution": "met",
    }
    assert await api.store.read(find_violations) == []


@pytest.mark.row("C-32")
async def test_a_time_limit_is_warned_of_and_then_reported_once(api: Api, clock: ManualClock) -> None:
    await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    dialog = await api.open()
    clock.advance(HOUR / 2)
    assert await handle_due_dates(api.store) == 0
    clock.advance(HOUR / 4)
    assert await handle_due_dates(api.store) == 1
    assert await handle_due_dates(api.store) == 0
    clock.advance(HOUR / 4)
    assert (await clocks(api, dialog))["first_response"][0] == "running"
    clock.advance(1)
    assert (await clocks(api, dialog))["first_response"][0] == "breached"
    assert await handle_due_dates(api.store) == 1
    assert await handle_due_dates(api.store) == 0
    await reply(api, dialog)
    assert (await clocks(api, dialog))["first_response"][0] == "breached"
    kinds = [e["kind"] for e in await api.entries(dialog) if e["kind"].startswith("sla_")]
    assert kinds == ["sla_warned", "sla_breached"]


@pytest.mark.row("C-31")
async def test_a_pause_freezes_every_clock_and_adds_its_length(api: Api, clock: ManualClock) -> None:
    await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    dialog = await api.open()
    clock.advance(HOUR / 2)
    await api.move(dialog, "pause")
    clock.advance(100 * HOUR)
    assert {state for state, _ in (await clocks(api, dialog)).values()} == {"frozen"}
    assert await handle_due_dates(api.store) == 0
    assert await api.store.read(find_violations) == []
    await api.move(dialog, "resume")
    assert await clocks(api, dialog) == {
        "first_response": ("running", "2026-01-05T05:00:00Z"),
        "resolution": ("running", "2026-01-07T04:00:00Z"),
    }


@pytest.mark.row("C-32")
async def test_automatic_answers_do_not_meet_an_sla_clock(api: Api) -> None:
    await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    await api.post("/outbound", api.ad("smart_reply"), status=202)

    def arrives(tx: Tx) -> None:
        tx.run("UPDATE outbox SET status = 'sent', settled_at = :at WHERE class = 'smart_reply'", at=tx.at)
        tx.run("UPDATE messages SET status = 'sent' WHERE class = 'smart_reply'")

    await api.store.act(arrives)
    dialog = await api.open()
    await api.post("/outbound", api.ad("smart_reply"), status=202)
    assert (await clocks(api, dialog))["first_response"][0] == "running"


@pytest.mark.row("C-32")
async def test_switching_a_policy_off_deletes_its_clocks(api: Api, clock: ManualClock) -> None:
    policy = await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    dialog = await api.open()
    await patch(api, f"/sla-policies/{policy['id']}", None, method="DELETE")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["sla"] is None
    assert await api.store.read(find_violations) == []
    clock.advance(99 * HOUR)
    assert await handle_due_dates(api.store) == 0


async def test_a_policy_that_changes_recalculates_its_clocks(api: Api) -> None:
    policy = await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    dialog = await api.open()
    await patch(api, f"/sla-policies/{policy['id']}", {"first_response": "3h", "resolution": None})
    assert await clocks(api, dialog) == {"first_response": ("running", "2026-01-01T03:00:00Z")}
    await patch(api, f"/sla-policies/{policy['id']}", {"first_response": None, "resolution": "1d"})
    assert await clocks(api, dialog) == {
        "next_response": ("running", "2026-01-01T02:00:00Z"),
        "resolution": ("running", "2026-01-02T00:00:00Z"),
    }
    assert await api.store.read(find_violations) == []


async def test_the_policy_follows_the_priority_until_one_is_chosen(api: Api) -> None:
    await api.post("/sla-policies", {**GOLD, "if": {"priority": "urgent"}}, status=201)
    silver = await api.post(
        "/sla-policies",
        {"name": "Silver", "if": {"queue": None}, "resolution": "1d", "position": 2},
        status=201,
    )
    dialog = await api.open()
    assert dialog["sla"]["policy"] == "Silver"
    urgent = await api.change(dialog, priority="urgent")
    assert (urgent["sla"]["policy"], urgent["sla"]["clocks"][0]["due_at"]) == ("Gold", "2026-01-03T00:00:00Z")
    assert (await api.change(dialog, sla_policy=silver["id"]))["sla"]["policy"] == "Silver"
    assert (await api.change(dialog, priority="urgent", title="Other"))["sla"]["policy"] == "Silver"
    assert (await api.change(dialog, sla_policy=None))["sla"] is None
    assert (await api.change(dialog, priority="low"))["sla"] is None
    named = [e["data"]["sla_policy"] for e in await api.entries(dialog) if "sla_policy" in e["data"]]
    assert named == [["Gold", "Silver"], ["Silver", None]]
    answer = await api.call(
        "PATCH",
        f"/dialogs/{dialog['id']}",
        {"manager_telegram_id": api.maria.telegram_id, "sla_policy": "Lead"},
    )
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "sla_policy"


async def test_a_policy_may_be_named_at_the_opening(api: Api) -> None:
    await api.post("/sla-policies", {**GOLD, "if": {"priority": "urgent"}}, status=201)
    assert (await api.open(sla_policy="gold"))["sla"]["policy"] == "Gold"
    assert (await api.open(customer_id=api.boris.id, priority="urgent"))["sla"]["policy"] == "Gold"


async def test_a_day_is_the_calendars_working_day(api: Api) -> None:
    """The first of January 2026 is a Thursday; the office opens at eight, as UTC has it."""
    await api.post(
        "/calendars",
        {**OFFICE, "hours": {"thu": [["09:00", "17:00"]], "fri": [["09:00", "17:00"]]}},
        status=201,
    )
    await api.post("/sla-policies", {**GOLD, "calendar": "Office", "first_response": "90m"}, status=201)
    await anna_writes(api, 1)
    dialog = await api.open()
    assert await clocks(api, dialog) == {
        "first_response": ("running", "2026-01-01T09:30:00Z"),
        "resolution": ("running", "2026-01-02T16:00:00Z"),
    }


async def test_the_sla_report_counts_met_and_breached_clocks(api: Api, clock: ManualClock) -> None:
    """Anna is answered in time twice and too late once; Boris's dialog is closed too late."""
    await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    dialog = await api.open()
    other = await api.open(customer_id=api.boris.id)
    await reply(api, dialog)
    for number, hours in ((2, 1), (3, 3)):
        await anna_writes(api, number)
        clock.advance(hours * HOUR)
        await reply(api, dialog)
    await api.move(dialog, "close")
    clock.advance(60 * HOUR)
    await api.move(other, "close")
    figures = await api.get("/reports/sla")
    assert {name: tuple(figures[name][part] for part in ("met", "breached", "kept")) for name in TARGETS} == {
        "first_response": (1, 0, 100.0),
        "next_response": (1, 1, 50.0),
        "resolution": (1, 1, 50.0),
    }


async def test_setting_the_clock_back_does_not_extend_sla_clocks(api: Api, clock: ManualClock) -> None:
    """Somebody had set it a year ahead; the two days count from when it was put right."""
    await api.post("/sla-policies", GOLD, status=201)
    await anna_writes(api, 1)
    clock.jump(365 * 24 * HOUR)
    dialog = await api.open(customer_id=api.boris.id)
    clock.jump(-365 * 24 * HOUR)
    await anna_writes(api, 2)
    assert await clocks(api, dialog) == {"resolution": ("running", "2026-01-03T00:00:00Z")}


async def anna_writes(api: Api, number: int) -> None:
    content = Content(text="Where is it?", chat_id=ANNA.telegram_id, tg_message_id=number)
    await api.store.act(receive_customer_message, sender=ANNA, content=content)


async def reply(api: Api, dialog: Any) -> None:
    await say_in(api, dialog, "messages")


async def note(api: Api, dialog: Any) -> None:
    await say_in(api, dialog, "notes")


async def say_in(api: Api, dialog: Any, where: str) -> None:
    body = {"manager_telegram_id": api.maria.telegram_id, "text": "We look for it"}
    await api.post(f"/dialogs/{dialog['id']}/{where}", body, status=201)


async def clocks(api: Api, dialog: Any) -> dict[str, tuple[str, str]]:
    shown = (await api.get(f"/dialogs/{dialog['id']}"))["sla"]["clocks"]
    return {each["name"]: (each["state"], each["due_at"]) for each in shown}
