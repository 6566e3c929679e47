"""What follows from an arrival, to the row. A wrong step would show a reply as sent that never came whole, or keep what
its author took back.
"""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.delivery.success import record_sent
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.dialogs.audience import Audience
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.store.conversation import messages
from holdline.store.delivery import merging, telegram_messages
from holdline.store.tx import Row
from tests.desk.delivery.lines_kit import lines
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, opened, written

ANSWER = {"message_id": 71}


async def arrive(bench: Bench, *arrived: tuple[Row, Any]) -> None:
    await bench.store.act(record_sent, list(arrived))


async def status(bench: Bench, message_id: int) -> str:
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message_id)
    return str(row["status"])


async def reply(bench: Bench) -> tuple[int, Row]:
    """A manager's reply and the item that carries it."""
    message = await written(bench, await opened(bench))
    row = await bench.one(
        "SELECT * FROM outbox WHERE message_id = :id AND audience = 'customer'", id=message.id
    )
    return message.id, row


@pytest.mark.parametrize(
    ("fields", "is_whole"),
    [
        ({}, True),
        ({"payload_json": {"parts": 1}}, True),
        ({"payload_json": {"parts": 2}}, False),
        ({"audience": "desk"}, False),
        ({"kind": "rating_form", "payload_json": {"rating_id": 5}}, False),
    ],
)
async def test_a_reply_counts_as_sent_once_its_last_part_has_arrived(
    bench: Bench, fields: dict[str, Any], is_whole: bool
) -> None:
    message_id, item = await reply(bench)
    await bench.add("part two", message_id=message_id, payload={"part": 1, "parts": 2})
    await arrive(bench, ({**item, **fields}, ANSWER))
    assert await status(bench, message_id) == ("sent" if is_whole else "queued")
    confirmed = await bench.all("SELECT id FROM outbox WHERE kind = 'delivery_mark'")
    assert len(confirmed) == is_whole


async def test_the_arrival_of_the_last_part_completes_the_reply(bench: Bench) -> None:
    message_id, item = await reply(bench)
    parts = {"payload_json": {"parts": 2}}
    later = await bench.item(await bench.add("two", message_id=message_id, payload={"part": 1, "parts": 2}))
    await arrive(bench, ({**item, **parts}, ANSWER))
    await arrive(bench, (later, {"message_id": 72}))
    assert await status(bench, message_id) == "sent"
    copies = await bench.store.read(telegram_messages.of_message, message_id)
    found = {copy["tg_message_id"]: copy["part"] for copy in copies if copy["chat_id"] == ANNA.telegram_id}
    assert found == {71: 0, 72: 1}


async def test_each_part_of_an_album_is_stored_as_its_own_copy(bench: Bench) -> None:
    waiting = await lines(bench, 2, operations=0)
    ids = [row["message_id"] for row in waiting]
    album = await bench.item(await bench.add("album", kind="album", payload={"message_ids": ids}))
    await arrive(bench, (album, [{"message_id": 71}, {"message_id": 72}]))
    copies = [await bench.store.read(telegram_messages.find, ANNA.telegram_id, n) for n in (71, 72)]
    assert [(copy["message_id"], copy["part"]) for copy in copies if copy] == [(ids[0], 0), (ids[1], 0)]
    assert [await status(bench, number) for number in ids] == ["sent", "sent"]


@pytest.mark.parametrize(("album", "message"), [(True, False), (False, True)])
async def test_a_card_is_a_copy_of_its_message_unless_an_album_follows(
    bench: Bench, album: bool, message: bool
) -> None:
    (line,) = await lines(bench, 1, operations=0)
    payload = {"inbox_item_id": 1, "first": True, "album": album}
    card = {**line, "kind": "inbox_card", "payload_json": payload}
    await arrive(bench, (card, ANSWER))
    copy = await bench.store.read(telegram_messages.find, GROUP, 71)
    assert copy is not None
    assert (copy["message_id"], copy["inbox_item_id"]) == (line["message_id"] if message else None, 1)


async def test_the_removal_of_a_copy_is_stored(bench: Bench) -> None:
    message_id, item = await reply(bench)
    await arrive(bench, (item, ANSWER))
    removal = await bench.item(
        await bench.add("gone", kind="delete_copy", message_id=message_id, payload={"tg_message_id": 71})
    )
    await arrive(bench, (removal, True))
    copy = await bench.store.read(telegram_messages.find, ANNA.telegram_id, 71)
    assert copy is not None and copy["deleted_at"] == bench.clock.now()


@pytest.mark.parametrize(("seconds", "result", "removals"), [(5, ANSWER, 1), (0, ANSWER, 0), (5, True, 0)])
async def test_a_short_notice_is_removed_in_time(
    bench: Bench, seconds: int, result: Any, removals: int
) -> None:
    payload = {"key": "x", "words": {}, "vanish_seconds": seconds}
    notice = await bench.item(await bench.add("notice", **DESK, kind="desk_notice", payload=payload))
    await arrive(bench, (notice, result))
    rows = await bench.all("SELECT * FROM outbox WHERE kind = 'delete_copy'")
    assert len(rows) == removals
    for row in rows:
        assert row["payload_json"]["tg_message_id"] == 71
        assert row["due_at"] - bench.clock.now() == timedelta(seconds=seconds)
        assert (row["rank"], row["audience"], row["key"]) == (4, "desk", f"vanish:{notice['id']}")


@pytest.mark.parametrize(("edited", "late"), [(-1, []), (0, [71]), (1, [71])])
async def test_an_edit_during_the_call_follows_its_copy(bench: Bench, edited: int, late: list[int]) -> None:
    message_id, item = await reply(bench)
    item = {**item, "begun_at": bench.clock.now(), "place_id": None}
    when = bench.clock.now() + timedelta(seconds=edited)
    await bench.store.act(messages.set_fields, message_id, edited_at=when)
    await arrive(bench, (item, ANSWER))
    rows = await bench.all("SELECT * FROM outbox WHERE kind = 'edit_copy'")
    assert [row["payload_json"]["tg_message_id"] for row in rows] == late
    for row in rows:
        assert (row["message_id"], row["dialog_id"], row["customer_id"]) == (
            message_id,
            item["dialog_id"],
            bench.anna.id,
        )
        assert row["key"] == f"edit:{message_id}:71:late:{item['id']}"
        assert (row["audience"], row["chat_id"]) == ("customer", ANNA.telegram_id)


@pytest.mark.parametrize(
    ("payload", "edited", "deleted", "parts"),
    [
        ({"part": 0, "parts": 1}, True, False, 2),
        ({"part": 0, "parts": 1}, False, False, 1),
        ({"part": 0, "parts": 1}, True, True, 1),
        ({}, False, False, 2),
        ({"part": 0, "parts": 3}, True, False, 1),
        ({"part": 2, "parts": 3}, False, False, 1),
    ],
)
async def test_a_text_that_grew_during_the_call_gets_more_parts(
    bench: Bench, payload: dict[str, Any], edited: bool, deleted: bool, parts: int
) -> None:
    message_id, item = await reply(bench)
    now = bench.clock.now()
    await bench.store.act(
        messages.set_fields,
        message_id,
        text="word " * 1000,
        edited_at=now if edited else None,
        deleted_at=now if deleted else None,
    )
    await arrive(bench, ({**item, "payload_json": payload, "begun_at": now}, ANSWER))
    rows = await bench.all("SELECT id FROM outbox WHERE kind = 'message' AND message_id = :id", id=message_id)
    assert len(rows) == parts


async def test_an_arrival_without_a_message_id_stores_no_copy(bench: Bench) -> None:
    message_id, item = await reply(bench)
    await bench.store.act(messages.set_fields, message_id, deleted_at=bench.clock.now())
    await arrive(bench, (item, True))
    assert await bench.all("SELECT id FROM outbox WHERE kind = 'delete_copy'") == []
    assert (await bench.item(item["id"]))["status"] == "sent"


async def test_an_audience_is_kept_with_the_copy(bench: Bench) -> None:
    (line,) = await lines(bench, 1, operations=0)
    await arrive(bench, (line, ANSWER))
    copy = await bench.store.read(telegram_messages.find, GROUP, 71)
    assert copy is not None and copy["audience"] == Audience.DESK


async def test_a_delivered_rating_form_can_be_answered(bench: Bench) -> None:
    dialog = await opened(bench)
    closing = Closing(send_rating_form=True)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=closing)
    form = await bench.one("SELECT * FROM outbox WHERE kind = 'rating_form'")
    await arrive(bench, (form, ANSWER))
    assert (await bench.one("SELECT state FROM ratings"))["state"] == "delivered"


async def test_a_merged_message_is_the_copy_of_each_of_its_lines(bench: Bench) -> None:
    waiting = [{**row, "merged_into": 1} for row in await lines(bench, 3, operations=0)]
    await arrive(bench, *((row, ANSWER) for row in reversed(waiting)))
    copy = await bench.store.read(telegram_messages.find, GROUP, 71)
    assert copy is not None and copy["message_id"] == waiting[-1]["message_id"]
    older = await bench.store.read(merging.older_lines, copy)
    assert [message.id for message in older] == [row["message_id"] for row in waiting[:-1]]


async def test_an_offer_counts_as_sent_once_all_its_parts_have_arrived(bench: Bench) -> None:
    url = "https://example.org/hook"
    await bench.store.act(add_webhook, url=url, events=["outbound.sent"], active=True)
    message_id, item = await reply(bench)
    parts = [
        await bench.item(
            await bench.add(
                f"part {n}", MessageClass.FUNNEL, message_id=message_id, payload={"part": n, "parts": 2}
            )
        )
        for n in range(2)
    ]
    told = "SELECT id FROM webhook_deliveries"
    await arrive(bench, (item, ANSWER), (parts[0], {"message_id": 72}))
    assert await bench.all(told) == []
    await arrive(bench, (parts[1], {"message_id": 73}))
    assert len(await bench.all(told)) == 1


async def test_an_offer_that_arrived_while_a_dialog_opened_is_in_its_history(bench: Bench) -> None:
    offer = await bench.add("offer", MessageClass.FUNNEL)
    (begun,) = await bench.begin()
    dialog = await opened(bench)
    place = await bench.one("SELECT id FROM places WHERE dialog_id = :id", id=dialog.id)
    card = {**await bench.item(await bench.add("card", **DESK, kind="info_card")), "place_id": place["id"]}
    await arrive(bench, (card, {"message_id": 72}), (await bench.item(begun.outbox_id), ANSWER))
    told = await bench.one("SELECT * FROM history WHERE kind = 'crossed'")
    assert (told["data_json"]["outbox_id"], told["data_json"]["certain"]) == (offer, True)
    assert (told["dialog_id"], told["text"]) == (dialog.id, None)


@pytest.mark.parametrize(
    ("result", "has_place", "card"), [(ANSWER, True, 71), (True, True, None), (ANSWER, False, None)]
)
async def test_a_delivered_card_is_stored_with_its_message_id_and_place(
    bench: Bench, result: Any, has_place: bool, card: int | None
) -> None:
    dialog = await opened(bench)
    place = await bench.one("SELECT id FROM places WHERE dialog_id = :id", id=dialog.id)
    item = await bench.item(await bench.add("card", **DESK, kind="info_card"))
    await arrive(bench, ({**item, "place_id": place["id"] if has_place else None}, result))
    found = await bench.one("SELECT card_tg_message_id FROM places WHERE id = :id", id=place["id"])
    assert found["card_tg_message_id"] == card
