"""Messages that Telegram does not let us show are described in text, so none is missing."""

from typing import Any

import pytest

from holdline.dialogs.message import Content
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.staging import ANNA, call, opened, text_of, words, wrote

POLL = {"question": "Which size fits?", "options": ["S", "M"]}
PROTECTED: list[tuple[str, dict[str, Any], str]] = [
    ("poll", POLL, "Which size fits?\n• S\n• M"),
    ("photo", {"file_id": "live1", "live": True}, "photo"),
    ("video", {}, "video"),
]


def came(kind: str, data: dict[str, Any], text: str = "", number: int = 72) -> Content:
    return Content(kind, text, data=data, chat_id=ANNA.telegram_id, tg_message_id=number)


@pytest.mark.parametrize(("kind", "data", "shown"), PROTECTED)
async def test_a_protected_message_that_cannot_be_copied_is_described(
    group_desk: Store, kind: str, data: dict[str, Any], shown: str
) -> None:
    data, text = {**data, "protected": True}, "" if kind == "poll" else "the caption"
    await wrote(group_desk, came(kind, data, text))
    card = await call(group_desk, "inbox_card")
    assert card.method == "sendMessage" and shown in text_of(card)
    await opened(group_desk)
    await wrote(group_desk, came(kind, data, text, 73))
    mirror = await call(group_desk, "mirror")
    assert mirror.method == "sendMessage" and text_of(mirror).endswith(text or shown)


@pytest.mark.parametrize("kind", ["sticker", "voice", "document", "contact", "location", "dice"])
async def test_a_kind_that_a_chat_forbids_is_described(group_desk: Store, kind: str) -> None:
    data = {
        "file_id": "f",
        "emoji": "🎲",
        "file_name": "bill.pdf",
        "first_name": "Kim",
        "latitude": 1.5,
        "longitude": 2.5,
    }
    await wrote(group_desk, words())
    await opened(group_desk)
    await wrote(group_desk, came(kind, data))

    def forbid(tx: Tx) -> None:
        tx.run("UPDATE outbox SET payload_json = :p WHERE kind = 'mirror'", p='{"in_words": true}')

    await group_desk.act(forbid)
    mirror = await call(group_desk, "mirror")
    assert mirror.method == "sendMessage"
    assert "Telegram does not let us show this here" in text_of(mirror) and "bill.pdf" in text_of(mirror)
