"""Updates that could not be processed are reported to administrators in plain language and retried on their request."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from holdline.bot.intake.quarantine_report import report_quarantined
from holdline.bot.intake.worker import Worker
from holdline.bot.work import Work
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.intake import counts, inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.desk_kit import Staff
from tests.bot.inbox_kit import Json, effects, good, keep, press, rows, settle, states, text
from tests.bot.staging import ADMIN, ANNA, named, rendered
from tests.bot.test_intake_hostile import HOSTILE

AGENT = 400000078


async def bad(raw: Json, work: Work) -> None:
    raise ValueError("Anna's secret")


async def set_aside(store: Store, clock: ManualClock, *updates: Json) -> None:
    await keep(store, *updates)
    await settle(Worker(store, bad, report_quarantined=report_quarantined), clock)


async def notices(store: Store) -> list[Call]:
    return [call for call in await rendered(store, "desk_notice") if isinstance(call, Call)]


async def test_administrators_are_notified_whose_message_failed_and_what_to_do(
    group_desk: Store, clock: ManualClock
) -> None:
    await group_desk.act(named, AGENT, "Ivan")
    update = text(1, chat=ANNA.telegram_id)
    update["message"]["from"] |= {"first_name": "An\u202ena\n", "last_name": "/close"}
    await set_aside(group_desk, clock, update)
    (notice,) = await notices(group_desk)
    assert notice.params["chat_id"] == ADMIN
    said = notice.params["text"]
    assert "Anna ∕close (text)" in said and "other messages go on" in said and "ValueError" in said
    assert "secret" not in said and "hi" not in said.split()
    buttons = notice.params["reply_markup"]["inline_keyboard"]
    assert [(b["text"], b["callback_data"]) for row in buttons for b in row] == [
        ("🔁 Try again", "aside.again:1")
    ]


async def test_a_failed_photo_edit_or_press_is_named_by_its_kind(
    group_desk: Store, clock: ManualClock
) -> None:
    photo = text(1, chat=ANNA.telegram_id)
    photo["message"]["photo"] = [photo["message"].pop("text")]
    edit = {"update_id": 2, "edited_message": text(2, chat=ANNA.telegram_id)["message"]}
    await set_aside(group_desk, clock, photo, edit, press(3), text(4, chat=ADMIN))
    said = [notice.params["text"] for notice in await notices(group_desk)]
    assert sum("(photo)" in one for one in said) == 1
    assert sum("(an edit)" in one for one in said) == 1
    assert sum(one.startswith("⚠️ Something that came from Telegram") for one in said) == 2


@pytest.mark.parametrize(("language", "kind"), [("ru", "(текст)"), ("pl", "(tekst)")])
async def test_each_administrator_is_notified_in_their_own_language(
    group_desk: Store, clock: ManualClock, language: str, kind: str
) -> None:
    def speaks(tx: Tx) -> None:
        found = managers.by_telegram_id(tx, ADMIN)
        assert found is not None
        managers.update(tx, found.id, language=language)

    await group_desk.act(speaks)
    await set_aside(group_desk, clock, text(1, chat=ANNA.telegram_id))
    (notice,) = await notices(group_desk)
    assert f"Anna {kind}" in notice.params["text"]


async def test_try_again_processes_the_update_once_and_needs_the_permission(
    group_desk: Store, clock: ManualClock
) -> None:
    await group_desk.act(named, AGENT, "Ivan")
    await set_aside(group_desk, clock, text(900_001, chat=ANNA.telegram_id))
    staff = Staff(group_desk)
    await staff.presses("aside.again:900001", AGENT)
    assert "managers.edit" in staff.gateway.toast
    assert (await states(group_desk))[900_001] == "quarantined"
    await staff.presses("aside.again:900001", on=5, shown=[[{"text": "🔁", "data": "aside.again:900001"}]])
    assert staff.gateway.toast.startswith("Trying again")
    assert staff.gateway.offered == []
    await staff.presses("aside.again:900001")
    assert staff.gateway.toast == "It has been tried again already."
    log = await group_desk.read(lambda tx: tx.all("SELECT change, object FROM admin_log"))
    assert log == [{"change": "update_tried_again", "object": "update:900001"}]


async def test_an_update_that_fails_again_is_reported_again_and_one_that_succeeds_is_done(
    store: Store, clock: ManualClock
) -> None:
    await store.act(managers.insert, telegram_id=ADMIN, name="Maria", role="admin")
    await set_aside(store, clock, text(1))
    assert await store.act(inbox.replay, update_id=1)
    await settle(Worker(store, bad, report_quarantined=report_quarantined), clock)
    assert len(await notices(store)) == 2
    assert await store.act(inbox.replay, update_id=1)
    await settle(Worker(store, good, report_quarantined=report_quarantined), clock)
    assert (await states(store), await effects(store)) == ({1: "done"}, [1])
    assert len(await notices(store)) == 2


async def test_many_failed_updates_are_summarised_in_one_sentence(
    group_desk: Store, clock: ManualClock
) -> None:
    await set_aside(group_desk, clock, *(text(n, chat=1000 + n) for n in range(900_001, 900_013)))
    said = [notice.params["text"] for notice in await notices(group_desk)]
    assert len(said) == 6
    assert "more than 5 updates within 10 minutes" in said[-1]
    staff = Staff(group_desk)
    await staff.presses("aside.all")
    assert staff.gateway.toast.startswith("Trying again")
    assert await group_desk.read(counts.updates_in_quarantine) == 0


async def test_an_update_that_killed_the_process_three_times_is_reported_too(
    group_desk: Store, clock: ManualClock
) -> None:
    await keep(group_desk, text(1, chat=ANNA.telegram_id))
    await group_desk.act(lambda tx: tx.run("UPDATE inbox SET attempts = 3"))
    await Worker(group_desk, good, report_quarantined=report_quarantined).tick()
    assert (await rows(group_desk))[1]["state"] == "quarantined"
    (notice,) = await notices(group_desk)
    assert "the process ended each time" in notice.params["text"]


async def test_a_failed_report_does_not_retry_an_exhausted_update(group_desk: Store) -> None:
    def broken(tx: Tx, claim: inbox.InboxJob, reason: str) -> None:
        raise RuntimeError

    await keep(group_desk, text(1))
    await group_desk.act(lambda tx: tx.run("UPDATE inbox SET attempts = 3"))
    await Worker(group_desk, good, report_quarantined=broken).tick()
    assert (await states(group_desk)) == {1: "quarantined"}


@given(person=HOSTILE, kind=HOSTILE)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_an_update_of_any_shape_is_reported(group_desk: Store, person: Any, kind: Any) -> None:
    here = {"id": 11, "is_bot": False, "first_name": person, "last_name": kind}
    for message in (
        person,
        {"from": person, "chat": kind},
        {"from": here, "chat": {"id": 11, "type": "private"}},
    ):
        claim = inbox.InboxJob(
            1, 1, 0, 3, update_from_value({"update_id": 1, "message": message}).raw, group_desk.clock.now()
        )

        def work(tx: Tx, claim: inbox.InboxJob = claim) -> int:
            report_quarantined(tx, claim, "because")
            return tx.run("DELETE FROM outbox")

        assert await group_desk.act(work) == 1
