"""Who is notified of a failed message, where, and with which text; and how an attempt is recorded."""

from typing import Any

import pytest

from holdline.desk.delivery import failure_notices
from holdline.desk.delivery.closed_groups import is_in_a_group
from holdline.desk.delivery.fair_share import rest_for_others
from holdline.dialogs.gate import MessageClass
from holdline.store.tx import Row
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Sent, Uncertain
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, no, notices, only, opened, written

GONE = "Bad Request: no"


async def tell(bench: Bench, item: Row, key: str = "delivery.refused") -> list[Row]:
    await bench.store.act(failure_notices.notify, item, key, reason=GONE)
    return await notices(bench)


@pytest.mark.parametrize("class_", [MessageClass.FUNNEL, MessageClass.BROADCAST, MessageClass.SMART_REPLY])
async def test_failed_messages_that_no_manager_wrote_cause_no_notice(
    bench: Bench, class_: MessageClass
) -> None:
    dialog = await opened(bench)
    item = await bench.item(await bench.add("a", class_, dialog_id=dialog.id))
    assert await tell(bench, item) == []
    assert await tell(bench, {**item, "class": "manager"}) != []


async def test_a_failed_view_of_the_desk_is_reported_in_its_chat(bench: Bench) -> None:
    item = await bench.item(await bench.add("a", **DESK, payload={"thread_id": 8}))
    (notice,) = await tell(bench, item)
    assert (notice["chat_id"], notice["place_id"]) == (GROUP, None)
    assert notice["payload_json"]["key"] == "delivery.not_shown"
    assert notice["payload_json"]["thread_id"] == 8


async def test_a_failed_view_with_a_place_is_reported_there(bench: Bench) -> None:
    dialog = await opened(bench)
    place = await bench.one("SELECT * FROM places WHERE dialog_id = :id", id=dialog.id)
    item = await bench.item(
        await bench.add(
            "a", MessageClass.DESK, chat_id=place["chat_id"], place_id=place["id"], dialog_id=dialog.id
        )
    )
    (notice,) = await tell(bench, item)
    assert (notice["chat_id"], notice["place_id"], notice["dialog_id"]) == (
        place["chat_id"],
        place["id"],
        dialog.id,
    )


async def test_a_failed_automatic_message_is_named_by_its_class(bench: Bench) -> None:
    dialog = await opened(bench)
    item = await bench.item(await bench.add("a", dialog_id=dialog.id))
    (notice,) = await tell(bench, item)
    words = notice["payload_json"]["words"]
    assert notice["payload_json"]["key"] == "delivery.lost_refused"
    assert (words["name"], words["what"], words["dialog"]) == (
        "Anna",
        {"key": "delivery.what_automatic"},
        dialog.id,
    )


async def test_each_try_by_hand_is_reported_again_at_the_message(bench: Bench) -> None:
    await written(bench, await opened(bench))
    item = await bench.item((await only(bench)).outbox_id)
    await tell(bench, item)
    assert len(await tell(bench, item)) == 1, "one notice for one try"
    first, second = await tell(bench, {**item, "attempts": item["attempts"] + 1})
    for notice in (first, second):
        payload = notice["payload_json"]
        assert (notice["chat_id"], payload["reply_to_tg_id"]) == (bench.maria.telegram_id, 77)
        assert payload["buttons"][0][0]["key"] == "desk_notices.send_again"


async def test_a_refused_change_has_no_button_to_send_again(bench: Bench) -> None:
    await written(bench, await opened(bench))
    item = await bench.item((await only(bench)).outbox_id)
    (notice,) = await tell(bench, item, "delivery.change_refused")
    assert "buttons" not in notice["payload_json"]


async def test_administrators_are_notified_in_their_own_chats_for_a_week(bench: Bench) -> None:
    item = await bench.item(await bench.add("a", **DESK))
    for number in (1, 2):
        await bench.store.act(failure_notices.notify_administrators, "delivery.no_topics", item, reason=GONE)
        (notice,) = await notices(bench)
        assert notice["chat_id"] == bench.maria.telegram_id and number
    assert notice["payload_json"]["alarm"] is True
    assert (notice["expires_at"] - bench.clock.now()).days == 7
    own = {**item, "chat_id": bench.maria.telegram_id, "id": item["id"] + 1000}
    await bench.store.act(failure_notices.notify_administrators, "delivery.no_topics", own, reason=GONE)
    assert len(await notices(bench)) == 1, "not in the chat that is closed"


@pytest.mark.parametrize(
    ("outcome", "recorded"),
    [
        (Sent({"message_id": 5}), ("sent", None, None, None)),
        (no(Action.PARK, "x" * 400), ("refused", 400, "x" * 300, None)),
        (Uncertain("no answer", 502), ("uncertain", 502, "no answer", None)),
        (RetryLater("away", Scope.BOT), ("later", None, "away", None)),
        (RetryLater("Too Many Requests", Scope.CHAT, 7, 429), ("later", 429, "Too Many Requests", 7)),
    ],
)
async def test_an_attempt_is_recorded_with_telegrams_reason(
    bench: Bench, outcome: Outcome, recorded: tuple[Any, ...]
) -> None:
    item = await bench.add("a")
    (begun,) = await bench.begin()
    await bench.settle(begun, outcome)
    row = await bench.one("SELECT * FROM outbox_attempts WHERE outbox_id = :id", id=item)
    assert (row["outcome"], row["code"], row["description"], row["retry_after"]) == recorded
    assert row["ended_at"] == bench.clock.now()


async def test_a_chat_pauses_a_second_for_other_items(bench: Bench) -> None:
    await bench.add("a", **DESK)
    await bench.store.act(rest_for_others, GROUP)
    assert ((await bench.chat(GROUP))["not_before_at"] - bench.clock.now()).total_seconds() == 1


async def test_messages_for_the_desk_in_a_group_are_recognised(bench: Bench) -> None:
    line = await bench.item(await bench.add("a", **DESK))
    assert is_in_a_group(line)
    assert not is_in_a_group({**line, "audience": "customer"})
    assert not is_in_a_group({**line, "chat_id": ANNA.telegram_id})
    assert not is_in_a_group({**line, "kind": "edit_copy"})


async def test_history_records_undelivered_messages(bench: Bench) -> None:
    message = await written(bench, await opened(bench))
    item = await only(bench)
    await bench.settle(item, no(Action.PARK, "bad words"))
    told = await bench.one("SELECT * FROM history WHERE kind = 'undelivered'")
    assert (told["customer_id"], told["dialog_id"]) == (bench.anna.id, message.dialog_id)
    assert told["data_json"] == {
        "outbox_id": item.outbox_id,
        "kind": "message",
        "message_id": message.id,
        "reason": "bad words",
    }
