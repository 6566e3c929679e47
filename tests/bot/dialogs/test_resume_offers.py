"""Lines that offer to resume a paused dialog lose their button once its state changes."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store.clock import ManualClock
from holdline.store.dialogs import inbox_items
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import IVAN, manager, words, wrote


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    """Ivan works in it too."""
    async with desk_at(request.param, store_url, clock) as desk:
        for person in (IVAN, None):
            await desk.store.act(
                assign_dialog,
                manager=await desk.store.read(manager),
                dialog_id=desk.dialog.id,
                assignee_telegram_id=person,
            )
        await desk.heard()
        yield desk


async def moved(desk: Place, event: str) -> list[Said]:
    """By Ivan, elsewhere."""

    def work(tx: Tx) -> Dialog:
        ivan = managers.by_telegram_id(tx, IVAN)
        assert ivan is not None
        if event == "close":
            return close_dialog(
                tx, manager=ivan, dialog_id=desk.dialog.id, closing=Closing(send_rating_form=False)
            )
        act = pause_dialog if event == "pause" else resume_dialog
        return act(tx, manager=ivan, dialog_id=desk.dialog.id)

    await desk.store.act(work)
    return await desk.heard()


def offers(said: list[Said]) -> list[Said]:
    """Lines of ours with the button that resumes; cards and refusals have their own ways."""
    return [
        one
        for one in said
        if one.row["kind"] == "desk_notice" and any(data.startswith("dlg.resume") for data in one.offered)
    ]


def redrawn(said: list[Said]) -> dict[int, Said]:
    return {one.call.params["message_id"]: one for one in said if one.row["kind"] == "desk_notice_edit"}


async def anna_writes_again(desk: Place, number: int) -> list[Said]:
    """What she wrote before is ignored, so that this is told anew."""

    def ignored(tx: Tx) -> None:
        for row in inbox_items.page(tx, inbox_items.ItemFilter(state="new")):
            ignore_item(tx, manager=manager(tx), item_id=row["id"])

    await desk.store.act(ignored)
    await wrote(desk.store, words("Hello?", number))
    return await desk.heard()


async def test_a_close_does_not_change_the_lines_of_an_earlier_pause(desk: Place) -> None:
    """They have lost their button: the same words once more would only cost the group an operation each."""
    await moved(desk, "pause")
    assert redrawn(await moved(desk, "resume"))
    assert not redrawn(await moved(desk, "close"))


@pytest.mark.parametrize("event", ["resume", "close"])
async def test_each_line_of_the_pause_loses_its_button(desk: Place, event: str) -> None:
    lines = offers(await moved(desk, "pause"))
    await wrote(desk.store, words("And my invoice?", 99))
    lines += offers(await desk.heard())
    lines += offers(await anna_writes_again(desk, 100))
    assert lines
    edits = redrawn(await moved(desk, event))
    assert sorted(edits) == sorted(one.number for one in lines)
    for one in lines:
        edit = edits[one.number]
        assert edit.text == one.text
        assert edit.offered == [data for data in one.offered if not data.startswith("dlg.resume")]


async def test_the_next_pause_updates_only_its_own_lines(desk: Place) -> None:
    old = offers(await moved(desk, "pause"))
    await moved(desk, "resume")
    new = offers(await moved(desk, "pause"))
    assert sorted(redrawn(await moved(desk, "resume"))) == sorted(one.number for one in new)
    assert not {one.number for one in old} & {one.number for one in new}


@pytest.mark.parametrize("desk", MODES[:2], indirect=True)
async def test_a_resume_by_the_button_of_a_line_updates_it_through_the_outbox(desk: Place) -> None:
    """A second hand, if it came later, would put its own buttons there."""
    await moved(desk, "pause")
    await wrote(desk.store, words("And my invoice?", 99))
    line = offers(await desk.heard())
    await desk.press(line[0], "dlg.resume")
    drawn = len(desk.gateway.calls)
    spot = {"chat": line[0].call.params["chat_id"], "thread": line[0].call.params.get("message_thread_id")}
    await desk.presses(f"dlg.resume!:{desk.dialog.id}", on=line[0].number, **spot)
    assert [call.method for call in desk.gateway.calls[drawn:]] == ["answerCallbackQuery"]
    assert line[0].number in redrawn(await desk.heard())
