"""Which lines of a customer leave as one message. A wrong line would stand below another dialog's head, or out of its
order.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdline.desk.delivery.merging import (
    _alike,
    expand_merged,
    is_about_the_chat,
    keep_together,
    merge_waiting_lines,
    requeue_apart,
    separate,
)
from holdline.dialogs.merging import MERGED_AT_MOST, MERGED_FROM
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.store.conversation import messages
from holdline.store.tx import Row
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action
from tests.desk.delivery.lines_kit import BOLD, lines
from tests.scheduler.conftest import GROUP, Bench, no

WRITTEN = datetime(2026, 11, 30, tzinfo=UTC)
LATER = WRITTEN + timedelta(seconds=1)
TOGETHER = {"together": 7}


def line(message_id: int, *, payload: dict[str, Any] | None = None, **fields: Any) -> Row:
    """A line as the outbox has it."""
    return {
        "kind": "mirror",
        "audience": "desk",
        "message_id": message_id,
        "place_id": 5,
        "dialog_id": 9,
        "written_at": WRITTEN,
        "created_at": WRITTEN,
        "payload_json": payload or {},
        **fields,
    }


@pytest.mark.parametrize(
    ("second", "goes_on"),
    [
        (line(2), True),
        (line(2, payload={"part": 0, "parts": 1}), True),
        (line(2, payload={"parts": 2}), False),
        (line(2, payload={"first": True}), False),
        (line(2, payload={"album": True}), False),
        (line(2, payload={"mends": ["plain"]}), False),
        (line(2, payload={"inbox_item_id": 3}), False),
        (line(2, payload=TOGETHER), False),
        (line(2, audience="customer"), False),
        (line(2, kind="album"), False),
        (line(2, kind="inbox_card"), False),
        (line(2, place_id=6), False),
        (line(2, dialog_id=None), False),
        (line(2, created_at=LATER), False),
        (line(2, written_at=None), False),
        (line(1), False),
        (line(0), False),
    ],
)
def test_a_line_is_merged_below_a_similar_older_line(second: Row, goes_on: bool) -> None:
    first, third = line(1), line(3)
    assert _alike([first, second, third]) == ([first, second, third] if goes_on else [first])


@pytest.mark.parametrize("first", [line(1, payload={"first": True}), line(1, created_at=LATER)])
def test_no_line_is_merged_below_a_line_that_must_leave_alone(first: Row) -> None:
    assert _alike([first, line(2)]) == []


def test_lines_merged_once_stay_merged() -> None:
    lines = [line(number, payload=TOGETHER) for number in (1, 2)]
    assert _alike(lines) == lines


@pytest.mark.parametrize("action", Action)
def test_a_refusal_about_the_chat_concerns_every_line(action: Action) -> None:
    about_the_chat = {"topic_lost", "blocked", "deactivated", "unknown_chat", "chat_stopped", "migrated"}
    assert is_about_the_chat(no(action)) is (action.value in about_the_chat)


async def merged(bench: Bench, item: Row, method: str = "sendMessage", **params: Any) -> tuple[Call, int]:
    """The call of that item, and how many lines are sent with it."""
    call = await bench.store.act(merge_waiting_lines, item, Call(method, {"text": "line 1", **params}))
    rows = await bench.all("SELECT id FROM outbox WHERE merged_into = :id", id=item["id"])
    return call, len(rows)


@pytest.mark.parametrize(
    ("number", "options", "together"),
    [
        (MERGED_FROM, {}, MERGED_FROM),
        (MERGED_FROM - 1, {}, 0),
        (MERGED_FROM, {"operations": 0}, 0),
        (MERGED_AT_MOST + 2, {}, MERGED_AT_MOST),
        (2, {"together": 7, "operations": 0}, 2),
        (1, {"together": 7}, 0),
    ],
)
async def test_lines_are_merged_if_enough_of_them_would_wait(
    bench: Bench, number: int, options: dict[str, Any], together: int
) -> None:
    waiting = await lines(bench, number, **options)
    call, count = await merged(bench, waiting[0])
    assert count == together
    assert call.params["text"] == "\n".join(f"line {n}" for n in range(1, max(1, together) + 1))


@pytest.mark.parametrize(("per_second", "together"), [(2.1, MERGED_FROM), (2.2, 0)])
async def test_lines_that_would_wait_less_than_half_a_second_leave_alone(
    bench: Bench, per_second: float, together: int
) -> None:
    bench.store.rules = replace(bench.store.rules, per_chat_per_second=per_second)
    waiting = await lines(bench, MERGED_FROM, chat_id=600)
    assert (await merged(bench, waiting[0]))[1] == together


async def test_a_line_that_is_followed_by_a_very_long_one_leaves_alone(bench: Bench) -> None:
    waiting = await lines(bench, MERGED_FROM)
    await bench.store.act(messages.set_fields, waiting[1]["message_id"], text="x" * TEXT_LIMIT)
    assert await merged(bench, waiting[0]) == (Call("sendMessage", {"text": "line 1"}), 0)


async def test_a_line_leaves_alone_if_it_is_not_first_or_not_a_text(bench: Bench) -> None:
    waiting = await lines(bench, MERGED_FROM + 1)
    assert await merged(bench, waiting[1]) == (Call("sendMessage", {"text": "line 1"}), 0)
    assert await merged(bench, waiting[0], "copyMessage") == (Call("copyMessage", {"text": "line 1"}), 0)
    card = {**waiting[0], "payload_json": {"first": True}}
    assert (await merged(bench, card))[1] == 0


async def test_merged_lines_keep_their_formatting(bench: Bench) -> None:
    waiting = await lines(bench, MERGED_FROM)
    call, _ = await merged(bench, waiting[0], entities=[BOLD])
    assert call.params["entities"] == [{**BOLD, "offset": n * len("line 1\n")} for n in range(MERGED_FROM)]


async def test_a_merged_call_covers_every_line(bench: Bench) -> None:
    waiting = await lines(bench, MERGED_FROM)
    await merged(bench, waiting[0])
    first = {**await bench.item(waiting[0]["id"]), "begun_at": LATER}
    alone = {"id": 999, "merged_into": None}
    assert await bench.store.act(expand_merged, [(alone, "a")]) == [(alone, "a")]
    arrived = await bench.store.act(expand_merged, [(first, "b"), (alone, "a")])
    newest_first = [row["id"] for row in reversed(waiting[1:])]
    assert [(item["id"], result) for item, result in arrived[:-2]] == [(id_, "b") for id_ in newest_first]
    assert {(item["chat_id"], item["begun_at"]) for item, _ in arrived[:-2]} == {(GROUP, LATER)}
    assert arrived[-2:] == [(first, "b"), (alone, "a")]


async def test_lines_of_a_call_that_did_not_arrive_wait_separately(bench: Bench) -> None:
    waiting = await lines(bench, MERGED_FROM)
    assert await bench.store.act(separate, waiting[0]) == []
    await merged(bench, waiting[0])
    first = await bench.item(waiting[0]["id"])
    others = await bench.store.act(separate, first)
    assert [row["id"] for row in others] == [row["id"] for row in waiting[1:]]
    assert await bench.all("SELECT id FROM outbox WHERE merged_into IS NOT NULL") == []
    assert keep_together(first, []) == [first]
    kept = keep_together(first, others)
    assert [(row["id"], row["payload_json"]) for row in kept] == [
        (row["id"], {"together": first["id"]}) for row in waiting
    ]
    await bench.store.act(requeue_apart, [first], no(Action.PARK, "x" * 400, code=409))
    row = await bench.item(first["id"])
    assert (row["status"], row["payload_json"], row["error"], row["error_code"]) == (
        "queued",
        {"apart": True},
        "x" * 300,
        409,
    )
