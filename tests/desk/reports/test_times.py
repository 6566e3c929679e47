"""How long people waited, counted again by hand from what was said."""

import pytest

from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.outbound import OutboundRequest, accept_outbound
from holdline.desk.conversation.removals import undo_message
from holdline.desk.conversation.replies import write_in_general
from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.store.clock import ManualClock
from holdline.store.dialogs import inbox_items
from tests.desk.conftest import ANNA, Desk, text
from tests.desk.reports.steps import NOBODY, answers, figures, moved, one, opened, says, times


async def test_the_clock_of_a_first_response_starts_in_the_general_chat(
    desk: Desk, clock: ManualClock
) -> None:
    await says(desk)
    clock.advance(60)
    await says(desk)
    clock.advance(60)
    dialog_id = await opened(desk)
    clock.advance(30)
    await answers(desk, dialog_id)
    clock.advance(1000)
    await answers(desk, dialog_id)  # nobody waited for this one
    clock.advance(10)
    await says(desk)
    clock.advance(20)
    await says(desk)
    clock.advance(20)
    await answers(desk, dialog_id)
    clock.advance(100)
    await moved(desk, close_dialog, dialog_id, closing=Closing())

    found = await times(desk)

    assert found == {
        "first_response": one(60 + 60 + 30),
        "next_response": one(20 + 20),
        "resolution": one(60 + 60 + 30 + 1000 + 10 + 20 + 20 + 100),
    }
    assert list(found) == ["first_response", "next_response", "resolution"]


async def test_talk_that_the_desk_started_has_no_first_response(desk: Desk, clock: ManualClock) -> None:
    dialog_id = await opened(desk)
    await answers(desk, dialog_id)
    clock.advance(500)
    await says(desk)
    clock.advance(5)
    await answers(desk, dialog_id)
    found = await times(desk)
    assert (found["first_response"], found["next_response"]) == (NOBODY, one(5))


async def test_only_a_persons_public_reply_that_stays_ends_a_wait(desk: Desk, clock: ManualClock) -> None:
    dialog_id = await opened(desk)
    await says(desk)
    clock.advance(10)
    await desk.store.act(add_note, manager=desk.maria, dialog_id=dialog_id, text="A thief?")
    smart = OutboundRequest(ANNA.telegram_id, MessageClass.SMART_REPLY, "We are open till five")
    await desk.store.act(accept_outbound, order=smart)
    taken_back = await answers(desk, dialog_id)
    await desk.store.act(undo_message, manager=desk.maria, message_id=taken_back)
    clock.advance(30)
    assert (await times(desk))["first_response"] == NOBODY
    await answers(desk, dialog_id)
    assert (await times(desk))["first_response"] == one(40)


@pytest.mark.parametrize("end", ["pause", "close", "ignore"])
async def test_what_ends_without_an_answer_is_no_time(desk: Desk, clock: ManualClock, end: str) -> None:
    """Nobody has waited three weeks for an answer to words that wanted none."""
    if end == "ignore":
        await says(desk)
        item = await desk.store.act(inbox_items.lock_new, desk.anna.id)
        assert item is not None
        clock.advance(1)
        await desk.store.act(ignore_item, manager=desk.maria, item_id=item.id)
    else:
        dialog_id = await opened(desk)
        clock.advance(1)
        await says(desk)
        clock.advance(1)
        if end == "close":
            await moved(desk, close_dialog, dialog_id, closing=Closing())
        else:
            await moved(desk, pause_dialog, dialog_id)
    clock.advance(86400 * 21)
    await says(desk)
    clock.advance(7)
    await desk.store.act(
        write_in_general, manager=desk.maria, customer_id=desk.anna.id, content=text("Hello again")
    )
    assert (await times(desk))["first_response"] == one(7)


async def test_mean_median_and_p90_as_a_spreadsheet_gives_them(desk: Desk, clock: ManualClock) -> None:
    dialog_id = await opened(desk)
    await answers(desk, dialog_id)
    for seconds in (10, 20, 30, 40, 100):
        await says(desk)
        clock.advance(seconds)
        await answers(desk, dialog_id)
    assert (await times(desk))["next_response"] == {
        "count": 5,
        "mean": 40,
        "median": 30,
        "p90": pytest.approx(76),
    }


async def test_a_value_belongs_to_the_period_in_which_it_ended(desk: Desk, clock: ManualClock) -> None:
    await says(desk)
    dialog_id = await opened(desk)
    clock.advance(3600)
    between = clock.now()
    clock.advance(3600)
    await answers(desk, dialog_id)
    await moved(desk, close_dialog, dialog_id, closing=Closing())
    assert await times(desk, to_at=between) == dict.fromkeys(await times(desk), NOBODY)
    assert (await times(desk, from_at=between))["first_response"] == one(7200)
    before, after = (
        await figures(desk, "dialogs", to_at=between),
        await figures(desk, "dialogs", from_at=between),
    )
    assert before == {"opened": 1, "closed": 0, "active": 1, "paused": 0, "overdue": 0, "customers": 1}
    assert after == {"opened": 0, "closed": 1, "active": 0, "paused": 0, "overdue": 0, "customers": 0}
