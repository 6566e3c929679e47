"""getUpdates: offsets, holding, conflicts, which kinds come."""

import asyncio

from tests.sandbox.wire import Wire, wired

PROMPT = 2.0


def texts(updates: list[dict]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_an_offset_confirms_them(wire: Wire) -> None:
    wire.box.says(5, "one")
    wire.box.says(5, "two")
    first = await wire.good("getUpdates")
    assert first[0]["update_id"] > 0
    assert first[1]["update_id"] == first[0]["update_id"] + 1
    assert await wire.good("getUpdates") == first
    assert texts(await wire.good("getUpdates", offset=first[1]["update_id"])) == ["two"]
    assert await wire.good("getUpdates", offset=first[1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_only_the_newest(wire: Wire) -> None:
    for word in ("one", "two", "three"):
        wire.box.says(5, word)
    assert texts(await wire.good("getUpdates", offset=-1)) == ["three"]
    assert texts(await wire.good("getUpdates")) == ["three"]


async def test_at_most_the_requested_number_of_updates_is_returned(wire: Wire) -> None:
    for number in range(5):
        wire.box.says(5, str(number))
    assert texts(await wire.good("getUpdates", limit=2)) == ["0", "1"]


async def test_a_held_poll_wakes_with_the_next_update(wire: Wire) -> None:
    async with asyncio.timeout(PROMPT), asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(wire.good("getUpdates", timeout=30))
        await held(wire)
        wire.box.says(5, "wake up")
    assert texts(poll.result()) == ["wake up"]


async def held(wire: Wire) -> None:
    """Until the sandbox holds a poll."""
    polling = wire.box.app.bot_api.polling
    async with asyncio.timeout(PROMPT):
        while not polling.holding:
            await polling.began.ticket().wait()


async def test_a_newer_poll_ends_the_older_with_409(wire: Wire) -> None:
    async with asyncio.timeout(PROMPT), asyncio.TaskGroup() as tasks:
        older = tasks.create_task(wire.call("getUpdates", timeout=30))
        await held(wire)
        newer = tasks.create_task(wire.call("getUpdates", timeout=30))
        said = await older
        wire.box.says(5, "to the newer")
    assert said["error_code"] == 409
    assert said["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert texts(newer.result()["result"]) == ["to the newer"]


async def test_a_second_clash_within_the_pause_is_answered_late() -> None:
    async with wired(conflict_pause=0.2) as wire:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PROMPT), asyncio.TaskGroup() as tasks:
            first = tasks.create_task(wire.call("getUpdates", timeout=30))
            await held(wire)
            second = tasks.create_task(wire.call("getUpdates", timeout=30))
            await first
            await held(wire)
            began = loop.time()
            third = tasks.create_task(wire.call("getUpdates", timeout=30))
            assert (await second)["error_code"] == 409
            assert loop.time() - began >= 0.2
            wire.box.says(5, "end")
        assert third.result()["ok"]


async def test_setting_a_webhook_ends_the_held_poll(wire: Wire) -> None:
    async with asyncio.timeout(PROMPT), asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(wire.call("getUpdates", timeout=30))
        await held(wire)
        await wire.good("setWebhook", url="http://127.0.0.1:9/")
    assert poll.result()["description"] == "Conflict: terminated by setWebhook request"


async def test_a_repeated_short_poll_is_slowed_down() -> None:
    async with wired(slow_short_polls=True) as wire:
        await wire.good("getUpdates")
        async with asyncio.TaskGroup() as tasks:
            second = tasks.create_task(wire.good("getUpdates"))
            await held(wire)
            wire.box.says(5, "enough")
        assert texts(second.result()) == ["enough"]


async def test_reactions_are_sent_only_if_requested_and_the_request_is_kept(wire: Wire) -> None:
    wire.box.says(5, "hi")
    wire.box.reacts(5, 5, 1, "👍")
    first = await wire.good("getUpdates", allowed_updates=["message", "message_reaction"])
    assert [list(update)[1] for update in first] == ["message"]
    wire.box.reacts(5, 5, 1, "🔥")
    await wire.good("getUpdates")
    wire.box.reacts(5, 5, 1, None)
    kinds = [list(update)[1] for update in await wire.good("getUpdates")]
    assert kinds == ["message", "message_reaction", "message_reaction"]


async def test_kinds_of_updates_not_requested_are_never_created(wire: Wire) -> None:
    await wire.good("getUpdates", allowed_updates=["callback_query"])
    wire.box.says(5, "unheard")
    await wire.good("getUpdates", allowed_updates=[])
    wire.box.says(5, "heard")
    assert texts(await wire.good("getUpdates")) == ["heard"]


async def test_updates_older_than_a_day_are_gone(wire: Wire) -> None:
    wire.box.says(5, "old")
    wire.box.tg.clock.advance(25 * 3600)
    wire.box.says(5, "new")
    assert texts(await wire.good("getUpdates")) == ["new"]


async def test_a_raw_update_reaches_the_bot_as_it_is(wire: Wire) -> None:
    poison = {"chat_member": {"new_chat_member": {"status": "from the future"}}}
    number = wire.box.raw_update(poison)
    assert await wire.good("getUpdates") == [{"update_id": number} | poison]


async def test_an_update_can_come_twice(wire: Wire) -> None:
    wire.box.says(5, "again")
    first = await wire.good("getUpdates")
    number = first[0]["update_id"]
    assert await wire.good("getUpdates", offset=number + 1) == []
    wire.box.again(number)
    assert await wire.good("getUpdates") == first


async def test_get_requests_with_a_query_work_too(wire: Wire) -> None:
    wire.box.says(5, "by GET")
    async with wire.session.get(wire.address("getUpdates"), params={"limit": "1"}) as answer:
        assert texts((await answer.json())["result"]) == ["by GET"]


async def test_a_held_poll_does_not_outlive_a_reset(wire: Wire) -> None:
    async with asyncio.timeout(PROMPT), asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(wire.call("getUpdates", timeout=30))
        await held(wire)
        wire.box.reset()
    assert poll.result()["error_code"] == 500
