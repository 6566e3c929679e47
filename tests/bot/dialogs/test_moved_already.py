"""A tap for an act that a colleague has just done is no error: it is reported, and the buttons are updated."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.store.clock import ManualClock
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import IVAN, manager


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


async def moved(desk: Place, by: int, event: str) -> None:
    """By a colleague, elsewhere."""

    def work(tx: Tx) -> None:
        person = managers.by_telegram_id(tx, by)
        assert person is not None
        act = pause_dialog if event == "pause" else resume_dialog
        act(tx, manager=person, dialog_id=desk.dialog.id)

    await desk.store.act(work)


async def test_a_message_refused_in_a_pause_is_sent_by_that_button_after_a_colleagues_resume(
    desk: Place,
) -> None:
    await desk.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id))
    await desk.heard()
    await desk.line("One more thing")
    (refusal,) = await desk.heard("text")
    await moved(desk, IVAN, "resume")
    await desk.heard()
    assert [one.text for one in await desk.press(refusal, "dlg.resume")] == []
    assert desk.gateway.toast == f"▶️ #{desk.dialog.id} “Delivery” is active already."
    assert desk.gateway.window.splitlines()[-1] == "This message is not sent yet."
    sends = next(data for data in desk.gateway.offered if data.startswith("form:"))
    assert "dlg.resume" not in "".join(desk.gateway.offered)
    await desk.presses(sends, on=refusal.number, **await desk.where())
    assert to_customer(await desk.heard()) == ["One more thing"]


async def test_after_a_managers_own_resume_the_refusal_no_longer_shows_paused(desk: Place) -> None:
    await desk.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id))
    await desk.heard()
    await desk.line("One more thing")
    (refusal,) = await desk.heard("text")
    shown = [[{"text": "…", "data": data}] for data in refusal.offered]
    await desk.presses(f"dlg.resume!:{desk.dialog.id}", on=refusal.number, shown=shown, **await desk.where())
    assert desk.gateway.window.splitlines() == [
        f"▶️ #{desk.dialog.id} “Delivery” is active again.",
        "This message is not sent yet.",
    ]


@pytest.mark.parametrize(("event", "words"), [("pause", "paused already"), ("resume", "active already")])
async def test_the_second_manager_to_confirm_is_notified_that_it_is_done(
    desk: Place, event: str, words: str
) -> None:
    if event == "resume":
        await desk.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id))
    await moved(desk, IVAN, event)
    await desk.heard()
    for tap in (f"dlg.{event}", f"dlg.{event}!"):
        await desk.presses(f"{tap}:{desk.dialog.id}", on=7, **await desk.where())
        assert words in desk.gateway.toast
        assert desk.gateway.last("answerCallbackQuery").params.get("show_alert") is False
        assert await desk.heard() == []


async def test_a_waiting_close_window_names_who_changed_the_dialog_meanwhile(desk: Place) -> None:
    await desk.line("/close")
    await moved(desk, IVAN, "pause")
    window = next(each for each in await desk.heard() if each.row["key"].startswith("form:"))
    where = await desk.where()
    assert "Ivan" in window.text and "paused" in window.text
    assert window.call.params["chat_id"] == where["chat"]
    assert window.call.params.get("message_thread_id") == where.get("thread")
