"""What users of other desks complain about, tried at the API of this one."""

from typing import Any

import pytest

from holdline.desk.automation.triggers import act_on_silence
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.dialogs.ratings import record_rating
from holdline.dialogs.message import Content
from tests.web.conftest import ANNA, Api


async def write(api: Api, text: str) -> None:
    content = Content(kind="text", text=text, chat_id=ANNA.telegram_id, tg_message_id=1)
    await api.store.act(receive_customer_message, sender=ANNA, content=content)


async def add_rule(api: Api, after: str, *then: dict[str, Any]) -> None:
    body = {"name": after, "on": "no_reply", "if": {"after": after}, "then": list(then), "active": True}
    await api.post("/rules", body, status=201)


@pytest.mark.row("C-15")
async def test_silence_leads_to_a_reminder_then_unassigning_then_escalation(api: Api) -> None:
    await add_rule(api, "10m", {"notify": [api.maria.telegram_id]})
    await add_rule(api, "20m", {"assign": None})
    await add_rule(api, "30m", {"priority": "urgent"}, {"notify": [api.ivan.telegram_id]})
    dialog = await api.open()
    await write(api, "Hello?")
    seen = []
    for _ in range(3):
        api.store.clock.advance(600)
        await api.store.act(act_on_silence)
        shown = await api.get(f"/dialogs/{dialog['id']}")
        seen.append((shown["assignee"] and shown["assignee"]["name"], shown["priority"]))
    assert seen == [("Maria", "normal"), (None, "normal"), (None, "urgent")]
    told = await api.store.read(
        lambda tx: tx.all("SELECT chat_id, payload_json FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    )
    reminded = [
        row["chat_id"] for row in told if row["payload_json"].get("key") == "desk_notices.rule_notice"
    ]
    assert reminded == [api.maria.telegram_id, api.ivan.telegram_id]


@pytest.mark.row("C-06")
async def test_a_rating_stays_with_the_assignee_at_the_close(api: Api) -> None:
    dialog = await api.open()
    await api.move(dialog, "close", send_rating_form=True)
    await api.call("PATCH", f"/managers/{api.maria.id}", {"active": False})
    (form,) = await api.store.read(lambda tx: tx.all("SELECT token FROM ratings"))
    await api.store.act(record_rating, telegram_id=ANNA.telegram_id, token=form["token"], value=1)
    (rated,) = await api.entries(dialog, "rating_answered")
    assert rated["data"]["assignee_id"] == api.maria.id
    assert (await api.get(f"/dialogs/{dialog['id']}"))["service_rating"] == 1
