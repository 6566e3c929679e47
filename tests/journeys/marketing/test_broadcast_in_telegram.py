"""A broadcast as its author makes it in Telegram: from a reply, sent, corrected and deleted."""

import pytest

from tests.journeys.looking import rows_of, words_of
from tests.journeys.marketing.hands import started
from tests.journeys.world import Message, World


@pytest.mark.row("M-05")
async def test_a_broadcast_made_from_a_reply_is_sent_corrected_and_deleted(desk: World) -> None:
    anna, maria = await started(desk), desk.manager()
    written = maria.says("Sale, {customer.name|friend}!")
    maria.says("/broadcast", written)
    form = await maria.reads(lambda m: "not started yet" in words_of(m))
    assert "Sale, Maria!" in maria.got(), "as customers will read it"
    maria.presses(form, "▶️ Start …")

    def asks(message: Message) -> bool:
        return "Start this broadcast?" in words_of(message)

    sure = await maria.gets(asks)
    maria.presses(
        sure, next(button["text"] for row in rows_of(sure) for button in row if "Yes" in button["text"])
    )
    await anna.gets("Sale, Anna!")
    card = await maria.reads(lambda m: "Broadcast 1:" in words_of(m))
    maria.presses(card, "cast:1:edit")
    await maria.reads(lambda m: "New words for broadcast 1" in words_of(m))
    maria.says("Bye, {customer.name|friend}!")
    maria.presses(await maria.reads(lambda m: "Whoever waits" in words_of(m)), "✅ Yes, change it")
    await anna.gets("Bye, Anna!")
    await maria.gets(lambda m: m["message_id"] == card["message_id"] and "delete?" in str(m))
    maria.presses(card, "cast:1:delete?")
    maria.presses(await maria.reads(lambda m: "cannot be undone" in words_of(m)), "🗑 Yes, delete it")
    await desk.until(lambda: "Bye, Anna!" not in anna.got(), "it is gone")
    maria.presses(card, "cast:1:export")
    await maria.gets(lambda m: m.get("document", {}).get("file_name") == "broadcast-1.csv")
