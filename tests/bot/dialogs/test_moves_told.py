"""Colleagues see who changed the state of a dialog; a customer who waits for an answer is not asked for a rating."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.dialogs.closing import Closing
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, ANNA, GROUP, IVAN, manager, named, words, wrote

ZOE = 400000079


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:

        def shared(tx: Tx) -> None:
            for person in (IVAN, ADMIN):
                assign_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, assignee_telegram_id=person)

        await desk.store.act(shared)
        await desk.heard()
        yield desk


def told(said: list[Said], what: str) -> list[int]:
    return [one.call.params["chat_id"] for one in said if f"Maria has {what} #" in one.text]


async def paused_and_written(desk: Place) -> None:
    await desk.line("/pause")
    await desk.heard()
    await wrote(desk.store, words("And my invoice?", 99))
    await desk.heard()


def forms(said: list[Said]) -> list[Said]:
    return [one for one in said if one.row["kind"] == "rating_form"]


async def test_colleagues_are_notified_of_who_typed_a_pause_resume_or_close(desk: Place) -> None:
    """In a group everybody sees the command and its answer; in private desks nobody does."""
    readers = [] if desk.mode == "group topic" else [IVAN]
    for command, what in (("/pause", "paused"), ("/resume", "resumed"), ("/close 3", "closed")):
        await desk.line(command if command != "/resume" else f"/resume {desk.dialog.id}")
        assert told(await desk.heard(), what) == readers, command


async def test_colleagues_are_notified_of_who_pressed_or_called(desk: Place) -> None:
    readers = [GROUP] if desk.mode == "group topic" else [IVAN]
    for move, what in ((pause_dialog, "paused"), (resume_dialog, "resumed")):
        await desk.store.act(lambda tx, move=move: move(tx, manager=manager(tx), dialog_id=desk.dialog.id))
        assert told(await desk.heard(), what) == readers
    await desk.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, closing=Closing())
    )
    assert told(await desk.heard(), "closed") == readers


async def test_a_close_that_says_nothing_of_the_form_keeps_the_desks_default(desk: Place) -> None:
    await paused_and_written(desk)
    await desk.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, closing=Closing())
    )
    assert len(forms(await desk.heard())) == 1


async def test_a_requested_rating_form_is_sent_and_the_waiting_messages_are_named(desk: Place) -> None:
    await paused_and_written(desk)
    await desk.line("/close 3 form")
    said = await desk.heard()
    assert len(forms(said)) == 1
    (answer,) = [one for one in said if "is closed" in one.text and one.row["kind"] == "text"]
    assert "Anna has written since: 1 message waits in the Inbox" in answer.text
    assert answer.data("card.answer")


async def test_the_close_form_begins_without_the_rating_form_and_says_why(desk: Place) -> None:
    await paused_and_written(desk)
    await desk.line("/close")
    (form,) = await desk.heard("text")
    assert "1 message waits in the Inbox" in form.text
    close = next(data for data in form.offered if data.endswith(":close"))
    await desk.press(form, close)
    assert (await state(desk)) == "closed"


async def test_messages_that_came_after_the_form_was_shown_are_named_before_the_close(desk: Place) -> None:
    await desk.line("/pause")
    await desk.heard()
    await desk.line("/close")
    (form,) = await desk.heard("text")
    assert "Inbox" not in form.text
    await wrote(desk.store, words("And my invoice?", 99))
    await desk.heard()
    close = next(data for data in form.offered if data.endswith(":close"))
    assert forms(await desk.press(form, close)) == []
    assert await state(desk) == "paused" and "waits in the Inbox" in desk.gateway.window
    assert forms(await desk.press(form, close)) == []
    assert await state(desk) == "closed"
    assert await desk.store.read(invariants.find_violations) == []


async def state(desk: Place) -> str:
    return (await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))).state


async def test_a_request_to_close_changes_nothing_of_the_dialog_and_is_shown_once(desk: Place) -> None:
    def becomes_agent(tx: Tx) -> None:
        ivan = managers.by_telegram_id(tx, IVAN)
        assert ivan is not None
        managers.update(tx, ivan.id, role="agent")

    def asks(tx: Tx, closing: Closing) -> None:
        agent = managers.by_telegram_id(tx, IVAN)
        assert agent is not None
        close_dialog(tx, manager=agent, dialog_id=desk.dialog.id, closing=closing)

    await desk.store.act(becomes_agent)
    for score in (2, 3):
        await desk.store.act(asks, closing=Closing(customer_score=score, comment="rude"))
    said = await desk.heard()
    assert sum("asks to close" in one.text for one in said if one.call.params["chat_id"] == ADMIN) == 1
    before = await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))
    assert before.customer_score is None
    await desk.store.act(lambda tx: named(tx, ZOE, "Zoe"))
    await desk.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, closing=Closing())
    )
    after = await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))
    assert after.customer_score == 3, "what was asked for last counts at the close"
    assert ANNA.telegram_id not in [one.call.params["chat_id"] for one in said]
