"""The consequences of an arrival: pins, late parts, marketing, crossings and repeats."""

from typing import Any

import pytest

from holdline.desk.delivery.success import record_crossings, record_sent
from holdline.dialogs.gate import MessageClass
from holdline.store.conversation import messages
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import places
from holdline.store.tx import Row
from tests.scheduler.conftest import DESK, GROUP, Bench, only, opened, written

ANSWER = {"message_id": 71}


async def arrive(bench: Bench, item: Row, result: Any = ANSWER) -> None:
    await bench.begin()
    await bench.store.act(record_sent, [(item, result)])


async def place(bench: Bench, mode: str) -> int:
    row = await bench.store.act(places.insert, chat_id=GROUP, dialog_id=None, mode=mode, name="x")
    return int(row["id"])


@pytest.mark.parametrize(("mode", "pins"), [("topic", [71]), ("with_header", [])])
async def test_a_card_is_pinned_in_its_own_topic(bench: Bench, mode: str, pins: list[int]) -> None:
    place_id = await place(bench, mode)
    card = await bench.item(await bench.add("card", **DESK, kind="info_card", place_id=place_id))
    await arrive(bench, card)
    rows = await bench.all("SELECT * FROM outbox WHERE kind = 'pin'")
    assert [row["payload_json"]["tg_message_id"] for row in rows] == pins
    assert {(row["chat_id"], row["place_id"]) for row in rows} <= {(GROUP, place_id)}
    found = await bench.one("SELECT card_tg_message_id FROM places WHERE id = :id", id=place_id)
    assert found["card_tg_message_id"] == 71


@pytest.mark.parametrize(
    ("result", "thread", "mode"), [({"message_thread_id": 9}, 9, "topic"), (True, None, "with_header")]
)
async def test_a_topic_gets_its_thread_or_a_header(
    bench: Bench, result: Any, thread: int | None, mode: str
) -> None:
    place_id = await place(bench, "topic")
    item = await bench.item(await bench.add("topic", **DESK, kind="topic_create", place_id=place_id))
    await arrive(bench, item, result)
    found = await bench.one("SELECT * FROM places WHERE id = :id", id=place_id)
    assert (found["thread_id"], found["mode"]) == (thread, mode)
    assert (await bench.item(item["id"]))["tg_message_id"] == thread


async def test_a_stored_copy_has_its_role_audience_and_message(bench: Bench) -> None:
    dialog = await opened(bench)
    message = await written(bench, dialog)
    item = await bench.item((await only(bench)).outbox_id)
    place_id = await place(bench, "topic")
    await arrive(bench, {**item, "place_id": place_id})
    copy = await bench.store.read(telegram_messages.find, item["chat_id"], 71)
    assert copy is not None
    names = ("role", "audience", "message_id", "customer_id", "dialog_id", "place_id", "part")
    assert [copy[name] for name in names] == [
        "copy", "customer", message.id, bench.anna.id, dialog.id, place_id, 0,
    ]  # fmt: skip


async def test_a_late_change_belongs_to_the_same_message(bench: Bench) -> None:
    dialog = await opened(bench)
    message = await written(bench, dialog)
    item = await bench.item((await only(bench)).outbox_id)
    await bench.store.act(lambda tx: messages.set_fields(tx, message.id, deleted_at=tx.at))
    await bench.store.act(record_sent, [(item, ANSWER)])
    (removal,) = await bench.all("SELECT * FROM outbox WHERE kind = 'delete_copy'")
    names = ("message_id", "dialog_id", "customer_id", "chat_id")
    assert [removal[name] for name in names] == [message.id, dialog.id, bench.anna.id, item["chat_id"]]


async def test_a_repeated_send_is_recorded_in_history(bench: Bench) -> None:
    dialog = await opened(bench)
    message = await written(bench, dialog)
    item = {**await bench.item((await only(bench)).outbox_id), "uncertain": 2}
    await bench.store.act(record_sent, [(item, ANSWER)])
    told = await bench.one("SELECT * FROM history WHERE kind = 'possibly_repeated'")
    assert (told["customer_id"], told["dialog_id"]) == (bench.anna.id, dialog.id)
    assert told["data_json"] == {
        "outbox_id": item["id"],
        "kind": "message",
        "message_id": message.id,
        "repeats": 2,
    }


@pytest.mark.parametrize("certain", [True, False])
async def test_marketing_that_crossed_an_opening_is_recorded_in_history_once(
    bench: Bench, certain: bool
) -> None:
    offer = await bench.add("offer", MessageClass.FUNNEL)
    await bench.begin()
    item = await bench.item(offer)
    bench.clock.advance(1)
    dialog = await opened(bench)
    for _ in range(2):
        await bench.store.act(record_crossings, [item], certain=certain)
    (told,) = await bench.all("SELECT * FROM history WHERE kind = 'crossed'")
    assert (told["customer_id"], told["dialog_id"]) == (bench.anna.id, dialog.id)
    assert told["data_json"] == {
        "outbox_id": offer,
        "message_id": None,
        "class": "funnel",
        "certain": certain,
    }
