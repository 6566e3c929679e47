"""A held message that a manager sends past the gate: the decision is about the hold of that moment, no later one."""

from typing import Any

import pytest

from holdline.desk.delivery.delivery import settle_and_start
from holdline.desk.delivery.start import SendOptions, StartedCall
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.marketing.held import list_held, send_held
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.screens.render import render
from holdline.store import invariants
from holdline.telegram.outcomes import Outcome, RetryLater, Scope, Uncertain
from tests.desk.conftest import ANNA, Desk


@pytest.fixture
async def dialog(desk: Desk) -> Dialog:
    return await opened(desk, "Lost parcel")


async def opened(desk: Desk, title: str) -> Dialog:
    return await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, title))


async def closed(desk: Desk, dialog: Dialog) -> None:
    closing = Closing(send_rating_form=False)
    await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=closing)


async def sent_past(desk: Desk) -> int:
    order = OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, "Only today")
    item = int((await desk.store.act(accept_outbound, order=order))["id"])
    await desk.store.act(send_held, manager=desk.maria, outbox_id=item)
    return item


async def started(desk: Desk, *settled: tuple[StartedCall, Outcome]) -> list[StartedCall]:
    """Settles, and what the sender would put on the wire to the customer next."""
    options = SendOptions(epoch=0, holder="test", render=render)
    done = await desk.store.act(settle_and_start, settled=list(settled), limit=50, options=options)
    return [call for call in done.started if call.chat_id == ANNA.telegram_id]


async def held(desk: Desk) -> list[int]:
    words: dict[str, Any] = {"customer_id": desk.anna.id, "after": None, "limit": 50}
    return [row["id"] for row in await desk.store.read(list_held, **words)]


async def test_a_message_sent_past_the_gate_waits_again_if_another_dialog_opens_first(
    desk: Desk, dialog: Dialog
) -> None:
    """As during an outage of Telegram: nobody decided that it may interrupt the second dialog."""
    item = await sent_past(desk)
    await closed(desk, dialog)
    second = await opened(desk, "Refund")
    assert await started(desk) == []
    assert await held(desk) == [item]
    await closed(desk, second)
    assert [call.outbox_id for call in await started(desk)] == [item]
    assert await desk.store.read(invariants.find_violations) == []


async def test_a_message_sent_past_the_gate_waits_again_if_its_dialog_was_paused_and_resumed(
    desk: Desk, dialog: Dialog
) -> None:
    item = await sent_past(desk)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    await desk.store.act(resume_dialog, manager=desk.maria, dialog_id=dialog.id)
    assert await started(desk) == []
    assert await held(desk) == [item]


@pytest.mark.parametrize("outcome", [RetryLater("no answer", Scope.BOT), Uncertain("the answer was lost")])
async def test_a_message_returned_after_another_dialog_opened_waits_again(
    desk: Desk, dialog: Dialog, outcome: Outcome
) -> None:
    item = await sent_past(desk)
    (call,) = await started(desk)
    await closed(desk, dialog)
    await opened(desk, "Refund")
    desk.store.clock.advance(10)
    assert await started(desk, (call, outcome)) == []
    desk.store.clock.advance(10)
    assert await started(desk) == []
    assert await held(desk) == [item]


async def test_a_message_sent_past_the_gate_is_repeated_in_the_same_dialog(
    desk: Desk, dialog: Dialog
) -> None:
    item = await sent_past(desk)
    (call,) = await started(desk)
    again = await started(desk, (call, RetryLater("no answer", Scope.BOT)))
    assert [call.outbox_id for call in again] == [item]
