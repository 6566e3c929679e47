"""A dialog that cannot be read does not delay the due work of others."""

from typing import Any

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.message import Content
from holdline.scheduler.sender import Sender
from holdline.scheduler.timers import chores_of
from holdline.store.clock import ManualClock
from tests.scheduler.conftest import plain_render
from tests.scheduler.wire import FakeWire
from tests.web.conftest import ANNA, BORIS, Api


async def two_dialogs(api: Api) -> list[Any]:
    return [await api.open(customer_id=customer.id) for customer in (api.anna, api.boris)]


async def breaks(api: Api, dialog: Any) -> None:
    """Somebody's hand in the database; or what a version of ours will once write wrongly."""
    beyond = 9 * 10**18  # no moment: whoever loads the dialog fails
    await api.store.act(
        lambda tx: tx.run("UPDATE dialogs SET created_at = :at WHERE id = :id", at=beyond, id=dialog["id"])
    )


async def do(api: Api, chore: str) -> int:
    sender = Sender(api.store, render=plain_render, gateway=FakeWire(), clock=api.store.clock.monotonic)
    (found,) = (each for each in chores_of(api.store, sender) if each.name == chore)
    return await found.do()


async def test_a_due_date_is_noticed_beside_a_broken_dialog(api: Api) -> None:
    broken, sound = await two_dialogs(api)
    for dialog in (broken, sound):
        await api.change(dialog, due_at="2020-01-01T00:00:00Z")
    await breaks(api, broken)
    assert await do(api, "due") == 1
    assert len(await api.entries(sound, "dialog_overdue")) == 1


async def test_a_scheduled_reply_is_sent_beside_a_broken_dialog(api: Api, clock: ManualClock) -> None:
    broken, sound = await two_dialogs(api)
    for dialog in (broken, sound):
        words = {"manager_telegram_id": api.maria.telegram_id, "text": "At ten", "at": "2026-01-01T10:00:00Z"}
        await api.post(f"/dialogs/{dialog['id']}/messages", words, status=201)
    await breaks(api, broken)
    clock.advance(36000)
    assert await do(api, "scheduled") == 1
    (said,) = (await api.get(f"/dialogs/{sound['id']}/transcript"))["items"]
    assert said["text"] == "At ten"


async def test_a_rule_on_silence_acts_beside_a_broken_dialog(api: Api, clock: ManualClock) -> None:
    rule = {"name": "Silence", "on": "no_reply", "if": {"after": "10m"}, "then": [{"priority": "urgent"}]}
    await api.post("/rules", {**rule, "active": True}, status=201)
    broken, sound = await two_dialogs(api)
    for sender in (ANNA, BORIS):
        content = Content(kind="text", text="Hello?", chat_id=sender.telegram_id, tg_message_id=1)
        await api.store.act(receive_customer_message, sender=sender, content=content)
        clock.advance(1)
    await breaks(api, broken)
    clock.advance(600)
    assert await do(api, "rules") == 1
    assert (await api.get(f"/dialogs/{sound['id']}"))["priority"] == "urgent"


async def test_silence_is_warned_about_beside_a_broken_dialog(api: Api, clock: ManualClock) -> None:
    answer = await api.call("PATCH", "/habits", {"close_after": "2d", "warn_before": "1d"})
    assert answer.status_code == 200, answer.text
    broken, sound = await two_dialogs(api)
    for dialog in (broken, sound):
        words = {"manager_telegram_id": api.maria.telegram_id, "text": "Anything else?"}
        await api.post(f"/dialogs/{dialog['id']}/messages", words, status=201)
    await api.store.act(lambda tx: tx.run("UPDATE messages SET status = 'sent' WHERE direction = 'out'"))
    await breaks(api, broken)
    clock.advance(25 * 3600)
    assert await do(api, "silence") == 1
    assert len(await api.entries(sound, "silence_warned")) == 1
