"""An unknown refusal: about one item, or about the whole group."""

import pytest

from holdline.desk.delivery.reachable_again import reopen_chat
from holdline.dialogs.gate import MessageClass
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Reply, Skip
from holdline.telegram.outcomes import Outcome, Sent, judge
from tests.scheduler.conftest import DESK, GROUP, Bench, notices, opened, plain_render, written

NAMED = [
    "CHANNEL_PRIVATE",
    "CHANNEL_INVALID",
    "CHAT_FORBIDDEN",
    "group chat was deactivated",
    "USER_BANNED_IN_CHANNEL",
    "CHAT_SEND_PLAIN_FORBIDDEN",
    "not enough rights to send text messages to the chat",
]


def refusal(description: str, code: int = 400) -> Outcome:
    body = {"ok": False, "error_code": code, "description": f"Bad Request: {description}"}
    return judge(Reply(code, body), method="sendMessage")


async def passes(bench: Bench, seconds: int, refused: set[str] | None, outcome: Outcome) -> list[str]:
    """What the group took; `refused` None: nothing at all."""
    took: list[str] = []
    for _ in range(seconds):
        for begun in await bench.begin():
            text = begun.call.params["text"]
            shut = begun.chat_id == GROUP and (refused is None or text in refused)
            await bench.settle(begun, outcome if shut else Sent({"message_id": next(bench.ids)}))
            took += [text] if begun.chat_id == GROUP and not shut else []
        bench.clock.advance(1)
    return took


@pytest.mark.parametrize("code", [400, 403])
@pytest.mark.parametrize("description", ["GROUP_IS_ASLEEP", *NAMED])
async def test_a_group_that_accepts_nothing_is_closed_whatever_its_refusals(
    bench: Bench, description: str, code: int
) -> None:
    items = [await bench.add(key, **DESK) for key in ("first", "second", "third")]
    assert await passes(bench, 200, None, refusal(description, code)) == []
    assert {(await bench.item(item))["status"] for item in items} == {"queued"}
    told = await notices(bench)
    assert [notice["payload_json"]["key"] for notice in told] == ["delivery.group_stopped"]
    assert {notice["chat_id"] for notice in told} == {bench.maria.telegram_id}, "never in the dead group"
    await bench.store.act(reopen_chat, chat_id=GROUP)
    assert sorted(await passes(bench, 90, set(), refusal(description))) == ["first", "second", "third"]
    assert (await bench.chat(GROUP))["stop_reason"] is None


async def test_one_item_that_is_refused_stops_nobody_else(bench: Bench) -> None:
    poison = await bench.add("poison", **DESK, kind="mirror")
    for key in ("second", "third"):
        await bench.add(key, **DESK)
    took = await passes(bench, 60, {"poison"}, refusal("GROUP_IS_ASLEEP"))
    assert took[:2] == ["second", "third"]
    assert (await bench.item(poison))["status"] == "parked"
    keys = [notice["payload_json"]["key"] for notice in await notices(bench)]
    assert keys == ["delivery.not_shown"]


async def test_an_item_alone_is_kept_until_another_shows_that_the_group_is_open(bench: Bench) -> None:
    poison = await bench.add("poison", **DESK, kind="mirror")
    await passes(bench, 100, {"poison"}, refusal("GROUP_IS_ASLEEP"))
    assert (await bench.item(poison))["status"] == "queued"
    assert (await bench.chat(GROUP))["stop_reason"] is not None
    await bench.add("later", **DESK)
    took = await passes(bench, 200, {"poison"}, refusal("GROUP_IS_ASLEEP"))
    assert took[0] == "later"
    assert (await bench.item(poison))["status"] == "parked"
    assert (await bench.chat(GROUP))["stop_reason"] is None


async def test_an_unknown_403_parks_the_message_and_says_nothing_about_the_customer(bench: Bench) -> None:
    message = await written(bench, await opened(bench))
    offer = await bench.add("offer", MessageClass.BROADCAST)
    for _ in range(2):
        bench.clock.advance(10)
        [begun] = [one for one in await bench.begin() if one.kind == "message"]
        await bench.settle(begun, refusal("SOMETHING_NEW", 403))
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "parked"
    assert (await bench.one("SELECT reach FROM chats WHERE customer_id IS NOT NULL"))["reach"] == "ok"
    assert (await bench.item(offer))["status"] == "queued"


@pytest.mark.parametrize(
    "words",
    [
        "not enough rights to send stickers to the chat",
        "not enough rights to send voice notes to the chat",
        "not enough rights to send polls to the chat",
        "CHAT_SEND_DOCS_FORBIDDEN",
        "message can't be copied",
    ],
)
async def test_a_kind_that_the_group_forbids_is_described_and_the_group_continues(
    bench: Bench, words: str
) -> None:
    sticker = await bench.add("sticker", **DESK, kind="mirror")
    report = await bench.add("report", **DESK, kind="document")
    await bench.add("text", **DESK)
    for _ in range(20):
        for begun in await bench.begin():
            payload = (await bench.item(begun.outbox_id))["payload_json"]
            forbidden = begun.kind in {"mirror", "document"} and not payload.get("in_words")
            await bench.settle(begun, refusal(words) if forbidden else None)
        bench.clock.advance(1)
    assert [(await bench.item(item))["status"] for item in (sticker, report)] == ["sent", "parked"]
    assert (await bench.chat(GROUP))["stop_reason"] is None
    assert [notice["payload_json"]["key"] for notice in await notices(bench)] == ["delivery.not_shown"]


async def test_a_message_that_cannot_be_sent_again_is_parked_and_reported(bench: Bench) -> None:
    message = await written(bench, await opened(bench))

    def cannot(tx: Tx, item: Row) -> Call | Skip:
        lost = item["message_id"] == message.id and item["audience"] == "customer"
        return Skip("it cannot be said again", is_loss=True) if lost else plain_render(tx, item)

    await bench.begin(render=cannot)
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "parked"
    [notice] = await notices(bench)
    assert notice["payload_json"]["reply_to_tg_id"] == 77
