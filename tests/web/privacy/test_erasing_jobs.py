"""The job of an erasure: concurrent work, deaths and failures, and the list that outlives it."""

from datetime import UTC, datetime

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.privacy import erasing
from holdline.desk.privacy.asking import ask_to_erase
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.scheduler.privacy.erased_again import apply_erasure_list
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.store.clock import ManualClock
from holdline.store.delivery import outbox
from holdline.store.errors import StoreUnavailable
from holdline.store.people import customers
from holdline.store.privacy import erasures
from holdline.store.privacy.erasures import Erasure
from holdline.store.tx import Tx
from tests.conftest import BOT
from tests.web.conftest import Api
from tests.web.privacy.canary import CANARY, left_everywhere, places_with


async def test_a_process_that_died_after_it_wrote_the_list_still_deletes_at_telegram(
    api: Api, erased: ErasureList
) -> None:
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id)
    erased.add(person.telegram_id, job.created_at)
    await apply_erasure_list(api.store, erased)
    now = await api.store.read(erasures.by_id, job.id)
    assert now is not None and not now.keeps_copies, "as it was asked for"


async def test_work_started_while_an_erasure_waits_for_telegram_ends_too(
    api: Api, erased: ErasureList
) -> None:
    """The customer writes, and a manager opens a dialog, after everything was ended and before the id is gone."""
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await api.store.act(erasing.note_listed, erasure_id=job.id, person_hash="x")
    now = await api.store.act(erasing.take_step, erasure_id=job.id)
    assert now is not None and now.state == "copies"
    await api.store.act(receive_customer_message, sender=CANARY, content=Content(text="Are you there?"))
    dialog = await api.open("Late", customer_id=person.customer_id)
    await api.store.act(receive_customer_message, sender=CANARY, content=Content(text="Hello?"))
    await Eraser(api.store, erased).drive(job.id)
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "closed"
    waiting = await api.store.read(
        lambda tx: tx.all(
            "SELECT id FROM inbox_items WHERE customer_id = :id AND state = 'new'", id=person.customer_id
        )
    )
    assert waiting == []
    assert await places_with(api.store) == set()


async def test_a_call_in_flight_to_the_desk_is_waited_for(api: Api, erased: ErasureList) -> None:
    """Its item holds words, and only what is settled is emptied."""
    person = await left_everywhere(api)

    def take(tx: Tx) -> None:
        item = BotText("the kanarekowy one", [])
        to = Address(-100500)
        outbox.add(tx, [Outgoing(to, item, "k:flying", audience=Audience.DESK, dialog_id=1)])
        tx.run("UPDATE outbox SET about_customer_id = NULL, status = 'sending' WHERE key = 'k:flying'")

    await api.store.act(take)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    waiting = await Eraser(api.store, erased).drive(job.id)
    assert waiting is not None and waiting.state == "copies"
    await api.store.act(
        lambda tx: tx.run(
            "UPDATE outbox SET status = 'sent', settled_at = :at WHERE key = 'k:flying'", at=tx.at
        )
    )
    done = await Eraser(api.store, erased).drive(job.id)
    assert done is not None and done.ended_at is not None
    assert await places_with(api.store) == set()


async def test_a_failed_erasure_does_not_delay_another(api: Api, erased: ErasureList) -> None:
    jobs = [
        await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=customer.id, keeps_copies=True)
        for customer in (api.anna, api.boris)
    ]
    eraser = FailingEraser(api.store, erased)
    eraser.failing = jobs[0].id
    assert await eraser.work() == 1
    running = await api.store.read(erasures.list_running)
    assert [each.id for each in running] == [jobs[0].id]


class FailingEraser(Eraser):
    failing = 0

    async def _take_step(self, erasure: Erasure) -> Erasure | None:
        if erasure.id == self.failing:
            raise OSError("no")
        return await super()._take_step(erasure)


async def test_a_log_that_is_being_read_is_tried_again_after_a_minute(
    api: Api, erased: ErasureList, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try compacts the whole file, so a long reader must not cause one every second."""
    tries, scrub = [], api.store.scrub

    async def refuse_once() -> None:
        tries.append(clock.now())
        if len(tries) == 1:
            raise StoreUnavailable("the log is being read")
        await scrub()

    monkeypatch.setattr(api.store, "scrub", refuse_once)
    await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=api.anna.id, keeps_copies=True)
    eraser = Eraser(api.store, erased)
    assert [await eraser.work() for _ in range(3)] == [0, 0, 0]
    assert len(tries) == 1
    clock.advance(61)
    assert await eraser.work() == 1


async def test_a_lost_erasure_list_is_reported_at_the_start(
    api: Api, erased: ErasureList, caplog: pytest.LogCaptureFixture
) -> None:
    await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=api.anna.id, keeps_copies=True)
    await Eraser(api.store, erased).work()
    assert await apply_erasure_list(api.store, erased) == 0 and caplog.text.count("is gone or empty") == 0
    erased.path.unlink()
    await apply_erasure_list(api.store, erased)
    assert caplog.text.count("is gone or empty") == 1


def test_a_list_that_was_deleted_gets_a_new_key_at_once(erased: ErasureList) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    erased.add(5, at)
    erased.path.unlink()
    erased.add(5, at)
    (person,) = erased.people()
    assert person.digest == ErasureList(erased.path, BOT).digest_of(5), "the next process finds the person"


async def test_a_person_who_writes_again_while_the_job_runs_keeps_what_is_new(
    api: Api, erased: ErasureList
) -> None:
    """Also in another bot's desk in the same database."""
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await api.store.act(erasing.note_listed, erasure_id=job.id, person_hash="x")
    now = await api.store.act(erasing.take_step, erasure_id=job.id)
    while now is not None and now.state != "values":
        now = await api.store.act(erasing.take_step, erasure_id=job.id)
    hello = Content(text="Hello again", chat_id=CANARY.telegram_id, tg_message_id=900)
    await api.store.act(receive_customer_message, sender=CANARY, content=hello)
    new = await api.store.read(customers.by_telegram_id, CANARY.telegram_id)
    assert new is not None

    def answer(tx: Tx) -> None:
        item = BotText("We are here", [])
        to, whose = Address(CANARY.telegram_id), Audience.CUSTOMER
        outbox.add(tx, [Outgoing(to, item, "k:new", audience=whose, customer_id=new.id)])
        tx.run("UPDATE outbox SET status = 'sent', settled_at = :at WHERE key = 'k:new'", at=tx.at)
        tx.run(
            """INSERT INTO telegram_messages (bot_id, chat_id, tg_message_id, role, created_at)
               VALUES (:other, :chat, 5, 'copy', :at)""",
            other=BOT + 1,
            chat=CANARY.telegram_id,
            at=tx.at,
        )

    await api.store.act(answer)
    await Eraser(api.store, erased).drive(job.id)
    kept = await api.store.read(
        lambda tx: tx.all(
            "SELECT tg_message_id FROM telegram_messages WHERE chat_id = :chat ORDER BY 1",
            chat=CANARY.telegram_id,
        )
    )
    assert [row["tg_message_id"] for row in kept] == [5, 900]
    item = await api.store.read(
        lambda tx: tx.one("SELECT chat_id, payload_json FROM outbox WHERE key = 'k:new'")
    )
    assert item is not None
    assert (item["chat_id"], item["payload_json"]["text"]) == (CANARY.telegram_id, "We are here")
