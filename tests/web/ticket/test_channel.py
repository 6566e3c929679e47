"""Messages, dialogs and waiting items name their channel."""

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.message import Content
from tests.web.conftest import ANNA, Api


@pytest.mark.row("W-01")
async def test_a_dialog_its_messages_and_waiting_items_name_their_channel(api: Api) -> None:
    async def wrote(number: int) -> None:
        content = Content(kind="text", text="Where is it?", chat_id=ANNA.telegram_id, tg_message_id=number)
        await api.store.act(receive_customer_message, sender=ANNA, content=content)

    await wrote(1)
    (item,) = (await api.get("/inbox"))["items"]
    dialog = await api.open()
    await wrote(2)
    reply = {"manager_telegram_id": api.maria.telegram_id, "text": "On its way"}
    await api.call("POST", f"/dialogs/{dialog['id']}/messages", reply)
    assert (item["channel"], dialog["channel"]) == ("telegram", "telegram")
    for path in (f"/dialogs/{dialog['id']}", f"/customers/{api.anna.id}"):
        lines = (await api.get(f"{path}/transcript"))["items"]
        assert {line["channel"] for line in lines} == {"telegram"}
        assert {line["direction"] for line in lines} >= {"in"}
    (past,) = (await api.get(f"/customers/{api.anna.id}/overview"))["items"]
    assert past["channel"] == "telegram"
    assert len((await api.get("/dialogs", channel="telegram"))["items"]) == 1
    assert (await api.get("/dialogs", channel="email"))["items"] == []
