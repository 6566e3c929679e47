"""The inbox of updates: stored once, claimed in order, finished once."""

import json
from typing import Any

import pytest

from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.intake import counts, inbox, inbox_jobs
from holdline.store.intake.inbox import InboxJob, StaleInboxJob
from holdline.store.intake.received_update import (
    NotAnUpdate,
    ReceivedUpdate,
    ordering_key_of,
    update_from_text,
    update_from_value,
)
from holdline.store.tx import Row, Tx


def text(update_id: int, chat: int = 11) -> ReceivedUpdate:
    return update_from_value(
        {"update_id": update_id, "message": {"chat": {"id": chat}, "from": {"id": chat}, "text": "hi"}}
    )


async def claimed(store: Store, **how: Any) -> list[list[InboxJob]]:
    return (await store.act(inbox_jobs.claim_next, **{"limit": 16} | how)).runs


async def rows(store: Store) -> dict[int, Row]:
    def all_rows(tx: Tx) -> list[Row]:
        return tx.all("SELECT * FROM inbox WHERE bot_id = :bot ORDER BY id", bot=tx.bot_id)

    return {row["update_id"]: row for row in await store.read(all_rows)}


async def states(store: Store) -> dict[int, str]:
    return {number: row["state"] for number, row in (await rows(store)).items()}


async def test_the_same_update_is_kept_once(store: Store) -> None:
    assert await store.act(inbox.put, [text(1), text(2)]) == 2
    assert await store.act(inbox.put, [text(2), text(3)]) == 1
    assert await store.act(inbox.put, []) == 0
    assert list(await rows(store)) == [1, 2, 3]


async def test_a_stored_update_rings_the_workers_bell(store: Store) -> None:
    await store.act(inbox.put, [text(1)])
    assert await store.bells.wait("inbox", 5)


async def test_two_bots_in_one_database_do_not_see_each_others_updates(store: Store, store_url: str) -> None:
    other = Store(store_url, bot_id=store.bot_id + 1, clock=store.clock)
    await other.start()
    await store.act(inbox.put, [text(1)])
    assert await other.act(inbox.put, [text(1)]) == 1
    assert [c.update_id for run in await claimed(other) for c in run] == [1]
    assert (await rows(store))[1]["attempts"] == 0
    await other.close()


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ({"message": {"chat": {"id": 5}, "from": {"id": 5}}}, 5),
        ({"message": {"chat": {"id": -100}, "from": {"id": 5}}}, -100),
        ({"callback_query": {"from": {"id": 5}, "message": {"chat": {"id": 5}}}}, 5),
        ({"callback_query": {"from": {"id": 5}, "message": {"chat": {"id": -100}}}}, -100),
        ({"callback_query": {"from": {"id": 5}, "inline_message_id": "x"}}, 5),
        ({"message_reaction": {"chat": {"id": 5}, "user": {"id": 5}}}, 5),
        ({"my_chat_member": {"chat": {"id": 5}, "from": {"id": 5}}}, 5),
        ({"poll_answer": {"user": {"id": 5}}}, 5),
        ({"poll": {"id": "7"}}, 0),
        ({"message": {"chat": {"id": "5"}}}, 0),
        ({"message": {"chat": {"id": True}}}, 0),
        ({"message": {"chat": {"id": 2**70}, "from": {"id": 5}}}, 5),
        ({"message": "chat"}, 0),
        ([], 0),
    ],
)
def test_messages_and_presses_of_a_customer_share_an_ordering_key(event: object, key: int) -> None:
    assert ordering_key_of({"update_id": 1} | event if isinstance(event, dict) else event) == key


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "1",
        '"x"',
        "{",
        "{}",
        '{"update_id":"1"}',
        '{"update_id":true}',
        '{"update_id":1.0}',
        '{"update_id":-1}',
        '{"update_id":9223372036854775808}',
        '{"update_id":' + "9" * 5000 + "}",
        "[" * 9999,
    ],
)
def test_a_body_without_an_update_id_is_not_an_update(body: str) -> None:
    with pytest.raises(NotAnUpdate):
        update_from_text(body)


async def test_an_item_without_an_update_id_is_quarantined(store: Store) -> None:
    poison: list[object] = [{"message": {}}, None, {"update_id": None, "x": 1}, {"update_id": 2**80}]
    await store.act(inbox.put, [update_from_value(item) for item in poison] + [text(7)])
    await store.act(inbox.put, [update_from_value(item) for item in poison])
    found = await states(store)
    assert len(found) == 5
    assert all(number < 0 and state == "quarantined" for number, state in found.items() if number != 7)
    assert found[7] == "new"


async def test_updates_of_a_sender_are_claimed_in_order_and_their_attempts_counted(store: Store) -> None:
    await store.act(inbox.put, [text(3), text(1), text(2, chat=22)])
    runs = await claimed(store)
    assert sorted([c.update_id for c in run] for run in runs) == [[1, 3], [2]]
    assert {row["attempts"] for row in (await rows(store)).values()} == {1}


async def test_a_flooding_sender_occupies_one_worker_only(store: Store) -> None:
    await store.act(inbox.put, [text(n) for n in range(50)])
    await store.act(inbox.put, [text(100 + n, chat=20 + n) for n in range(20)])
    first = await store.act(inbox_jobs.claim_next, limit=16)
    busy = {run[0].ordering_key for run in first.runs}
    second = await store.act(inbox_jobs.claim_next, limit=16, busy=busy, after=first.after)
    assert len(first.runs) == 16
    assert len(second.runs) == 5
    assert not busy & {run[0].ordering_key for run in second.runs}


async def test_senders_take_turns(store: Store) -> None:
    await store.act(inbox.put, [text(n, chat=n) for n in range(1, 8)])
    after, seen = -(2**63), []
    for _ in range(4):
        turn = await store.act(inbox_jobs.claim_next, limit=2, after=after)
        after = turn.after
        seen += [run[0].ordering_key for run in turn.runs]
        for run in turn.runs:
            await store.act(inbox.release, run)
    assert seen == [1, 2, 3, 4, 5, 6, 7, 1]


async def test_a_later_update_cannot_end_before_an_earlier_one(store: Store) -> None:
    await store.act(inbox.put, [text(5)])
    [[later]] = await claimed(store)
    await store.act(inbox.put, [text(4)])
    with pytest.raises(StaleInboxJob):
        await store.act(inbox.finish, later)
    assert await states(store) == {5: "new", 4: "new"}


async def test_the_holder_of_an_old_claim_changes_nothing(store: Store) -> None:
    await store.act(inbox.put, [text(1)])
    [[old]] = await claimed(store)
    [[new]] = await claimed(store)
    with pytest.raises(StaleInboxJob):
        await store.act(inbox.finish, old)
    assert not await store.act(inbox.ignore, old, "late")
    assert not await store.act(inbox.quarantine, old, "late")
    await store.act(inbox.record_failure, old, "late")
    await store.act(inbox.release, [old])
    await store.act(inbox.finish, new)
    assert await states(store) == {1: "done"}
    assert not await store.act(inbox.quarantine, new, "after its end")


async def test_a_failed_try_waits_and_the_third_is_the_last(store: Store, clock: ManualClock) -> None:
    await store.act(inbox.put, [text(1), text(2)])
    for attempt, wait in ((1, 1), (2, 5), (3, 0)):
        [[claim, *rest]] = await claimed(store)
        assert (claim.update_id, claim.attempt) == (1, attempt)
        assert await store.act(inbox.record_failure, claim, "ValueError") == (attempt == 3)
        await store.act(inbox.release, rest)
        if wait:
            clock.advance(wait - 0.001)
            assert await claimed(store) == []
            clock.advance(0.001)
    found = await rows(store)
    assert (found[1]["state"], found[1]["reason"]) == ("quarantined", "ValueError")
    [[next_one]] = await claimed(store)
    assert (next_one.update_id, next_one.attempt) == (2, 1)


async def test_a_row_that_ended_the_process_three_times_is_set_aside(store: Store) -> None:
    await store.act(inbox.put, [text(1), text(2)])
    for _ in range(3):
        [[first, *_]] = await claimed(store)
        assert first.update_id == 1
    turn = await store.act(inbox_jobs.claim_next, limit=16)
    assert [claim.update_id for claim in turn.exhausted] == [1]
    assert (await rows(store))[1]["reason"] == "the process ended each time it was handled"


async def test_unfinished_rows_are_distinguished_from_failed_ones(store: Store) -> None:
    await store.act(inbox.put, [text(n, chat=n) for n in (1, 2, 3)])
    runs = {run[0].ordering_key: run[0] for run in await claimed(store, limit=2)}
    await store.act(inbox.record_failure, runs[2], "ValueError")
    assert [row["ordering_key"] for row in await store.read(inbox_jobs.find_interrupted)] == [1]
    [[alone]] = (await store.act(inbox_jobs.claim_first, ordering_key=1)).runs
    assert (alone.update_id, alone.attempt) == (1, 2)


async def test_a_quarantined_update_can_be_tried_again_by_hand(store: Store) -> None:
    await store.act(inbox.put, [text(1)])
    [[claim]] = await claimed(store)
    await store.act(inbox.quarantine, claim, "ValueError")
    assert await store.read(counts.updates_in_quarantine) == 1
    assert await store.act(inbox.replay, update_id=1)
    [[again]] = await claimed(store)
    await store.act(inbox.finish, again)
    assert not await store.act(inbox.replay, update_id=1)


async def test_the_age_of_the_oldest_waiting_update_is_known(store: Store, clock: ManualClock) -> None:
    assert await store.read(counts.update_backlog) == (0, None)
    began = clock.now()
    await store.act(inbox.put, [text(1)])
    clock.advance(61)
    await store.act(inbox.put, [text(2)])
    assert await store.read(counts.update_backlog) == (2, began)


async def test_a_claim_searches_senders_and_not_rows(store: Store) -> None:
    for start in range(0, 3000, 100):
        await store.act(inbox.put, [text(start + n, chat=n % 3) for n in range(100)])
    explain = "EXPLAIN QUERY PLAN " if store.engine.name == "sqlite" else "EXPLAIN "
    asked = (
        "SELECT MIN(ordering_key) AS next FROM inbox WHERE bot_id = 1 AND state = 'new' AND ordering_key > 5"
    )
    await store.act(lambda tx: tx.run("ANALYZE inbox"))
    plan = json.dumps(await store.read(lambda tx: tx.all(explain + asked)))
    assert "inbox_new" in plan, plan
