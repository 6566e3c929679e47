"""The dispatcher: async throughout, one act per update, and no call to Telegram."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot, F, Router
from aiogram.filters import Command, Filter
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Message, Update

from holdline.bot.dispatcher import (
    DirectCallRefused,
    SyncCallback,
    build_dispatcher,
    build_feed,
    sync_callables,
)
from holdline.bot.intake.worker import Worker
from holdline.bot.work import Work
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from tests.bot.inbox_kit import effects, keep, noted, press, rows, settle, states, text

BOT = 7000000001
MORE = Path(__file__).parents[3] / "shared" / "telegram-bot-api" / "updates.jsonl"
OURS = Path(__file__).parents[1] / "data" / "updates.jsonl"


class Words(Filter):
    """Messages that begin with a word."""

    def __init__(self, word: str) -> None:
        self.word = word

    async def __call__(self, message: Message) -> bool:
        return (message.text or "").startswith(self.word)


def desk_router() -> Router:
    """Notes every message and press; some words make trouble."""
    router = Router(name="desk")

    @router.message(Words("call"))
    async def calls(message: Message, work: Work) -> None:
        await message.answer("said directly")

    @router.message(Words("return"))
    async def returns(message: Message, work: Work) -> SendMessage:
        return message.answer("for the webhook's answer")

    @router.message(Words("mute"))
    async def mute(message: Message, work: Work) -> None: ...

    @router.message()
    async def words(message: Message, work: Work, greeting: str) -> None:
        assert greeting == "from the wiring"
        await work.act(noted, update_id=work.update_id)

    @router.callback_query()
    async def pressed(query: CallbackQuery, work: Work) -> None:
        await work.act(noted, update_id=work.update_id)

    return router


def worker(store: Store, *routers: Router) -> Worker:
    feed = build_feed(build_dispatcher(routers or [desk_router()]), BOT, greeting="from the wiring")
    return Worker(store, feed)


async def test_handlers_get_the_transaction_and_the_configured_values(store: Store) -> None:
    await keep(store, text(1), press(2))
    await worker(store).tick()
    assert await effects(store) == [1, 2]


async def test_an_update_without_a_handler_is_ignored_with_a_reason(store: Store) -> None:
    edited = {"update_id": 1, "edited_message": text(9)["message"]}
    poll = {"update_id": 3, "shiny_new_thing": {"chat": {"id": 11}}}
    await keep(store, edited, text(2, words="mute"), poll, {"update_id": 4, "<b>": 1}, {"update_id": 5})
    await worker(store).tick()
    assert {number: (row["state"], row["reason"]) for number, row in (await rows(store)).items()} == {
        1: ("ignored", "no handler wanted it"),
        2: ("ignored", "no handler wanted it"),
        3: ("ignored", "an unknown kind of update: shiny_new_thing"),
        4: ("ignored", "an unknown kind of update: unnamed"),
        5: ("ignored", "an unknown kind of update: unnamed"),
    }


async def test_a_handler_that_calls_telegram_fails(store: Store, clock: ManualClock) -> None:
    await keep(store, text(1, words="call"), text(2, chat=22, words="return"))
    # the one that returned a call had not acted either: both are tried, then set aside
    await settle(worker(store), clock)
    found = await rows(store)
    assert {row["state"] for row in found.values()} == {"quarantined"}
    assert all(DirectCallRefused.__name__ in row["reason"] for row in found.values())


async def test_the_handlers_bot_refuses_every_call() -> None:
    seen: list[Bot] = []
    router = Router()

    @router.message()
    async def keeps(message: Message, bot: Bot) -> None:
        seen.append(bot)

    await build_feed(build_dispatcher([router]), BOT)(text(1), None)  # type: ignore[arg-type] # nobody works
    with pytest.raises(DirectCallRefused, match="use case"):
        await seen[0].send_message(11, "hello")


async def test_an_update_that_cannot_be_decoded_is_set_aside_without_its_text(store: Store) -> None:
    poison = text(1, words="my password is swordfish")
    poison["message"]["date"] = "yesterday, swordfish"
    await keep(store, poison, text(2))
    await worker(store).tick()
    found = await rows(store)
    assert (found[1]["state"], found[1]["attempts"]) == ("quarantined", 1)
    assert found[1]["reason"].startswith("cannot be decoded: message.date")
    assert "swordfish" not in found[1]["reason"]
    assert found[2]["state"] == "done"


@pytest.mark.parametrize("where", ["filter", "observer", "handler", "nested"])
def test_a_function_that_aiogram_would_run_in_a_thread_is_refused_by_name(where: str) -> None:
    router, outer = Router(name="slow"), Router(name="outer")
    outer.include_router(router)

    async def fine(message: Message) -> None: ...

    def plain(message: Message) -> bool:
        return True

    match where:
        case "filter":
            router.message.register(fine, F.text == "x")
        case "observer":
            router.callback_query.filter(plain)
        case "handler":
            router.message.register(plain)
        case "nested":
            router.message.register(fine, Words("x"), Command("y"), plain)
    with pytest.raises(SyncCallback, match=r"slow\.(message|callback_query): .*(magic F|plain)"):
        build_dispatcher([outer])


def test_async_filters_and_commands_pass() -> None:
    router = Router()

    @router.message(Words("x"), Command("start"))
    async def fine(message: Message) -> None: ...

    assert list(sync_callables(build_dispatcher([router]))) == []


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line)["update"] for line in path.read_text(encoding="utf-8").splitlines()]


async def all_end_well(store: Store, clock: ManualClock, updates: list[dict[str, Any]]) -> None:
    await keep(store, *updates)
    await settle(worker(store), clock)
    found = await states(store)
    assert len(found) == len(updates)
    assert set(found.values()) == {"done", "ignored"}
    wanted = [u["update_id"] for u in updates if {"message", "callback_query"} & u.keys()]
    assert await effects(store) == sorted(wanted)


async def test_each_kind_of_update_ends_and_none_is_set_aside(store: Store, clock: ManualClock) -> None:
    updates = read(OURS)
    assert len(updates) >= 18
    await all_end_well(store, clock, updates)


@pytest.mark.skipif(not MORE.exists(), reason="the larger collection of updates is not beside this clone")
async def test_a_larger_collection_of_updates_ends_as_well(store: Store, clock: ManualClock) -> None:
    await all_end_well(store, clock, read(MORE))


async def test_an_update_costs_a_fraction_of_a_millisecond_to_decode_and_route() -> None:
    """Generous, for a noisy machine: with threads instead of async filters it is ten times as much."""
    routers = [Router(name=f"r{number}") for number in range(6)]

    async def never(message: Message) -> None: ...

    for router in routers:
        for number in range(7):
            router.message.register(never, Words(f"never {number}"))
    handled: list[int] = []
    last = Router()

    @last.message()
    async def handles(message: Message, event_update: Update) -> None:
        handled.append(event_update.update_id)

    dispatcher = build_dispatcher([*routers, last])
    bot = Bot(f"{BOT}:x")
    began = time.process_time()
    for number in range(300):
        update = Update.model_validate(text(number), context={"bot": bot})
        await dispatcher.feed_update(bot, update)
    each = (time.process_time() - began) / 300
    print(f"{each * 1e6:.0f} us an update, 43 handlers")
    assert len(handled) == 300
    assert each < 0.005
