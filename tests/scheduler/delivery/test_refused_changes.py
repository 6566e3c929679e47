"""A manager who edits or removes a message is notified if the customer still sees the old version."""

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.removals import delete_message
from holdline.dialogs.message import Content
from holdline.screens.render import render
from holdline.telegram.outcomes import Action
from tests.scheduler.conftest import Bench, no, notices, opened, sent, written

ACTIONS = [Action.BLOCKED, Action.DEACTIVATED, Action.GONE]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("act", ["edit", "delete"])
async def test_a_change_that_a_customer_never_sees_is_reported(
    bench: Bench, act: str, action: Action
) -> None:
    await written(bench, await opened(bench), "The code is 1111")
    await sent(bench)
    where = {"chat_id": bench.maria.telegram_id, "tg_message_id": 77}
    if act == "edit":
        content = Content(text="The code is 2222", **where)
        await bench.store.act(apply_manager_edit, manager=bench.maria, content=content)
    else:
        await bench.store.act(delete_message, manager=bench.maria, **where)
    for begun in await bench.begin(render=render):
        refusal = no(action, "Forbidden: bot was blocked by the user", code=403)
        changes = begun.call.method in {"editMessageText", "deleteMessage"}
        await bench.settle(begun, refusal if changes else None)
    (notice,) = await notices(bench)
    assert notice["payload_json"]["key"] == "delivery.change_refused"
    assert notice["payload_json"]["reply_to_tg_id"] == 77
    bench.clock.advance(1)  # her chat rests for a moment: the mark of what she took back went first
    (told,) = [
        one.call.params["text"] for one in await bench.begin(render=render) if "text" in one.call.params
    ]
    assert told.endswith("Telegram refused the change. Reason: this person has blocked the bot.")
