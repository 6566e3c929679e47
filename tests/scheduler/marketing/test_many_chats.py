"""Marketing to many chats is started together: one query for all returns what each would have read."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.delivery.start import SendOptions, StartedCall, start_calls
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.gate import MessageClass
from holdline.screens.render import render
from holdline.store.clock import ManualClock
from holdline.store.conversation import messages
from holdline.store.crowd import FIRST_TELEGRAM_ID, settle_audience
from holdline.store.engine import Store
from holdline.store.people import customers
from holdline.store.tx import Tx

OPTIONS = SendOptions(epoch=0, holder="test", render=render, marketing_limit=32)


def offer(tx: Tx, *, people: range, words: str, **more: Any) -> None:
    for number in people:
        accept_outbound(
            tx,
            order=OutboundRequest(
                FIRST_TELEGRAM_ID + number, MessageClass.FUNNEL, f"{words} {number}", **more
            ),
        )


async def begin(store: Store) -> list[StartedCall]:
    return await store.act(start_calls, limit=32, options=OPTIONS)


def said(calls: list[StartedCall]) -> dict[int, str]:
    return {call.chat_id - FIRST_TELEGRAM_ID: call.call.params["text"] for call in calls}


async def test_twenty_chats_need_no_more_queries_than_two(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.act(settle_audience, first=0, last=39)
    asked: list[str] = []
    query = Tx._query
    monkeypatch.setattr(Tx, "_query", lambda tx, sql, stored: [asked.append(sql), query(tx, sql, stored)][1])
    took = []
    for people in (range(2), range(2, 4), range(4, 24)):
        await store.act(offer, people=people, words="Hello")
        asked.clear()
        assert said(await begin(store)) == {number: f"Hello {number}" for number in people}
        took.append(len(asked))
    assert took[2] == took[1], "the first time some settings are read, too"


async def test_an_item_that_ends_leaves_the_turn_to_the_next_of_its_chat(
    store: Store, clock: ManualClock
) -> None:
    await store.act(settle_audience, first=0, last=3)
    soon = clock.now() + timedelta(minutes=1)
    await store.act(offer, people=range(0, 4, 2), words="Too late", expires_at=soon)
    await store.act(offer, people=range(4), words="In time")
    clock.advance(61)
    assert said(await begin(store)) == {number: f"In time {number}" for number in range(4)}


async def test_rows_changed_by_the_transaction_are_read_again(store: Store) -> None:
    await store.act(settle_audience, first=0, last=1)

    def change(tx: Tx) -> tuple[str, str, str]:
        both = [customers.by_telegram_id(tx, FIRST_TELEGRAM_ID + number) for number in range(2)]
        ids = [one.id for one in both if one is not None]
        customers.prefetch(tx, ids)
        first = customers.load(tx, ids[0]).name
        tx.run("UPDATE customers SET name = 'Anna' WHERE id = :id", id=ids[0])
        second = customers.load(tx, ids[0]).name
        customers.prefetch(tx, ids)
        tx.all("UPDATE customers SET name = 'Maria' WHERE id = :id RETURNING id", id=ids[0])
        return first, second, customers.load(tx, ids[0]).name

    assert await store.act(change) == ("Customer 0", "Anna", "Maria")
    assert (await store.read(lambda tx: customers.by_telegram_id(tx, FIRST_TELEGRAM_ID))).name == "Maria"  # type: ignore[union-attr]


async def test_a_readers_change_of_a_row_does_not_affect_the_next_reader(store: Store) -> None:
    await store.act(settle_audience, first=0, last=0)
    await store.act(offer, people=range(1), words="Hello")

    def read(tx: Tx) -> tuple[str, dict[str, Any]]:
        row = tx.one("SELECT id FROM messages WHERE bot_id = :bot", bot=tx.bot_id)
        assert row is not None
        messages.prefetch(tx, [row["id"]])
        first = messages.by_id(tx, row["id"])
        assert first is not None
        first.content.data["changed"] = True
        second = messages.by_id(tx, row["id"])
        assert second is not None and not messages.is_deleted(tx, row["id"])
        return second.content.text, second.content.data

    assert await store.act(read) == ("Hello 0", {})
