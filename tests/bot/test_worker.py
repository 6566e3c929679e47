"""The worker: one act per update, and every row is finished with a status."""

import asyncio

import pytest

from holdline.bot.intake.worker import Worker
from holdline.bot.work import SecondAct, Work
from holdline.dialogs.refusal import NotFound
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.inbox_kit import (
    Json,
    effects,
    good,
    keep,
    noted,
    rows,
    states,
    text,
)


async def test_an_update_is_done_in_the_transaction_of_its_effects(store: Store) -> None:
    await keep(store, text(1), text(2, chat=22))
    assert await Worker(store, good).tick() == 2
    assert await states(store) == {1: "done", 2: "done"}
    assert await effects(store) == [1, 2]


async def test_a_handler_that_ends_without_an_act_leaves_a_reason(store: Store) -> None:
    async def silent(raw: Json, work: Work) -> None: ...

    async def said(raw: Json, work: Work) -> None:
        await work.ignore("a service message")

    await keep(store, text(1))
    await Worker(store, silent).tick()
    await keep(store, text(2))
    await Worker(store, said).tick()
    found = await rows(store)
    assert {number: (row["state"], row["reason"]) for number, row in found.items()} == {
        1: ("ignored", "no handler wanted it"),
        2: ("ignored", "a service message"),
    }


async def test_a_second_act_is_refused_and_the_first_is_kept(store: Store) -> None:
    refused: list[bool] = []

    async def twice(raw: Json, work: Work) -> None:
        await work.act(noted, update_id=work.update_id)
        for again in (work.act(noted, update_id=99), work.ignore("late")):
            with pytest.raises(SecondAct):
                await again
            refused.append(True)

    await keep(store, text(1))
    await Worker(store, twice).tick()
    assert refused == [True, True]
    assert await effects(store) == [1]


async def test_of_two_simultaneous_acts_the_second_is_refused(store: Store) -> None:
    async def both(raw: Json, work: Work) -> None:
        outcomes = await asyncio.gather(
            work.act(noted, update_id=1), work.act(noted, update_id=2), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [type(None), SecondAct]

    await keep(store, text(1))
    await Worker(store, both).tick()
    assert await effects(store) == [1]


async def test_a_refusal_is_undone_and_answered_by_another_act(store: Store) -> None:
    def refusing(tx: Tx) -> None:
        noted(tx, update_id=77)
        raise NotFound("dialog", 7)

    async def polite(raw: Json, work: Work) -> None:
        try:
            await work.act(refusing)
        except NotFound:
            await work.act(noted, update_id=work.update_id)

    async def mute(raw: Json, work: Work) -> None:
        await work.act(refusing)

    async def hushed(raw: Json, work: Work) -> None:
        try:
            await work.act(refusing)
        except NotFound:
            return

    for number, feed in enumerate((polite, mute, hushed)):
        await keep(store, text(number))
        await Worker(store, feed).tick()
    found = await rows(store)
    assert [row["state"] for row in found.values()] == ["done", "ignored", "ignored"]
    assert all("not_found" in found[number]["reason"] for number in (1, 2))
    assert await effects(store) == [0]
