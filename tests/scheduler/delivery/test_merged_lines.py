"""Lines of one customer that wait in a chat of the desk are sent as one message (decision 0029)."""

from dataclasses import replace

import pytest

from holdline.desk.delivery.settle import reap, settle_all
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.rules import DeskRules
from holdline.screens.render import render
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Sent, Uncertain
from tests.scheduler.conftest import GROUP, Bench, no, opened, sent
from tests.scheduler.delivery.merged_kit import (
    LINES,
    THREAD,
    copy_of,
    edits,
    holds,
    in_dialog,
    merged_begun,
    next_in_group,
    says,
    texts,
)

BOB = MessageSender(telegram_id=510000002, name="Bob", language="en")


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=GROUP)


async def test_lines_that_the_pace_makes_wait_leave_as_one_message(bench: Bench) -> None:
    await in_dialog(bench)
    begun = await merged_begun(bench)
    assert begun.call.params == {"chat_id": GROUP, "message_thread_id": THREAD, "text": LINES}
    await holds(bench)
    await bench.settle(begun)
    assert await texts(bench) == []
    assert {(await copy_of(bench, number))["tg_message_id"] for number in range(4, 10)} == {
        (await copy_of(bench, 4))["tg_message_id"]
    }
    await holds(bench)


async def test_a_hundred_lines_take_a_few_calls_and_delay_no_other_customer(bench: Bench) -> None:
    await in_dialog(bench)
    await says(bench, *(f"line {number}" for number in range(100)))
    await bench.settle(await next_in_group(bench))
    await says(bench, "hello", sender=BOB)
    before = bench.clock.now()
    said: list[str] = []
    other_at = None
    while not said or "line 99" not in said[-1]:
        begun = await next_in_group(bench)
        said.append(begun.call.params.get("text", ""))
        if "hello" in said[-1]:
            other_at = other_at or bench.clock.now()
        await bench.settle(begun)
    lines = [line for text in said for line in text.splitlines() if line.startswith("line ")]
    assert lines == [f"line {number}" for number in range(1, 100)]
    assert len(said) <= 12
    assert other_at is not None and (other_at - before).total_seconds() < 10
    await holds(bench)


async def test_without_a_limit_every_line_stays_a_message(bench: Bench) -> None:
    await in_dialog(bench)
    bench.store.rules = replace(bench.store.rules, per_chat_per_second=0, group_per_minute=0)
    await says(bench, *(f"line {number}" for number in range(30)))
    assert await texts(bench) == [f"line {number}" for number in range(30)]


async def test_three_lines_that_wait_leave_one_by_one(bench: Bench) -> None:
    await in_dialog(bench)
    await says(bench, *(f"line {number}" for number in range(6)))
    assert await texts(bench) == [f"line {number}" for number in range(6)]


async def test_only_plain_lines_are_merged_and_order_is_kept(bench: Bench) -> None:
    await in_dialog(bench)
    await says(bench, *"abcd", start=1)
    bold = ({"type": "bold", "offset": 0, "length": 2},)
    await says(bench, "😀e", start=5, entities=bold)
    await says(bench, "f", start=6)
    await says(bench, "g", start=7, data={"forwarded": {"name": "Eve"}})
    await says(bench, "h" * 4000, start=8)
    await says(bench, "i", "j", start=9)
    calls = []
    while len(calls) < 7:
        begun = await next_in_group(bench)
        calls.append(begun.call.params)
        await bench.settle(begun)
    assert [call["text"][:20] for call in calls[:4]] == ["a", "b", "c", "d\n😀e\nf"]
    assert calls[3]["entities"] == [{"type": "bold", "offset": 2, "length": 2}]
    assert calls[4]["text"].endswith("g")
    assert [call["text"][:20] for call in calls[5:]] == ["h" * 20, "i"]
    assert await texts(bench) == ["j"]
    await holds(bench)


async def test_cards_of_the_inbox_are_merged_under_one_head(bench: Bench) -> None:
    await says(bench, *(f"line {number}" for number in range(8)))
    said: list[str] = []
    while not said or not said[-1].endswith("line 7"):
        begun = await next_in_group(bench)
        said += [begun.call.params["text"]] if begun.kind == "inbox_card" else []
        await bench.settle(begun)
    assert said[-1].count("Anna") == 1
    assert said[-1].splitlines()[1:] == [f"line {number}" for number in range(len(said) - 1, 8)]
    assert await texts(bench) == []
    await edits(bench, 6, "line five")
    (edit,) = [call for call in await sent(bench, 300) if call.method == "editMessageText"]
    assert edit.params["text"] == said[-1].replace("line 5", "line five")
    await holds(bench)


@pytest.mark.parametrize(
    "outcome", [RetryLater("429", Scope.CHAT, 2, 429), RetryLater("away", Scope.BOT), Uncertain("lost")]
)
async def test_undelivered_lines_wait_separately_again(bench: Bench, outcome: Outcome) -> None:
    await in_dialog(bench)
    await bench.settle(await merged_begun(bench), outcome)
    await holds(bench)
    assert await texts(bench) == [LINES]
    await holds(bench)


async def test_a_sender_that_dies_with_the_call_repeats_it_as_one(bench: Bench) -> None:
    await in_dialog(bench)
    await merged_begun(bench)
    bench.clock.advance(40)
    assert await bench.store.act(reap) == 1
    await holds(bench)
    await says(bench, "later", start=50)
    assert await texts(bench) == [LINES, "later"], "whoever reads it twice reads the same message twice"
    await holds(bench)


async def test_three_unknown_results_park_every_line(bench: Bench) -> None:
    await in_dialog(bench)
    begun = await merged_begun(bench)
    for _ in range(2):
        await bench.settle(begun, Uncertain("lost"))
        begun = await next_in_group(bench)
        assert begun.call.params["text"] == LINES
    await bench.settle(begun, Uncertain("lost"))
    rows = await bench.all("SELECT status FROM outbox WHERE kind = 'mirror' AND uncertain = 3")
    assert [row["status"] for row in rows] == ["parked"] * 6
    await holds(bench)


async def test_lines_refused_as_one_message_are_sent_one_by_one(bench: Bench) -> None:
    await in_dialog(bench)
    await bench.settle(await merged_begun(bench), no(Action.PARK))
    assert await texts(bench) == LINES.splitlines()
    await holds(bench)


async def test_no_line_is_lost_with_a_deleted_topic(bench: Bench) -> None:
    await in_dialog(bench)
    begun = await merged_begun(bench)
    bench.clock.advance(1)
    await bench.settle(begun, no(Action.TOPIC_LOST))
    shown: list[str] = []
    for _ in range(200):
        for begun in await bench.begin(render=render):
            shown.append(begun.call.params.get("text", ""))
            new = Sent({"message_thread_id": 8}) if begun.kind == "topic_create" else None
            await bench.settle(begun, new)
        bench.clock.advance(0.5)
    assert LINES in shown
    await holds(bench)


async def test_every_line_follows_a_moved_group(bench: Bench) -> None:
    await in_dialog(bench)
    moved = no(Action.MIGRATED, new_chat_id=GROUP - 5)
    await bench.settle(await merged_begun(bench), moved)
    rows = await bench.all(
        "SELECT chat_id, merged_into FROM outbox WHERE status = 'queued' AND kind = 'mirror'"
    )
    assert [(row["chat_id"], row["merged_into"]) for row in rows] == [(GROUP - 5, None)] * 6


async def test_a_late_answer_of_a_dead_sender_changes_nothing(bench: Bench) -> None:
    await in_dialog(bench)
    begun = await merged_begun(bench)
    bench.clock.advance(40)
    await bench.store.act(reap)
    assert not await bench.settle(begun)
    await holds(bench)
    assert await texts(bench) == [LINES]


async def test_an_outcome_stored_without_details_settles_every_line(bench: Bench) -> None:
    await in_dialog(bench)
    begun = await merged_begun(bench)
    await bench.store.act(settle_all, [(begun, Sent({}))], bare=True)
    rows = await bench.all(
        "SELECT status, COUNT(*) AS rows FROM outbox WHERE kind = 'mirror' GROUP BY status"
    )
    assert [(row["status"], row["rows"]) for row in rows] == [("sent", 9)]


async def test_in_a_managers_own_chat_merged_lines_have_one_header(bench: Bench) -> None:
    bench.store.rules = replace(bench.store.rules, staff_group=0)
    dialog = await opened(bench)
    await sent(bench, 60)
    await says(bench, *(f"line {number}" for number in range(8)))
    calls = [
        call.params for call in await sent(bench, 60) if call.params["chat_id"] == bench.maria.telegram_id
    ]
    head = f"#{dialog.id} Lost parcel · Anna"
    assert [call["text"] for call in calls] == ["\n".join([head, *(f"line {number}" for number in range(8))])]
    await holds(bench)
