"""An erasure removes nothing of anybody else, whatever the erased customer's name and messages."""

import json
from pathlib import Path
from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.privacy.asking import ask_to_erase
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.privacy.personal_values import contacts_in
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.store.delivery import mails, outbox
from holdline.store.intake import inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.marketing import consents
from holdline.store.people import customers
from holdline.store.tx import Tx
from tests.conftest import BOT
from tests.web.conftest import Api

WORDS = "I agree to receive news"
HOSTILE = MessageSender(telegram_id=512345678, name="message", username="customer")
"""Their names stand in every update and every webhook body, their words in the consents of others."""


def rows_of_others(tx: Tx, *, customer_id: int, manager_id: int) -> None:
    """What still waits for somebody or proves something, with the same words in it."""
    consents.add(tx, customer_id, topic=None, given=True, how="button", words=WORDS, actor=SYSTEM)
    inbox.put(
        tx, [update_from_value({"update_id": 5, "message": {"chat": {"id": 510000002}, "text": WORDS}})]
    )
    tx.run("UPDATE inbox SET state = 'quarantined', reason = 'x', done_at = :at", at=tx.at)
    mails.insert(tx, to_address="a@b.example", subject="A message", body=WORDS)
    tx.run(
        """INSERT INTO forms (bot_id, manager_id, chat_id, kind, step, values_json, created_at)
           VALUES (:bot, :manager, 1, 'broadcast', 'text', :values, :at)""",
        bot=tx.bot_id,
        manager=manager_id,
        values={"text": f"message to every customer: {WORDS}"},
        at=tx.at,
    )
    item = BotText(f"{WORDS}, message", [])
    outbox.add(tx, [Outgoing(Address(-5, 9), item, "k:theirs", audience=Audience.DESK)])
    tx.run("UPDATE outbox SET status = 'sent', settled_at = :at WHERE key = 'k:theirs'", at=tx.at)


def state_of_others(tx: Tx) -> dict[str, Any]:
    """What must be the same before and after."""
    return {
        "consents": tx.all("SELECT words FROM consents WHERE words <> '' ORDER BY id"),
        "inbox": tx.all("SELECT state, raw FROM inbox"),
        "mails": tx.all("SELECT status, subject, body FROM mails"),
        "forms": tx.all("SELECT done_at, values_json FROM forms"),
        "webhooks": tx.all("SELECT status, body FROM webhook_deliveries ORDER BY id"),
    }


@pytest.mark.row("O-05")
async def test_messages_to_others_with_the_same_text_are_kept(api: Api, tmp_path: Path) -> None:
    await api.as_("admin").post(
        "/webhooks", {"url": "https://tool.example/hook", "events": ["outbound.held"]}, status=201
    )
    for text in (WORDS, "outbound.held"):
        await api.store.act(receive_customer_message, sender=HOSTILE, content=Content(text=text))
    person = await api.store.read(customers.by_telegram_id, HOSTILE.telegram_id)
    assert person is not None
    await api.open()  # Anna's, so that her message is held
    ad = api.ad(text=WORDS)
    answer = await api.post("/outbound", ad, status=202, key="order-1")
    await api.store.act(rows_of_others, customer_id=api.boris.id, manager_id=api.maria.id)
    before = await api.store.read(state_of_others)
    assert len(before["webhooks"]) == len(before["consents"]) == 1
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.id, keeps_copies=True)
    await Eraser(api.store, ErasureList(tmp_path / "erased.jsonl", BOT)).drive(job.id)
    assert await api.store.read(state_of_others) == before
    again = await api.post("/outbound", ad, status=202, key="order-1")
    assert again["id"] == answer["id"], "a repeated call is not carried out twice"
    item = await api.store.read(lambda tx: tx.one("SELECT payload_json FROM outbox WHERE key = 'k:theirs'"))
    assert item == {"payload_json": {"thread_id": 9}}, "where it stands is kept for edits and replies"


async def test_a_delivery_about_the_person_is_deleted_by_their_id(api: Api, tmp_path: Path) -> None:
    """Also one that has failed, because a person can send it again by hand."""
    await api.as_("admin").post(
        "/webhooks", {"url": "https://tool.example/hook", "events": ["dialog.state_changed"]}, status=201
    )
    await api.open("Ill")
    await api.store.act(
        lambda tx: tx.run("UPDATE webhook_deliveries SET status = 'failed', settled_at = :at", at=tx.at)
    )
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=api.anna.id, keeps_copies=True)
    await Eraser(api.store, ErasureList(tmp_path / "erased.jsonl", BOT)).drive(job.id)
    bodies = await api.store.read(lambda tx: tx.all("SELECT body FROM webhook_deliveries"))
    assert [body for body in bodies if json.loads(body["body"])] == []
    failed = await api.store.read(
        lambda tx: tx.all("SELECT id FROM webhook_deliveries WHERE status = 'failed'")
    )
    assert failed == []


def test_a_date_is_not_a_telephone_number() -> None:
    text = "On 2026-05-01 12:00 and 01-05-2026 I called +48 555 123 987 from canary@birds.example"
    assert contacts_in([text]) == ["canary@birds.example", "+48 555 123 987"]
