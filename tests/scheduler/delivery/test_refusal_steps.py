"""What each refusal makes of an item, to the row: status, reason, code, what is left out, when it is tried again."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.delivery.closed_groups import hold_unknown_refusal
from holdline.desk.delivery.refusals import handle_refusal
from holdline.desk.delivery.settle import settle_all
from holdline.dialogs.gate import MessageClass
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.telegram.outcomes import (
    FRONT_LIMIT,
    Action,
    Outcome,
    Refused,
    RetryLater,
    Scope,
    Sent,
    Uncertain,
)
from tests.scheduler.conftest import DESK, GROUP, Bench, no, notices

LONG = "Bad Request: " + "x" * 400


async def refuse(bench: Bench, item_id: int, outcome: Refused) -> Row:
    """The item afterwards."""
    item = await bench.item(item_id)
    chat = await bench.chat(item["chat_id"])

    def work(tx: Tx) -> None:
        handle_refusal(tx, item, chat, outcome)

    await bench.store.act(work)
    return await bench.item(item_id)


EDIT: dict[str, Any] = {"kind": "edit_copy", "payload": {"tg_message_id": 5}}


@pytest.mark.parametrize(
    ("fields", "action", "status", "payload"),
    [
        ({}, Action.DONE, "sent", {}),
        ({}, Action.GONE, "parked", {}),
        (EDIT, Action.GONE, "cancelled", EDIT["payload"]),
        ({}, Action.PARK, "parked", {}),
        (EDIT, Action.PARK, "cancelled", EDIT["payload"]),
        ({}, Action.PLAIN, "queued", {"mends": ["plain"]}),
        ({}, Action.NO_QUOTE, "queued", {"mends": ["no_quote"]}),
        ({}, Action.NO_BUTTONS, "queued", {"mends": ["no_buttons"]}),
        ({"payload": {"mends": ["plain"]}}, Action.NO_QUOTE, "queued", {"mends": ["plain", "no_quote"]}),
        ({"payload": {"mends": ["plain"]}}, Action.PLAIN, "parked", {"mends": ["plain"]}),
        ({}, Action.BY_FILE, "queued", {"by_file": True}),
        ({"payload": {"by_file": True}}, Action.BY_FILE, "parked", {"by_file": True}),
        ({}, Action.IN_WORDS, "parked", {}),
        ({}, Action.UNKNOWN_CHAT, "queued", {"doubted": True}),
        ({"payload": {"doubted": True}}, Action.UNKNOWN_CHAT, "parked", {"doubted": True}),
        ({}, Action.BLOCKED, "parked", {}),
        ({"class_": MessageClass.FUNNEL}, Action.BLOCKED, "cancelled", {}),
        (EDIT, Action.DEACTIVATED, "cancelled", EDIT["payload"]),
        ({}, Action.CHAT_STOPPED, "parked", {}),
    ],
)
async def test_each_refusal_of_a_customers_item_has_its_result(
    bench: Bench, fields: dict[str, Any], action: Action, status: str, payload: dict[str, Any]
) -> None:
    item = await bench.add("a", **fields)
    await bench.begin()
    row = await refuse(bench, item, no(action, LONG, code=409))
    assert (row["status"], row["payload_json"]) == (status, payload)
    if status == "queued":
        assert (row["error"], row["error_code"]) == (LONG[:300], 409)


@pytest.mark.parametrize(("action", "tries"), [(Action.TRY_AGAIN, 2), (Action.MEDIA, 3), (Action.UNPAID, 3)])
async def test_a_refusal_that_may_be_temporary_is_tried_a_few_times(
    bench: Bench, action: Action, tries: int
) -> None:
    item = await bench.add("a")
    for tried in range(1, tries + 1):
        (begun,) = await bench.begin()
        await bench.settle(begun, no(action, LONG, code=409))
        row, chat = await bench.item(item), await bench.chat()
        assert row["status"] == ("queued" if tried < tries else "parked")
        if tried < tries:
            assert (row["failures"], row["error"], row["error_code"]) == (tried, LONG[:300], 409)
        rest = 1.05 if action is Action.UNPAID else 3 * tried
        assert chat["not_before_at"] - bench.clock.now() == timedelta(seconds=rest)
        bench.clock.advance(20)


@pytest.mark.parametrize(("fields", "last"), [({}, "parked"), (EDIT, "cancelled")], ids=["message", "change"])
async def test_a_call_answered_by_a_proxy_page_is_not_repeated_for_ever(
    bench: Bench, fields: dict[str, Any], last: str
) -> None:
    item = await bench.add("a", **fields)
    for page in range(1, FRONT_LIMIT + 1):
        (begun,) = await bench.begin()
        await bench.settle(begun, RetryLater("a page", Scope.FRONT, None, 403))
        row, chat = await bench.item(item), await bench.chat()
        assert chat["not_before_at"] - bench.clock.now() == timedelta(seconds=3 * page)
        if page < FRONT_LIMIT:
            assert (row["status"], row["payload_json"]["pages"], row["error"]) == ("queued", page, "a page")
        else:
            assert (row["status"], row["error"]) == (last, "a page")
        bench.clock.advance(3600)


@pytest.mark.parametrize(
    ("failures", "stood_aside", "stop", "doubt", "expected"),
    [
        (0, False, None, None, ("queued", None, 3, None, "words")),
        (1, False, None, "words", ("queued", 15, 3, None, "words")),
        (1, True, None, None, ("parked", None, 0, None, None)),
        (1, True, None, "words", ("queued", None, 60, "words", "words")),
        (0, False, "words", None, ("queued", 63, 60, "words", "words")),
    ],
)
async def test_an_unknown_refusal_parks_an_item_or_stops_its_group(
    bench: Bench,
    failures: int,
    stood_aside: bool,
    stop: str | None,
    doubt: str | None,
    expected: tuple[Any, ...],
) -> None:

    item_id = await bench.add("a", **DESK, payload={"stood_aside": True} if stood_aside else {})
    await bench.begin()
    item = {**await bench.item(item_id), "failures": failures}
    chat = {**await bench.chat(GROUP), "stop_reason": stop, "doubt_reason": doubt}
    rest = await bench.store.act(hold_unknown_refusal, item, chat, no(Action.TRY_AGAIN, "words", code=499))
    row = await bench.item(item_id)
    status, due, until, stop_reason, doubt_reason = expected
    assert row["status"] == status
    if status == "queued":
        assert (row["error"], row["error_code"]) == ("words", 499)
    now = bench.clock.now()
    assert rest.until == now + timedelta(seconds=until)
    if due is not None:
        assert row["due_at"] == now + timedelta(seconds=due)
        assert row["payload_json"]["stood_aside"] is True
    assert (rest.stop_reason, rest.doubt_reason) == (stop_reason, doubt_reason)


@pytest.mark.parametrize(
    "action", [Action.BLOCKED, Action.DEACTIVATED, Action.UNKNOWN_CHAT, Action.CHAT_STOPPED]
)
async def test_a_group_that_removed_the_bot_keeps_its_items(bench: Bench, action: Action) -> None:
    item = await bench.add("a", **DESK)
    (begun,) = await bench.begin()
    await bench.settle(begun, no(action, LONG, code=403))
    row, chat = await bench.item(item), await bench.chat(GROUP)
    assert (row["status"], row["error"], row["error_code"]) == ("queued", LONG[:300], 403)
    assert chat["not_before_at"] - bench.clock.now() == timedelta(minutes=1)
    assert chat["stop_reason"] == LONG[:200]
    (notice,) = await notices(bench)
    payload = notice["payload_json"]
    assert (payload["key"], payload["words"]["group"]) == ("delivery.group_stopped", GROUP)


async def test_an_unreachable_customer_is_reported_once(bench: Bench) -> None:
    for key in ("a", "b"):
        item = await bench.add(key)
        await refuse(bench, item, no(Action.BLOCKED, code=403))
    told = await bench.all("SELECT * FROM history WHERE kind = 'became_unreachable'")
    assert [row["data_json"] for row in told] == [{"reach": "blocked"}]
    found = await bench.store.read(customers.by_id, bench.anna.id)
    assert found is not None and found.reach == "blocked"


async def test_omitted_buttons_are_recorded_in_history(bench: Bench) -> None:
    item = await bench.add("a", message_id=None)
    await refuse(bench, item, no(Action.NO_BUTTONS, "bad button"))
    told = await bench.one("SELECT * FROM history WHERE kind = 'buttons_left_out'")
    assert told["data_json"] == {"outbox_id": item, "message_id": None, "reason": "bad button"}
    quiet = await bench.add("b", **DESK)
    await refuse(bench, quiet, no(Action.NO_BUTTONS, "bad button"))
    assert len(await bench.all("SELECT * FROM history WHERE kind = 'buttons_left_out'")) == 1


@pytest.mark.parametrize("action", [Action.PLAIN, Action.NO_BUTTONS, Action.NO_QUOTE])
async def test_a_broadcast_loses_neither_its_buttons_nor_its_formatting(bench: Bench, action: Action) -> None:
    item = await bench.add("a", MessageClass.BROADCAST)
    row = {**await bench.item(item), "broadcast_id": 3}
    chat = await bench.chat()

    def work(tx: Tx) -> None:
        handle_refusal(tx, row, chat, no(action))

    await bench.store.act(work)
    assert (await bench.item(item))["status"] == ("queued" if action is Action.NO_QUOTE else "parked")


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        (Sent({"message_id": 5}), "sent", "Sent"),
        (no(Action.PARK), "parked", "Refused"),
        (RetryLater("away", Scope.BOT), "queued", "RetryLater"),
        (Uncertain("no answer"), "queued", "Uncertain"),
    ],
)
async def test_an_outcome_without_details_is_stored_with_the_failure(
    bench: Bench, outcome: Outcome, status: str, words: str
) -> None:
    item = await bench.add("a")
    (begun,) = await bench.begin()
    await bench.store.act(settle_all, [(begun, outcome)], bare=True)
    row, chat = await bench.item(item), await bench.chat()
    assert (row["status"], row["error"]) == (status, f"what follows from {words} failed")
    assert row["uncertain"] == (words == "Uncertain")
    assert chat["not_before_at"] - bench.clock.now() == timedelta(seconds=3)
