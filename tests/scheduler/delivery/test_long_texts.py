"""Accepted messages are sent completely: texts longer than one message, counted as Telegram counts."""

from typing import Any

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.desk.customers.presses import record_button_press
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, outbound_status
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import length
from holdline.screens.render import render
from holdline.store.delivery import telegram_messages
from holdline.store.engines import leases
from holdline.telegram.outcomes import Action, RetryLater, Scope
from tests.scheduler.conftest import ANNA, Bench, no, opened, sent, to_anna, written

EMOJI = "🎁" * 3000 + " https://shop.example/sale?code=END"
BUTTONS = [[{"text": "Yes", "data": "yes"}]]


async def accepted(bench: Bench, text: str = EMOJI, **more: Any) -> int:
    class_ = more.pop("class_", MessageClass.FUNNEL)
    order = OutboundRequest(ANNA.telegram_id, class_, text, **more)
    return int((await bench.store.act(accept_outbound, order=order))["id"])


async def status(bench: Bench, outbox_id: int) -> str:
    return str((await bench.store.read(outbound_status, outbox_id=outbox_id))["status"])


@pytest.mark.row("F-08")
@pytest.mark.parametrize("class_", [MessageClass.FUNNEL, MessageClass.BROADCAST, MessageClass.SMART_REPLY])
async def test_an_offer_of_many_emoji_arrives_completely_with_its_buttons_last(
    bench: Bench, class_: MessageClass
) -> None:
    number = await accepted(bench, class_=class_, buttons=BUTTONS)
    calls = await to_anna(bench)
    assert "".join(call.params["text"] for call in calls) == EMOJI
    assert all(length(call.params["text"]) <= 4096 for call in calls)
    assert ["reply_markup" in call.params for call in calls] == [False, True]
    assert await status(bench, number) == "sent"


async def test_a_message_counts_as_sent_with_its_last_part(bench: Bench) -> None:
    number = await accepted(bench)
    (begun,) = await bench.begin(render=render)
    assert await status(bench, number) == "sending"
    await bench.settle(begun)
    assert await status(bench, number) == "queued"
    await sent(bench)
    assert await status(bench, number) == "sent"


async def test_a_press_under_the_last_part_belongs_to_the_message(bench: Bench) -> None:
    number = await accepted(bench, buttons=BUTTONS)
    await sent(bench)
    last = await bench.one("SELECT MAX(tg_message_id) AS tg FROM outbox")
    where = {"telegram_id": ANNA.telegram_id, "tg_message_id": last["tg"]}
    await bench.store.act(record_button_press, **where, data="out:yes")
    found = await bench.store.read(outbound_status, outbox_id=number)
    assert [press["data"] for press in found["presses"]] == ["yes"]


async def test_the_gate_that_closes_between_two_parts_holds_the_rest(bench: Bench) -> None:
    number = await accepted(bench)
    (begun,) = await bench.begin(render=render)
    await bench.settle(begun)
    dialog = await opened(bench)
    assert await to_anna(bench) == []
    assert await status(bench, number) == "held"
    closing = Closing(send_rating_form=False)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=closing)
    assert [call.params["text"][-3:] for call in await to_anna(bench)] == ["END"]


async def test_a_newer_offer_replaces_all_parts_of_an_older(bench: Bench) -> None:
    older = await accepted(bench, collapse_key="sale")
    await accepted(bench, "Sold out", collapse_key="sale")
    assert [call.params["text"] for call in await to_anna(bench)] == ["Sold out"]
    assert await status(bench, older) == "cancelled"


async def test_a_held_offer_counts_once_and_a_dropped_answer_is_dropped_whole(bench: Bench) -> None:
    await opened(bench)
    held = await accepted(bench)
    dropped = await accepted(bench, class_=MessageClass.SMART_REPLY)
    assert (await status(bench, held), await status(bench, dropped)) == ("held", "dropped")
    assert await to_anna(bench) == []


async def test_a_message_accepted_by_an_earlier_version_is_sent_completely(bench: Bench) -> None:
    """Its rows know nothing of parts."""
    number = await accepted(bench)
    await bench.store.act(lambda tx: tx.run("DELETE FROM outbox WHERE id <> :id", id=number))
    await bench.store.act(lambda tx: tx.run("UPDATE outbox SET payload_json = '{}'"))
    assert "".join(call.params["text"] for call in await to_anna(bench)) == EMOJI


async def test_a_text_too_long_to_send_is_refused_with_the_numbers(bench: Bench) -> None:
    with pytest.raises(BadInput) as refused:
        await accepted(bench, "🎁" * 5000)
    assert refused.value.mend_words == {"limit": 8192, "length": 10_000}


async def edited(bench: Bench, words: str) -> None:
    content = Content(text=words, chat_id=bench.maria.telegram_id, tg_message_id=77)
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=content)


LONG = "word " * 1000 + "end"


@pytest.mark.row("F-03")
@pytest.mark.row("F-08")
async def test_an_edit_that_outgrows_one_message_keeps_its_end(bench: Bench) -> None:
    message = await written(bench, await opened(bench))
    await sent(bench)
    await edited(bench, LONG)
    first, second = await to_anna(bench)
    assert (first.method, second.method) == ("editMessageText", "sendMessage")
    assert first.params["text"] + second.params["text"] == LONG
    assert second.params["reply_parameters"]["message_id"] == first.params["message_id"]
    await edited(bench, "short again")
    calls = await to_anna(bench)
    assert sorted(call.method for call in calls) == ["deleteMessage", "editMessageText"]
    await edited(bench, LONG)
    assert "".join(call.params["text"] for call in await to_anna(bench)) == LONG
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "sent"


async def test_an_edit_shrinks_and_grows_before_telegram_is_asked(bench: Bench) -> None:
    await written(bench, await opened(bench), LONG)
    await sent(bench)
    await edited(bench, "short")
    await edited(bench, LONG)
    calls = await to_anna(bench)
    kept = [call for call in calls if call.method != "deleteMessage"]
    assert "".join(call.params["text"] for call in kept) == LONG


@pytest.mark.parametrize("on_the_wire", [False, True])
async def test_an_edit_grows_before_the_message_has_arrived(bench: Bench, on_the_wire: bool) -> None:
    await written(bench, await opened(bench))
    begun = await bench.begin(render=render) if on_the_wire else []
    await edited(bench, LONG)
    bench.clock.advance(0 if on_the_wire else 1)
    for one in begun:
        await bench.settle(one)
    calls = await to_anna(bench)
    assert "".join(call.params["text"] for call in calls) == LONG


async def test_a_customers_edit_grows_at_the_desk(bench: Bench) -> None:
    """Outside any dialog, and in a place without topics."""
    for number in (5, 6):
        said = Content(text="short", chat_id=ANNA.telegram_id, tg_message_id=number)
        await bench.store.act(receive_customer_message, sender=ANNA, content=said)
        await sent(bench)
        grown = Content(text=LONG, chat_id=ANNA.telegram_id, tg_message_id=number)
        await bench.store.act(apply_customer_edit, sender=ANNA, content=grown)
        calls = [call for call in await sent(bench) if "text" in call.params]
        shown = "".join(call.params["text"] for call in calls)
        assert shown.endswith(LONG) and len(calls) == 2, "a head, and the whole text"
        await bench.store.act(apply_customer_edit, sender=ANNA, content=said)
        assert any(call.method == "deleteMessage" for call in await sent(bench))
        await opened(bench) if number == 5 else None


async def test_many_edits_of_one_message_become_one(bench: Bench) -> None:
    said = Content(text="word 0", chat_id=ANNA.telegram_id, tg_message_id=5)
    number = await bench.store.act(receive_customer_message, sender=ANNA, content=said)
    await sent(bench)
    for edit in range(1, 41):
        bench.clock.advance(0.01)
        content = Content(text=f"word {edit}", chat_id=ANNA.telegram_id, tg_message_id=5)
        await bench.store.act(apply_customer_edit, sender=ANNA, content=content)
    (call,) = await sent(bench)
    assert call.params["text"].endswith("word 40")
    edits = await bench.one("SELECT COUNT(*) AS n FROM history WHERE kind = 'message_edited'")
    assert edits["n"] == 40, "history has them all"
    assert number is not None and await bench.store.read(telegram_messages.of_message, number)


async def test_a_flood_between_two_parts_repeats_neither(bench: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "first", seconds=300)
    number = await accepted(bench)
    (first,) = await bench.begin(render=render)
    await bench.settle(first)
    bench.clock.advance(2)
    (second,) = await bench.begin(render=render)
    await bench.settle(second, RetryLater("Too Many Requests", Scope.CHAT, 7, 429))
    rest = await to_anna(bench)
    assert first.call.params["text"] + "".join(call.params["text"] for call in rest) == EMOJI
    assert await status(bench, number) == "sent"


async def test_a_customer_who_blocks_between_two_parts_gets_no_more_parts(bench: Bench) -> None:
    number = await accepted(bench)
    (first,) = await bench.begin(render=render)
    await bench.settle(first)
    bench.clock.advance(2)
    (second,) = await bench.begin(render=render)
    await bench.settle(second, no(Action.BLOCKED, "Forbidden: bot was blocked by the user", 403))
    assert await to_anna(bench) == []
    assert await status(bench, number) == "cancelled"
