"""The time from the close of a dialog to the first held message at the Bot API."""

import asyncio
import time
from pathlib import Path
from typing import Any

from holdline.app.settings import UNLIMITED
from holdline.bot.gateway import Gateway
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.people.managers import get_acting_manager
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.lab.bench.scenario import Scenario, percentile
from holdline.lab.demo_stack import DemoStack, open_demo_stack
from holdline.sandbox import SEED_GROUP, SEED_MANAGERS, SandboxOptions
from holdline.sandbox.bell import wait_for_ring
from holdline.store.people import customers
from holdline.store.screens import settings as kept
from holdline.store.tx import Tx
from holdline.telegram.call import Call

ROUNDS = 60
FIRST_CUSTOMER = 700_000_000


async def measure(folder: Path) -> Scenario:
    """p95 of the rounds in ms. The clock starts before the closing transaction."""
    admins = sorted(SEED_MANAGERS)
    settings: dict[str, dict[str, Any]] = {
        "telegram": {"staff_group": SEED_GROUP, "admins": admins},
        "limits": UNLIMITED,
        "store": {"reserve_megabytes": 0},
        "log": {"level": "error"},
    }
    async with open_demo_stack(folder, SandboxOptions(check=False), settings=settings) as desk:
        manager = await desk.store.act(lambda tx: get_acting_manager(tx, admins[0]))
        floors = [await _floor(desk, number) for number in range(ROUNDS)]
        rounds = [await _round(desk, manager, number) for number in range(ROUNDS)]
    return Scenario(
        "close_to_first_held_message_p95",
        percentile(rounds, 0.95),
        "ms",
        percentile(floors, 0.95),
        "under 50 ms; the floor is one commit and one call with nothing between",
    )


async def _round(desk: DemoStack, manager: Manager, number: int) -> float:
    customer, text = FIRST_CUSTOMER + number, f"held {number}"
    desk.box.says(customer, "/start")
    await _appears(desk, lambda m: m["chat"]["id"] == customer and m["from"]["is_bot"])
    dialog_id = await desk.store.act(_case, manager=manager, customer=customer, text=text)
    await _appears(desk, lambda m: m.get("forum_topic_created", {}).get("name", "").endswith(text))
    arrival = asyncio.ensure_future(_appears(desk, lambda m: m.get("text") == text))
    await asyncio.sleep(0)
    started = time.perf_counter()
    closing = Closing(send_rating_form=False)
    await desk.store.act(close_dialog, manager=manager, dialog_id=dialog_id, closing=closing)
    return (await arrival - started) * 1000


def _case(tx: Tx, *, manager: Manager, customer: int, text: str) -> int:
    sender = MessageSender(customer, "Guest")
    receive_customer_message(tx, sender=sender, content=Content(text="Hello"))
    order = OutboundRequest(customer, MessageClass.FUNNEL, text)
    known_customer = customers.by_telegram_id(tx, customer)
    assert known_customer is not None
    dialog = open_dialog(tx, manager=manager, opening=Opening(known_customer.id, text))
    accept_outbound(tx, order=order)
    return dialog.id


async def _floor(desk: DemoStack, number: int) -> float:
    """Milliseconds of a commit followed by the call: the minimum possible."""
    customer = FIRST_CUSTOMER - 1 - number
    desk.box.says(customer, "floor")
    async with Gateway(desk.box.options.token, desk.url) as gateway:
        await gateway.call_direct("getMe")
        started = time.perf_counter()
        await desk.store.act(kept.put, "bench", number)
        await gateway.send(Call("sendMessage", {"chat_id": customer, "text": "floor"}))
        return (time.perf_counter() - started) * 1000


async def _appears(desk: DemoStack, test: Any) -> float:
    """When a matching message appears at Telegram, in perf_counter time."""
    journal = desk.box.tg.events
    seq = journal.last if test is None else max(0, journal.last - 50)
    while True:
        ticket = journal.bell.ticket()
        for event in journal.since(seq):
            seq = event["seq"]
            if event["kind"] == "message" and test(event["data"]):
                return time.perf_counter()
        await wait_for_ring(ticket, 30)
