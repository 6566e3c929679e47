"""Flood control that can be switched, and faults on request."""

import aiohttp
import pytest

from holdline.sandbox import SEED_GROUP
from tests.sandbox.wire import Wire, wired


async def refused(wire: Wire, chat_id: int, count: int) -> list[int]:
    """The places of those calls that met 429, of so many."""
    places = []
    for number in range(count):
        body = await wire.call("sendMessage", chat_id=chat_id, text=str(number))
        if not body["ok"]:
            assert body["error_code"] == 429
            places.append(number)
    return places


async def test_a_private_chat_takes_three_in_three_seconds() -> None:
    async with wired(limits=True) as wire:
        wire.box.says(5, "/start")
        assert await refused(wire, 5, 5) == [3, 4]
        wire.box.tg.clock.advance(3)
        assert await refused(wire, 5, 3) == []


async def test_a_group_takes_twenty_a_minute_edits_included() -> None:
    async with wired(limits=True) as wire:
        assert await refused(wire, SEED_GROUP, 19) == []
        first = wire.box.messages(SEED_GROUP)[0]["message_id"]
        await wire.good("editMessageText", chat_id=SEED_GROUP, message_id=first, text="edited")
        body = await wire.call("sendMessage", chat_id=SEED_GROUP, text="one too many")
        assert 50 <= body["parameters"]["retry_after"] <= 60
        wire.box.tg.clock.advance(60)
        assert await refused(wire, SEED_GROUP, 1) == []


async def test_all_chats_together_take_thirty_a_second() -> None:
    async with wired(limits=True) as wire:
        for user in range(1, 41):
            wire.box.says(user, "/start")
        wire.box.tg.clock.freeze()
        answers = [await wire.call("sendMessage", chat_id=user, text="x") for user in range(1, 41)]
        assert [answer["ok"] for answer in answers] == [True] * 30 + [False] * 10


async def test_parts_of_an_album_count_one_by_one() -> None:
    async with wired(limits=True) as wire:
        wire.box.says(5, "/start")
        media = [{"type": "photo", "media": "http://x.org/a.jpg"}] * 3
        await wire.good("sendMediaGroup", chat_id=5, media=media)
        assert await refused(wire, 5, 1) == [0]


async def test_edits_in_a_private_chat_are_not_counted() -> None:
    async with wired(limits=True) as wire:
        wire.box.says(5, "/start")
        sent = await wire.good("sendMessage", chat_id=5, text="0")
        for number in range(1, 9):
            await wire.good("editMessageText", chat_id=5, message_id=sent["message_id"], text=str(number))


async def test_limits_can_be_switched_over_http(wire: Wire) -> None:
    wire.box.says(5, "/start")
    assert await refused(wire, 5, 5) == []
    await wire.control("POST", "limits", {"on": True, "private": 1})
    assert await refused(wire, 5, 2) == [1]


async def test_a_fault_affects_matching_calls_the_given_number_of_times(wire: Wire) -> None:
    wire.box.says(5, "/start")
    wire.box.faults.add("sendMessage", match="unlucky", count=2, error_code=500, description="Oh no")
    answers = [await wire.call("sendMessage", chat_id=5, text=text) for text in ("fine", *["unlucky"] * 3)]
    assert [answer["ok"] for answer in answers] == [True, False, False, True]
    assert answers[1]["description"] == "Oh no"


async def test_an_outage_can_answer_with_a_page_instead_of_json(wire: Wire) -> None:
    wire.box.faults.add("getMe", error_code=502, html="<html>Bad Gateway</html>")
    async with wire.session.post(wire.address("getMe")) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
        assert "Bad Gateway" in await answer.text()


@pytest.mark.parametrize(("moment", "done"), [("before", 0), ("after", 1), ("midway", 1)])
async def test_a_lost_connection_may_come_before_or_after_the_effect(
    wire: Wire, moment: str, done: int
) -> None:
    wire.box.says(5, "/start")
    wire.box.faults.add("sendMessage", drop=moment)
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError)):
        await wire.call("sendMessage", chat_id=5, text="did it arrive?")
    assert sum(message["from_bot"] for message in wire.box.messages(5)) == done


async def test_an_answer_can_arrive_after_the_clients_timeout(wire: Wire) -> None:
    wire.box.says(5, "/start")
    wire.box.faults.add("sendMessage", delay=5.0)
    patience = aiohttp.ClientTimeout(total=0.2)
    with pytest.raises(TimeoutError):
        await wire.session.post(
            wire.address("sendMessage"), json={"chat_id": 5, "text": "x"}, timeout=patience
        )
    assert wire.box.messages(5)[-1]["from_bot"]


async def test_retry_after_can_be_requested_and_all_faults_cleared(wire: Wire) -> None:
    await wire.control("POST", "faults", {"method": "*", "count": 0, "retry_after": 9})
    body = await wire.call("getMe")
    assert (body["parameters"], wire.headers["Retry-After"]) == ({"retry_after": 9}, "9")
    await wire.control("DELETE", "faults")
    assert await wire.good("getMe")


async def test_faults_have_aliases(wire: Wire) -> None:
    wire.box.says(5, "/start")
    await wire.control(
        "POST", "faults", {"method": "sendMessage", "text": "unlucky", "code": 500, "count": 1}
    )
    assert await wire.good("sendMessage", chat_id=5, text="lucky")
    assert (await wire.call("sendMessage", chat_id=5, text="unlucky"))["error_code"] == 500
    await wire.control("POST", "faults", {"method": "sendMessage", "drop_after_commit": True})
    with pytest.raises(aiohttp.ClientError):
        await wire.call("sendMessage", chat_id=5, text="done")
    assert wire.box.messages(5)[-1]["text"] == "done"


async def test_a_fault_that_does_nothing_is_refused(wire: Wire) -> None:
    said = await wire.control("POST", "faults", {"method": "getMe"})
    assert (wire.status, "error_code" in said["detail"]) == (409, True)


async def test_paid_calls_exceed_thirty_a_second_until_the_stars_are_spent() -> None:
    async with wired(limits=True) as wire:
        for user in range(1, 46):
            wire.box.says(user, "/start")
        wire.box.tg.clock.freeze()
        await wire.control("POST", "limits", {"on": True, "stars": 1})
        paid = {"text": "x", "allow_paid_broadcast": True}
        answers = [await wire.call("sendMessage", chat_id=user, **paid) for user in range(1, 46)]
        assert [answer["ok"] for answer in answers] == [True] * 40 + [False] * 5
        assert answers[-1]["description"] == "Bad Request: BALANCE_TOO_LOW"
        assert (wire.box.tg.limits.paid_for, wire.box.tg.limits.balance) == (10, 0)
