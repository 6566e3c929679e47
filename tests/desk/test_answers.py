"""The bot's answers to the desk go through the outbox."""

from holdline.desk.notices.bot_messages import BotMessage, send_bot_message
from holdline.dialogs.outbox.messages import BotText
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx

CHAT = 400000077
BUTTON = [[{"text": "Go", "data": "dlg.go:1"}]]


def queued(tx: Tx) -> list[Row]:
    return tx.all("SELECT * FROM outbox ORDER BY id")


async def test_a_short_text_is_one_message_with_all_it_needs(store: Store) -> None:
    bold = ({"type": "bold", "offset": 0, "length": 2},)
    await store.act(
        send_bot_message,
        chat_id=CHAT,
        thread_id=5,
        said=BotMessage("Hi", bold, BUTTON),
        reply_to_tg_id=9,
        key="k",
        dialog_id=3,
    )

    (row,) = await store.read(queued)

    assert (row["kind"], row["class"], row["chat_id"], row["dialog_id"]) == ("text", "desk", CHAT, 3)
    assert BotText.of(row) == BotText("Hi", list(bold), BUTTON, reply_to_tg_id=9)
    assert row["payload_json"]["thread_id"] == 5


async def test_a_long_answer_is_split_without_loss(store: Store) -> None:
    text = "\n".join(f"line {n}" for n in range(2000))
    await store.act(
        send_bot_message, chat_id=CHAT, said=BotMessage(text, buttons=BUTTON), reply_to_tg_id=9, key="k"
    )

    said = [BotText.of(row) for row in await store.read(queued)]

    assert "".join(part.text for part in said) == text
    assert all(len(part.text) <= 4096 for part in said)
    assert [bool(part.buttons) for part in said] == [False] * (len(said) - 1) + [True]
    assert [part.reply_to_tg_id for part in said] == [9] + [None] * (len(said) - 1)


async def test_the_same_cause_is_answered_once(store: Store) -> None:
    for _ in range(2):
        await store.act(send_bot_message, chat_id=CHAT, said=BotMessage("x" * 5000), key="k")

    assert len(await store.read(queued)) == 2
